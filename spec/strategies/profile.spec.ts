import { describe, expect, test } from 'vitest'
import { Places } from '../../src/strategies/places.ts'
import { Prng } from '../../src/strategies/prng.ts'
import { LaneCounts, Profile } from '../../src/strategies/profile.ts'
import { handle, read, write } from './points.ts'

/** What the first schedules of an exploration teach those after them. */

describe('counts by lane', () => {
  test('keep the most of any schedule that was watched', () => {
    const counts = new LaneCounts()
    for (const lane of [1, 1, 3]) counts.add(lane, true)
    expect([1, 2, 3].map((l) => [counts.done(l), counts.left(l)])).toEqual([[2, 0], [0, 0], [1, 0]])
    counts.reset()
    counts.add(1, true)
    expect([counts.done(1), counts.left(1), counts.left(3)]).toEqual([1, 1, 1])
    counts.reset()
    for (let i = 0; i < 3; i++) counts.add(1, false)
    expect([counts.learnt[1], counts.left(1)]).toEqual([2, -1])
    counts.reset()
    for (let i = 0; i < 3; i++) counts.add(1, true)
    expect(counts.learnt[1]).toBe(3)
    const none = new LaneCounts()
    expect([none.left(0), none.done(0)]).toEqual([0, 0])
    none.add(0, true)
    expect([none.learnt[0], none.left(0)]).toEqual([1, 0])
  })
})

/** A schedule as a list of steps: the lane, and what the step touches. */
type Steps = readonly (readonly [lane: number, ...touches: ReturnType<typeof read>[]])[]

function watch(profile: Profile, steps: Steps, learns = true): void {
  profile.begin(learns)
  for (const [lane, ...touches] of steps) {
    profile.step(handle(lane))
    for (const access of touches) profile.access(access)
  }
  profile.end()
}

describe('a profile', () => {
  test('an object is raced for once two lanes have touched it and one of them wrote', () => {
    const profile = new Profile()
    watch(profile, [[1, write(10), read(20), write(30)], [1, write(10)], [2, read(20)], [2, read(30)], [3, read(20)]])
    expect(profile.racy.map((t) => [t.object, t.firstLane, t.written])).toEqual([[30, 1, true]])
    // A write that comes after the reads of others counts as well, and each object once.
    watch(profile, [[1, read(20)], [3, write(20)], [1, write(30)]])
    expect(profile.racy.map((t) => t.object)).toEqual([30, 20])
    expect(profile.runs).toBe(2)
  })

  test('what is not learnt from leaves no trace', () => {
    const profile = new Profile()
    watch(profile, [[1, write(10)]])
    watch(profile, [[1, write(10)], [2, write(10)], [2, write(11)]], false)
    expect(profile.racy).toEqual([])
    expect(profile.steps.learnt[2]).toBeUndefined()
  })

  test('steps that are left count those of the lanes to come', () => {
    const profile = new Profile()
    // Lane 1 begets 2, which begets 3.
    watch(profile, [[1], [2], [3], [3], [2], [1], [1]])
    profile.begin(true)
    expect([1, 2, 3].map((l) => profile.left(profile.steps, l))).toEqual([7, 4, 2])
    profile.step(handle(1))
    expect([1, 2, 3].map((l) => profile.left(profile.steps, l))).toEqual([6, 4, 2])
    expect(profile.isBorn(2)).toBe(false)
    expect(profile.meet(2)).toBe(true)
    expect(profile.meet(2)).toBe(false)
    expect(profile.isBorn(2)).toBe(true)
    // It is there: what it has left is its own now.
    expect([1, 2, 3].map((l) => profile.left(profile.steps, l))).toEqual([2, 4, 2])
    profile.step(handle(3))
    expect([1, 2, 3].map((l) => profile.left(profile.steps, l))).toEqual([2, 2, 1])
    for (let i = 0; i < 5; i++) profile.step(handle(3))
    expect(profile.left(profile.steps, 3)).toBe(0)
    expect(profile.lanes).toBe(4)
  })

  test('what runs in no task may be there before all others, and beget them', () => {
    const profile = new Profile()
    watch(profile, [[0], [1], [0]])
    profile.begin(true)
    expect([0, 1].map((l) => profile.left(profile.steps, l))).toEqual([3, 1])
  })

  test('what a later step of its lane touched first is known as well', () => {
    const profile = new Profile()
    profile.begin(true)
    for (const access of [undefined, write(10), read(11)]) {
      profile.step(handle(3))
      if (access !== undefined) profile.access(access)
    }
    profile.end()
    profile.begin(true)
    const seen = [0, 1, 2, 3].map(() => {
      const next = profile.next(handle(3))
      profile.step(handle(3))
      return next
    })
    expect(seen).toEqual([undefined, write(10), read(11), undefined])
  })

  test('an external that completes is no step, and shows its lane', () => {
    const profile = new Profile()
    profile.begin(true)
    profile.step({ kind: 'external', id: 1, lane: 4 })
    expect([profile.lane, profile.isBorn(4), profile.steps.done(4)]).toEqual([4, true, 0])
    profile.step(handle(undefined))
    expect([profile.lane, profile.steps.done(0)]).toEqual([0, 1])
  })

  test('what comes next is what the option says, else what the step touched first the last time', () => {
    const profile = new Profile()
    expect(profile.next(handle(1))).toBeUndefined()
    profile.begin(true)
    profile.step(handle(1))
    profile.access(write(10))
    profile.access(write(11))
    profile.step(handle(1))
    profile.step(handle(1, { accesses: [read(12)] }))
    profile.access(read(12))
    profile.end()
    profile.begin(true)
    expect(profile.next(handle(1))).toEqual(write(10))
    expect(profile.next(handle(2))).toBeUndefined()
    expect(profile.next(handle(1, { accesses: [read(9), write(8)] }))).toEqual(read(9))
    profile.step(handle(1))
    expect(profile.next(handle(1))).toBeUndefined()
    profile.step(handle(1))
    // The third step had said itself what it would touch.
    expect(profile.next(handle(1))).toBeUndefined()
  })

  test('once learning has ended, who begot whom stays what it was then', () => {
    const profile = new Profile()
    watch(profile, [[1], [2], [2]])
    watch(profile, [[1], [5], [2], [2]], false)
    profile.begin(false)
    profile.step(handle(1))
    expect([profile.left(profile.steps, 1), profile.lanes]).toEqual([2, 3])
  })
})

describe('places', () => {
  test('a place is what a lane had touched before, and what it touches there', () => {
    const places = new Places()
    places.begin()
    const first = places.at(1, read(10))
    expect(first).toBe(places.at(2, read(10)))
    expect(new Set([first, places.at(1, write(10)), places.at(1, read(11))]).size).toBe(3)
    places.note(1, read(10), true, false)
    expect(places.at(1, read(10))).not.toBe(first)
    expect(places.at(2, read(10))).toBe(first)
    places.begin()
    expect(places.at(1, read(10))).toBe(first)
    for (let object = 0; object < 200; object++) expect(places.at(1, read(object))).not.toBe(0)
  })

  /** Three places of object 10, one of object 20, each by a lane of its own. */
  function known(): { places: Places; hashes: number[]; other: number } {
    const places = new Places()
    places.begin()
    const hashes: number[] = []
    const note = (lane: number, object: number): number => {
      const hash = places.at(lane, write(object))
      places.note(lane, write(object), true, true)
      return hash
    }
    for (let i = 0; i < 3; i++) hashes.push(note(1, 10))
    const other = note(2, 20)
    // Not the first of its step, and not learnt from: neither is a place.
    places.note(3, write(10), false, true)
    places.note(4, read(10), true, false)
    return { places, hashes, other }
  }

  test('are drawn in turns, another order in each round, and only where lanes race', () => {
    const { places, hashes, other } = known()
    const racy = (object: number): boolean => object === 10
    expect(places.draw(1, 7, () => false)).toBe(0)
    const rounds = Array.from({ length: 20 }, (_, r) => [0, 1, 2].map((i) => places.draw(3 * r + i, 7, racy)))
    for (const round of rounds) expect(round.toSorted()).toEqual(hashes.toSorted())
    expect(new Set(rounds.map(String)).size).toBeGreaterThan(3)
    expect(places.draw(5, 7, racy)).toBe(rounds[1]?.[2])
    expect([0, 1, 2].map((i) => places.draw(i, 7, (o) => o === 20))).toEqual([other, other, other])
    expect(new Set(Array.from({ length: 20 }, (_, seed) => places.draw(0, seed, racy))).size).toBe(3)
  })

  test('while learning, one of those drawn least often', () => {
    const { places, hashes, other } = known()
    const prng = new Prng()
    prng.seed(3, 3)
    expect(places.drawLeastTried(prng, () => false)).toBe(0)
    const first = Array.from({ length: 30 }, () => {
      const fresh = known()
      return fresh.hashes.indexOf(fresh.places.drawLeastTried(prng, (o) => o === 10))
    })
    expect(new Set(first)).toEqual(new Set([0, 1, 2]))
    for (let round = 0; round < 4; round++) {
      const drawn = [0, 1, 2].map(() => places.drawLeastTried(prng, (o) => o === 10))
      expect(drawn.toSorted()).toEqual(hashes.toSorted())
    }
    // The one that was never drawn has to catch up.
    const all = Array.from({ length: 4 }, () => places.drawLeastTried(prng, () => true))
    expect(all).toEqual([other, other, other, other])
    const next = Array.from({ length: 4 }, () => places.drawLeastTried(prng, () => true))
    expect(next.toSorted()).toEqual([...hashes, other].toSorted())
  })
})
