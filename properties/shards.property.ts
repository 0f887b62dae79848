import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSync, choose, createTask, type ExploreOptions, gather, io, pause, type Report, shared, sleep, type Shared, type Suspension } from '../src/index.ts'
import type { Strategy } from '../src/strategies/index.ts'
import { Dpor } from '../src/strategies/dpor.ts'
import { exhaustive, preemption } from '../src/strategies/index.ts'
import { DporShard } from '../src/strategies/shards/dpor-shard.ts'
import { sharded } from '../src/strategies/shards/sharded.ts'
import { Watched } from '../spec/strategies/watched.ts'
import { SEED } from './seed.ts'

/** What random programs do: each operation of a task on one of two cells. */
const OPS = {
  *read(cell: Shared<number>, log: unknown[]) {
    log.push(yield* cell.read())
  },
  *write(cell: Shared<number>, _log: unknown[], value: number) {
    yield* cell.write(value)
  },
  *add(cell: Shared<number>, log: unknown[], value: number) {
    log.push(yield* cell.update((v) => 2 * v + value))
  },
  *exchange(cell: Shared<number>, log: unknown[], value: number) {
    log.push(yield* cell.compareExchange(value, value + 1))
  },
  *guarded(cell: Shared<number>, log: unknown[], value: number) {
    log.push(yield* cell.read({ when: (v) => v >= value }))
  },
  *both(cell: Shared<number>, log: unknown[]) {
    log.push(yield* cell.read())
    cell.value += 1
  },
  *fork(cell: Shared<number>, _log: unknown[], value: number) {
    yield* createTask(() => cell.update((v) => v + value))
  },
  *fail(cell: Shared<number>) {
    if ((yield* cell.read()) > 1) throw new Error('failed')
  },
  *pause() {
    yield* pause()
  },
  *sleep(_cell: Shared<number>, _log: unknown[], value: number) {
    yield* sleep(value)
  },
  *call(cell: Shared<number>, log: unknown[]) {
    const increment = io(() => void (cell.value += 1), { faults: { rejectBefore: true, rejectAfter: true } })
    try {
      yield* increment()
      log.push('done')
    } catch {
      log.push('lost')
    }
  },
  *cancelled(cell: Shared<number>, log: unknown[], value: number) {
    const task = createTask(() => cell.update((v) => v + 1))
    if (value > 0) yield* pause()
    log.push(task.cancel())
  },
  *choose(cell: Shared<number>) {
    yield* cell.write(10 + choose(3))
  },
} satisfies Record<string, (cell: Shared<number>, log: unknown[], value: number) => Generator<Suspension, void, unknown>>

type Op = { readonly op: keyof typeof OPS; readonly cell: 0 | 1; readonly value: number }
type Program = readonly (readonly Op[])[]

function programs(...ops: (keyof typeof OPS)[]): fc.Arbitrary<Program> {
  const op = fc.record({ op: fc.constantFrom(...ops), cell: fc.constantFrom(0 as const, 1 as const), value: fc.integer({ min: 0, max: 2 }) })
  return fc.array(fc.array(op, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
}

const BUDGET = 2000

/** What the schedules that count come to, each with what every task saw. */
function outcomes(program: Program, strategy: Strategy, options: ExploreOptions = {}): { report: Report; all: string[] } {
  const all: string[] = []
  let outcome = ''
  const counting = new Watched(strategy, () => all.push(outcome))
  const report = checkSync(
    function* () {
      const cells = [shared(0), shared(0)] as const
      const logs = program.map((): unknown[] => [])
      const see = (): void => void (outcome = JSON.stringify([logs, cells.map((c) => c.value)]))
      see()
      try {
        yield* gather(
          program.map((ops, i) =>
            createTask(function* () {
              for (const { op, cell, value } of ops) yield* OPS[op](cells[cell], logs[i] as unknown[], value)
            }),
          ),
        )
        see()
      } catch (error) {
        // How far the others have come by then is nothing that the harness sees.
        outcome = String(error)
        throw error
      }
    },
    { strategy: counting, assume: 'tracked', bail: false, leaks: 'ignore', schedules: BUDGET, ...options },
  )
  return { report, all }
}

function union(program: Program, make: () => Strategy, count: number, options: ExploreOptions = {}): string[] {
  const parts = Array.from({ length: count }, (_, i) => outcomes(program, sharded(make(), { index: i + 1, count }, BUDGET), options))
  expect(parts.every((p) => p.report.exhausted)).toBe(true)
  return parts.flatMap((p) => p.all).sort()
}

/** What the random programs do; that dpor finds all there is in such is the matter of dpor.property.ts. */
const ROWS: [string, () => Strategy, (keyof typeof OPS)[]][] = [
  ['exhaustive', exhaustive, ['read', 'add', 'choose', 'pause', 'sleep', 'fork', 'guarded']],
  ['preemption', () => preemption({ bound: 2 }), ['read', 'add', 'choose', 'pause', 'sleep', 'fork', 'guarded']],
  ['dpor', () => new Dpor(), ['read', 'write', 'add', 'exchange', 'guarded', 'fork']],
  ['dpor where steps touch more, wait for the outside, choose and fail', () => new Dpor(), ['read', 'add', 'both', 'pause', 'sleep', 'choose', 'fork', 'fail']],
  ['dpor where calls meet faults', () => new Dpor(), ['read', 'add', 'call', 'pause']],
  ['dpor where tasks cancel one another', () => new Dpor(), ['read', 'cancelled', 'pause', 'choose', 'both']],
]

describe('the shards of a random program are the whole, each schedule once', () => {
  it.each(ROWS)('%s', (_, make, ops) => {
    fc.assert(
      fc.property(programs(...ops), fc.constantFrom(2, 3, 7), (program, count) => {
        const whole = outcomes(program, make())
        fc.pre(whole.report.exhausted)
        expect(union(program, make, count)).toEqual(whole.all.sort())
      }),
      { numRuns: 30, seed: SEED },
    )
  })

  it('dpor where tasks are cancelled from outside: every schedule once', () => {
    const options: ExploreOptions = { cancel: true }
    fc.assert(
      fc.property(programs('read', 'add', 'pause', 'sleep', 'fork', 'call', 'guarded'), fc.constantFrom(2, 3, 7), (program, count) => {
        const all = outcomes(program, exhaustive(), options)
        fc.pre(all.report.exhausted)
        expect(outcomes(program, new Dpor(), options).all.sort()).toEqual(all.all.sort())
        expect(union(program, () => new Dpor(), count, options)).toEqual(all.all)
      }),
      { numRuns: 10, seed: SEED },
    )
  })

  // Large searches are split so; small ones, as these are, otherwise only if they choose it.
  it.each<[string, (keyof typeof OPS)[], boolean]>([
    ['cells, guards and forks', ['read', 'write', 'add', 'exchange', 'guarded', 'fork'], true],
    ['what touches more, the outside, choices and failures', ['read', 'add', 'both', 'pause', 'sleep', 'choose', 'fork', 'fail'], false],
  ])('dpor by the orders of conflicts: %s', (_, ops, once) => {
    fc.assert(
      fc.property(programs(...ops), fc.constantFrom(2, 3, 7), (program, count) => {
        const whole = outcomes(program, new Dpor())
        fc.pre(whole.report.exhausted)
        const strategies = Array.from({ length: count }, (__, i) => new DporShard({ index: i + 1, count }, BUDGET, 1))
        const all = strategies.flatMap((strategy) => outcomes(program, strategy).all).sort()
        expect(new Set(all)).toEqual(new Set(whole.all))
        // What ends before its time shows joins as accesses: the shard that finds it after its trial runs all there is.
        if (once && whole.report.failures === 0) expect(all).toEqual(whole.all.sort())
      }),
      { numRuns: 30, seed: SEED },
    )
  })
})
