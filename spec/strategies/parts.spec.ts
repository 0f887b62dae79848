import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SEED } from '../../properties/seed.ts'
import { delays } from '../../src/strategies/delay.ts'
import { delay, exhaustive, preemption } from '../../src/strategies/index.ts'
import { Disturbances } from '../../src/strategies/disturbances.ts'
import { Estimate } from '../../src/strategies/estimate.ts'
import { NondeterminismError } from '../../src/strategies/exhaustive.ts'
import { Explored } from '../../src/strategies/explored.ts'
import { preemptions } from '../../src/strategies/preemption.ts'
import { Prng } from '../../src/strategies/prng.ts'
import { startingAt } from '../../src/strategies/starting-at.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { Turns } from '../../src/strategies/turns.ts'
import { whole } from '../../src/strategies/whole.ts'
import { handle, pointOf, values } from './points.ts'

/** What strategies are made of, each part by itself. */

const strategy = (name: string, prologue?: number): Strategy => ({
  name,
  begin: () => true,
  pick: () => 0,
  ...(prologue === undefined ? {} : { prologue }),
})

describe('random numbers', () => {
  /** sfc32 and MurmurHash3's finaliser in unbounded integers. */
  const MASK = 0xffff_ffffn
  const u = (x: bigint): bigint => x & MASK
  function mixed(x: bigint): bigint {
    let h = u(x + 0x9e3779b9n)
    h = u((h ^ (h >> 16n)) * 0x85ebca6bn)
    h = u((h ^ (h >> 13n)) * 0xc2b2ae35n)
    return h ^ (h >> 16n)
  }
  function* sfc32(seed: number, stream: number): Generator<number, never> {
    let a = mixed(u(BigInt(seed)))
    let b = mixed(a ^ u(BigInt(seed) >> 32n))
    let c = mixed(b ^ u(BigInt(stream)))
    let d = 1n
    for (let i = 0; ; i++) {
      const t = u(a + b + d)
      d = u(d + 1n)
      a = b ^ (b >> 9n)
      b = u(c + (c << 3n))
      c = u(u((c << 21n) | (c >> 11n)) + t)
      if (i >= 8) yield Number(t)
    }
  }

  test.each([
    [0, 0],
    [1, 1],
    [2 ** 32 + 5, 7],
    [Number.MAX_SAFE_INTEGER, 2 ** 31],
    [-3, -1],
  ])('of seed %i and stream %i are those of sfc32', (seed, stream) => {
    const prng = new Prng()
    prng.seed(9, 9)
    prng.next()
    prng.seed(seed, stream)
    const reference = sfc32(seed, stream)
    for (let i = 0; i < 50; i++) expect(prng.next()).toBe(reference.next().value)
  })

  test.each([1, 2, 3, 7, 1000, 0xffff, 0x1_0000, 1_000_003, 2 ** 32])('below %i is the share of 2^32 that the number is', (n) => {
    const prng = new Prng()
    prng.seed(4, 2)
    const reference = sfc32(4, 2)
    for (let i = 0; i < 200; i++) expect(prng.below(n)).toBe(Number((BigInt(reference.next().value) * BigInt(n)) >> 32n))
  })
})

describe('an estimate of the choices', () => {
  test('is the most of the first four schedules, and a small number before', () => {
    const e = new Estimate()
    expect([e.choices, e.prologue]).toEqual([16, 4])
    const seen = [3, 9, 5, 2, 100].map((n) => {
      e.begin()
      const learns = e.learns
      e.learn(n)
      return [learns, e.choices]
    })
    expect(seen).toEqual([[true, 3], [true, 9], [true, 9], [true, 9], [false, 9]])
    e.reset()
    expect(e.choices).toBe(16)
    e.begin()
    expect(e.learns).toBe(true)
  })

  test('that is given stays', () => {
    const e = new Estimate(7)
    e.begin()
    expect([e.learns, e.prologue]).toEqual([false, 0])
    e.learn(50)
    e.reset()
    expect(e.choices).toBe(7)
    expect(() => new Estimate(0)).toThrow(RangeError)
    expect(() => new Estimate(0)).toThrow('steps must be a whole number of at least 1, not 0')
  })

  test('whole numbers only', () => {
    expect([whole('n', 2, 2), whole('n', 0, 0)]).toEqual([2, 0])
    for (const n of [1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) expect(() => whole('n', n, 2)).toThrow(`n must be a whole number of at least 2, not ${n}`)
  })
})

describe('turns', () => {
  const [a, b, c] = [strategy('a', 4), strategy('b', 1), strategy('c', 0)]
  const order = [a, b, a, c]
  const turns = new Turns(order as Strategy[])

  test('go round, and each member counts its own', () => {
    const seen = Array.from({ length: 9 }, (_, i) => {
      const { schedule } = turns.runOf(i + 1, { schedule: 99, seed: 5 })
      return `${turns.at(i + 1).name}${schedule}`
    })
    expect(seen).toEqual(['a1', 'b1', 'a2', 'c1', 'a3', 'b2', 'a4', 'c2', 'a5'])
    expect(turns.strategies.map((s) => s.name)).toEqual(['a', 'b', 'c'])
  })

  test('each member has a seed of its own, the first one that of the exploration', () => {
    const seeds = [1, 2, 3, 4, 5].map((n) => turns.runOf(n, { schedule: n, seed: 5, tracked: true }))
    expect(seeds.map((r) => r.seed)).toEqual([5, 5 + 0x9e3779b9, 5, 5 + 2 * 0x9e3779b9, 5])
    expect(seeds.every((r) => r.tracked)).toBe(true)
  })

  test('the prologue ends when each has had the turns that it learns from', () => {
    // a has two turns a round and learns from four schedules: two rounds of four.
    expect(turns.prologue).toBe(8)
    expect(new Turns([c as Strategy]).prologue).toBe(0)
    expect(new Turns([a as Strategy]).prologue).toBe(4)
    expect(new Turns([b as Strategy, c as Strategy]).prologue).toBe(2)
    expect(new Turns([strategy('learns for ever'), b as Strategy]).prologue).toBe(Number.POSITIVE_INFINITY)
  })

  test('begun later, a strategy is run for what it learns from, and then from there on', () => {
    const seen: string[] = []
    const inner: Strategy = {
      ...strategy('s', 2),
      begin: (run) => {
        seen.push(String(run.schedule))
        return run.schedule < 8
      },
    }
    const late = startingAt(inner, 6)
    for (let n = 1; late.begin({ schedule: n, seed: 0 }); n++) seen.push(late.share?.counts === true ? 'counts' : 'does not')
    expect(seen).toEqual(['1', 'does not', '2', 'does not', '6', 'counts', '7', 'counts', '8'])
    expect(startingAt(inner, 1)).toBe(inner)
  })

  test('one that learns from all is run from its first', () => {
    const late = startingAt(strategy('s'), 3)
    const counted = [1, 2, 3, 4].map((n) => late.begin({ schedule: n, seed: 0 }) && [late.share?.number, late.share?.counts])
    expect(counted).toEqual([[1, false], [2, false], [3, true], [4, true]])
  })
})

describe('what an option costs', () => {
  function costsOf(model: typeof delays, ...of: Parameters<typeof pointOf>): number[] {
    const costs: number[] = [9, 9, 9, 9, 9]
    model.price(pointOf(...of), costs)
    return costs.slice(0, of[0].length)
  }

  test('preemption: leaving a lane that could go on', () => {
    expect(costsOf(preemptions, [handle(1), handle(2), handle(1)], 1)).toEqual([0, 1, 0])
    expect(costsOf(preemptions, [handle(2), handle(undefined), { kind: 'external', id: 1, lane: 3 }], 3)).toEqual([1, 1, 0])
    expect(costsOf(preemptions, [handle(1), handle(2)], 3)).toEqual([0, 0])
    expect(costsOf(preemptions, values(3, 5).options, 4)).toEqual([0, 0, 0])
    expect(preemptions.unit).toBe('preemption')
  })

  test('delay: each lane passed over, round from the one that ran last', () => {
    expect(costsOf(delays, [handle(1), handle(2), handle(3)], 1)).toEqual([0, 1, 2])
    expect(costsOf(delays, [handle(1), handle(2), handle(3)], 2)).toEqual([2, 0, 1])
    expect(costsOf(delays, [handle(3), handle(1), handle(2)], 4)).toEqual([2, 0, 1])
    // Two options of one lane are passed over together; what has no lane comes last.
    expect(costsOf(delays, [handle(undefined), handle(5), handle(4), handle(5)], 5)).toEqual([2, 0, 1, 0])
    expect(costsOf(delays, values(4, 5).options, 4)).toEqual([0, 0, 0, 0])
    expect(delays.unit).toBe('delay')
  })
})

describe('schedules that were run', () => {
  /** Trees of choices: each level has so many options, the same wherever one is. */
  const shapes = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 4 })

  test('come once each, in whatever order they are asked for, and the last one is known', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat({ max: 3 })), fc.boolean(), fc.nat(), (levels, wishes, drawn, seed) => {
        const explored = new Explored()
        const prng = new Prng()
        prng.seed(seed, 1)
        const all = levels.reduce((n, count) => n * count, 1)
        const seen = new Set<string>()
        for (let n = 1; n <= all; n++) {
          expect(explored.done).toBe(false)
          explored.begin()
          expect(explored.open).toBe(1)
          const path = levels.map((count) => explored.follow(count, (wishes.next().value ?? 0) % count, drawn ? prng : null))
          expect(path.every((k, i) => k < (levels[i] ?? 0))).toBe(true)
          seen.add(path.join())
          explored.end()
        }
        expect(seen.size).toBe(all)
        expect([explored.done, explored.size]).toEqual([true, 0])
      }),
      { numRuns: 100, seed: SEED },
    )
  })

  test('what is asked for is given while something is left behind it, else the first that is open', () => {
    const explored = new Explored()
    const run = (...wishes: number[]): number[] => {
      explored.begin()
      const path = wishes.map((k) => explored.follow(2, k, null))
      explored.end()
      return path
    }
    expect(run(1, 1)).toEqual([1, 1])
    expect([explored.size, explored.open]).toEqual([2, 4])
    expect(run(1, 1)).toEqual([1, 0])
    expect([explored.size, explored.open]).toEqual([1, 2])
    expect(run(1, 1)).toEqual([0, 1])
    expect(run(0, 0)).toEqual([0, 0])
    expect(explored.done).toBe(true)
  })

  test('another number of options at a known choice is another program', () => {
    const explored = new Explored()
    explored.begin()
    explored.follow(2, 0, null)
    explored.follow(3, 0, null)
    explored.end()
    explored.begin()
    explored.follow(2, 0, null)
    expect(() => explored.follow(2, 0, null)).toThrow(/choice 2\b/)
  })
})

test('in place of what was run already, an open option is drawn, each alike', () => {
  const counts = [0, 0, 0, 0, 0]
  const prng = new Prng()
  prng.seed(1, 2)
  for (let i = 0; i < 600; i++) {
    const explored = new Explored()
    for (const k of [1, 3]) {
      explored.begin()
      explored.follow(5, k, null)
      explored.end()
    }
    explored.begin()
    const k = explored.follow(5, 3, prng)
    counts[k] = (counts[k] ?? 0) + 1
  }
  expect([counts[1], counts[3]]).toEqual([0, 0])
  for (const k of [0, 2, 4]) expect(Math.abs((counts[k] ?? 0) - 200)).toBeLessThan(60)
})

describe('searches', () => {
  const begin = (s: Strategy, schedule: number): boolean => s.begin({ schedule, seed: 1 })

  test('refuse a program whose choices change', () => {
    for (const make of [exhaustive, preemption, delay]) {
      const search = make()
      begin(search, 1)
      search.pick(pointOf([handle(1), handle(2)], 1))
      search.pick(pointOf([handle(1), handle(2), handle(3)], 1))
      search.end?.({ failed: false, steps: 2 })
      begin(search, 2)
      search.pick(pointOf([handle(1), handle(2)], 1))
      expect(() => [search.pick(pointOf([handle(1)], 1)), begin(search, 3), search.pick(pointOf([handle(1)], 1))]).toThrow(/choice [12] has 1 options now, and had/)
    }
    expect(exhaustive().name).toBe('exhaustive')
    expect(new NondeterminismError(1, 2, 3).name).toBe('NondeterminismError')
    for (const make of [preemption, delay]) expect(make({ bound: Number.POSITIVE_INFINITY }).bound).toBeUndefined()
  })

  test('say which choice it is, and how many options it has and had', () => {
    const search = preemption({ bound: 3 })
    begin(search, 1)
    for (let i = 0; i < 3; i++) search.pick(pointOf([handle(1), handle(2)], 7))
    begin(search, 2)
    for (let i = 0; i < 2; i++) search.pick(pointOf([handle(1), handle(2)], 7))
    // It was free of charge, and now it is not.
    expect(() => search.pick(pointOf([handle(1), handle(2)], 1))).toThrow(new NondeterminismError(3, 2, 3))
  })

  test('go through what costs nothing, then what costs one, up to the bound and no further', () => {
    const picks = (search: Strategy): string[] => {
      const all: string[] = []
      for (let schedule = 1; begin(search, schedule); schedule++) {
        const run = [0, 1, 2].map(() => search.pick(pointOf([handle(1), handle(2), handle(3)], 1)))
        all.push(run.join(''))
        search.end?.({ failed: false, steps: 3 })
      }
      return all
    }
    const cost = (run: string): number => [...run].filter((k) => k !== '0').length
    for (const bound of [0, 1, 2, 3]) {
      const all = picks(preemption({ bound }))
      expect(all.map(cost)).toEqual(all.map(cost).toSorted())
      expect([all.length, new Set(all).size]).toEqual([[1, 1], [7, 7], [19, 19], [27, 27]][bound])
    }
    const delayed = picks(delay({ bound: 2 }))
    const sum = (run: string): number => [...run].reduce((n, k) => n + Number(k), 0)
    expect(delayed.map(sum)).toEqual([0, 1, 1, 1, 2, 2, 2, 2, 2, 2])
    expect(new Set(delayed).size).toBe(10)
  })
})

describe('disturbances', () => {
  test('further ones in a schedule come at random, as seldom as the first', () => {
    const d = new Disturbances()
    const prng = new Prng()
    prng.seed(5, 5)
    let struck = 0
    let more = 0
    for (let schedule = 1; schedule <= 800; schedule++) {
      const n = run(d, schedule, 20, prng).filter((k) => k > 0).length
      if (n > 0) struck++
      more += Math.max(0, n - 1)
    }
    // Ten places are left on average, each with a chance of one in twenty.
    expect(more / struck).toBeGreaterThan(0.3)
    expect(more / struck).toBeLessThan(0.7)
  })

  const run = (d: Disturbances, schedule: number, places: number, prng: Prng): number[] => {
    d.begin(schedule)
    const picks = Array.from({ length: places }, () => d.pick(3, prng))
    d.end()
    return picks
  }

  test('come in every other schedule, at one place, the next one each time; every place has its turn', () => {
    const d = new Disturbances()
    const prng = new Prng()
    prng.seed(1, 1)
    const schedules = Array.from({ length: 40 }, (_, i) => run(d, i + 1, 5, prng))
    expect(schedules[0]).toEqual([0, 0, 0, 0, 0])
    const quiet = schedules.filter((picks) => picks.every((k) => k === 0))
    expect(quiet.length).toBeGreaterThanOrEqual(20)
    const struck = schedules.slice(8).flatMap((picks) => {
      const at = picks.findIndex((k) => k > 0)
      return at < 0 ? [] : [at]
    })
    expect(struck.length).toBeGreaterThanOrEqual(12)
    expect(new Set(struck)).toEqual(new Set([0, 1, 2, 3, 4]))
    expect(schedules.flat().every((k) => k >= 0 && k < 3)).toBe(true)
    expect(new Set(schedules.flat())).toEqual(new Set([0, 1, 2]))
  })

  test('and each round of the places begins one place further on', () => {
    const d = new Disturbances()
    const prng = new Prng()
    prng.seed(1, 1)
    const places = 3
    const struck: number[] = []
    for (let schedule = 1; schedule < 30; schedule++) {
      const at = run(d, schedule, places, prng).findIndex((k) => k > 0)
      // Pair number n has its turn in round n / 3 at place n % 3, counted from where the round begins.
      const nth = Math.floor(schedule / 2)
      if (at >= 0) struck.push(at - ((nth % places) + Math.floor(nth / places)) % places)
    }
    expect(struck.length).toBeGreaterThan(10)
    expect(new Set(struck)).toEqual(new Set([0]))
  })

  test('a new exploration learns anew', () => {
    const [used, fresh] = [new Disturbances(), new Disturbances()]
    const [p, q] = [new Prng(), new Prng()]
    p.seed(1, 1)
    for (let n = 1; n <= 10; n++) run(used, n, 50, p)
    p.seed(2, 2)
    q.seed(2, 2)
    for (let n = 1; n <= 30; n++) expect(run(used, n, 3, p)).toEqual(run(fresh, n, 3, q))
  })
})
