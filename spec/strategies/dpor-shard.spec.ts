import { describe, expect, it } from 'vitest'
import { checkSync, choose, createTask, gather, Lock, pause, shared, wait, FIRST_COMPLETED, type Report, type Suspension, type Task } from '../../src/index.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { DporShard } from '../../src/strategies/shards/dpor-shard.ts'
import { sharded } from '../../src/strategies/shards/sharded.ts'
import { Watched } from './watched.ts'

type Body = () => Generator<Suspension, unknown, unknown>

const OPTIONS = { assume: 'tracked', bail: false, leaks: 'ignore', schedules: 20_000 } as const

interface Seen {
  readonly report: Report
  readonly watched: Watched
}

function whole(body: Body, options = {}): Seen {
  const watched = new Watched(new Dpor())
  return { watched, report: checkSync(body, { ...OPTIONS, ...options, strategy: watched }) }
}

function shards(count: number, body: Body, options: { schedules?: number } = {}): Seen[] {
  return Array.from({ length: count }, (_, i) => {
    const shard = { index: i + 1, count }
    const watched = new Watched(sharded(new Dpor(), shard, options.schedules ?? OPTIONS.schedules))
    return { watched, report: checkSync(body, { ...OPTIONS, ...options, strategy: watched }) }
  })
}

/** Each of n tasks adds to a cell, `times` times: n! orders if it does so once. */
function adding(n: number, times = 1): Body {
  return function* () {
    const cell = shared(0)
    yield* gather(
      Array.from({ length: n }, () =>
        createTask(function* () {
          for (let i = 0; i < times; i++) yield* cell.update((v) => v + 1)
        }),
      ),
    )
  }
}

describe('a share of dpor', () => {
  it.each([2, 3, 7])('of a small search is every n-th execution of it, %i shards', (count) => {
    const body = adding(4)
    const { counted } = whole(body).watched
    expect(counted).toHaveLength(24)
    shards(count, body).forEach(({ watched, report }, i) => {
      expect(report.exhausted).toBe(true)
      expect(watched.counted).toEqual(counted.filter((_, k) => k % count === i))
      expect(watched.numbers).toEqual(counted.map((_, k) => k + 1).filter((n) => n % count === (i + 1) % count))
    })
  })

  it('of a search that is larger than the budget is a share of what fits', () => {
    const body = adding(5)
    const { counted } = whole(body, { schedules: 50 }).watched
    const parts = shards(3, body, { schedules: 50 })
    expect(counted).toHaveLength(50)
    expect(parts.map((p) => p.report.exhausted)).toEqual([false, false, false])
    expect(parts.flatMap((p) => p.watched.counted).sort()).toEqual([...counted].sort())
  })

  it('of a large one is what has some conflicts in one order: no shard runs all', () => {
    const body = adding(2, 7)
    const traces = 3432 // 14 over 7
    expect(whole(body).report.schedules).toBe(traces)
    const parts = shards(3, body)
    expect(parts.reduce((sum, p) => sum + p.report.schedules, 0)).toBe(traces)
    for (const { watched, report } of parts) {
      expect(watched.runs - 500).toBeLessThan(0.6 * traces)
      expect(report.strategy).toBe('dpor')
    }
    // A share is held to what it counts, not to what it looks at.
    const most = Math.max(...parts.map((p) => p.report.schedules))
    expect(Math.max(...parts.map((p) => p.watched.runs))).toBeGreaterThan(500 + most)
    expect(shards(3, body, { schedules: most }).map((p) => p.watched.counted)).toEqual(parts.map((p) => p.watched.counted))
  })

  it('of a large one begins with as many executions of the whole as it is told to', () => {
    const shard = new DporShard({ index: 1, count: 2 }, OPTIONS.schedules, 30)
    const { share } = shard
    let trial = 0
    checkSync(adding(2, 7), { ...OPTIONS, strategy: shard, setup: () => void (shard.share === share && trial++) })
    expect(trial).toBe(30)
  })

  it('of a large one whose steps choose values is one part of it', () => {
    const body: Body = function* () {
      const cell = shared(0)
      yield* gather([0, 1, 2].map(() => createTask(() => cell.write(choose(5)))))
    }
    const all = whole(body)
    // 3! orders of the writes, each of which has one of five values.
    expect(all.report.schedules).toBe(6 * 5 ** 3)
    const parts = shards(2, body)
    expect(parts.map((p) => p.report.exhausted)).toEqual([true, true])
    expect(parts.reduce((sum, p) => sum + p.report.schedules, 0)).toBe(all.report.schedules)
    for (const { watched } of parts) expect(watched.runs - 500).toBeLessThan(0.8 * all.watched.runs)
  })

  it('of a large one in which nothing can be reduced is a part of all schedules, each once', () => {
    const body: Body = function* () {
      const tasks = [0, 1, 2].map((i) =>
        createTask(function* () {
          for (let k = 0; k <= i; k++) yield* pause()
        }),
      )
      yield* wait(tasks, { returnWhen: FIRST_COMPLETED })
      yield* gather(tasks)
    }
    const every = checkSync(body, { ...OPTIONS, strategy: 'exhaustive' })
    expect(every.schedules).toBeGreaterThan(500)
    expect(whole(body).report.schedules).toBe(every.schedules)
    const parts = shards(2, body)
    expect(parts.every((p) => p.report.exhausted)).toBe(true)
    const counted = parts.flatMap((p) => p.watched.counted)
    expect([counted.length, new Set(counted).size]).toEqual([every.schedules, every.schedules])
    for (const { watched } of parts) expect(watched.runs).toBeLessThan(every.schedules + 500)
  })
})

describe('an execution that proves to be equivalent to another', () => {
  it('does not count again where the search starts over', () => {
    // Whoever finds the lock free touches the cell in the same step; whoever does not, later.
    const body: Body = function* () {
      const [lock, cell] = [new Lock(), shared(0)]
      function* locked(): Generator<Suspension, void, unknown> {
        yield* lock.with(function* () {
          cell.value += 1
          yield* cell.update((v) => v + 1)
        })
      }
      yield* gather([
        createTask(locked),
        createTask(locked),
        createTask(function* () {
          cell.value = 7
        }),
      ])
    }
    const { report, watched } = whole(body)
    // By hand: the order of two tasks; whether the second begins before the first ends; where among the accesses the third one is.
    // Four accesses leave five places, and each is in both orders, with the second waiting or not.
    expect(report.schedules).toBe(2 * 2 * 5)
    expect(report.equivalent).toBeGreaterThan(0)
    expect(watched.runs).toBe(report.schedules + report.equivalent)
    const parts = shards(2, body).map((p) => p.report)
    expect(parts.map((p) => p.schedules)).toEqual([10, 10])
    expect(parts.reduce((sum, p) => sum + p.equivalent, 0)).toBe(report.equivalent)
  })

  it('is run as often as schedules are asked for, by all shards together as by the whole', () => {
    // What a task would do where it is cancelled, or is not, is taken from other executions, and is often another thing there.
    const body: Body = function* () {
      const cell = shared(0)
      function* cancels(): Generator<Suspension, void, unknown> {
        const task = createTask(function* () {
          yield* pause()
          yield* cell.update((v) => v + 1)
        })
        yield* pause()
        task.cancel()
        try {
          yield* task
        } catch {
          // Its cancellation, or that of the one who waits.
        }
      }
      const tasks: Task<void>[] = []
      tasks.push(
        createTask(function* () {
          yield* cancels()
          tasks[1]?.cancel()
        }),
        createTask(cancels),
      )
      yield* gather(tasks, { returnExceptions: true })
    }
    const all = whole(body).report
    expect([all.exhausted, all.equivalent > all.schedules]).toEqual([true, true])
    const cut = whole(body, { schedules: all.schedules + 1 }).report
    expect(cut).toMatchObject({ exhausted: false, stopped: 'schedules', equivalent: all.schedules + 1 })
    const parts = shards(3, body, { schedules: all.schedules + 1 }).map((p) => p.report)
    expect(parts.map((p) => p.exhausted)).toEqual([false, false, false])
    expect(parts.reduce((sum, p) => sum + p.schedules, 0)).toBe(cut.schedules)
    expect(parts.reduce((sum, p) => sum + p.equivalent, 0)).toBe(cut.equivalent)
  })
})
