import { describe, expect, test } from 'vitest'
import { pct, pos, preemption, random, race, surw, urw } from '../../src/strategies/index.ts'
import type { Option, Strategy } from '../../src/strategies/strategy.ts'
import { draw } from '../../src/strategies/urw.ts'
import { handle, pointOf, read, values, write } from './points.ts'

/** Samplers at choices made by hand: what each one picks, and how often. Seeds are numbers in turn, so that every run is the same. */

const N = 1200

/** In what share of schedules `pick` gives true. */
function share(make: () => Strategy, pick: (s: Strategy) => boolean): number {
  const strategy = make()
  let hits = 0
  for (let schedule = 1; schedule <= N; schedule++) {
    strategy.begin({ schedule, seed: 11 })
    if (pick(strategy)) hits++
    strategy.end?.({ failed: false, steps: 1 })
  }
  return hits / N
}

/** So many standard deviations of a share of N are 0.06 or less. */
const near = (expected: number) => ({ asymmetricMatch: (x: unknown) => typeof x === 'number' && Math.abs(x - expected) < 0.06 })

test('an index with a probability proportional to its weight', () => {
  const drawn = [0, 1, 2, 3, 4].map((below) => draw({ below: (n: number) => (n === 5 ? below : -1) } as never, [2, 0, 3], 5))
  expect(drawn).toEqual([0, 0, 2, 2, 2])
})

describe('values are drawn evenly', () => {
  test.each([
    ['random', random],
    ['pos', pos],
    ['pct', () => pct()],
    ['race', race],
  ])('%s', (_, make) => {
    for (const k of [0, 1, 2]) expect(share(make, (s) => s.pick(values(3)) === k)).toEqual(near(1 / 3))
  })

  test('by those that learn from it, after a first schedule in FIFO order', () => {
    for (const make of [urw, surw]) {
      const first = make()
      first.begin({ schedule: 1, seed: 3 })
      expect([first.pick(values(3)), first.pick(pointOf([handle(2), handle(1)]))]).toEqual([0, 0])
      for (const k of [0, 1, 2]) expect(share(make, (s) => s.pick(values(3)) === k)).toEqual(near(1 / 3))
    }
  })
})

test('random: each option alike, whether it is shown the options or only told how many', () => {
  const [shown, told] = [random(), random()]
  for (let schedule = 1; schedule < 50; schedule++) {
    shown.begin({ schedule, seed: 5 })
    told.begin({ schedule, seed: 5 })
    for (let i = 2; i < 9; i++) expect(told.pickOf?.(i)).toBe(shown.pick(values(i)))
  }
  for (const k of [0, 1, 2, 3]) expect(share(random, (s) => s.pick(pointOf([1, 2, 3, 4].map((l) => handle(l)))) === k)).toEqual(near(1 / 4))
})

describe('pos', () => {
  const options = (...accesses: Option['accesses'][]): Option[] => accesses.map((a, i) => handle(i + 1, a === undefined ? {} : { accesses: a }))

  /** How often another option is picked the second time, after this access. */
  function changes(all: readonly Option[], access?: ReturnType<typeof read>): number {
    return share(pos, (s) => {
      const before = s.pick(pointOf(all))
      if (access !== undefined) s.access?.(access)
      return s.pick(pointOf(all)) !== before
    })
  }

  test('an event keeps its priority while nothing races with it', () => {
    const all = options([write(1)], [write(2)], undefined)
    expect([changes(all), changes(all, write(3)), changes(options([read(1)], [read(1)]), read(1))]).toEqual([0, 0, 0])
    expect(share(pos, (s) => s.pick(pointOf(all)) === 2)).toEqual(near(1 / 3))
  })

  test('those that race with what was touched draw again', () => {
    expect(changes(options([write(1)], [write(1)]), write(1))).toEqual(near(1 / 2))
    expect(changes(options([write(1)], [write(1)]), read(1))).toEqual(near(1 / 2))
    expect(changes(options([read(1)], [read(1)]), write(1))).toEqual(near(1 / 2))
    expect(changes(options([read(7), write(1)], [read(7), write(1)]), write(1))).toEqual(near(1 / 2))
    // Only the first of two has drawn again: one of three numbers is the largest.
    expect(changes(options([write(1)], [write(2)]), write(1))).toEqual(near(1 / 3))
  })

  test('what was touched counts until the next choice, and not in the next schedule', () => {
    const all = options([write(1)], [write(1)])
    expect(
      share(pos, (s) => {
        s.access?.(write(5))
        s.access?.(write(1))
        s.access?.(write(5))
        const picks = [s.pick(pointOf(all)), s.pick(pointOf(all)), s.pick(pointOf(all))]
        s.access?.(write(1))
        return new Set(picks).size > 1
      }),
    ).toBe(0)
    const again = pos()
    const run = (): number[] => {
      again.begin({ schedule: 4, seed: 4 })
      return [0, 1, 2, 3].map(() => again.pick(pointOf(options(undefined, undefined, undefined))))
    }
    expect(run()).toEqual(run())
  })
})

describe('pct', () => {
  const two = [handle(1), handle(2)]

  test('without changes one lane leads throughout, each as often as the others', () => {
    const three = [handle(1), handle(2), handle(3)]
    const make = (): Strategy => pct({ depth: 1 })
    for (const k of [0, 1, 2]) {
      expect(share(make, (s) => Array.from({ length: 9 }, () => s.pick(pointOf(three))).every((p) => p === k))).toEqual(near(1 / 3))
    }
  })

  test('with depth 2 the leader falls behind once, at a choice drawn evenly', () => {
    const falls: number[] = Array<number>(7).fill(0)
    share(
      () => pct({ depth: 2, steps: 5 }),
      (s) => {
        const picks = Array.from({ length: 6 }, () => s.pick(pointOf(two)))
        const leader = s.pick(pointOf(two)) === 0 ? 1 : 0
        const at = picks.findIndex((p) => p !== leader)
        expect(picks.slice(at).includes(leader)).toBe(false)
        falls[at + 1] = (falls[at + 1] ?? 0) + 1
        return true
      },
    )
    expect(falls.map((n) => n / N)).toEqual([0, near(1 / 5), near(1 / 5), near(1 / 5), near(1 / 5), near(1 / 5), 0])
  })

  test('a callback has the priority of the lane that asked for it, and so has one that it asks for', () => {
    const make = (): Strategy => pct({ depth: 1 })
    expect(
      share(make, (s) => {
        const leads = s.pick(pointOf(two))
        return s.pick(pointOf([handle(5, { origin: 1 }), handle(2)])) === leads && s.pick(pointOf([handle(6, { origin: 5 }), handle(2)])) === leads
      }),
    ).toBe(1)
    // Two options of one priority are a coin's.
    expect(share(make, (s) => s.pick(pointOf([handle(1), handle(5, { origin: 1 })])) === 0)).toEqual(near(1 / 2))
  })

  test('learns how many choices there are from its first four schedules', () => {
    const strategy = pct({ depth: 2 })
    expect([strategy.prologue, pct({ steps: 9 }).prologue]).toEqual([4, 0])
    let late = 0
    for (let schedule = 1; schedule <= 200; schedule++) {
      strategy.begin({ schedule, seed: 2 })
      expect(strategy.watches).toBe(schedule <= 4)
      const picks = Array.from({ length: 100 }, () => strategy.pick(pointOf(two)))
      if (schedule > 4 && picks.lastIndexOf(picks[0] as number) > 50) late++
      strategy.end?.({ failed: false, steps: 100 })
    }
    expect(late).toBeGreaterThan(50)
  })
})

/** Lets the strategy watch a first schedule: the lane of each step, and what it touches. */
function taught(make: () => Strategy, steps: readonly (readonly [number, ...ReturnType<typeof read>[]])[]): () => Strategy {
  return () => {
    const strategy = make()
    strategy.begin({ schedule: 1, seed: 1 })
    for (const [lane, ...touches] of steps) {
      strategy.step?.(handle(lane))
      for (const access of touches) strategy.access?.(access)
    }
    strategy.end?.({ failed: false, steps: steps.length })
    // The tests begin with schedule 1 too, which would be a new exploration.
    const { begin } = strategy
    return Object.assign(strategy, { begin: (run: Parameters<typeof begin>[0]) => begin.call(strategy, { ...run, schedule: run.schedule + 1 }) })
  }
}

describe('urw', () => {
  test('a lane is picked by the steps that it has left, with those of lanes to come', () => {
    const make = taught(urw, [[1], [1], [1], [2]])
    expect(share(make, (s) => s.pick(pointOf([handle(1), handle(2)])) === 0)).toEqual(near(3 / 4))
    expect(
      share(make, (s) => {
        s.step?.(handle(1))
        s.step?.(handle(1))
        return s.pick(pointOf([handle(1), handle(2)])) === 0
      }),
    ).toEqual(near(1 / 2))
    // Lane 2 begets 3, which has four steps.
    const parent = taught(urw, [[1], [2], [3], [3], [3], [3]])
    expect(share(parent, (s) => s.pick(pointOf([handle(1), handle(2)])) === 1)).toEqual(near(5 / 6))
    // Nobody counts for less than one.
    expect(share(make, (s) => s.pick(pointOf([handle(2), handle(9)])) === 1)).toEqual(near(1 / 2))
  })
})

describe('surw', () => {
  const make = taught(surw, [[1, write(9)], [1, write(9)], [2, write(9)], [3]])
  const [one, other, free] = [handle(1, { accesses: [write(9)] }), handle(2, { accesses: [write(9)] }), handle(3)]

  test('the lane whose access comes next is drawn by how many each has left, and the others are held', () => {
    expect(share(make, (s) => [0, 1, 2].every(() => s.pick(pointOf([other, one])) === 1))).toEqual(near(2 / 3))
    expect(share(make, (s) => [0, 1, 2].every(() => s.pick(pointOf([other, one])) === 0))).toEqual(near(1 / 3))
  })

  test('what touches something else goes on freely', () => {
    const picks = (k: number): number => share(make, (s) => s.pick(pointOf([one, other, free])) === k)
    expect([picks(0), picks(1), picks(2)]).toEqual([near(1 / 3), near(1 / 6), near(1 / 2)])
  })

  test('once the access has come, the next one is drawn', () => {
    expect(
      share(make, (s) => {
        if (s.pick(pointOf([one, other])) !== 0) return false
        s.step?.(one)
        s.access?.(write(9))
        return s.pick(pointOf([one, other])) === 1
      }),
    ).toEqual(near(1 / 3))
  })

  test('where all are held, one of them is drawn by what it has left', () => {
    // Neither is the one intended, of lanes 1 and 2.
    const [a, b] = [handle(4, { accesses: [write(9)] }), handle(5, { accesses: [write(9)] })]
    expect(share(make, (s) => s.pick(pointOf([a, b])) === 0)).toEqual(near(1 / 2))
    expect(share(make, (s) => new Set([0, 1, 2].map(() => s.pick(pointOf([a, b])))).size === 1)).toEqual(near(1))
  })
})

describe('race', () => {
  test('the first schedule lets lanes take turns, the last one first', () => {
    const s = race()
    s.begin({ schedule: 1, seed: 1 })
    const lanes = [handle(2), handle(3), handle(1)]
    const order = Array.from({ length: 6 }, () => {
      const option = lanes[s.pick(pointOf(lanes))] as Option
      s.step?.(option)
      return option.lane
    })
    expect(order).toEqual([3, 2, 1, 3, 2, 1])
  })

  test('then a lane is held at one place, another one the next time', () => {
    // Object 9 is raced for: lane 1 writes it at once, lane 2 after a read of 8.
    const s = taught(race, [[1, write(9)], [2, read(8)], [2, write(9)]])()
    const held: boolean[] = []
    for (let schedule = 1; schedule <= 40; schedule++) {
      s.begin({ schedule, seed: 6 })
      const point = pointOf([handle(1, { accesses: [write(9)] }), handle(3)])
      const reversed = pointOf([handle(3), handle(1, { accesses: [write(9)] })])
      const picks = Array.from({ length: 12 }, () => s.pick(point) === 1 && s.pick(reversed) === 0)
      held.push(picks.every(Boolean))
      s.end?.({ failed: false, steps: 1 })
    }
    const pairs = held.filter((_, i) => i % 2 === 0).map((h, i) => [h, held[2 * i + 1]])
    expect(pairs.filter((p) => p.includes(true)).length).toBeGreaterThanOrEqual(19)
    expect(held.filter(Boolean).length).toBeLessThan(34)
  })
})

describe('preemptions at random', () => {
  const at = (lastLane: number): ReturnType<typeof pointOf> => pointOf([handle(1), handle(2)], lastLane)

  test('never more than the bound, mostly all of them, anywhere', () => {
    for (const bound of [0, 1, 2]) {
      const places = new Set<number>()
      const counts = Array.from({ length: 4 }, () => 0)
      share(
        () => preemption({ bound, random: true }),
        (s) => {
          const paid = Array.from({ length: 10 }, (_, i) => (s.pick(at(1)) === 1 ? i : -1)).filter((i) => i >= 0)
          for (const i of paid) places.add(i)
          counts[paid.length] = (counts[paid.length] ?? 0) + 1
          return true
        },
      )
      expect(counts.slice(bound + 1).every((n) => n === 0)).toBe(true)
      expect(counts[bound]).toBeGreaterThan(N / 2)
      expect(places.size).toBe(bound === 0 ? 0 : 10)
    }
  })

  test('how late the places may be is learnt from the first four schedules, and the rest stand for themselves', () => {
    const strategy = preemption({ bound: 1, random: true })
    expect(strategy.prologue).toBe(4)
    const picks = (schedule: number, choices: number): string => {
      strategy.begin({ schedule, seed: 3 })
      const made = Array.from({ length: choices }, () => strategy.pick(at(1))).join('')
      strategy.end?.({ failed: false, steps: choices })
      return made
    }
    for (let schedule = 1; schedule <= 4; schedule++) picks(schedule, 40)
    const fifth = picks(5, 40)
    // However long those between are.
    for (let schedule = 6; schedule <= 9; schedule++) picks(schedule, 400)
    expect(picks(5, 40)).toBe(fifth)
    const late = Array.from({ length: 100 }, (_, i) => picks(i + 5, 40).indexOf('1')).filter((place) => place >= 16)
    expect(late.length).toBeGreaterThan(20)
  })

  test('where nothing costs anything, any option will do', () => {
    const four = pointOf([1, 2, 3, 4].map((lane) => handle(lane)), 7)
    for (const k of [0, 1, 2, 3]) expect(share(() => preemption({ bound: 1, random: true }), (s) => s.pick(four) === k)).toEqual(near(1 / 4))
    expect(share(() => preemption({ bound: 1, random: true }), (s) => s.pick(at(7)) === 0)).toEqual(near(1 / 2))
    expect(preemption({ bound: 1, random: true }).bound).toBe('1 preemption')
    expect(preemption({ bound: 2, random: true }).bound).toBe('2 preemptions')
    expect(() => preemption({ bound: -1 })).toThrow(RangeError)
  })
})
