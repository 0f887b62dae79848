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
