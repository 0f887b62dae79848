import { describe, expect, it } from 'vitest'
import { CancelledError, checkSync, createTask, gather, pause, type Report, shared, type Suspension } from '../../src/index.ts'

type Body = () => Generator<Suspension, void, unknown>

function searched(body: Body, strategy: 'dpor' | 'exhaustive' = 'dpor'): Report {
  return checkSync(body, { strategy, assume: 'tracked', bail: false, schedules: 20_000 })
}

/** Begins a task that adds to a cell of its own after a while, and cancels it. Says what became of it. */
function* addsUnlessCancelled(): Generator<Suspension, string, unknown> {
  const cell = shared(0)
  const task = createTask(function* () {
    yield* pause()
    yield* cell.update((v) => v + 1)
  })
  yield* pause()
  task.cancel()
  try {
    yield* task
    return `done, ${cell.value}`
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error
    return `cancelled, ${cell.value}`
  }
}

/** So many of them at once, which have nothing in common. */
function several(count: number, seen = new Set<string>()): Body {
  return function* () {
    const ends = yield* gather(Array.from({ length: count }, addsUnlessCancelled))
    seen.add(ends.join('; '))
  }
}

describe('where tasks are cancelled, dpor', () => {
  it('takes what one would have done from executions in which it did: no order of what has nothing in common is run twice', () => {
    const { schedules } = searched(several(1))
    for (const count of [1, 2, 3]) {
      const report = searched(several(count))
      expect([report.exhausted, report.schedules, report.equivalent]).toEqual([true, schedules ** count, 0])
    }
  })

  it('sees all that may become of them', () => {
    const [reduced, all] = [new Set<string>(), new Set<string>()]
    const report = searched(several(2, reduced))
    const every = searched(several(2, all), 'exhaustive')
    expect([report.exhausted, every.exhausted]).toEqual([true, true])
    expect(reduced).toEqual(all)
    expect(all.size).toBeGreaterThan(1)
    expect(report.schedules).toBeLessThan(every.schedules / 4)
  })
})
