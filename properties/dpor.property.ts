import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSync, choose, createTask, Event, gather, Lock, pause, shared, sleep, type Shared, type Suspension } from '../src/index.ts'
import { SEED } from './seed.ts'

/** One thing that a task does. */
interface Op {
  readonly op: 'read' | 'write' | 'add' | 'exchange' | 'await' | 'lock' | 'release' | 'join' | 'fork' | Rich
  readonly cell: 0 | 1
  readonly value: number
}
type Rich = 'peek' | 'poke' | 'choose' | 'toss' | 'pause' | 'sleep' | 'mutex' | 'wait' | 'set' | 'cancel'

type Program = readonly (readonly Op[])[]

interface Seen {
  /** What each task got, by its name, and what the cells hold in the end. */
  readonly outcomes: Set<string>
  /** The canonical forms of the traces. */
  readonly traces: Set<string>
  readonly schedules: number
  readonly exhausted: boolean
  readonly failures: boolean
}

/** What a run leaves: values, and per object the order of its accesses, each block of reads sorted. */
class Memory {
  readonly logs = new Map<string, unknown[]>()
  readonly #accesses = new Map<string, string[]>()
  cells: readonly Shared<number>[] = []

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
    return JSON.stringify([[...this.logs].sort(byName), this.cells.map((c) => c.value)])
  }

  get trace(): string {
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

function* body(program: Program, memory: Memory): Generator<Suspension, void, unknown> {
  const cells = [shared(0), shared(0)] as const
  const locks = [shared(0), shared(0)] as const
  const [mutex, event] = [new Lock(), new Event()]
  memory.cells = cells
  const tasks: ReturnType<typeof createTask>[] = []

  function* run(name: string, ops: readonly Op[]): Generator<Suspension, void, unknown> {
    const log = memory.log(name)
    for (const [i, { op, cell: c, value }] of ops.entries()) {
      const cell = cells[c]
      const lock = locks[c]
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
      } else if (op === 'peek') log.push(cell.value)
      else if (op === 'poke') cell.value = value
      else if (op === 'choose') {
        if (choose(2) === 1) yield* cell.write(value + 5)
      } else if (op === 'toss') {
        // What the step touches from here on follows from the value.
        const side = choose(3)
        log.push(side)
        if (side === 1) log.push(cell.value)
        else if (side === 2) cell.value = value + 7
      } else if (op === 'pause') yield* pause()
      else if (op === 'sleep') yield* sleep(value)
      else if (op === 'mutex') {
        yield* mutex.with(function* () {
          log.push(cell.value)
          yield* cell.write(value)
        })
      } else if (op === 'wait') yield* event.wait()
      else if (op === 'set') event.set()
      else if (op === 'cancel') log.push(tasks[value]?.cancel())
    }
  }

  program.forEach((ops, i) => tasks.push(createTask(run(String(i), ops))))
  yield* gather(tasks, { returnExceptions: true })
}

function explore(program: Program, strategy: 'dpor' | 'exhaustive', most = BUDGET): Seen {
  const outcomes = new Set<string>()
  const traces = new Set<string>()
  let memory = new Memory()
  const report = checkSync(() => body(program, memory), {
    strategy,
    assume: 'tracked',
    bail: false,
    leaks: 'ignore',
    schedules: most,
    setup: () => {
      memory = new Memory()
      return () => {
        outcomes.add(memory.outcome)
        traces.add(memory.trace)
      }
    },
  })
  const { schedules, exhausted, failures } = report
  return { outcomes, traces, schedules, exhausted, failures: failures > 0 }
}

/** About nine programs of ten have fewer schedules; what has more costs most, and is left out. */
const BUDGET = 1000

function programs(...ops: Op['op'][]): fc.Arbitrary<Program> {
  const op: fc.Arbitrary<Op> = fc.record({
    op: fc.constantFrom(...ops),
    cell: fc.constantFrom(0 as const, 1 as const),
    value: fc.integer({ min: 0, max: 2 }),
  })
  return fc.array(fc.array(op, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
}

function sorted(set: Iterable<string>): string[] {
  return [...set].sort()
}

describe('dpor, against all schedules of random programs', () => {
  it('has each trace once: operations on cells, locks, guards, joins', () => {
    fc.assert(
      fc.property(
        programs('read', 'write', 'add', 'exchange', 'await', 'lock', 'release', 'join', 'fork'),
        (program) => {
          const all = explore(program, 'exhaustive')
          fc.pre(all.exhausted)
          const reduced = explore(program, 'dpor')
          expect(reduced.exhausted).toBe(true)
          expect(reduced.failures).toBe(all.failures)
          expect(sorted(reduced.traces)).toEqual(sorted(all.traces))
          // As many executions as traces: none was run twice.
          expect(reduced.schedules).toBe(all.traces.size)
        },
      ),
      { numRuns: 100, seed: SEED },
    )
  })

  it.each<[string, Op['op'][]]>([
    ['accesses within a step', ['read', 'add', 'peek', 'poke', 'join', 'fork']],
    ['the outside and the clock', ['read', 'add', 'pause', 'sleep', 'poke']],
    ['primitives', ['mutex', 'wait', 'set', 'read', 'poke']],
    ['values chosen within a step', ['read', 'add', 'choose', 'toss', 'peek', 'poke']],
    ['values and locks', ['toss', 'mutex', 'join', 'fork', 'await']],
    ['tasks that cancel one another while they await', ['read', 'poke', 'cancel', 'join', 'pause', 'sleep']],
    ['cancellation among primitives', ['cancel', 'mutex', 'wait', 'set', 'join', 'await', 'toss']],
  ])('reaches the same outcomes: %s', (_, ops) => {
    fc.assert(
      fc.property(programs(...ops), (program) => {
        const all = explore(program, 'exhaustive')
        fc.pre(all.exhausted)
        // A guess may be run beside what it stands for.
        const reduced = explore(program, 'dpor', 2 * BUDGET)
        expect(reduced.exhausted).toBe(true)
        expect(reduced.failures).toBe(all.failures)
        expect(sorted(reduced.outcomes)).toEqual(sorted(all.outcomes))
      }),
      { numRuns: 200, seed: SEED },
    )
  })
})
