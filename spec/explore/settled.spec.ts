import { describe, expect, test } from 'vitest'
import { type ExploreOptions, hash, settle } from '../../src/explore/options.ts'
import type { WaitRecord } from '../../src/explore/failure-file.ts'
import { cycleIn } from '../../src/explore/wait-records.ts'
import { Names } from '../../src/strategies/dpor/names.ts'
import { Timers } from '../../src/strategies/dpor/timers.ts'
import { NondeterminismError } from '../../src/strategies/exhaustive.ts'
import { NumberShard } from '../../src/strategies/shards/number-shard.ts'
import { TreeShard } from '../../src/strategies/shards/tree-shard.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { nextOutsider } from '../../src/loop/outsiders.ts'
import { handle, pointOf, read, values } from '../strategies/points.ts'

/** Options with their defaults, circles of waits, shares of a strategy: what stands firm before anything runs. */

describe('options', () => {
  const own: Strategy = { name: 'own', begin: () => true, pick: () => 0 }

  test('that are not given have their defaults', () => {
    expect(settle()).toMatchObject({
      schedules: 1000,
      name: '',
      seed: 0x48656464,
      bail: true,
      assume: undefined,
      timeLimit: Number.POSITIVE_INFINITY,
      corpus: null,
      globals: undefined,
      watchdog: 10_000,
      permute: 'tasks',
      awaits: 'slow',
      maxSteps: 100_000,
      leaks: 'error',
      cancel: null,
      faults: 1,
    })
    expect(settle().strategy.name).toBe('auto')
    expect(settle({ strategy: own }).strategy).toBe(own)
  })

  test('that are given stay', () => {
    const given = { schedules: Number.POSITIVE_INFINITY, seed: 0, bail: false, assume: 'tracked', timeLimit: 0.5, watchdog: Number.POSITIVE_INFINITY, permute: 'io', awaits: 'prompt', maxSteps: 1, leaks: 'ignore' } as const
    expect(settle(given)).toMatchObject(given)
    expect(settle({ name: 'pays' }).seed).toBe(hash('pays'))
    expect(settle({ name: 'pays' }).seed).not.toBe(settle({ name: 'pay' }).seed)
    expect(settle({ name: 'pays', seed: 3 }).seed).toBe(3)
  })

  test.each<[ExploreOptions['cancel'], unknown]>([
    [false, null],
    [true, true],
    ['a', ['a']],
    [['b', 'a', 'b'], ['a', 'b']],
    [[], null],
  ])('cancel: %j is %j', (cancel, settled) => {
    expect(settle(cancel === undefined ? {} : { cancel }).cancel).toEqual(settled)
  })

  test.each<[NonNullable<ExploreOptions['faults']>, number]>([
    [{}, 1],
    [{ max: 0 }, 0],
    [{ max: 7 }, 7],
  ])('faults: %j is %i', (faults, n) => {
    expect([settle({ faults }).faults, settle({ faults: false }).faults]).toEqual([n, 0])
  })

  test.each<[ExploreOptions['globals'], unknown]>([
    [true, {}],
    [false, null],
    [{ clock: false }, { clock: false }],
  ])('globals: %j is %j', (globals, settled) => {
    expect(settle(globals === undefined ? {} : { globals }).globals).toEqual(settled)
  })

  test('corpus: a store is taken as it is, for a test with a name', () => {
    const store = { load: () => [], save: () => '', drop: () => {} }
    expect(settle({ name: 'n', corpus: store }).corpus).toBe(store)
    expect(settle({ corpus: false }).corpus).toBeNull()
  })

  test.each<[unknown, string]>([
    [5, 'options must be an object, not 5'],
    [null, 'options must be an object, not null'],
    [{ schedules: 0 }, 'option schedules must be a whole number of at least 1, not 0'],
    [{ schedules: 1.5 }, 'option schedules must be a whole number of at least 1, not 1.5'],
    [{ maxSteps: Number.NaN }, 'option maxSteps must be a whole number of at least 1, not NaN'],
    [{ name: 5 }, 'option name must be a string'],
    [{ bail: 1 }, 'option bail must be a boolean, not 1'],
    [{ setup: 1 }, 'option setup must be a function, not 1'],
    [{ isolate: 1 }, 'option isolate must be a function, not 1'],
    [{ onProgress: 1 }, 'option onProgress must be a function, not 1'],
    [{ replay: 1 }, 'option replay must be a string, not 1'],
    [{ signal: {} }, 'option signal must be an AbortSignal'],
    [{ assume: 'all' }, `option assume must be 'tracked', not all`],
    [{ permute: 'all' }, `option permute must be 'tasks' or 'io', not all`],
    [{ awaits: 'now' }, `option awaits must be 'slow' or 'prompt', not now`],
    [{ leaks: 'warn' }, `option leaks must be 'error' or 'ignore', not warn`],
    [{ timeLimit: 0 }, 'option timeLimit must be a number above 0, not 0'],
    [{ watchdog: '1' }, 'option watchdog must be a number above 0, not 1'],
    [{ seed: -1 }, 'option seed must be a whole number from 0 to 2^53 - 1, not -1'],
    [{ cancel: 1 }, 'option cancel must be a boolean, the name of a task or several names'],
    [{ cancel: ['a', 1] }, 'option cancel must be a boolean, the name of a task or several names'],
    [{ faults: true }, 'option faults must be false or { max }'],
    [{ faults: null }, 'option faults must be false or { max }'],
    [{ faults: { max: -1 } }, 'option faults.max must be a whole number of at least 0, not -1'],
    [{ faults: { max: 0.5 } }, 'option faults.max must be a whole number of at least 0, not 0.5'],
    [{ globals: 'all' }, 'option globals must be a boolean or an object, not all'],
    [{ globals: null }, 'option globals must be a boolean or an object, not null'],
    [{ globals: { time: true } }, 'option globals has no part time: it has timers, clock, random, channels'],
    [{ globals: { clock: 1 } }, 'option globals.clock must be a boolean, not 1'],
    [{ corpus: true }, 'option corpus needs option name: kept schedules are found again by the name of their test'],
    [{ corpus: {}, name: 'n' }, 'option corpus must be a directory, true, or an object with load(), save() and drop()'],
    [{ corpus: { load() {}, save() {} }, name: 'n' }, 'option corpus must be a directory, true, or an object with load(), save() and drop()'],
    [{ strategy: {} }, 'option strategy must be a name or an object with begin() and pick()'],
    [{ strategy: { begin() {} } }, 'option strategy must be a name or an object with begin() and pick()'],
    [{ first: 0 }, 'option first must be a whole number of at least 1, not 0'],
    [{ first: 2, shard: { index: 1, count: 2 } }, 'options first and shard exclude each other'],
    [{ shard: { index: 0, count: 2 } }, 'option shard must be { index, count } with an index from 1 to count, not {"index":0,"count":2}'],
    [{ shard: { index: 3, count: 2 } }, 'option shard must be { index, count } with an index from 1 to count, not {"index":3,"count":2}'],
    [{ shard: { index: 1 } }, 'option shard must be { index, count } with an index from 1 to count, not {"index":1}'],
  ])('%o: %s', (options, words) => {
    expect(() => settle(options as ExploreOptions)).toThrow(words)
  })
})

describe('circles of waits', () => {
  const waits = (...all: [string, ...string[]][]): WaitRecord[] => all.map(([task, ...blockedBy]) => ({ task, waitsFor: 'x', blockedBy, holds: [] }) as unknown as WaitRecord)

  test.each<[[string, ...string[]][], string[] | undefined]>([
    [[], undefined],
    [[['a', 'b'], ['b', 'c'], ['c']], undefined],
    [[['a', 'a']], ['a']],
    [[['a', 'b'], ['b', 'a']], ['a', 'b']],
    [[['x', 'a'], ['a', 'b'], ['b', 'c'], ['c', 'a']], ['a', 'b', 'c']],
    [[['a', 'b', 'c'], ['b'], ['c', 'a']], ['a', 'c']],
    // A task with two lanes has two waits.
    [[['a', 'b'], ['a', 'c'], ['c', 'a']], ['a', 'c']],
    [[['a', 'b'], ['b', 'd'], ['c', 'b'], ['d', 'e']], undefined],
  ])('%j: %j', (all, cycle) => {
    expect(cycleIn(waits(...all))).toEqual(cycle)
  })
})

describe('names that equivalent schedules share', () => {
  test('follow from who makes what, and not from the order among lanes', () => {
    const names = new Names()
    names.restart()
    const first = [names.madeBy(1), names.madeBy(2), names.madeBy(1)]
    names.restart()
    const second = [names.madeBy(2), names.madeBy(1), names.madeBy(1), names.madeBy(2)]
    expect([first, second, names.count]).toEqual([[1, 2, 3], [2, 1, 3, 4], 4])
  })

  test('what a set-up makes before each schedule has one name; what was there before has its own', () => {
    const names = new Names()
    const before = nextOutsider()
    names.restart()
    const kept = names.outsider(before)
    expect(names.outsider(before)).toBe(kept)
    const once = names.outsider(nextOutsider())
    const twice = names.outsider(nextOutsider())
    expect(new Set([kept, once, twice]).size).toBe(3)
    names.restart()
    expect([names.outsider(nextOutsider()), names.outsider(nextOutsider()), names.outsider(before)]).toEqual([once, twice, kept])
  })
})

test('a timer that nothing in the run has armed is there without any step', () => {
  const timers = new Timers()
  timers.arm({}, -1)
  expect(timers.anyWithout(0, 9, () => true)).toBe(true)
  const others = new Timers()
  others.arm({}, [])
  expect(others.anyWithout(0, 9, () => true)).toBe(true)
})

describe('shares of a strategy', () => {
  const told: unknown[] = []
  const inner: Strategy = {
    name: 'inner',
    bound: '2 things',
    watches: true,
    prologue: 2,
    begin: (run) => (told.push(run.schedule), run.schedule < 20),
    pick: () => 1,
    step: (o) => told.push(['step', o.lane]),
    access: (a) => told.push(['access', a.object]),
    end: (o) => told.push(['end', o.failed]),
  }

  test('by numbers: what is learnt from is run by all, and counts for one', () => {
    const numbers = [1, 2, 3].map((index) => {
      told.length = 0
      const shard = new NumberShard(inner, { index, count: 3 }, 9)
      const seen: unknown[] = []
      for (let n = 1; n < 12; n++) {
        shard.begin({ schedule: n, seed: 0 })
        if (shard.share.spent) break
        seen.push(`${shard.share.number}${shard.share.counts ? '!' : ''}`)
      }
      return seen
    })
    expect(numbers).toEqual([['1!', '2', '4!', '7!'], ['1', '2!', '5!', '8!'], ['1', '2', '3!', '6!', '9!']])
  })

  test('pass on what the strategy is to be told, and what it says', () => {
    for (const shard of [new NumberShard(inner, { index: 1, count: 1 }, 100), new TreeShard(inner, { index: 1, count: 1 })]) {
      told.length = 0
      expect([shard.name, shard.bound, shard.watches, shard.tracker]).toEqual(['inner', '2 things', true, undefined])
      expect(shard.begin({ schedule: 1, seed: 0 })).toBe(true)
      expect(shard.pick(pointOf([handle(1), handle(2)]))).toBe(1)
      shard.step(handle(4))
      shard.access(read(5))
      shard.end({ failed: true, steps: 1 })
      expect(told).toEqual([1, ['step', 4], ['access', 5], ['end', true]])
      expect(shard.share.counts).toBe(true)
    }
  })

  test('by a tree: in another’s plot nothing more is asked, and the schedule does not count', () => {
    const asked = [1, 2].map((index) => {
      let picks = 0
      const shard = new TreeShard({ name: 't', begin: () => true, pick: () => (picks++, 1) }, { index, count: 2 })
      const counts: boolean[] = []
      shard.begin({ schedule: 1, seed: 0 })
      const made = Array.from({ length: 8 }, () => shard.pick(values(2)))
      shard.end({ failed: false, steps: 8 })
      counts.push(shard.share.counts)
      return { picks, made, counts }
    })
    expect(asked.map((a) => a.counts[0]).toSorted()).toEqual([false, true])
    for (const { picks, made, counts } of asked) {
      expect(made).toEqual([...Array<number>(picks).fill(1), ...Array<number>(8 - picks).fill(0)])
      expect(picks === 8).toBe(counts[0])
    }
  })
})

test('a program that is another one each time is called so', () => {
  const error = new NondeterminismError(3, 4, 5)
  expect([error.name, error instanceof Error]).toEqual(['NondeterminismError', true])
  expect(error.message).toMatch(/3/)
})
