import { describe, expect, it } from 'vitest'
import { ROWS } from '../../fixtures/dpor/index.ts'
import { checkSync, choose, createTask, gather, type GeneratorBody, io, pause, type Report, shared, sleep } from '../../src/index.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { exhaustive, type Strategy } from '../../src/strategies/index.ts'
import { DporShard } from '../../src/strategies/shards/dpor-shard.ts'
import { Watched } from './watched.ts'

const OPTIONS = { assume: 'tracked', bail: false, leaks: 'ignore', schedules: 2000 } as const

/** Executions after which these shards split a search, where by themselves they would do so only in a large one. */
const TRIAL = 100

interface Shares {
  /** What counts in each shard. */
  readonly counted: readonly number[]
  readonly exhausted: boolean
  /** All executions, those of the trials left out. */
  readonly runs: number
}

function shares(body: GeneratorBody, count: number, trial = TRIAL): Shares {
  const seen = Array.from({ length: count }, (_, i) => {
    const watched = new Watched(new DporShard({ index: i + 1, count }, OPTIONS.schedules, trial))
    return { watched, report: checkSync(body, { ...OPTIONS, strategy: watched }) }
  })
  return {
    counted: seen.map((s) => s.report.schedules),
    exhausted: seen.every((s) => s.report.exhausted),
    runs: seen.reduce((sum, s) => sum + s.watched.runs - trial, 0),
  }
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0)

/** Those that a share would split so if there were more of them. */
const LARGE = ROWS.filter(({ traces, slow }) => slow !== true && traces >= 200 && traces <= 1100)

/** Of these every order of the conflicts that come first can be, and no more is known once one of them is left open. */
const EVEN = ['ainc', 'cinc', 'readers', 'lastzero', 'n writers and a reader', 'lockinc', 'mpat']

describe('a search that is split by the orders of conflicts', () => {
  it.each([2, 3, 7])('counts each trace of the published programs once, and hardly runs an execution for nothing: %i shards', (count) => {
    const found = LARGE.map((row) => ({ row, ...shares(row.body, count) }))
    expect(found.map((f) => [f.row.program, sumOf(f.counted), f.exhausted])).toEqual(LARGE.map((row) => [row.program, row.traces, true]))
    const traces = sumOf(LARGE.map((row) => row.traces))
    expect(sumOf(found.map((f) => f.runs))).toBeLessThan(1.2 * traces)
    for (const { row, runs } of found) if (EVEN.includes(row.program)) expect([row.program, runs]).toEqual([row.program, row.traces])
  })

  it('gives each shard about as much', () => {
    for (const row of LARGE) if (EVEN.includes(row.program)) expect(Math.max(...shares(row.body, 2).counted)).toBeLessThan(0.6 * row.traces)
  })

  /** What all schedules come to; and the shards, which split after so many executions. */
  function compare(body: (log: unknown[]) => GeneratorBody, trial: number): void {
    const outcomes = (strategy: Strategy): { all: string[]; report: Report } => {
      const all: string[] = []
      let log: unknown[] = []
      const watched = new Watched(strategy, () => all.push(JSON.stringify(log)))
      const report = checkSync(() => body((log = []))(), { ...OPTIONS, strategy: watched })
      return { all, report }
    }
    const whole = outcomes(new Dpor())
    expect(new Set(whole.all)).toEqual(new Set(outcomes(exhaustive()).all))
    for (const count of [2, 3]) {
      const parts = Array.from({ length: count }, (_, i) => outcomes(new DporShard({ index: i + 1, count }, OPTIONS.schedules, trial)))
      expect(parts.every((p) => p.report.exhausted)).toBe(true)
      expect(new Set(parts.flatMap((p) => p.all))).toEqual(new Set(whole.all))
      expect(sumOf(parts.map((p) => p.report.schedules))).toBe(whole.report.schedules)
    }
  }

  it('is not held up by a step that is held back: the clock moves only when nothing is ready', () => {
    compare(
      (log) =>
        function* () {
          const cell = shared(0)
          yield* gather([
            createTask(function* () {
              yield* sleep(1)
              log.push(yield* cell.update((v) => 2 * v))
            }),
            createTask(() => cell.update((v) => v + 1)),
            createTask(function* () {
              yield* io(() => null)()
              log.push(yield* cell.update((v) => 3 * v))
            }),
          ])
        },
      3,
    )
  })

  it('takes no step for the one that it is to wait for, if that touches the object only in some orders', () => {
    compare(
      (log) =>
        function* () {
          const [flag, cell] = [shared(0), shared(0)]
          yield* gather([
            createTask(function* () {
              // What the first of two steps touches hangs on the order of others.
              if (flag.value > 0) cell.value += 1
              yield* pause()
              cell.value = 2 * cell.value + 1
            }),
            createTask(function* () {
              flag.value = 1
              cell.value += 3
              yield* pause()
              log.push(cell.value)
            }),
            createTask(function* () {
              log.push(yield* cell.update((v) => 5 * v))
            }),
          ])
        },
      1,
    )
  })

  it('gives what no order of two steps decides to one of them: where one is missing, or both only read', () => {
    compare(
      (log) =>
        function* () {
          const [flag, cell] = [shared(0), shared(0)]
          yield* gather([
            createTask(function* () {
              yield* flag.write(1)
            }),
            ...[1, 2].map((id) =>
              createTask(function* () {
                if ((yield* flag.read()) > 0) log.push(yield* cell.compareExchange(0, id))
              }),
            ),
          ])
        },
      1,
    )
  })
})

describe('a search without conflicts that all of its executions have', () => {
  it('is every n-th execution of the whole, as a small one is', () => {
    const body: GeneratorBody = function* () {
      const cells = [shared(0), shared(0)] as const
      yield* gather(
        cells.map((cell) =>
          createTask(function* () {
            yield* cell.write(choose(3))
          }),
        ),
      )
    }
    expect(shares(body, 2, 2)).toMatchObject({ counted: [5, 4], exhausted: true })
  })

  it('is known by every 25th execution and the last', () => {
    const body = (values: number): GeneratorBody =>
      function* () {
        const cell = shared(0)
        yield* gather([
          createTask(function* () {
            if (choose(2) === 1) yield* cell.write(1)
          }),
          createTask(() => cell.write(2)),
          createTask(() => void choose(values)),
        ])
      }
    // Values are changed from the last one on: in the first 30 executions the first task writes nothing, in 60 it does.
    expect(shares(body(30), 2, 50)).toMatchObject({ counted: [45, 45], exhausted: true })
    // In the first ten it does not, which nobody looks at. These belong to the order in which the two were seen.
    expect(shares(body(10), 2, 25).counted.toSorted()).toEqual([10, 20])
  })

  it('so is one of which one order only can be: what a task has done before another begins is no conflict', () => {
    const body: GeneratorBody = function* () {
      const cell = shared(0)
      for (let i = 0; i < 3; i++) yield* createTask(() => cell.write(choose(3)))
    }
    expect(shares(body, 3, 2)).toMatchObject({ counted: [9, 9, 9], runs: 3 * 27 })
  })
})
