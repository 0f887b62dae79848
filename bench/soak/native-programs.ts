import type { Chance } from '../../properties/hostile-input.ts'
import { createTask, Event, Future, gather, Lock, pause, Queue, shared, type Shared, type Task } from '../../src/index.ts'

/** One thing that native code does; `both`: two functions of one task at once. */
type Op = { readonly word: Word; readonly cell: 0 | 1; readonly value: number } | { readonly word: 'both'; readonly sides: readonly [Ops, Ops] }
type Ops = readonly Op[]

const WORDS = [
  'read', 'write', 'add', 'peek', 'poke', 'guard', 'join', 'look', 'answer', 'gather', 'gather later', 'fork', 'lock', 'wait', 'set', 'settle', 'outcome',
  'pause', 'put', 'get',
] as const
type Word = (typeof WORDS)[number]

/** Functions, each of which a task runs: ordinary `async`/`await`. */
export type NativeProgram = readonly Ops[]

/** Two or three tasks, which do two to four kinds of things. */
export function drawnNatively(chance: Chance): NativeProgram {
  const words = Array.from({ length: 2 + chance.below(3) }, () => chance.of([...WORDS, 'both'] as const))
  const ops = (most: number, within: boolean): Ops =>
    Array.from({ length: 1 + chance.below(most) }, (): Op => {
      const word = chance.of(words)
      if (word === 'both' && !within) return { word, sides: [ops(2, true), ops(1, true)] }
      return { word: word === 'both' ? 'peek' : word, cell: chance.of([0, 1] as const), value: chance.below(3) }
    })
  return Array.from({ length: 2 + chance.below(2) }, () => ops(3, false))
}

/** What each function has seen, by its name, and what the cells hold in the end. */
export class Outcome {
  readonly #logs = new Map<string, unknown[]>()
  cells: readonly Shared<number>[] = []

  log(name: string): unknown[] {
    const log: unknown[] = []
    this.#logs.set(name, log)
    return log
  }

  get text(): string {
    const logs = [...this.#logs].toSorted(([a], [b]) => (a < b ? -1 : 1))
    return JSON.stringify([logs, this.cells.map((c) => c.value)])
  }
}

export function nativeBody(program: NativeProgram, outcome: Outcome): () => Promise<void> {
  return async () => {
    const cells = [shared(0), shared(0)] as const
    const futures = [new Future<number>(), new Future<number>()] as const
    const [lock, event, queue] = [new Lock(), new Event(), new Queue<number>()]
    const tasks: Task<number>[] = []
    outcome.cells = cells

    const run = async (name: string, ops: Ops, own: number): Promise<number> => {
      const log = outcome.log(name)
      for (const [i, op] of ops.entries()) {
        if (op.word === 'both') {
          await Promise.all(op.sides.map((side, k) => run(`${name}.${i}.${k}`, side, own)))
          continue
        }
        const { word, value } = op
        const cell = cells[op.cell]
        const future = futures[op.cell]
        const others = tasks.filter((_, k) => k !== own && k <= value)
        const other = value === own ? undefined : tasks[value]
        if (word === 'read') log.push(await cell.read())
        else if (word === 'write') await cell.write(value)
        else if (word === 'add') log.push(await cell.update((v) => v + 1))
        else if (word === 'peek') log.push(cell.value)
        else if (word === 'poke') cell.value = value
        else if (word === 'guard') log.push(await cell.read({ when: (v) => v >= value }))
        else if (word === 'join') await other
        else if (word === 'look') log.push(tasks[value]?.done())
        // What comes next hangs on what is awaited.
        else if (word === 'answer' && (await other) === 1) cell.value += 1
        else if (word === 'gather') log.push((await gather(others, { returnExceptions: true })).length, cell.value)
        else if (word === 'gather later') {
          const all = gather(others, { returnExceptions: true })
          cell.value = 7
          await all
        } else if (word === 'fork') await createTask(() => cell.update((v) => v + 1))
        else if (word === 'lock') {
          await lock.acquire()
          log.push(cell.value)
          await pause()
          cell.value = value
          lock.release()
        } else if (word === 'wait') await event.wait()
        else if (word === 'set') event.set()
        else if (word === 'settle' && !future.done()) future.setResult(value)
        else if (word === 'outcome') log.push(await future)
        else if (word === 'pause') await pause()
        else if (word === 'put') await queue.put(value)
        else if (word === 'get') log.push(await queue.get())
      }
      return log.length % 2
    }

    program.forEach((ops, i) => tasks.push(createTask(() => run(String(i), ops, i))))
    await gather(tasks, { returnExceptions: true })
  }
}
