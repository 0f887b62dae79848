import { describe, expect, it } from 'vitest'
import { Dpor } from '../../src/strategies/dpor.ts'
import type { Shard } from '../../src/strategies/shards/territory.ts'
import { DporShard } from '../../src/strategies/shards/dpor-shard.ts'
import { sharded } from '../../src/strategies/shards/sharded.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { explored, parsed, type Seen } from '../../properties/traced-programs.ts'
import { Watched } from './watched.ts'

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
  'pause z1, pause z0, pause x0 | pause x2, join y0',
  'join y2, mutex z1, cancel x1 | toss y0',
  'cancel z1, sleep y2, poke x0, cancel x2 | sleep x1, poke x1, poke y1, join x2',
  'sleep y1, fork x0, fail z2 | add y0 | join x1, fork y2',
  'fail: read y0 | add y0, peek x2, poke x2, toss x1',
  'join y0 | join y0, peek x2, peek z1',
  'sleep x0, join x1, cancel y0, join y0 | cancel y0, read y0, pause x1',
  'add x2 | read y1, poke x0, add y0, peek y2',
  'poke y0, peek x1, add z2 | look y0 | toss y1',
  'fail: poke x0, set z1 | read x0',
  'look y2, peek x1, add y0, add x2 | add y2, look y1, join y1',
  'fail: lock z0 | poke y2',
  'fail: settle z0, peek x0, outcome z1 | poke x2, add x2',
  'sleep y1, cancel z2 | later x1',
  'join y1 | pause y2, join z1, read y1',
  'peek z0 | read y0, add x1, join z2 | poke z0, poke y1',
  'settle y2, poke y0, peek y0 | settle x2, look y0, outcome y1 | toss x2, outcome x0, outcome x1',
  'cancel x1, pause x1 | poke y0',
  'add y1, cancel z1 | pause z1 | sleep x1, pause y1',
  'lock y0, write x2 | read y2, lock y2, release x1',
  'join y1, poke y0, cancel z2, sleep y2 | read x0, pause x0, sleep y0',
  'exchange x2, join x2 | await x0, peek x0',
  'add z2, await x1 | await z1, await x0, add x2, add z1',
  'join x1, fork x2 | peek z1 | poke x1, join x0',
  'join z0, peek y2, join y2 | join y2, add x2, look y2 | settle x2, toss y2, poke z1',
  'pause x2, cancel x1, poke x0 | cancel y1, peek x1 | pause x0, cancel x0',
  'cancel z1 | pause x0, toss x0 | poke y2',
  'poke x1, toss y2 | poke x2',
  'fail: mutex y1 | join y2, await y0, join y0, await x0',
  'fail: choose y2, poke x0 | peek y1, poke y1',
  'write x0 | add x2, await x1',
  'peek y2, read z0 | read z2, peek x1, choose z2, toss z0',
  'join x2 | cancel y1 | wait z2',
  'fail: add y2, add x2 | join y2, pause y1, await z0',
  'within y0 | pause x0, cancel x2, add z1',
  'poke y0 | join x1, add y2, add x0, await x0',
  'later y1, add y2 | settle y1 | later z1',
  'lock x1, exchange y1, join x1, read z1 | exchange z0, lock y2',
  'await y2, sleep z1, await z0, poke y2 | join x0',
  'pause x0, cancel z0 | cancel y1',
  'join y1, join x2 | toss z0, toss z2',
  'add y2 | peek y0, add y1, join y1, read y1',
  'exchange x1 | add x0 | read x0',
  'fork x0, join x1, peek x0 | fork x0',
  'join x1, join x2, peek x0 | add x0 | add x0',
  'lock x0, add y0, release x0 | lock x0, add y0, release x0',
  'pause x0, poke x1 | cancel x0, peek x0 | peek x0',
  'settle x1 | settle x2 | outcome x0',
  'join z1 | peek x2 | settle x2, peek y2',
  'poke y0, toss x0 | add x2',
  'one: pause z2, soon y0, pause y1, sleep x2 | add x1',
  'pause z2, join x1 | pause y1',
  'fail: release x1 | lock y1, add y2, write x0, lock x0',
  'one: peek z1, join y1, add z2, write x0 | set y0, put y0, mutex x1',
  'fail: settle x2, peek z2, join x0, settle y0 | join z0, settle z0, look y0',
  'outcome y1, toss y1, look z2 | cancel y0, choose z2',
  'fail: choose x2, ask z2 | join y2, look z1, add y1 | join z2, join x0, choose x1, turn z0',
  'poke y2, poke z2 | exchange x0, poke y1 | read x0, peek z0',
  // What is seen to sleep, and then runs for want of anything else: before that the lock could have been taken by the one that waits in vain.
  'peek x0 | lock z0 | read y0, lock z0, poke x0',
  // In a share that begins with the other task: this one could have begun to wait first.
  'read y2 | join x0, peek y1',
  'add y0 | join x0, peek z0, fork z2 | peek z0, poke z2',
  // A step that goes on after a join, and what a step chose before a race, have to be known for what they are.
  'ask x0, poke x1 | read x0 | join x1',
  'toss x1, read x2 | choose x1, ask x2',
  'toss x1 | ask x1 | toss x1',
  'choose y2, fork x1, turn y0 | poke y1, turn x1 | toss x2',
  // What lets a waiting operation go on need not have been what the clock would have had to wait for.
  'write x0, set x0, call x2 | within x0, poke x2, poke x1 | write x1, put x0, poke x1',
  'fail: call x1 | peek x2 | ask x2',
  // The outside ends a future for which somebody waits that has just gone on with another completion.
  'call x1, peek x1, outcome x1 | send x2, peek x1',
  // What a step is shown to have been wrong about is what was left to it, and not what had been taken out by then: else all is run again.
  'choose x0, poke x1 | choose y2, peek x0, peek x1 | toss y1',
]

/** Each trace counts once, but to find that out one is run twice: what it would touch is guessed, and is less. */
const COUNTED_ONCE = ['poke x0, peek z0, poke z2 | peek x2, choose x0 | peek z0, peek x2']

/** More is told apart than these traces do, but nothing is run again: what a step touches is known from executions in which it ran. */
const NONE_AGAIN = ['fail: pause y2, await y2, await x0 | ask y2 | cancel x1', 'shield x2, cancel x2 | sleep y0, shield x0 | await x0']

/** Each trace once, of programs that have too many schedules to run them all. The traces are counted by hand. */
const TOO_MANY: readonly (readonly [words: string, traces: number])[] = [
  // Each of three that add comes where it likes among the others.
  ['fork x2 | join x1 | fork x2, peek x0 | shield x0, fork x2, outcome x1', 6],
]

/** Programs of which more is told apart than these traces do: tasks are cancelled or come first, time passes, steps choose and go on. */
const AT_LEAST_ONCE = [
  'first: later y0 | within z0, sleep y2, pause z2, add z2',
  'fail: sleep y1, soon x1 | pause x0',
  'sleep y0, cancel z2 | join y0 | pause y2',
  'first: look y0, look x2 | poke y0, peek y2, look z1, poke y2',
  'pause y0, poke x0, read z1, read y0 | sleep y1, read x1, poke z0, join y1',
  'sleep x2, sleep y2, cancel z1 | poke y0, pause x0, poke y0, sleep x2',
  'fail: poke y2 | fork z2, poke y1, join z1 | peek z2, join x1, peek x1',
  'cancel x2 | join y0, cancel x2, cancel x1',
  'first: wait z2, set z1 | cancel y2 | cancel x0, await z2',
  'fail: pause x1, poke y0 | later y2, poke x0 | poke y0',
  'fail: pause y1, toss z2, sleep x0, cancel y1 | poke y0, sleep x2, pause z0, cancel x2',
  'peek z2, join z2 | join x0, cancel y1, sleep x2, pause x0',
  'later y0 | sleep z2, sleep y2, add y0',
  'mutex x2, join y0, join x1, await y2 | await z0, mutex y2, fork y1',
  'fail: sleep x1, sleep x0 | cancel z1, pause y2',
  'first: sleep y2, later x0, soon y2 | sleep x2',
  'await x1 | cancel x0 | add x0',
  'cancel x1, toss x0 | toss x0, pause x0 | peek x0',
  'later x1, poke x1 | sleep x1, peek x0',
  'mutex x1 | mutex x2, cancel x0',
  'pause x0, settle x1 | sleep x1, look x0 | outcome x0',
  'poke x1, outcome x0, poke x2 | settle x1 | peek x0',
  'settle x1 | poke x1, outcome x0, poke x2 | peek x0',
  'settle x1, cancel x1 | outcome x0 | look x0',
  'sleep x1, poke x1 | pause x0, cancel x0 | peek x0',
  'pause x0, add x0 | await x1 | sleep x2, add x0',
  'pause x0, poke x1 | sleep x1, await x1 | sleep x2, add x0',
  'one: join x2 | poke x0, read z0, fork y0',
  'one: pause x2, cancel y1, poke z0 | sleep z0, sleep y2, cancel y0',
  'fail: set x1, set z0, set x2 | cancel x2 | join z1',
  'fail: soon y1 | add y0, sleep z0, add y2',
  'one: later x0, later z2 | within x2, pause z1, add x0',
  'one: add y2, later y1, cancel z2 | within x2, within y2, cancel y0 | cancel y2, add y0, later z0',
  'one: cancel x0, cancel x0, later x1 | within y2',
  'one: exchange x1 | release x1',
  'sleep z0, settle x1, settle z2, sleep x0 | settle z2 | settle z2, settle z2',
  'soon z0, set x0 | soon x1, join x0, peek x0 | peek x0, poke y1',
  'fork z0 | toss z0, peek x1, soon z2',
  'one: choose z2 | choose y0, poke x1',
  'choose z0, choose z0 | choose y0, poke z2, outcome y2',
  'shield z1 | put y0, soon z2, sleep z0, look x2',
  'one: join x2, await x2, call z2 | await z2 | cancel x1, shield y1',
  'one: turn z0, exchange x0, turn y0, turn z0 | exchange z1, turn y0, peek z2 | turn x0',
  // What shield's inner task ends is ended by bookkeeping in some executions only; what is chosen counts by what it touches.
  'one: toss z2 | shield x0 | poke z0, add x0',
  'read x2, toss z0 | toss z1, turn z0 | poke x1, choose x1',
  'choose y1, poke x1 | poke x1, choose x1, toss x0 | add y0',
  // A task that is cancelled in the step in which its end is found; what writes after a condition held.
  'poke x0 | cancel x0, join x0, poke x0',
  'await x0, toss x0 | await x0, toss y0',
  'one: turn y2, choose x0, settle z2 | turn z0, ask x1, collect z0, ask y0',
  'look z0 | send x1, join x0, peek x0 | outcome x0',
  'set z0 | soon x1, join x0, peek x0 | await x1',
  'choose y0, collect x0 | choose x0',
  'ask y0, collect z2 | poke z2',
  'poke z2 | ask y0, collect z2',
  // Calls and shields that are cancelled.
  'call x1 | cancel y0',
  'pause y0, call z1 | cancel z0',
  'call y2 | cancel z0 | cancel x0',
  'one: read y1, poke y1 | shield x0, poke y0',
  'mutex x1 | cancel y1, shield z0, cancel x0',
  'cancel z0, pause x0 | shield y0, pause x1 | cancel z1, cancel y2',
  'choose x1, poke y2 | turn y0, add y2 | poke y2, choose x0',
  // What a task does that is cancelled in some executions, by how far it had come then.
  'one: turn x0 | poke x2, cancel x2, await x1 | cancel x1, toss x2',
  // The clock could have moved first, though something has gone on since that waits for nothing.
  'call x0, later x1 | later x2, poke x2 | poke x2, settle x0',
  // That bookkeeping ends a future is found out late, and with it that a step before the branch conflicts with all others.
  'one: ask y1 | choose y0 | shield x0',
  // A value is put beside what it commutes with, as it is taken to touch more.
  'fail: choose x1, shield x2 | await x0 | ask y0, soon x2',
  // What a cancelled task has touched in another execution says nothing of what it would do before one that chose.
  'choose y1, cancel x2, choose x0 | cancel y0 | choose z1',
  // What is taken to sleep, and has been woken by a join: nothing else is as far as to be held back.
  'exchange y1, poke z1, poke x2 | exchange y1, poke x1 | exchange z0, join z1, poke z1',
]

/** Programs of which it may seem on the way that nothing can be reduced, and something can: not all of their schedules are run. */
const NOT_GIVEN_UP = [
  // A future that bookkeeping has ended in some execution may be ended by any step in another one; where that is forgotten, what can't run is asked for.
  'fail: collect x2 | peek x0, choose x0, shield x0',
  // Bookkeeping that is left when the run ends, and leads nowhere.
  'fail: collect x2, choose y0 | cancel x2 | join y2, soon y2',
  // Who waits for what is outside goes on in the step that completes it, and in no later one.
  'send y2 | send x0 | outcome x1, call x0, settle x2',
]

/** Programs of which nothing can be reduced, as is found out on the way. */
const GIVEN_UP = [
  'cancel x1 | pause y0 | shield x0, shield y1',
  'shield z2, cancel x1 | join z2 | look x1',
  // A completion writes to a cell, and whoever waits for a condition on it goes on within the completion; or does not wait yet.
  'soon x2, await x1, await x2 | send x2',
  'send x2 | await x1, shield x2 | outcome x1, poke x2',
  'fail: call x1, await x1 | send x2, outcome x1 | ask x2',
  // A callback that is due at once, and forestalled by the end of the run.
  'one: later x1 | read x0, later x0',
]

/** All schedules of one of these programs are fewer. */
const MOST = 1500

function all(words: string): Seen {
  const seen = explored(parsed(words), 'exhaustive', MOST)
  expect(seen.report.exhausted).toBe(true)
  return seen
}

type Split = (shard: Shard) => Strategy

/** By what is given, and by the orders of conflicts, which by itself is done only where a search is large. */
const parts: Split = (shard) => sharded(new Dpor(), shard, 2 * MOST)
const cells: Split = (shard) => new DporShard(shard, 2 * MOST, 1)

/** The reduction, whole or in three shards: what it comes to, and how many schedules count. */
function reduced(words: string, split: Split | null): { traces: Set<string>; schedules: number; fails: boolean } {
  const strategies = split === null ? [new Dpor()] : [1, 2, 3].map((index) => split({ index, count: 3 }))
  const seen = strategies.map((strategy) => explored(parsed(words), strategy, 2 * MOST))
  expect(seen.every((p) => p.report.exhausted)).toBe(true)
  return {
    traces: new Set(seen.flatMap((p) => [...p.traces])),
    schedules: seen.reduce((sum, p) => sum + p.report.schedules, 0),
    fails: seen.some((p) => p.report.failures > 0),
  }
}

describe('dpor comes to all that small programs come to, alone and in three shards together', () => {
  it.each([...ONCE, ...COUNTED_ONCE])('each trace once: %s', (words) => {
    const { traces, report } = all(words)
    const expected = { traces, schedules: traces.size, fails: report.failures > 0 }
    for (const split of [null, parts, cells]) expect(reduced(words, split)).toEqual(expected)
  })

  it.each([...ONCE.map((words) => [words, null] as const), ...TOO_MANY])('and makes no execution in vain: %s', (words, known) => {
    const watched = new Watched(new Dpor())
    const { report } = explored(parsed(words), watched, 2 * MOST)
    const traces = known ?? all(words).traces.size
    expect([report.exhausted, report.schedules, watched.runs]).toEqual([true, traces, traces])
  })

  it.each(NONE_AGAIN)('and none that counts for nothing: %s', (words) => {
    const { report, traces } = explored(parsed(words), new Dpor(), 2 * MOST)
    expect([report.exhausted, report.equivalent, traces]).toEqual([true, 0, all(words).traces])
  })

  it.each(NOT_GIVEN_UP)('with fewer executions than there are schedules: %s', (words) => {
    const watched = new Watched(new Dpor())
    const { traces } = explored(parsed(words), watched, 2 * MOST)
    const every = all(words)
    expect(traces).toEqual(every.traces)
    expect(watched.runs).toBeLessThan(every.report.schedules)
  })

  it.each([...AT_LEAST_ONCE, ...NOT_GIVEN_UP, ...GIVEN_UP])('%s', (words) => {
    const { traces, report } = all(words)
    const whole = reduced(words, null)
    expect(whole).toEqual({ traces, schedules: expect.any(Number) as number, fails: report.failures > 0 })
    expect(reduced(words, parts)).toEqual(whole)
    const split = reduced(words, cells)
    expect(split).toEqual({ ...whole, schedules: expect.any(Number) as number })
    expect(split.schedules).toBeGreaterThanOrEqual(whole.schedules)
    // Whatever is run again, it counts no more than without a reduction.
    expect(whole.schedules).toBeLessThanOrEqual(report.schedules)
  })
})
