import { describe, expect, test } from 'vitest'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import type { Recording } from '../../src/strategies/dpor/recording.ts'
import { type Begun, begun, F, G, goOn, H, X } from './by-hand.ts'

/** What follows a join, in executions that are told to a recording by hand: only what its own task does behind it, on the way that it went. */

type Does = (recording: Recording, of: Begun) => void

const touches: Does = (recording) => recording.access({ object: X, kind: 'write' })
const nothing: Does = () => {}
const passes = (...futures: number[]): Does => (recording) => futures.forEach((future) => recording.passes(future))
const waits = (future: number): Does => (recording, { a }) => recording.awaits(future, a)
const then = (...acts: Does[]): Does => (recording, of) => acts.forEach((act) => act(recording, of))
/** Task `b` makes a step of its own. */
const beside = (...acts: Does[]): Does => (recording, of) => {
  goOn(recording, of.b)
  for (const act of acts) act(recording, of)
}

/** Of each execution, one after another: task `a` writes X and waits for F, `b` ends that and these, and `a` does this. Whether its join is seen. */
function seen(...all: readonly (readonly [ended: readonly number[], does: Does])[]): boolean[] {
  const { recording } = begun()
  const order = new HappensBefore(recording, false)
  return all.map(([ended, does]) => {
    const of = begun(recording)
    goOn(recording, of.a)
    touches(recording, of)
    recording.awaits(F, of.a)
    goOn(recording, of.b)
    for (const future of [F, ...ended]) recording.settled(future)
    goOn(recording, of.a)
    does(recording, of)
    recording.ended([], false)
    order.analyse()
    return of.steps[1]?.objects.includes(F) === true
  })
}

describe('what was passed on the way to what followed', () => {
  test('holds it up where that is waited for, and where it is only passed it does not', () => {
    expect(seen([[G], then(passes(G), touches)], [[], waits(G)])).toEqual([true, false])
    expect(seen([[G], then(passes(G), touches)], [[G], passes(G)])).toEqual([true, true])
  })

  test('is not what the task waited for afterwards', () => {
    const thenWaits: Does = (recording, of) => {
      then(touches, waits(H))(recording, of)
      goOn(recording, of.b)
      recording.settled(H)
      goOn(recording, of.a)
    }
    expect(seen([[], thenWaits], [[], waits(H)])).toEqual([true, true])
  })

  test('is not what another task passed', () => {
    expect(seen([[G], then(touches, beside(passes(G)))], [[], waits(G)])).toEqual([true, true])
  })

  test('holds nothing up where it is another task that waits for it, in vain or not', () => {
    const otherWaits: Does = beside((recording, { b }) => recording.awaits(H, b))
    const otherGoesOn: Does = (recording, of) => {
      otherWaits(recording, of)
      goOn(recording, of.a)
      recording.settled(H)
      goOn(recording, of.b)
    }
    expect(seen([[H], then(passes(H), touches)], [[], waits(H)])).toEqual([true, false])
    for (const other of [otherWaits, otherGoesOn]) expect(seen([[H], then(passes(H), touches)], [[], other])).toEqual([true, true])
  })

  test('is known by the shortest way: one that passes less holds up less', () => {
    const [long, short] = [[[G, H], then(passes(G, H), touches)], [[G, H], then(passes(G), touches)]] as const
    expect(seen(long, [[G], waits(H)])).toEqual([true, false])
    expect(seen(long, short, [[G], waits(H)])).toEqual([true, true, true])
    expect(seen(long, short, [[H], waits(G)])).toEqual([true, true, false])
  })
})

describe('a join is followed', () => {
  test('by another one behind it that is seen itself: the step could be over in between', () => {
    const objects = (follows: Does): number[] | undefined => {
      const of = begun()
      const { recording, a, b, steps } = of
      goOn(recording, b)
      recording.settled(F)
      goOn(recording, a)
      then(touches, passes(F), waits(G))(recording, of)
      goOn(recording, b)
      recording.settled(G)
      goOn(recording, a)
      follows(recording, of)
      new HappensBefore(recording, false).analyse()
      return steps[2]?.objects.toSorted()
    }
    expect([objects(touches), objects(nothing)]).toEqual([[X, F, G], [X]])
  })

  test('by the end of a future that somebody looks at, whatever the task had ended before it waited', () => {
    const follows = (looks: boolean): boolean | undefined => {
      const of = begun()
      const { recording, a, b, steps } = of
      goOn(recording, a)
      recording.settled(G)
      recording.awaits(F, a)
      goOn(recording, b)
      recording.settled(F)
      goOn(recording, a)
      recording.settled(H)
      goOn(recording, b)
      if (looks) recording.access({ object: H, kind: 'read' })
      new HappensBefore(recording, false).analyse()
      return steps[1]?.objects.includes(F)
    }
    expect([follows(true), follows(false)]).toEqual([true, false])
  })
})
