import { describe, expect, it } from 'vitest'
import { checkSync, createTask, type ExploreOptions, gather, type Report, shared, type Suspension } from '../../src/index.ts'

type Body = () => Generator<Suspension, unknown, unknown>

/** A gather that fails ends the run, whatever its other task has come to by then. */
const failing: Body = function* () {
  const [a, b] = [shared(0), shared(0)]
  const fails = function* (): Generator<Suspension, void, unknown> {
    yield* a.read()
    yield* a.read()
    throw new Error('failed')
  }
  try {
    yield* gather([fails, () => b.write(1)])
  } catch {}
}

/** Nobody waits for a task. */
const forgetful: Body = function* () {
  const [a, b] = [shared(0), shared(0)]
  createTask(() => b.write(1))
  yield* createTask(function* () {
    yield* a.read()
    yield* a.read()
  })
}

function found(body: Body, options: ExploreOptions): Report {
  const report = checkSync(body, { bail: false, schedules: 1000, ...options })
  expect(report.exhausted).toBe(true)
  return report
}

describe('dpor finds the tasks that are left when a run ends early, and the runs that leave none', () => {
  it.each([['a gather that fails', failing], ['a task that nobody waits for', forgetful]])('%s', (_, body) => {
    const all = found(body, { strategy: 'exhaustive' })
    expect(all.distinct.map((d) => d.failure.kind)).toContain('leak')
    expect(all.failures).toBeLessThan(all.schedules)
    const reduced = found(body, { strategy: 'dpor', assume: 'tracked' })
    expect(reduced.distinct.map((d) => String(d.failure.error)).toSorted()).toEqual(all.distinct.map((d) => String(d.failure.error)).toSorted())
    expect(reduced.failures).toBeLessThan(reduced.schedules)
    expect(reduced.schedules).toBeLessThan(all.schedules)
  })
})
