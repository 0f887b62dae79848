import { describe, expect, test } from 'vitest'
import { pct, race, surw, urw } from '../../src/strategies/index.ts'
import { Profile } from '../../src/strategies/profile.ts'
import { Race } from '../../src/strategies/race.ts'
import { Surw } from '../../src/strategies/surw.ts'
import type { Access, Strategy } from '../../src/strategies/strategy.ts'
import { Urw } from '../../src/strategies/urw.ts'
import { handle, pointOf, write } from './points.ts'

/** Samplers that learn from their first schedules, at choices made by hand: where they change their mind, and how often. */

const N = 900
const near = (expected: number) => ({ asymmetricMatch: (x: unknown) => typeof x === 'number' && Math.abs(x - expected) < 0.06 })

/** In what share of the schedules from number `first` on `pick` gives true. */
function share(strategy: Strategy, first: number, pick: (s: Strategy) => boolean): number {
  let hits = 0
  for (let schedule = first; schedule < first + N; schedule++) {
    strategy.begin({ schedule, seed: 11 })
    if (pick(strategy)) hits++
    strategy.end?.({ failed: false, steps: 1 })
  }
  return hits / N
}

/** A schedule to learn from: the lane of each step, and what it touches. */
function teach(strategy: Strategy, schedule: number, steps: readonly (readonly [number, ...Access[]])[]): void {
  strategy.begin({ schedule, seed: 1 })
  for (const [lane, ...touches] of steps) {
    strategy.step?.(handle(lane))
    for (const access of touches) strategy.access?.(access)
  }
  strategy.end?.({ failed: false, steps: steps.length })
}

describe('pct', () => {
  const two = pointOf([handle(1), handle(2)])

  /** After which picks another lane leads than before, from 1; by schedules of so many choices. */
  function changes(strategy: Strategy, choices: number): number[][] {
    const all: number[][] = []
    share(strategy, 5, (s) => {
      const picks = Array.from({ length: choices + 1 }, () => s.pick(two))
      all.push(picks.flatMap((k, i) => (i > 0 && k !== picks[i - 1] ? [i] : [])))
      return true
    })
    return all
  }
  const places = (all: readonly number[][]): number[] => [...new Set(all.flat())].toSorted((a, b) => a - b)

  test('the number of choices is what its first four schedules had, less what a demotion may have added', () => {
    const strategy = pct({ depth: 2 })
    for (let schedule = 1; schedule <= 4; schedule++) {
      strategy.begin({ schedule, seed: 2 })
      for (let i = 0; i < 10; i++) strategy.pick(two)
      strategy.end?.({ failed: false, steps: 10 })
    }
    // Of nine places the first one changes who leads before anybody has led.
    expect(places(changes(strategy, 12))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test.each([
    [2, 3],
    [3, 4],
  ])('with depth %i, or all steps but the shortest lane’s (or one), from the first choice on: %i', (depth, expected) => {
    const strategy = pct({ depth })
    for (let schedule = 1; schedule <= 4; schedule++) {
      strategy.begin({ schedule, seed: 2 })
      for (let i = 0; i < 5; i++) strategy.step?.(handle(1))
      strategy.pick(two)
      for (const lane of [1, 1, 2, 2, 2]) strategy.step?.(handle(lane))
      strategy.step?.({ kind: 'external', id: 1, lane: 2 })
      // Nobody ever chose this one.
      strategy.step?.(handle(7))
      strategy.end?.({ failed: false, steps: 11 })
    }
    const seen = places(changes(strategy, 12))
    expect(seen.at(-1)).toBe(expected - 1)
  })

  test('with depth 3 the leader falls behind twice, if both places are not the same one', () => {
    const strategy = pct({ depth: 3, steps: 10 })
    const three = pointOf([handle(1), handle(2), handle(3)])
    const twice = share(strategy, 1, (s) => new Set(Array.from({ length: 11 }, () => s.pick(three))).size === 3)
    // Neither of them is the first choice, before which nobody has led, and they are not the same.
    expect(twice).toEqual(near((9 / 10) * (8 / 10)))
  })

  test('of several options of one priority each is as likely', () => {
    const origin = { origin: 1 }
    const point = pointOf([handle(1), handle(5, origin), handle(6, origin), handle(7, origin)])
    for (const k of [0, 1, 2, 3]) expect(share(pct({ depth: 1 }), 1, (s) => s.pick(point) === k)).toEqual(near(1 / 4))
  })
})

describe('race', () => {
  test('one schedule in four is calm: a lane goes on as far as it can', () => {
    const strategy = race()
    teach(strategy, 1, [[1, write(9)], [2, write(9)], [3], [4]])
    const held = handle(1, { accesses: [write(9)] })
    const points = [pointOf([handle(3), handle(4), held]), pointOf([held, handle(4), handle(3)])]
    const lanes = new Map<number, number>()
    const calm = share(strategy, 2, (s) => {
      const seen = new Set(Array.from({ length: 14 }, (_, i) => points[i % 2]?.optionAt(s.pick(points[i % 2] as never)).lane))
      for (const lane of seen) if (seen.size === 1) lanes.set(lane ?? 0, (lanes.get(lane ?? 0) ?? 0) + 1 / N)
      return seen.size === 1
    })
    expect(calm).toEqual(near(1 / 4))
    expect([lanes.get(3), lanes.get(4)]).toEqual([near(1 / 8), near(1 / 8)])
  })
})

describe('surw', () => {
  test('what a lane was to touch by its children passes to them when they appear, by how much they are to touch', () => {
    const strategy = surw()
    // Lane 1 begets 3, 2 and 4.
    teach(strategy, 1, [[1], [3, write(9)], [1], [2, write(9)], [2, write(9)], [1], [4, write(9)]])
    const touching = (lane: number): ReturnType<typeof handle> => handle(lane, { accesses: [write(9)] })
    const free = share(strategy, 2, (s) => {
      s.step?.(handle(1))
      s.pick(pointOf([handle(1), touching(3)]))
      s.step?.(handle(1))
      const point = pointOf([handle(1), touching(2), touching(3)])
      return Array.from({ length: 12 }, () => s.pick(point)).includes(1)
    })
    // Three of four are lane 1's and its children's, two of these three lane 2's.
    expect(free).toEqual(near(1 / 2))
  })

  test('is the plain walk where nobody races for anything', () => {
    const strategy = surw()
    teach(strategy, 1, [[1, write(8)], [1], [1], [2, write(9)]])
    expect(share(strategy, 2, (s) => s.pick(pointOf([handle(1), handle(2)])) === 0)).toEqual(near(3 / 4))
  })
})

describe('what is learnt together', () => {
  test.each<[string, (shared?: Profile) => Strategy, number, number]>([
    ['race', (shared) => new Race(shared), 32, 32],
    ['urw', (shared) => new Urw(shared), 32, 8],
    ['surw', (shared) => new Surw(shared), 32, 8],
  ])('%s', (_, make, alone, together) => {
    const profile = new Profile()
    const strategy = make(profile)
    teach(strategy, 1, [[1, write(9)], [2, write(9)]])
    expect([profile.runs, profile.racy.length]).toEqual([1, 1])
    expect([make().prologue, strategy.prologue]).toEqual([alone, together])
    // It is learnt from as long as the prologue lasts.
    for (let schedule = 2; schedule <= together; schedule++) teach(strategy, schedule, [[1]])
    teach(strategy, together + 1, [[1], [1], [5]])
    expect([profile.steps.learnt[1], profile.steps.learnt[5]]).toEqual([1, undefined])
    teach(strategy, together, [[1], [1], [5]])
    expect([profile.steps.learnt[1], profile.steps.learnt[5]]).toEqual([2, 1])
  })

  test('a new exploration forgets what was learnt alone', () => {
    for (const make of [urw, surw, race]) {
      const [used, fresh] = [make(), make()]
      teach(used, 1, [[1, write(9)], [2, write(9)], [2], [2], [2], [2], [2], [2]])
      for (const s of [used, fresh]) teach(s, 1, [[1], [1], [2]])
      const picks = (s: Strategy): number[] =>
        Array.from({ length: 60 }, (_, i) => {
          s.begin({ schedule: i + 2, seed: 4 })
          const k = s.pick(pointOf([handle(1), handle(2)]))
          s.end?.({ failed: false, steps: 1 })
          return k
        })
      expect(picks(used)).toEqual(picks(fresh))
    }
  })
})
