import { describe, expect, it } from 'vitest'
import { lateWindow } from '../../fixtures/sct/late-window.ts'
import { reorder } from '../../fixtures/sct/reorder.ts'
import { twostage } from '../../fixtures/sct/twostage.ts'
import type { GeneratorBody } from '../../src/index.ts'
import { type ChoicePoint, pct, type Strategy } from '../../src/strategies/index.ts'
import { one, runsOf } from './runs.ts'
import { fiveSigma } from './statistics.ts'
import { chain } from './straight.ts'

/** The definition, by hand: lanes in this order of priority, demoted at these choices. */
function byHand(order: readonly number[], changes: readonly number[]): Strategy & { choices: number } {
  const demoted = new Map<number, number>()
  const rank = (lane: number): number => demoted.get(lane) ?? -order.indexOf(lane)
  const highest = (point: ChoicePoint): number => {
    const ranks = point.options.map((o) => rank(o.lane ?? 0))
    return ranks.indexOf(Math.max(...ranks))
  }
  return {
    name: 'by hand',
    choices: 0,
    begin: () => true,
    pick(point) {
      this.choices++
      const lane = point.options[highest(point)]?.lane ?? 0
      changes.forEach((at, i) => {
        if (at === this.choices) demoted.set(lane, -1000 - i)
      })
      return highest(point)
    },
  }
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((x) => permutations(items.filter((y) => y !== x)).map((rest) => [x, ...rest]))
}

function* tuples(length: number, k: number): Generator<number[]> {
  if (length === 0) yield []
  else for (const rest of tuples(length - 1, k)) for (let i = 1; i <= k; i++) yield [...rest, i]
}

/** The exact probability of a failure, over all orders of the lanes and all tuples of change points in 1..k. */
function exactly(body: GeneratorBody, lanes: number, depth: number, k: number): number {
  let failing = 0
  let all = 0
  // Lane 1 is the main task, which only waits while there are choices.
  for (const order of permutations(Array.from({ length: lanes }, (_, i) => i + 2))) {
    for (const changes of tuples(depth - 1, k)) {
      if (one(body, byHand(order, changes)).failed) failing++
      all++
    }
  }
  return failing / all
}

function hits(body: GeneratorBody, depth: number, k: number, most: number): number {
  return [...runsOf(body, pct({ depth, steps: k }), { most })].filter((r) => r.failed).length
}

describe('pct has the exact probabilities', () => {
  // By program: lanes, depth of the bug, choices k of a schedule without demotions.
  const programs: [string, GeneratorBody, number, number, number][] = [
    ['chain of 1', chain(1), 2, 1, 1],
    ['chain of 2', chain(2), 2, 2, 2],
    ['chain of 3', chain(3), 2, 3, 3],
    ['reorder_3', () => reorder(2, 1), 3, 2, 8],
    ['twostage', () => twostage(1, 1), 2, 2, 13],
    ['late window of 6', () => lateWindow(6), 2, 2, 7],
  ]

  it.each(programs)('%s: as by brute force, and at least the bound', (_, body, n, d, k) => {
    const p = exactly(body, n, d, k)
    expect(p).toBeGreaterThanOrEqual(1 / (n * k ** (d - 1)) - 1e-12)
    // Five sigma: a right implementation fails with a probability below one in a million.
    const most = 10_000
    expect(Math.abs(hits(body, d, k, most) - most * p)).toBeLessThan(fiveSigma(most, p) + 1e-9)
  })

  it.each(programs.filter(([, , , d]) => d > 1))('%s: never one depth below', (_, body, n, d, k) => {
    expect(exactly(body, n, d - 1, k)).toBe(0)
    expect(hits(body, d - 1, k, 2000)).toBe(0)
  })

  it.each([
    ['chain of 1', chain(1), 2, 1, 1],
    ['chain of 2', chain(2), 2, 2, 2],
    ['late window of 6', () => lateWindow(6), 2, 2, 7],
    ['late window of 12', () => lateWindow(12), 2, 2, 13],
  ] satisfies [string, GeneratorBody, number, number, number][])('%s: the bound is attained', (_, body, n, d, k) => {
    expect(exactly(body, n, d, k)).toBeCloseTo(1 / (n * k ** (d - 1)), 12)
  })

  it('finds the late window as soon as it can be expected with k learnt', () => {
    // p = 1/26 at k = 13 choices: of 600 first failures half come within ln 2 / p = 17.7 schedules. A schedule of learning
    // more is allowed, and five sigma of the binomial: 600 runs of at most 19 schedules, of which 18 count.
    const expected = 1 - (1 - 1 / 26) ** 18
    let within = 0
    for (let seed = 0; seed < 600; seed++) {
      for (const r of runsOf(() => lateWindow(12), pct({ depth: 2 }), { seed, most: 19 })) {
        if (!r.failed) continue
        within++
        break
      }
    }
    expect(within).toBeGreaterThan(600 * expected - fiveSigma(600, expected))
  })

  it('refuses a depth that is no whole number above 0', () => {
    expect(() => pct({ depth: 0 })).toThrow(RangeError)
    expect(() => pct({ depth: 1.5 })).toThrow(RangeError)
    expect(() => pct({ depth: 2, steps: 0 })).toThrow(RangeError)
  })
})
