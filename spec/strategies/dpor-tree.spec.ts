import { describe, expect, test } from 'vitest'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import { type AccessKind, type Guess, NONE, READ, Step, WRITE } from '../../src/strategies/dpor/step.ts'
import { awake, Entry, NO_ENTRIES, Sequence } from '../../src/strategies/dpor/wakeup-tree.ts'
import { begun, F, G, goOn, H, X } from './by-hand.ts'

/** What is in a wakeup tree, and what sleeps beside it: of steps made by hand. */

function stepOf(lane: number, more: Partial<Step> = {}, ...touches: [object: number, kind: AccessKind][]): Step {
  const step = new Step().reset(more.index ?? 0, lane)
  for (const [object, kind] of touches) step.touch(object, kind, undefined)
  return Object.assign(step, more)
}

/** A step that was taken to touch this. */
function guess(more: Partial<Guess>, ...touches: [object: number, kind: AccessKind][]): Guess {
  const [objects, kinds] = [touches.map(([object]) => object), touches.map(([, kind]) => kind)]
  return { lane: 0, objects, kinds, settles: NONE, global: false, unsure: false, claims: null, ...more }
}

describe('an entry of which nobody knows what else its step would touch', () => {
  const isVague = (vague: boolean, foreseen: boolean, depth: number): boolean => new Entry(stepOf(2, { vague }), NONE, foreseen, depth).vague

  test('is one that was foreseen so, or that ran where it was; what was seen to run before it is as it was seen', () => {
    expect([isVague(true, true, -1), isVague(true, false, 3), isVague(true, false, -1)]).toEqual([true, true, false])
    expect([isVague(false, true, -1), isVague(false, false, 3)]).toEqual([false, false])
  })

  test('says what it was taken to touch only if it has run', () => {
    const asked = guess({}, [X, READ])
    expect([new Entry(stepOf(2, { asked }), NONE, false, 3).asked, new Entry(stepOf(2, { asked }), NONE, true).asked]).toEqual([asked, null])
  })
})

describe('what is left to an entry that would touch nothing of it', () => {
  /** Lane `b` reads X and ends F, and then writes X, reads G and ends H. The main task's step is what is foreseen at the end. */
  function sequence(last: Step): { sequence: Sequence; a: number; b: number } {
    const { recording, a, b, steps } = begun()
    goOn(recording, a)
    goOn(recording, b)
    recording.access({ object: X, kind: 'read' })
    recording.settled(F)
    goOn(recording, b)
    recording.access({ object: X, kind: 'write' })
    recording.access({ object: G, kind: 'read' })
    recording.settled(H)
    const order = new HappensBefore(recording, false)
    order.analyse()
    const made = new Sequence(order)
    made.without(steps[1] as Step, null, steps, 4)
    made.setLast(last, steps[0] as Step, null, -1)
    return { sequence: made, a, b }
  }
  const OTHER = 9

  test('is all that the steps touch, each object by the strongest access, and all futures that they end', () => {
    const { sequence: all, a } = sequence(stepOf(1, { settles: [F, 8] }, [X, READ], [G, READ]))
    const entry = new Entry(stepOf(a, {}, [OTHER, READ]), NONE, true)
    expect(all.mayBeginWith(entry)).toBe(true)
    expect({ ...entry.claims }).toEqual({ lane: -1, objects: [X, G], kinds: [WRITE, READ], settles: [F, H, 8], global: false })
  })

  test('is nothing if it conflicts with any of that: then it does not come first', () => {
    const [none, entries] = [(): void => {}, (a: number): Entry[] => [new Entry(stepOf(a, {}, [OTHER, READ]), NONE, true), new Entry(stepOf(1, {}, [OTHER, READ]), NONE, true)]]
    const may = (change: (steps: readonly Step[]) => void): boolean[] => {
      const { a } = sequence(stepOf(1))
      return entries(a).map((entry) => {
        const { sequence: all } = sequence(stepOf(1, {}, [OTHER, READ]))
        change(all.steps)
        const first = all.mayBeginWith(entry)
        expect(entry.claims !== null).toBe(first)
        return first
      })
    }
    expect(may(none)).toEqual([true, true])
    expect(may(([first]) => void ((first as Step).global = true))).toEqual([false, false])
    expect(may(([, second]) => (second as Step).touch(OTHER, WRITE, undefined))).toEqual([false, false])
  })

  test('is what comes before it, where it is the last step', () => {
    const { sequence: all } = sequence(stepOf(1, {}, [OTHER, WRITE]))
    const entry = new Entry(stepOf(1, {}, [OTHER, WRITE]), NONE, true)
    expect(all.mayBeginWith(entry)).toBe(true)
    expect(entry.claims).toMatchObject({ objects: [X, G], kinds: [WRITE, READ], settles: [F, H] })
  })

  test('is noted of one that was foreseen, and has not run', () => {
    for (const [foreseen, depth] of [[false, -1], [true, 0], [false, 2]] as const) {
      const { sequence: all, a } = sequence(stepOf(1, {}, [X, READ]))
      const entry = new Entry(stepOf(a, {}, [OTHER, READ]), NONE, foreseen, depth)
      expect([all.mayBeginWith(entry), entry.claims]).toEqual([true, null])
    }
  })

  test('is not what was taken out before', () => {
    const { sequence: all, a, b } = sequence(stepOf(1, {}, [OTHER, WRITE]))
    expect(all.mayBeginWith(new Entry(stepOf(b, {}, [X, READ])))).toBe(true)
    const entry = new Entry(stepOf(a, {}, [8, READ]), NONE, true)
    expect(all.mayBeginWith(entry)).toBe(true)
    expect(entry.claims).toMatchObject({ objects: [X, G, OTHER], kinds: [WRITE, READ, WRITE], settles: [H] })
  })
})

describe('a step that sleeps', () => {
  const DEPTH = 2
  const sleepsOn = (sleeping: Partial<Step>, depth: number, step: Partial<Step>): boolean => {
    const entry = new Entry(stepOf(5, sleeping, [9, READ]), NONE, false, depth)
    return awake([entry], stepOf(1, { index: DEPTH, ...step }, [4, WRITE])).length === 1
  }

  test('sleeps on behind what touches nothing of what it touched', () => {
    expect(sleepsOn({}, 0, {})).toBe(true)
    expect([sleepsOn({}, 0, { global: true }), sleepsOn({ global: true }, 0, {}), sleepsOn({ settles: [4] }, 0, {}), sleepsOn({ lane: 1 }, 0, {})]).toEqual([false, false, false, false])
    const none: Entry[] = []
    expect([awake(none, stepOf(1)), awake([new Entry(stepOf(1))], stepOf(1))]).toEqual([NO_ENTRIES, NO_ENTRIES])
  })

  test('wakes where nobody knows what the one or the other would have touched, or whether it would have met a fault', () => {
    expect([sleepsOn({ vague: true }, 0, {}), sleepsOn({ disturbed: true }, 0, {}), sleepsOn({}, 0, { vague: true })]).toEqual([false, false, false])
  })

  test('wakes behind a step that was put beside it for what that was taken to touch, and did not', () => {
    expect([sleepsOn({}, 0, { asked: guess({}, [9, WRITE]) }), sleepsOn({}, 0, { asked: guess({}, [9, READ]) })]).toEqual([false, true])
    // Or for what it was itself taken to touch.
    const asked = guess({}, [7, READ])
    expect([sleepsOn({ asked }, 0, { asked: guess({}, [7, WRITE]) }), sleepsOn({ asked }, 0, { asked: guess({}, [7, READ]) })]).toEqual([false, true])
    // Of which nothing is to be feared where the step was in no tree.
    expect(sleepsOn({ asked: guess({}, [4, READ]) }, 0, {})).toBe(true)
  })

  test('wakes beside another one of the tree if it might have touched more, unless it fell asleep before', () => {
    const unsure = guess({ unsure: true }, [7, READ])
    const other = guess({}, [6, READ])
    expect([sleepsOn({ asked: unsure }, DEPTH, { asked: other }), sleepsOn({ asked: unsure }, DEPTH - 1, { asked: other })]).toEqual([false, true])
    expect([sleepsOn({ asked: guess({}, [7, READ]) }, DEPTH, { asked: other }), sleepsOn({}, DEPTH, { asked: other }), sleepsOn({ asked: unsure }, DEPTH, {})]).toEqual([true, true, true])
  })
})
