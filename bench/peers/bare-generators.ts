/**
 * The floor under every scheduler of generators: the generators alone, the next one picked at random. No loop, no
 * futures, no strategy, no record.
 */
interface Cell {
  value: number
}

function* increment(cell: Cell): Generator<void, void, void> {
  const read = cell.value
  yield
  cell.value = read + 1
}

/** Runs `schedules` lost updates of `tasks` tasks; `judge` sees what each one ended with. */
export function bareLostUpdates(tasks: number, schedules: number, judge: (value: number) => void): void {
  for (let i = 0; i < schedules; i++) {
    const cell: Cell = { value: 0 }
    const ready: Generator<void, void, void>[] = []
    for (let t = 0; t < tasks; t++) ready.push(increment(cell))
    while (ready.length > 0) {
      const k = Math.floor(Math.random() * ready.length)
      if (ready[k]?.next().done === true) ready.splice(k, 1)
    }
    judge(cell.value)
  }
}

function* spin(steps: number): Generator<void, void, void> {
  for (let i = 1; i < steps; i++) yield
}

/** Runs generators of so many steps in every order, depth first, each order from the start; gives how many there are. */
export function bareOrders(tasks: number, steps: number): number {
  const picks: number[] = []
  for (let orders = 1; ; orders++) {
    const widths: number[] = []
    const ready: Generator<void, void, void>[] = []
    for (let t = 0; t < tasks; t++) ready.push(spin(steps))
    while (ready.length > 0) {
      const at = widths.length
      const k = at < picks.length ? (picks[at] as number) : 0
      widths.push(ready.length)
      picks[at] = k
      if (ready[k]?.next().done === true) ready.splice(k, 1)
    }
    let last = widths.length - 1
    while (last >= 0 && (picks[last] as number) + 1 === widths[last]) last--
    if (last < 0) return orders
    picks.length = last + 1
    picks[last] = (picks[last] as number) + 1
  }
}
