import {
  CancelledError,
  checkSync,
  choose,
  createTask,
  Event,
  external,
  Future,
  FIRST_COMPLETED,
  gather,
  getRunningLoop,
  io,
  Lock,
  pause,
  Queue,
  shared,
  shield,
  sleep,
  type Report,
  type Shared,
  type Strategy,
  type Suspension,
  type Task,
  wait,
  waitFor,
} from '../src/index.ts'

/** One thing that a task does. */
export interface Op {
  readonly op: Word
  readonly cell: 0 | 1 | 2
  readonly value: number
}

/**
 * How the main task waits for the others: for all, whatever becomes of them; till one fails; for the first one to end; for the one
 * that was made first.
 */
export type Ending = 'all' | 'fail' | 'first' | 'one'

export interface Program {
  readonly tasks: readonly (readonly Op[])[]
  readonly ending: Ending
}

export const WORDS = [
  'read', 'write', 'add', 'exchange', 'await', 'lock', 'release', 'join', 'fork', 'peek', 'poke', 'choose', 'toss', 'pause', 'sleep',
  'mutex', 'wait', 'set', 'cancel', 'fail', 'soon', 'later', 'within', 'put', 'get', 'settle', 'outcome', 'look',
  'call', 'send', 'shield', 'turn', 'ask', 'collect',
] as const
export type Word = (typeof WORDS)[number]

/** What a run leaves: values, and per object the order of its accesses, each block of reads sorted. */
export class Memory {
  readonly logs = new Map<string, unknown[]>()
  readonly #accesses = new Map<string, string[]>()
  cells: readonly Shared<number>[] = []
  /** Where the run ends before its tasks have: what the main task sees then. */
  result: string | null = null
  /** A cell that is there before the run. */
  readonly outside = shared(0)

  log(task: string): unknown[] {
    const log: unknown[] = []
    this.logs.set(task, log)
    return log
  }

  note(object: string, task: string, kind: 'r' | 'w'): void {
    const all = this.#accesses.get(object)
    if (all === undefined) this.#accesses.set(object, [task + kind])
    else all.push(task + kind)
  }

  get outcome(): string {
    if (this.result !== null) return this.result
    return JSON.stringify([[...this.logs].sort(byName), this.cells.map((c) => c.value)])
  }

  get trace(): string {
    if (this.result !== null) return this.result
    const forms = [...this.#accesses].sort(byName).map(([object, accesses]) => {
      const blocks: string[][] = [[]]
      for (const a of accesses) {
        if (a.endsWith('r')) blocks.at(-1)?.push(a)
        else blocks.push([a], [])
      }
      return [object, blocks.map((b) => b.sort())]
    })
    return JSON.stringify([forms, this.outcome])
  }
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}

/** In words, as `parsed` reads it: tasks by bars, what each does by commas: `add x, await y 2 | poke y 1`. */
export function inWords({ tasks, ending }: Program): string {
  const words = tasks.map((ops) => ops.map(({ op, cell, value }) => `${op} ${'xyz'[cell]}${value}`).join(', ')).join(' | ')
  return ending === 'all' ? words : `${ending}: ${words}`
}

export function parsed(words: string): Program {
  const [, ending, rest] = /^(?:(\w+): )?(.*)$/.exec(words) ?? []
  const tasks = (rest ?? '').split(' | ').map((task) =>
    task.split(', ').map((text) => {
      const [, op, cell, value] = /^(\w+) (\w)(\d)$/.exec(text) ?? []
      if (!WORDS.includes(op as Word)) throw new Error(`not an operation: ${text}`)
      return { op: op as Word, cell: 'xyz'.indexOf(cell ?? 'x') as Op['cell'], value: Number(value) }
    }),
  )
  return { tasks, ending: (ending ?? 'all') as Ending }
}

export function* bodyOf({ tasks: program, ending }: Program, memory: Memory): Generator<Suspension, void, unknown> {
  const cells = [shared(0), shared(0), memory.outside] as const
  const locks = [shared(0), shared(0), shared(0)] as const
  const [mutex, event, queue] = [new Lock(), new Event(), new Queue<number>()]
  const futures = [new Future<number>(), new Future<number>(), new Future<number>()] as const
  memory.cells = cells
  if (ending !== 'all') memory.result = 'cut short'
  const tasks: ReturnType<typeof createTask>[] = []

  function* run(name: string, ops: readonly Op[]): Generator<Suspension, void, unknown> {
    const log = memory.log(name)
    for (const [i, { op, cell: c, value }] of ops.entries()) {
      const cell = cells[c]
      const lock = locks[c]
      const future = futures[c]
      const note = (kind: 'r' | 'w'): void => memory.note(`cell ${c}`, name, kind)
      if (op === 'read') {
        log.push(yield* cell.read())
        note('r')
      } else if (op === 'write') {
        yield* cell.write(value)
        note('w')
      } else if (op === 'add') {
        log.push(yield* cell.update((v) => v + 1))
        note('w')
      } else if (op === 'exchange') {
        const old = yield* cell.compareExchange(value, value + 1)
        log.push(old)
        note(old === value ? 'w' : 'r')
      } else if (op === 'await') {
        log.push(yield* cell.read({ when: (v) => v >= value }))
        note('r')
      } else if (op === 'lock' || op === 'release') {
        if (op === 'lock') yield* lock.update(() => 1, { when: (v) => v === 0 })
        else yield* lock.write(0)
        memory.note(`lock ${c}`, name, 'w')
      } else if (op === 'join') {
        const task = tasks[value]
        if (task !== undefined && task !== tasks[Number(name[0])]) yield* task
      } else if (op === 'fork') {
        yield* createTask(run(`${name}.${i}`, [{ op: 'add', cell: c, value }]))
      } else if (op === 'peek') {
        log.push(cell.value)
        note('r')
      } else if (op === 'poke') {
        cell.value = value
        note('w')
      } else if (op === 'choose') {
        const side = choose(2)
        log.push(side)
        if (side === 1) {
          yield* cell.write(value + 5)
          note('w')
        }
      } else if (op === 'toss') {
        // What the step touches from here on follows from the value.
        const side = choose(3)
        log.push(side)
        if (side === 1) {
          log.push(cell.value)
          note('r')
        } else if (side === 2) {
          cell.value = value + 7
          note('w')
        }
      } else if (op === 'pause') yield* pause()
      else if (op === 'sleep') yield* sleep(value)
      else if (op === 'mutex') {
        yield* mutex.with(function* () {
          memory.note('mutex', name, 'w')
          log.push(cell.value)
          note('r')
          yield* cell.write(value)
          note('w')
        })
      } else if (op === 'wait') yield* event.wait()
      else if (op === 'set') event.set()
      else if (op === 'cancel') log.push(tasks[value]?.cancel())
      else if (op === 'fail') {
        const seen = yield* cell.read()
        note('r')
        if (seen > value) throw new Error('failed')
      } else if (op === 'soon') {
        getRunningLoop().callSoon(() => {
          cell.value += 1
          memory.note(`cell ${c}`, `${name}.${i}`, 'w')
        })
      } else if (op === 'later') {
        getRunningLoop().callLater(value, () => {
          cell.value += 1
          memory.note(`cell ${c}`, `${name}.${i}`, 'w')
        })
      } else if (op === 'within') {
        try {
          yield* waitFor(cell.read({ when: (v) => v >= value }), 1)
          log.push('came')
        } catch (error) {
          log.push((error as Error).name)
        }
      } else if (op === 'call') {
        const faults = value === 0 ? {} : { rejectBefore: true, rejectAfter: value === 2 }
        const call = io(
          () => {
            cell.value += 1
            note('w')
          },
          { faults },
        )
        try {
          yield* call()
          log.push('answered')
        } catch (error) {
          log.push((error as Error).name)
          if (error instanceof CancelledError) throw error
        }
      } else if (op === 'send') {
        // Nobody waits for it.
        external(op, () => {
          cell.value += 1
          memory.note(`cell ${c}`, `${name}.${i}`, 'w')
          if (!future.done()) future.setResult(value)
        })
      } else if (op === 'turn' || op === 'ask') {
        // What the step touches next, or whether it chooses, follows from what it sees.
        const seen = cell.value
        log.push(seen)
        note('r')
        const next = (c + 1) % 3
        if (seen !== value) log.push((op === 'ask' ? tasks : futures)[next]?.done())
        else if (op === 'ask') log.push(choose(2))
        else {
          ;(cells[next] as Shared<number>).value = value + 3
          memory.note(`cell ${next}`, name, 'w')
        }
      } else if (op === 'collect') {
        // What it waits for is ended by bookkeeping or by a step, as it sees.
        const seen = cell.value
        log.push(seen)
        note('r')
        const child = createTask(run(`${name}.${i}`, []))
        const end = seen === value ? gather([child]) : new Future<unknown>()
        if (seen !== value) getRunningLoop().callSoon(() => end.setResult(null))
        yield* end
      } else if (op === 'shield') {
        const task = tasks[value]
        if (task !== undefined && task !== tasks[Number(name[0])]) yield* shield(task)
      } else if (op === 'put') queue.putNowait(value)
      else if (op === 'get') log.push(yield* queue.get())
      else if (op === 'settle') {
        if (!future.done()) future.setResult(value)
      } else if (op === 'outcome') log.push(yield* future)
      else log.push(future.done())
    }
  }

  program.forEach((ops, i) => tasks.push(createTask(run(String(i), ops))))
  if (ending === 'first') yield* wait(tasks, { returnWhen: FIRST_COMPLETED })
  else if (ending === 'one') yield* tasks[0] as Task<void>
  else {
    try {
      yield* gather(tasks, { returnExceptions: ending === 'all' })
      memory.result = null
    } catch (error) {
      if (ending === 'fail') memory.result = String(error)
      throw error
    }
  }
  // How far the others have come by then is nothing that the harness sees.
  if (ending === 'one') memory.result = JSON.stringify([memory.logs.get('0'), cells.map((c) => c.value)])
  if (ending === 'first') memory.result = JSON.stringify([tasks.map((task, i) => (task.done() ? (memory.logs.get(String(i)) ?? []) : null)), cells[0].value])
}

export interface Seen {
  /** What each task got, by its name, and what the cells hold in the end. */
  readonly outcomes: Set<string>
  /** The canonical forms of the traces. */
  readonly traces: Set<string>
  /** One for each schedule that counts. */
  readonly each: string[]
  readonly report: Report
}

export function explored(program: Program, strategy: Strategy | 'dpor' | 'exhaustive', schedules: number, shard?: { index: number; count: number }): Seen {
  const outcomes = new Set<string>()
  const traces = new Set<string>()
  const each: string[] = []
  let memory = new Memory()
  const report = checkSync(() => bodyOf(program, memory), {
    strategy,
    assume: 'tracked',
    bail: false,
    leaks: 'ignore',
    schedules,
    ...(shard === undefined ? {} : { shard }),
    setup: () => {
      memory = new Memory()
      return () => {
        outcomes.add(memory.outcome)
        traces.add(memory.trace)
        each.push(memory.trace)
      }
    },
  })
  return { outcomes, traces, each, report }
}
