import { describe, expect, test } from 'vitest'
import { shared } from '../../src/index.ts'
import { outsidersMade } from '../../src/loop/outsiders.ts'
import { Names } from '../../src/strategies/dpor/names.ts'
import { conflict, including, NONE, picksInCommon, READ, single, Step, WRITE } from '../../src/strategies/dpor/step.ts'
import { Timers } from '../../src/strategies/dpor/timers.ts'
import { goingOn } from '../../src/strategies/dpor/wakeup-tree.ts'

/** What the reduction is made of, each part by itself. */

type Touch = readonly [object: number, kind: typeof READ | typeof WRITE, value?: unknown]

function stepOf(...touches: readonly (Touch | 'chooses')[]): Step {
  const step = new Step().reset(0, 1)
  for (const t of touches) {
    if (t === 'chooses') {
      step.picks = [...step.picks, 0]
      step.counts = [...step.counts, 2]
    } else step.touch(t[0], t[1], t[2])
  }
  return step
}

describe('lists of numbers', () => {
  test('of one are the same each time', () => {
    expect([single(3), single(0)]).toEqual([[3], [0]])
    expect(single(3)).toBe(single(3))
  })

  test('take in what they do not have, and nothing below 0', () => {
    expect(including(NONE, 4)).toBe(single(4))
    expect(including([1, 2], 0)).toEqual([1, 2, 0])
    expect(including([1, 2], [2, 3, -1, 1, 5])).toEqual([1, 2, 3, 5])
    const all = [1, 2]
    for (const nothing of [-1, 1, 2, [], [2, 1], [-1]]) expect(including(all, nothing)).toBe(all)
    expect(including(NONE, -1)).toBe(NONE)
  })
})

describe('a step', () => {
  test('has each object once, with its strongest access and the value that it had first', () => {
    const step = stepOf([7, READ, 'a'], [8, WRITE, 'b'], [9, READ, 'c'], [9, WRITE, 'd'], [8, READ, 'e'], [7, READ, 'f'])
    expect([step.objects, step.kinds]).toEqual([[7, 8, 9], [READ, WRITE, WRITE]])
    expect([7, 8, 9].map((o) => step.valueOf(o))).toEqual(['a', 'b', 'c'])
    expect([7, 8, 9, 10].map((o) => step.kindOf(o))).toEqual([READ, WRITE, WRITE, 0])
    expect([stepOf([7, WRITE, 'a']).kinds, stepOf([7, READ, 'a'], [7, WRITE, 'b']).kinds]).toEqual([[WRITE], [WRITE]])
  })

  test('is as new when it is used again', () => {
    const used = stepOf([7, WRITE, 'a'], 'chooses', [8, WRITE, 'b'])
    Object.assign(used, {
      joins: true, global: true, globalAfter: 2, declared: true, unsure: true, disturbed: true, external: true, abandonedBy: 3, idle: true, pending: true, vague: true, blocked: true, forked: true,
      asked: used, touches: 4, effects: 5, operation: {}, causes: [1], waitsFor: [1], settles: [2], settledAfter: [0], interferes: [3], interferedAfter: [0], choices: 6,
    })
    expect(used.reset(5, 2)).toBe(used)
    const nothing = {
      joins: false, global: false, globalAfter: 0, declared: false, unsure: false, disturbed: false, external: false, abandonedBy: -1, idle: false, pending: false, vague: false,
      asked: null, blocked: false, forked: false, objects: [], kinds: [], value: undefined, values: [], touches: 0, effects: 0, operation: null, causes: [], waitsFor: [], settles: [],
      settledAfter: [], interferes: [], interferedAfter: [], picks: [], counts: [], choices: 0,
    }
    expect({ ...used }).toEqual({ ...nothing, index: 5, lane: 2, frame: 2 })
    expect({ ...new Step() }).toEqual({ ...nothing, index: 0, lane: 0, frame: 0 })
    // What it touched after it had chosen is forgotten too.
    used.picks = [0]
    expect([used.picksBefore(8, WRITE), used.touchedBefore(0)]).toEqual([0, { objects: [], kinds: [] }])
  })

  test('knows what it touched before each of its choices', () => {
    const step = stepOf([1, READ], [2, WRITE], 'chooses', [1, WRITE], [3, READ], 'chooses', [3, WRITE], [4, READ], [2, READ], [2, WRITE])
    expect([step.objects, step.kinds]).toEqual([[1, 2, 3, 4], [WRITE, WRITE, WRITE, READ]])
    expect(step.touchedBefore(2)).toEqual({ objects: [1, 2, 3, 4], kinds: [WRITE, WRITE, WRITE, READ] })
    expect(step.touchedBefore(1)).toEqual({ objects: [1, 2, 3], kinds: [WRITE, WRITE, READ] })
    expect(step.touchedBefore(0)).toEqual({ objects: [1, 2], kinds: [READ, WRITE] })
  })

  test('knows how many values it had chosen before it came in the way of an access', () => {
    const step = stepOf([1, READ], [2, WRITE], 'chooses', [1, WRITE], [2, WRITE], [3, READ], 'chooses', [3, WRITE], [4, READ])
    // A write is in the way of a read, anything of a write.
    expect([1, 2, 3, 4].map((o) => step.picksBefore(o, READ))).toEqual([1, 0, 2, 0])
    expect([1, 2, 3, 4].map((o) => step.picksBefore(o, WRITE))).toEqual([0, 0, 1, 2])
  })

  test('takes what is found out later for what happened when it says so', () => {
    const step = stepOf('chooses', 'chooses', [5, WRITE])
    step.touch(6, READ, undefined, 1)
    step.touch(7, WRITE, undefined, 0)
    expect([5, 6, 7].map((o) => step.picksBefore(o, WRITE))).toEqual([2, 1, 0])
    // It had touched the object earlier than was known.
    step.touch(5, WRITE, undefined, 1)
    expect(step.picksBefore(5, WRITE)).toBe(1)
    step.touch(5, WRITE, undefined, 2)
    expect(step.picksBefore(5, WRITE)).toBe(1)
    expect([0, 1].map((i) => step.touchedBefore(i).objects)).toEqual([[7], [5, 6, 7]])
  })

  test('forgets of what came after a choice all of it, wherever it was noted', () => {
    const step = stepOf('chooses', 'chooses', [5, WRITE])
    step.touch(6, READ, undefined, 1)
    expect(step.touchedBefore(1)).toEqual({ objects: [6], kinds: [READ] })
    expect(step.touchedBefore(0)).toEqual({ objects: [], kinds: [] })
  })

  test('is a silent join if it goes on after one and does nothing that can be seen', () => {
    const silent = (make: (step: Step) => void): boolean => {
      const step = new Step().reset(0, 1)
      step.joins = true
      make(step)
      return step.silentJoin
    }
    expect(silent(() => {})).toBe(true)
    expect(silent((s) => void (s.joins = false))).toBe(false)
    expect(silent((s) => void (s.global = true))).toBe(false)
    expect(silent((s) => s.touch(1, READ, undefined))).toBe(false)
    expect(silent((s) => void (s.picks = [0]))).toBe(false)
  })
})

describe('two steps', () => {
  test('in the other order: the first goes on with the values that it had chosen before they conflict', () => {
    const earlier = stepOf('chooses', [1, WRITE], 'chooses', [2, WRITE])
    const on = (object: number): unknown => {
      const step = goingOn(earlier, stepOf([object, READ]), false, new Step())
      return step === null ? null : [step.picks, step.objects]
    }
    // One value was chosen before the first cell was written, and with that value it is; what comes after the other choice is open.
    expect([on(1), on(2)]).toEqual([[[0], [1]], [[0, 0], [1, 2]]])
    expect(goingOn(stepOf([1, WRITE], 'chooses'), stepOf([1, READ]), false, new Step())).toBeNull()
  })

  test('conflict if they touch the same and one of them writes, or one of them touches everything', () => {
    const [r1, w1, r2, both] = [stepOf([1, READ]), stepOf([1, WRITE]), stepOf([2, READ]), stepOf([2, WRITE], [1, READ])]
    const all = new Step().reset(0, 1)
    all.global = true
    const pairs: [Step, Step, boolean][] = [
      [r1, r1, false], [r1, w1, true], [w1, w1, true], [r1, r2, false], [w1, r2, false], [both, r1, false], [both, r2, true], [both, w1, true],
      [all, r2, true], [all, new Step().reset(0, 2), true], [new Step(), w1, false],
    ]
    for (const [a, b, expected] of pairs) expect([conflict(a, b), conflict(b, a)]).toEqual([expected, expected])
  })

  test('conflict if one ends a future that the other touches', () => {
    const ends = new Step().reset(0, 1)
    ends.settles = [3, 4]
    for (const [other, expected] of [[stepOf([4, READ]), true], [stepOf([5, WRITE]), false]] as const) {
      expect([conflict(ends, other), conflict(other, ends)]).toEqual([expected, expected])
    }
  })

  test('have chosen so many values alike before they come in each other’s way', () => {
    const later = stepOf('chooses', [1, READ], 'chooses', [1, WRITE], [2, WRITE])
    expect(picksInCommon(stepOf([3, WRITE]), later)).toBe(2)
    expect(picksInCommon(stepOf([1, WRITE]), later)).toBe(1)
    expect(picksInCommon(stepOf([1, READ]), later)).toBe(2)
    expect(picksInCommon(stepOf([2, READ], [1, WRITE]), later)).toBe(1)
    expect(picksInCommon(stepOf([1, READ]), stepOf([1, READ], 'chooses'))).toBe(1)
    expect(picksInCommon(stepOf([1, WRITE]), stepOf([1, READ], 'chooses'))).toBe(0)
    expect(picksInCommon(stepOf([1, WRITE]), stepOf([1, READ]))).toBe(0)
    const all = new Step().reset(0, 1)
    all.global = true
    expect(picksInCommon(all, later)).toBe(0)
    later.touchAll(2)
    expect(picksInCommon(stepOf([3, WRITE]), later)).toBe(2)
    later.touchAll(1)
    later.touchAll(2)
    expect(picksInCommon(stepOf([3, WRITE]), later)).toBe(1)
    later.touchAll(0)
    expect(picksInCommon(stepOf([3, WRITE]), later)).toBe(0)
  })
})

describe('names', () => {
  test('say who made it and how many it had made before, in whatever order', () => {
    const names = new Names()
    names.restart()
    const made = [names.madeBy(0), names.madeBy(0), names.madeBy(5), names.madeBy(5), names.madeBy(0)]
    expect(made).toEqual([1, 2, 3, 4, 5])
    expect(names.count).toBe(5)
    names.restart()
    expect([names.madeBy(5), names.madeBy(0), names.madeBy(5), names.madeBy(0), names.madeBy(0)]).toEqual([3, 1, 4, 2, 5])
    expect([names.madeBy(5), names.madeBy(3), names.count]).toEqual([6, 7, 7])
  })

  test('of what is made outside the runs: once for all of them, or by the set-up of each', () => {
    const names = new Names()
    for (let i = 0; i < 6; i++) shared(0)
    const before = outsidersMade()
    names.restart()
    const [old, first, second] = [names.outsider(before), names.outsider(before + 1), names.outsider(before + 2)]
    const older = [1, 2, 3].map((k) => names.outsider(before - k))
    expect(new Set([old, first, second, ...older]).size).toBe(6)
    expect([names.count, names.madeBy(0)]).toEqual([6, 7])
    expect([first, second]).not.toContain(names.outsider(1))
    expect([first, second]).not.toContain(names.outsider(2))
    expect(names.outsider(before)).toBe(old)
    // The next set-up makes two again, with other serial numbers.
    for (let i = 0; i < 2; i++) shared(0)
    names.restart()
    expect([names.outsider(before + 3), names.outsider(before + 4), names.outsider(before)]).toEqual([first, second, old])
    // The last one that was made before it is still another one than that before the first.
    expect(names.outsider(before + 2)).not.toBe(old)
  })
})

describe('timers of one execution', () => {
  const [a, b] = [{}, {}]
  /** Steps that happen only after step 10. */
  const follows = (...steps: number[]) => (step: number): boolean => steps.includes(step)

  test('say what armed them, and whether there are any', () => {
    const timers = new Timers()
    expect([timers.any, timers.fire(a, 3)]).toEqual([false, -1])
    timers.arm(a, 4)
    timers.arm(b, [1, 2])
    expect([timers.any, timers.fire(a, 7), timers.fire(b, 7)]).toEqual([true, 4, [1, 2]])
    timers.restart()
    expect(timers.any).toBe(false)
    timers.cancel(a, 3)
    expect(timers.any).toBe(false)
  })

  /** Whether the clock could have moved at step 20 without step 10. */
  function couldMove(then: (timers: Timers) => void, later: readonly number[] = []): boolean {
    const timers = new Timers()
    then(timers)
    return timers.anyWithout(10, 20, follows(...later))
  }

  test('are there for the clock unless step 10 had to come first', () => {
    expect(couldMove(() => {})).toBe(false)
    expect(couldMove((t) => t.arm(a, 5))).toBe(true)
    // Armed by nobody: there is always one.
    expect(couldMove((t) => t.arm(a, -1), [-1])).toBe(true)
    expect(couldMove((t) => t.arm(a, 0), [0])).toBe(false)
    expect(couldMove((t) => t.arm(a, 12), [12])).toBe(false)
    expect(couldMove((t) => t.arm(a, [5, 6]), [12])).toBe(true)
    expect(couldMove((t) => t.arm(a, [5, 12]), [12])).toBe(false)
    expect(couldMove((t) => (t.arm(a, 12), t.arm(b, 5)), [12])).toBe(true)
  })

  test('that have fired before are there no more', () => {
    const fired = (clock: number): boolean => couldMove((t) => (t.arm(a, 5), t.fire(a, clock)))
    expect([fired(0), fired(19), fired(20), fired(21)]).toEqual([false, false, true, true])
  })

  test('that were cancelled are there if it was step 10, or what comes only after it, that cancelled them', () => {
    const cancelled = (by: number, ...later: number[]): boolean => couldMove((t) => (t.arm(a, 5), t.cancel(a, by)), later)
    expect([cancelled(10), cancelled(0), cancelled(8), cancelled(12), cancelled(12, 12), cancelled(8, 8)]).toEqual([true, false, false, false, true, false])
  })
})
