import { type Coroutine, createTask, gather, type Shared, shared } from '../../src/index.ts'

/**
 * A program of straight-line tasks: 'Wx Ry' writes x, then reads y; U is an update (fetch and add).
 *
 * `flat`: a task's first step is its first access, as in the published counts; else each task has an empty first step.
 */
export function straight(tasks: readonly string[], { flat = false } = {}): () => Coroutine<void> {
  return function* () {
    const cells = new Map<string, Shared<number>>()
    for (const [, name] of tasks.join(' ').matchAll(/[RWU](\w)/g)) {
      if (name !== undefined && !cells.has(name)) cells.set(name, shared(0, name))
    }
    const task = (text: string) =>
      function* (): Coroutine<void> {
        let first = flat
        for (const [, kind, name] of text.matchAll(/([RWU])(\w)/g)) {
          const cell = cells.get(name ?? '')
          if (cell === undefined) throw new Error(`no cell ${name}`)
          if (first && kind === 'R') void cell.value
          else if (first) cell.value = 1
          else if (kind === 'R') yield* cell.read()
          else if (kind === 'W') yield* cell.write(1)
          else yield* cell.update((n) => n + 1)
          first = false
        }
      }
    yield* gather(tasks.map((t) => createTask(task(t))))
  }
}

/** The same task so many times. */
export function copies(n: number, text: string): string[] {
  return Array.from({ length: n }, () => text)
}

/**
 * Two tasks that must alternate: task i mod 2 sets x from i to i + 1, for i = 0 .. m; it fails when x reaches m + 1.
 * Exactly m orderings are needed, so that its depth is m. Flat.
 */
export function chain(m: number): () => Coroutine<void> {
  return function* () {
    const x = shared(0, 'x')
    const task = (parity: number) =>
      function* (): Coroutine<void> {
        for (let i = parity; i <= m; i += 2) {
          const step = (old: number): number => (old === i ? i + 1 : old)
          if (i === parity) x.value = step(x.value)
          else yield* x.update(step)
          if (i === m && x.value === m + 1) throw new Error('the chain is complete')
        }
      }
    yield* gather([createTask(task(0)), createTask(task(1))])
  }
}
