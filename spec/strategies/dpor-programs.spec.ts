import { describe, expect, it } from 'vitest'
import { explored, parsed, type Seen } from '../../properties/traced-programs.ts'

/**
 * Small programs that tell a reduction that is a little wrong from the right one; properties/traced-programs.ts has their words. What
 * they must come to is what all of their schedules come to.
 */

/** Programs of which each trace is run once. */
const ONCE = [
  'poke y0 | pause y2, read y1 | cancel x0, read x2',
  'join x1, poke x2, read y1 | read x1, join x1',
  'peek z2, poke y1 | toss y2, poke x1, join y1, settle z1',
  'fork y1, join y1, mutex y2, mutex x2 | mutex z0, join y2',
  'fail: later z2 | await z1 | add x2',
  'poke x1, add y2 | peek x0',
  'peek y0, poke x0, poke z2, fork z0 | poke x0, peek x0, peek z0, read y2',
  'pause x2 | add x2, add y1, within y0',
  'settle x0, cancel y0, fork y1 | await x2, later x2 | fail x1',
  'pause z1, pause z0, pause x0 | pause x2, join y0',
  'join y2, mutex z1, cancel x1 | toss y0',
  'cancel z1, sleep y2, poke x0, cancel x2 | sleep x1, poke x1, poke y1, join x2',
  'sleep y1, fork x0, fail z2 | add y0 | join x1, fork y2',
  'fail: read y0 | add y0, peek x2, poke x2, toss x1',
  'join y0 | join y0, peek x2, peek z1',
  'fail: pause x2, read x1, later z2 | add z1, poke x1, sleep x0',
  'sleep x0, join x1, cancel y0, join y0 | cancel y0, read y0, pause x1',
  'await y0, lock y0, await x1 | await z0, await y0',
  'add x2 | read y1, poke x0, add y0, peek y2',
  'fail: poke x0, set z1 | read x0',
  'look y2, peek x1, add y0, add x2 | add y2, look y1, join y1',
  'fail: lock z0 | poke y2',
  'fail: settle z0, peek x0, outcome z1 | poke x2, add x2',
]

/** Programs of which some traces are run more than once: tasks are cancelled or come first, time passes, steps choose and go on. */
const AT_LEAST_ONCE = [
  'first: later y0 | within z0, sleep y2, pause z2, add z2',
  'fail: sleep y1, soon x1 | pause x0',
  'join y0, poke x1 | poke y2, pause y2, poke y2 | sleep x2, poke y1',
  'sleep y0, cancel z2 | join y0 | pause y2',
  'first: look y0, look x2 | poke y0, peek y2, look z1, poke y2',
  'pause y0, poke x0, read z1, read y0 | sleep y1, read x1, poke z0, join y1',
  'add x0, add y1, pause y2 | pause x2, add y1, within y1',
  'sleep x2, sleep y2, cancel z1 | poke y0, pause x0, poke y0, sleep x2',
  'fail: poke y2 | fork z2, poke y1, join z1 | peek z2, join x1, peek x1',
  'pause y1, sleep z1, later x1, cancel x2 | sleep y1, cancel z2, cancel z2, pause z1',
  'cancel x2 | join y0, cancel x2, cancel x1',
  'fail: within z2, sleep x1, pause x1 | add x2, within x1, cancel z1',
  'first: wait z2, set z1 | cancel y2 | cancel x0, await z2',
  'poke y0, peek x1, add z2 | look y0 | toss y1',
  'first: join y2 | add z2, sleep y0, poke z0',
]

/** All schedules of one of these programs are fewer. */
const MOST = 200

function all(words: string): Seen {
  const seen = explored(parsed(words), 'exhaustive', MOST)
  expect(seen.report.exhausted).toBe(true)
  return seen
}

/** The reduction, in so many shards: what it comes to, and how many schedules count. */
function reduced(words: string, shards: number): { traces: Set<string>; schedules: number; fails: boolean } {
  const parts = Array.from({ length: shards }, (_, i) =>
    explored(parsed(words), 'dpor', 2 * MOST, shards === 1 ? undefined : { index: i + 1, count: shards }),
  )
  expect(parts.every((p) => p.report.exhausted)).toBe(true)
  return {
    traces: new Set(parts.flatMap((p) => [...p.traces])),
    schedules: parts.reduce((sum, p) => sum + p.report.schedules, 0),
    fails: parts.some((p) => p.report.failures > 0),
  }
}

describe.each([1, 2, 3])('dpor in %i shards comes to all that small programs come to', (shards) => {
  it.each(ONCE)('each trace once: %s', (words) => {
    const { traces, report } = all(words)
    expect(reduced(words, shards)).toEqual({ traces, schedules: traces.size, fails: report.failures > 0 })
  })

  it.each(AT_LEAST_ONCE)('%s', (words) => {
    const { traces, report } = all(words)
    expect(reduced(words, shards)).toEqual({ traces, schedules: expect.any(Number) as number, fails: report.failures > 0 })
  })
})
