import { describe, expect, test } from 'vitest'
import { auto, random } from '../../src/strategies/index.ts'
import { Auto } from '../../src/strategies/auto.ts'
import { AutoShard } from '../../src/strategies/shards/auto-shard.ts'
import { type ChoicePoint, type Strategy } from '../../src/strategies/strategy.ts'
import { handle, pointOf, read, write } from './points.ts'

/** The decisions of auto, at trees of choices whose size is known: how many schedules there are, and how they are gone through. */

/** A choice among so many values, in which nothing has to be listed. */
function choice(count: number, disturbs = false): ChoicePoint {
  return { ...pointOf([]), count, disturbs, optionAt: (id) => ({ kind: 'value', id, lane: 0 }) }
}

interface Run {
  readonly picks: readonly number[]
  readonly watches: boolean
  readonly counts: boolean
  readonly number: number | undefined
}

/** Up to so many schedules of programs that choose one after the other among so many values. */
function runs(strategy: Strategy, counts: readonly number[], most: number, { seed = 1, disturbs = false } = {}): Run[] {
  const all: Run[] = []
  const points = counts.map((n) => choice(n, disturbs))
  for (let schedule = 1; schedule <= most && strategy.begin({ schedule, seed }); schedule++) {
    if (strategy.share?.spent === true) break
    const watches = strategy.watches === true
    const picks = points.map((point) => strategy.pick(point))
    strategy.end?.({ failed: false, steps: counts.length })
    all.push({ picks, watches, counts: strategy.share?.counts ?? true, number: strategy.share?.number })
  }
  return all
}

const distinct = (all: readonly Run[]): number => new Set(all.map((r) => r.picks.join())).size

describe('auto', () => {
  test('runs what is small once each, and knows the last', () => {
    const all = runs(auto({ schedules: 1000 }), [3, 3, 3], 1000)
    expect([all.length, distinct(all)]).toEqual([27, 27])
    expect(all[0]?.picks).toEqual([0, 0, 0])
  })

  test('an instance that has been used begins anew', () => {
    const strategy = auto({ schedules: 1000 })
    const first = runs(strategy, [3, 3, 3], 1000)
    expect(runs(strategy, [3, 3, 3], 1000)).toEqual(first)
    // Also after one that it gave up to prove.
    const large = runs(strategy, Array<number>(12).fill(3), 150)
    expect(runs(strategy, [3, 3, 3], 1000)).toEqual(first)
    expect(runs(auto({ schedules: 1000 }), Array<number>(12).fill(3), 150)).toEqual(large)
    expect(runs(strategy, [3, 3, 3], 1000, { seed: 2 })).not.toEqual(first)
  })

  // With one choice the estimate is exact.
  test.each([
    [300, 300, 300],
    [300, 299, 900],
    [150, 120, 900],
  ])('%i schedules with a budget of %i: %i are run', (size, schedules, expected) => {
    const all = runs(auto({ schedules }), [size], 900)
    expect(all.length).toBe(expected)
    if (expected === size) expect(distinct(all)).toBe(size)
    else expect(distinct(all)).toBeLessThan(expected)
  })

  test('the budget is 1000 where none is given', () => {
    expect(runs(auto(), [1000], 1500).length).toBe(1000)
    expect(runs(auto(), [1001], 1500).length).toBe(1500)
  })

  test('estimates how many schedules there are, by random walks', () => {
    const strategy = auto({ schedules: 1000 })
    const all = runs(strategy, [700], 12)
    expect([all.length, strategy.estimate]).toEqual([12, undefined])
    const later = auto({ schedules: 1000 })
    runs(later, [700], 13)
    expect(later.estimate).toBe(700)
    runs(later, [700], 100)
    expect(later.estimate).toBe(700)
    const deep = auto({ schedules: 1000 })
    runs(deep, Array<number>(10).fill(4), 100)
    expect((deep.estimate ?? 0) / 4 ** 10).toBeGreaterThan(0.99)
    expect((deep.estimate ?? 0) / 4 ** 10).toBeLessThan(1.01)
  })

  test.each([
    [20_101, false],
    [20_102, true],
  ])('of %i schedules those that are left after the sample come depth first: %s', (size, depthFirst) => {
    const all = runs(auto({ schedules: 100_000 }), [size], 140)
    const rest = all.slice(101).map((r) => r.picks[0] ?? 0)
    expect(rest.every((k, i) => i === 0 || k === (rest[i - 1] ?? 0) + 1)).toBe(depthFirst)
    expect(distinct(all)).toBe(140)
    // Nobody is there to be told of the steps.
    if (depthFirst) expect(all.slice(101).some((r) => r.watches)).toBe(false)
  })

  test('keeps only so many choices: what has more in the first schedules is taken for large, and the rest of a small program comes depth first', () => {
    const keeping = (memory: number, depth: number): { strategy: Strategy; all: Run[] } => {
      const strategy = new Auto(5000, memory)
      return { strategy, all: runs(strategy, Array<number>(depth).fill(2), 1500) }
    }
    // Twenty choices a schedule, and no random walk among the first twelve to estimate by.
    expect([keeping(100, 20).strategy.estimate, keeping(10_000, 20).strategy.estimate]).toEqual([undefined, expect.any(Number)])
    for (const [memory, depthFirst] of [[250, true], [10_000, false]] as const) {
      const { all } = keeping(memory, 10)
      expect([all.length, distinct(all)]).toEqual([1024, 1024])
      expect(all.slice(80, 101).every((r) => !r.watches)).toBe(depthFirst)
    }
  })

  test('its members see the steps if they want to', () => {
    const all = runs(auto(), [1000], 14)
    // FIFO counts for surw, then come race and pct, which learns; the twelfth turn is the random walk's.
    expect([0, 1, 2, 12].map((i) => all[i]?.watches)).toEqual([true, true, true, false])
  })

  test('a fault or a cancellation has its turn at each place, and every other schedule has none', () => {
    const places = Array<number>(20).fill(2)
    const all = runs(auto({ schedules: 5000 }), places, 500, { disturbs: true })
    const struck = all.map((r) => r.picks.reduce((a, b) => a + b, 0))
    // What has come is not run again in the sample, and the random walks draw all alike.
    const walks = [13, 25, 37, 49, 61, 73, 85, 97].map((schedule) => struck[schedule - 1] ?? 0)
    expect(walks.reduce((a, b) => a + b, 0)).toBeGreaterThan(40)
    const others = struck.slice(0, 101).filter((_, i) => i % 12 !== 0)
    // (What has come already is left at some place, by a draw.)
    expect(others.filter((n) => n <= 2).length).toBeGreaterThan(40)
    const later = all.slice(101)
    const quiet = later.filter((_, i) => struck[i + 101] === 0).length
    expect(Math.abs(quiet / later.length - 0.5)).toBeLessThan(0.02)
    const first = new Set(later.map((r) => r.picks.indexOf(1)))
    for (let place = 0; place < 20; place++) expect(first).toContain(place)
  })

  test('a sample of other programs draws values at random', () => {
    const all = runs(auto({ schedules: 5000 }), Array<number>(20).fill(2), 200)
    expect(all.slice(1).every((r) => r.picks.includes(1))).toBe(true)
  })

  test('lanes that race for an object are held back once that is known', () => {
    const strategy = auto({ schedules: 1000 })
    const options = [handle(1, { accesses: [write(9)] }), handle(2, { accesses: [write(9)] }), handle(3, { accesses: [read(8)] })]
    let held = 0
    for (let schedule = 1; schedule <= 101; schedule++) {
      strategy.begin({ schedule, seed: 3 })
      const picks = Array.from({ length: 12 }, () => strategy.pick(pointOf(options)))
      for (const option of options) {
        if (strategy.watches !== true) continue
        strategy.step?.(option)
        for (const access of option.accesses ?? []) strategy.access?.(access)
      }
      if (picks.filter((k) => k === 2).length >= 10) held++
      strategy.end?.({ failed: false, steps: 3 })
    }
    // No schedule comes twice, so that they are not held throughout. A random walk has this in one schedule of 1,800.
    expect(held).toBeGreaterThan(10)
  })
})

describe('a shard of auto', () => {
  const shard = (index: number, count: number, schedules: number): AutoShard => new AutoShard({ index, count }, schedules)

  test('begins with sixteen random walks that do not count, the same in each shard', () => {
    const strategy = shard(1, 2, 1000)
    const all = runs(strategy, [700], 16)
    expect(all.every((r) => !r.counts && r.number === undefined && !r.watches)).toBe(true)
    expect(strategy.estimate).toBe(700)
    expect(strategy.name).toBe('auto')
    expect(distinct(all)).toBeGreaterThan(10)
    expect(runs(shard(2, 2, 1000), [700], 16)).toEqual(all)
    // The random walk's own schedules are others.
    const own = runs(random(), [700], 16).map((r) => r.picks[0])
    expect(all.filter((r) => own.includes(r.picks[0])).length).toBeLessThan(4)
    const early = shard(1, 2, 1000)
    runs(early, [700], 15)
    expect(early.estimate).toBeUndefined()
    const deep = shard(1, 2, 1000)
    runs(deep, [4, 5, 6], 16)
    expect(deep.estimate).toBe(120)
  })

  const counted = (parts: readonly Run[][]): Run[] => parts.flat().filter((r) => r.counts)

  test.each([
    [200, 1000, 0],
    [201, 1000, 100],
    [300, 400, 100],
    [300, 399, 399],
  ])('%i schedules with a budget of %i: %i have numbers, and then the tree is split', (size, schedules, numbered) => {
    for (const count of [1, 2, 4]) {
      const parts = Array.from({ length: count }, (_, i) => runs(shard(i + 1, count, schedules), [size], 2000))
      const all = counted(parts)
      const numbers = all.flatMap((r) => r.number ?? []).toSorted((a, b) => a - b)
      const most = numbered === 100 ? 100 + count : numbered
      expect(numbers.slice(0, numbered)).toEqual(Array.from({ length: numbered }, (_, i) => i + 1))
      expect(numbers.length).toBeLessThanOrEqual(most)
      const tree = all.filter((r) => r.number === undefined)
      expect([tree.length, distinct(tree)]).toEqual(numbered === 399 ? [0, 0] : [size, size])
    }
  })

  test('the first number is FIFO’s', () => {
    const all = runs(shard(1, 2, 1000), [5000], 60).filter((r) => r.counts)
    expect([all[0]?.number, all[0]?.picks, all[1]?.number]).toEqual([1, [0], 3])
    expect(all.some((r) => r.watches)).toBe(true)
    const other = runs(shard(2, 2, 1000), [5000], 60).filter((r) => r.counts)
    expect(other.slice(0, 2).map((r) => r.number)).toEqual([2, 4])
  })

  test('its members are told of what they watch, and of nothing else', () => {
    const strategy = shard(1, 1, 1000)
    let watched = 0
    for (let schedule = 1; schedule <= 40; schedule++) {
      strategy.begin({ schedule, seed: 3 })
      const option = handle(1)
      strategy.pick(choice(700))
      strategy.step(option)
      strategy.access(write(1))
      if (strategy.watches) watched++
      strategy.end({ failed: false, steps: 1 })
    }
    expect(watched).toBeGreaterThan(5)
  })
})
