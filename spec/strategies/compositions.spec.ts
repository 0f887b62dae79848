import { describe, expect, test } from 'vitest'
import { Auto } from '../../src/strategies/auto.ts'
import type { Tracker } from '../../src/loop/tracker.ts'
import { strategyNamed, type StrategyName } from '../../src/strategies/named.ts'
import { ask } from '../../src/strategies/portfolio.ts'
import { Profile } from '../../src/strategies/profile.ts'
import { auto, delay, dpor, exhaustive, fifo, pct, portfolio, preemption, random, surw } from '../../src/strategies/index.ts'
import { RecordedOrNot } from '../../src/strategies/recorded-or-not.ts'
import { samplers } from '../../src/strategies/samplers.ts'
import { AutoShard } from '../../src/strategies/shards/auto-shard.ts'
import { DporShard } from '../../src/strategies/shards/dpor-shard.ts'
import { NumberShard } from '../../src/strategies/shards/number-shard.ts'
import { sharded } from '../../src/strategies/shards/sharded.ts'
import { Territory, isPlot } from '../../src/strategies/shards/territory.ts'
import { TreeShard } from '../../src/strategies/shards/tree-shard.ts'
import { startingAt } from '../../src/strategies/starting-at.ts'
import type { ChoicePoint, Strategy } from '../../src/strategies/strategy.ts'
import { handle, pointOf, read, values, write } from './points.ts'

/** Strategies that let others pick. */

interface Logged extends Strategy {
  readonly log: unknown[]
}

/** One that writes down what it is told; `last` schedules. */
function logging(name: string, { last = Number.POSITIVE_INFINITY, ...more }: { last?: number } & Partial<Strategy> = {}): Logged {
  const log: unknown[] = []
  return {
    name,
    log,
    begin(run) {
      log.push(['begin', run.schedule, run.seed])
      return run.schedule <= last
    },
    pick(point) {
      log.push(['pick', point.count])
      return 1
    },
    step: (option) => void log.push(['step', option.id]),
    access: (access) => void log.push(['access', access.object]),
    end: (outcome) => void log.push(['end', outcome.failed, outcome.steps]),
    ...more,
  }
}

const bare = (): Strategy => ({ name: 'bare', begin: () => true, pick: () => 0 })

const WRAPPERS: [string, (inner: Strategy) => Strategy][] = [
  ['a shard of a tree', (inner) => new TreeShard(inner, { index: 1, count: 1 })],
  ['a shard by numbers', (inner) => new NumberShard(inner, { index: 1, count: 1 }, 100)],
  ['a later start', (inner) => startingAt(inner, 2)],
  ['a portfolio', (inner) => portfolio([inner])],
  ['a strategy for recorded accesses', (inner) => new RecordedOrNot(inner, new Profile(), [])],
]

describe.each(WRAPPERS)('%s', (name, wrap) => {
  test('passes on what it is asked and told', () => {
    const inner = logging('inner')
    const outer = wrap(inner)
    outer.begin({ schedule: 1, seed: 5 })
    outer.step?.(handle(1, { id: 70 } as never))
    outer.access?.(read(71))
    expect(outer.pick(pointOf([handle(1), handle(2), handle(3)]))).toBe(1)
    outer.end?.({ failed: true, steps: 9 })
    expect(inner.log).toEqual([['begin', 1, 5], ['step', 70], ['access', 71], ['pick', 3], ['end', true, 9]])
    expect(outer.name).toBe(name === 'a portfolio' ? 'portfolio' : 'inner')
  })

  test('asks by the number of options alone where that is enough', () => {
    const outer = wrap({ ...bare(), pickOf: (count) => count - 1 })
    outer.begin({ schedule: 1, seed: 5 })
    expect(outer.pick(values(4))).toBe(3)
  })

  test('needs nobody who listens', () => {
    const outer = wrap(bare())
    outer.begin({ schedule: 1, seed: 5 })
    outer.step?.(handle(1))
    outer.access?.(write(1))
    expect(outer.pick(values(4))).toBe(0)
    outer.end?.({ failed: false, steps: 1 })
    expect(outer.watches).toBe(false)
  })

  test('watches as the one does that picks', () => {
    for (const watches of [true, false]) {
      const outer = wrap({ ...bare(), watches })
      outer.begin({ schedule: 1, seed: 5 })
      expect(outer.watches).toBe(watches)
    }
  })
})

test('a bound and a tracker are those of the strategy within', () => {
  const tracker = {} as Tracker
  for (const [name, wrap] of WRAPPERS) {
    const outer = wrap({ ...bare(), bound: '1 thing', tracker })
    outer.begin({ schedule: 1, seed: 1 })
    if (name !== 'a strategy for recorded accesses') expect(outer.tracker).toBe(tracker)
    if (!/portfolio|recorded/.test(name)) expect(outer.bound).toBe('1 thing')
  }
  expect(ask({ ...bare(), pick: (point) => point.count }, values(7))).toBe(7)
})

describe('a portfolio', () => {
  const drawn = (strategy: Strategy, most: number): number => {
    let n = 0
    while (n < most && strategy.begin({ schedule: n + 1, seed: 1 })) n++
    return n
  }
  const schedulesOf = (s: Logged): unknown[] => s.log.map((entry) => (entry as unknown[])[1])

  test('goes on without those that have ended, and ends when all have', () => {
    const [a, b] = [logging('a', { last: 2, bound: 'two' }), logging('b', { last: 4, bound: 'four' })]
    const strategy = portfolio([a, b])
    for (let round = 0; round < 2; round++) {
      expect(drawn(strategy, 20)).toBe(6)
      expect([strategy.bound, strategy.watches, strategy.tracker]).toEqual(['two, four', false, undefined])
      // Nobody is asked any more.
      expect(strategy.pick(values(3))).toBe(0)
      strategy.step?.(handle(1))
      strategy.access?.(read(1))
      strategy.end?.({ failed: false, steps: 0 })
      // Each was told once that there was nothing left, and not asked again.
      expect([schedulesOf(a), schedulesOf(b)]).toEqual([[1, 2, 3], [1, 2, 3, 4, 5]])
      a.log.length = b.log.length = 0
    }
  })

  test('has no bound while it goes on', () => {
    const strategy = portfolio([preemption({ bound: 0 }), delay({ bound: 0 })])
    strategy.begin({ schedule: 1, seed: 1 })
    expect(strategy.bound).toBeUndefined()
  })

  test('ends with one that has no bound: that one has explored all', () => {
    const [all, more] = [logging('all', { last: 3 }), logging('more')]
    const strategy = portfolio([all, more])
    expect(drawn(strategy, 20)).toBe(6)
    expect(strategy.bound).toBeUndefined()
  })

  test('takes names, and refuses to be empty', () => {
    expect(portfolio([pct(), 'random', surw()]).prologue).toBe(96)
    expect(portfolio([pct(), random()]).prologue).toBe(8)
    expect(() => portfolio([])).toThrow(new TypeError('a portfolio needs at least one strategy'))
  })
})

describe('the members of a sample', () => {
  test('take turns, race most often; it is stood in for until an access is recorded', () => {
    const members = samplers()
    expect(members.map((m) => m.name)).toEqual(
      ['race', 'pct', 'race', 'race', 'race', 'pct', 'pct', 'race', 'surw', 'preemption', 'pos', 'random'],
    )
    expect(new Set(members).size).toBe(7)
    expect(members[9]?.bound).toBe('1 preemption')
  })

  /** A profile after so many schedules, with an object that is raced for or without. */
  function profile(runs: number, races: boolean): Profile {
    const p = new Profile()
    for (let i = 0; i < runs; i++) {
      p.begin(true)
      for (const lane of [1, 2]) {
        p.step(handle(lane))
        if (races) p.access(write(9))
      }
      p.end()
    }
    return p
  }

  test.each([
    [0, false, 'recorded 7'],
    [1, false, 'recorded 7'],
    [2, false, 'first 4'],
    [3, false, 'first 4'],
    [2, true, 'recorded 7'],
    [1, true, 'recorded 7'],
  ])('after %i schedules, with a race: %s', (runs, races, expected) => {
    const told: string[] = []
    const teller = (name: string): Strategy => ({ ...bare(), name, begin: ({ schedule }) => told.push(`${name} ${schedule}`) > 0 })
    const strategy = new RecordedOrNot(teller('recorded'), profile(runs, races), [teller('first'), teller('second')])
    strategy.begin({ schedule: 7, seed: 1 })
    strategy.begin({ schedule: 8, seed: 1 })
    expect(told).toEqual([expected, expected.replace('7', '8').replace('first', 'second')])
  })

  test('learn as long as the slowest of both', () => {
    const of = (recorded: number | undefined, ...others: number[]): number =>
      new RecordedOrNot({ ...bare(), ...(recorded !== undefined && { prologue: recorded }) }, new Profile(), others.map((prologue) => ({ ...bare(), prologue }))).prologue
    expect([of(5, 2, 2), of(5, 4, 4), of(0, 0), of(undefined, 3)]).toEqual([5, 8, 0, Number.POSITIVE_INFINITY])
  })
})

describe('names', () => {
  const NAMES = ['auto', 'delay', 'dpor', 'exhaustive', 'fifo', 'pct', 'portfolio', 'pos', 'preemption', 'race', 'random', 'surw', 'urw'] as const

  test.each(NAMES)('%s is the strategy of that name', (name: StrategyName) => {
    expect(strategyNamed(name, 100).name).toBe(name)
  })

  test('others are refused, with a list of what there is', () => {
    for (const name of ['rnadom', 'toString', '']) {
      expect(() => strategyNamed(name, 100)).toThrow(new TypeError(`no strategy is called "${name}"; there are ${NAMES.join(', ')}`))
    }
  })

  test('the budget is passed on', () => {
    const length = (schedules: number): number => {
      const strategy = strategyNamed('auto', schedules)
      const point: ChoicePoint = { ...values(0), count: 150, optionAt: (id) => ({ kind: 'value', id, lane: 0 }) }
      let n = 0
      for (; n < 200 && strategy.begin({ schedule: n + 1, seed: 1 }); n++) {
        strategy.pick(point)
        strategy.end?.({ failed: false, steps: 1 })
      }
      return n
    }
    expect([length(149), length(150)]).toEqual([200, 150])
  })

  test('fifo is one schedule, and always the first option', () => {
    const strategy = fifo()
    expect([1, 2, 1].map((schedule) => strategy.begin({ schedule, seed: 1 }))).toEqual([true, false, true])
    expect([strategy.name, strategy.prologue, strategy.pick(values(3)), strategy.pickOf?.(3)]).toEqual(['fifo', 0, 0, 0])
  })
})

describe('shards', () => {
  test('of searches are split as trees, of others by numbers', () => {
    const kinds = [dpor(), exhaustive(), preemption(), delay({ bound: 1 }), auto(), random(), preemption({ random: true }), portfolio()].map(
      (s) => sharded(s, { index: 1, count: 2 }, 100).constructor,
    )
    expect(kinds).toEqual([DporShard, TreeShard, TreeShard, TreeShard, AutoShard, NumberShard, NumberShard, NumberShard])
    expect(auto()).toBeInstanceOf(Auto)
  })

  test('by numbers: what a strategy learns from is run by each, and counts for one', () => {
    const inner = logging('s', { prologue: 4 })
    const shard = new NumberShard(inner, { index: 2, count: 3 }, 9, 1)
    const seen: unknown[] = []
    expect(shard.share).toEqual({ number: 1, counts: false, spent: false })
    for (let n = 1; n <= 6; n++) {
      expect(shard.begin({ schedule: n, seed: 1 })).toBe(true)
      seen.push([shard.share.number, shard.share.counts, shard.share.spent])
    }
    // One number is another strategy's, the first of each kind are learnt from, and the budget ends with number 9.
    expect(seen).toEqual([[2, true, false], [3, false, false], [4, false, false], [5, true, false], [8, true, false], [11, true, true]])
    expect(inner.log.map((entry) => (entry as unknown[])[1])).toEqual([1, 2, 3, 4, 7])
    const all = new NumberShard(logging('learns from all'), { index: 1, count: 3 }, 9)
    const counts = [1, 2, 3, 4].map((schedule) => all.begin({ schedule, seed: 1 }) && all.share.counts)
    expect(counts).toEqual([true, false, false, true])
    const none = new NumberShard(logging('learns nothing', { prologue: 0 }), { index: 3, count: 3 }, 9)
    const numbers = [1, 2, 3].map((schedule) => none.begin({ schedule, seed: 1 }) && none.share.number)
    expect(numbers).toEqual([1, 3, 6])
  })

  test('of a tree: another one’s plot is run to its end in FIFO order, and does not count', () => {
    const seen = [1, 2].map((index) => {
      const shard = new TreeShard(exhaustive(), { index, count: 2 })
      expect(shard.share).toEqual({ number: undefined, counts: false, spent: false })
      const runs: string[] = []
      for (let schedule = 1; shard.begin({ schedule: 99, seed: 1 }); schedule++) {
        expect(shard.share.counts).toBe(false)
        // More options than plots: one choice decides whose it is.
        const picks = [shard.pick(values(64)), shard.pick(values(2)), shard.pick(values(2))]
        shard.end({ failed: false, steps: 3 })
        if (shard.share.counts) runs.push(picks.join())
        else expect(picks.slice(1)).toEqual([0, 0])
      }
      return runs
    })
    expect(seen.map((runs) => runs.length)).toEqual([128, 128])
    expect(new Set(seen.flat()).size).toBe(256)
  })

  test('a territory is split evenly, down to single plots', () => {
    const territory = new Territory({ index: 1, count: 3 }, 2)
    const { all, behind } = { all: territory.all, behind: territory.behind.bind(territory) }
    expect(all).toEqual({ low: 0, high: 6 })
    expect([0, 1].map((k) => behind(all, k, 2))).toEqual([{ low: 0, high: 3 }, { low: 3, high: 6 }])
    expect([0, 1, 2, 3].map((k) => behind(all, k, 4))).toEqual([{ low: 0, high: 1 }, { low: 1, high: 3 }, { low: 3, high: 4 }, { low: 4, high: 6 }])
    // As many options as plots, or more: one plot each, in turns.
    expect([0, 5, 6, 7].map((k) => behind(all, k, 8))).toEqual([{ low: 0, high: 1 }, { low: 5, high: 6 }, { low: 0, high: 1 }, { low: 1, high: 2 }])
    expect(behind({ low: 2, high: 5 }, 2, 3)).toEqual({ low: 4, high: 5 })
    expect(behind({ low: 3, high: 4 }, 4, 5)).toEqual({ low: 3, high: 4 })
    expect([isPlot({ low: 2, high: 3 }), isPlot({ low: 2, high: 4 })]).toEqual([true, false])
  })

  test.each([1, 2, 3, 5])('each plot has one owner of %i, and all have as many', (count) => {
    const shards = Array.from({ length: count }, (_, i) => new Territory({ index: i + 1, count }, count))
    const owners = Array.from({ length: count * count }, (_, low) => {
      const range = { low, high: low + 1 }
      const own = shards.filter((t) => t.owns(range))
      expect(own).toEqual(shards.filter((t) => t.reaches(range)))
      expect(own.length).toBe(1)
      return shards.indexOf(own[0] as Territory)
    })
    expect(shards.map((_, i) => owners.filter((o) => o === i).length)).toEqual(shards.map(() => count))
    // Not the same options everywhere.
    if (count > 1) expect(owners[0]).not.toBe(owners[count])
    expect(shards.every((t) => t.reaches(t.all))).toBe(true)
    expect(shards[0]?.reaches({ low: 3, high: 3 })).toBe(false)
  })
})
