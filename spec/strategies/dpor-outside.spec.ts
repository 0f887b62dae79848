import { describe, expect, test } from 'vitest'
import type { External } from '../../src/loop/external.ts'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import type { Recording } from '../../src/strategies/dpor/recording.ts'
import type { Step } from '../../src/strategies/dpor/step.ts'
import { begun, F, G, goOn, hopOf, runHop, runnable, X } from './by-hand.ts'

/** What is outside, in executions that are told to a recording by hand. */

let last = 1000
/** An operation of the outside world that the step begins which runs now; a lane waits for it. */
function begin(recording: Recording, lane: number): External {
  const external: External = { kind: 'external', id: ++last, since: 0, lane, complete: () => {} }
  recording.queued(external)
  return external
}

/** It completes. Who waits for it goes on in the same step, if that is said. */
function complete(recording: Recording, external: External, inside: { first?: () => void; lane?: number; then?: () => void }): void {
  recording.step(external)
  inside.first?.()
  if (inside.lane !== undefined) recording.step(runnable(inside.lane))
  inside.then?.()
  recording.completed()
}

const guarded = (object: number): Parameters<Recording['intends']>[1] => ({ object, guarded: true, kindAt: () => 'read' })

describe('what is outside and writes to a cell', () => {
  /** A completion in which this is done. */
  const completes = (recording: Recording, lane: number, inside: Parameters<typeof complete>[2]): void => {
    goOn(recording, lane)
    complete(recording, begin(recording, lane), inside)
  }
  const writes = (recording: Recording, object: number): void => recording.access({ object, kind: 'write' })

  test('can’t be followed where somebody waits for a condition on it: who began to do so before goes on within the completion, and who does so later does not', () => {
    for (const guardsFirst of [true, false]) {
      const { recording, a, b } = begun()
      const acts = [() => recording.intends(b, guarded(X)), () => completes(recording, a, { first: () => writes(recording, X) })]
      for (const act of guardsFirst ? acts : acts.toReversed()) {
        expect(recording.irreducible).toBe(false)
        act()
      }
      expect(recording.irreducible).toBe(true)
    }
  })

  test('nor where the one is seen in one execution and the other in another; of another program nothing is known', () => {
    const inOther = (guardsFirst: boolean, forget: boolean): boolean => {
      const { recording, a, b } = begun()
      const acts = [() => recording.intends(b, guarded(X)), () => completes(recording, a, { first: () => writes(recording, X) })]
      if (!guardsFirst) acts.reverse()
      acts[0]?.()
      if (forget) recording.forget()
      begun(recording)
      acts[1]?.()
      return recording.irreducible
    }
    expect([inOther(true, false), inOther(false, false), inOther(true, true), inOther(false, true)]).toEqual([true, true, false, false])
  })

  test('can where it is another cell, where it only looks, where nobody waits for a condition, and where it is who waited that writes', () => {
    const given = (operation: Parameters<Recording['intends']>[1], inside: (recording: Recording, lane: number) => Parameters<typeof complete>[2]): boolean => {
      const { recording, a, b } = begun()
      recording.intends(b, operation)
      completes(recording, a, inside(recording, a))
      return recording.irreducible
    }
    expect(given(guarded(X), (r) => ({ first: () => writes(r, X) }))).toBe(true)
    expect(given(guarded(F), (r) => ({ first: () => writes(r, X) }))).toBe(false)
    expect(given(guarded(X), (r) => ({ first: () => r.access({ object: X, kind: 'read' }) }))).toBe(false)
    expect(given({ ...guarded(X), guarded: false }, (r) => ({ first: () => writes(r, X) }))).toBe(false)
    expect(given(guarded(X), (r, lane) => ({ lane, then: () => writes(r, X) }))).toBe(false)
    // A task writes in a step of its own.
    expect(given(guarded(X), (r, lane) => ({ then: () => (r.completed(), goOn(r, lane), writes(r, X)) }))).toBe(false)
  })
})

describe('what is outside and taken away', () => {
  test('did not run, and its place hangs on the step that took it away; none is left over from the execution before', () => {
    const { recording, a, b, steps } = begun()
    const external = begin(recording, a)
    goOn(recording, b)
    recording.abandoned(external)
    recording.ended([], true)
    expect([recording.length, recording.pending]).toEqual([2, 1])
    expect(steps[2]).toMatchObject({ lane: recording.laneOf(external), external: true, pending: true, abandonedBy: 1, frame: a, causes: [0] })
    begun(recording)
    recording.ended([], true)
    expect([recording.length, recording.pending]).toEqual([1, 0])
  })
})

describe('who waits for what is outside', () => {
  /** Task `b` ends F. Task `a` begins something outside, maybe goes past the end of F, and waits for G, which the completion ends; there it goes on, and this is done. */
  const waits = (passes: boolean, goesOn: (recording: Recording) => void = () => {}): Step => {
    const { recording, a, b, steps } = begun()
    goOn(recording, b)
    recording.settled(F)
    goOn(recording, a)
    const external = begin(recording, a)
    if (passes) recording.passes(F)
    recording.awaits(G, a)
    complete(recording, external, {
      first: () => recording.settled(G),
      lane: a,
      then: () => goesOn(recording),
    })
    new HappensBefore(recording, false).analyse()
    return steps[2] as Step
  }

  test('goes on in the step that completes it: if something is done there, the order in which one began to wait and it ended counts', () => {
    const touches = (recording: Recording): void => recording.access({ object: X, kind: 'write' })
    expect([waits(false, touches).objects.includes(G), waits(false).objects.includes(G)]).toEqual([true, false])
  })

  test('also if nothing is done there, where the task comes after more by itself: that comes before the completion only if it waited by then', () => {
    expect([waits(true).objects.includes(G), waits(false).objects.includes(G)]).toEqual([true, false])
  })

  test('makes no join where it waited for no future', () => {
    const { recording, a } = begun()
    goOn(recording, a)
    complete(recording, begin(recording, a), { lane: a, then: () => recording.access({ object: X, kind: 'write' }) })
    expect(recording.joins).toEqual([])
  })

  describe('in one execution after another', () => {
    const touches = (recording: Recording): void => recording.access({ object: X, kind: 'write' })
    const nothing = (): void => {}
    interface Ends {
      readonly first?: (recording: Recording) => void
      readonly then: (recording: Recording) => void
      /** Task `b` ends G, and nothing is completed. */
      readonly otherwise?: true
    }
    /** Task `b` ends F; `a` begins something outside and waits for G, which the completion ends. Whether the joins are seen: that of G, and of F where `a` goes on. */
    const seen = (...all: readonly Ends[]): [waited: boolean, passed: boolean][] => {
      const { recording } = begun()
      const order = new HappensBefore(recording, false)
      return all.map(({ first = nothing, then, otherwise }) => {
        const { a, b, steps } = begun(recording)
        goOn(recording, b)
        recording.settled(F)
        goOn(recording, a)
        const external = begin(recording, a)
        recording.awaits(G, a)
        if (otherwise) {
          goOn(recording, b)
          recording.settled(G)
          goOn(recording, a)
          then(recording)
        } else complete(recording, external, { first: () => (first(recording), recording.settled(G)), lane: a, then: () => then(recording) })
        order.analyse()
        return [(steps[2] as Step).objects.includes(G), (steps[3] as Step).objects.includes(F)]
      })
    }

    test('what the completion touches before says nothing of executions in which that for which it waits ends otherwise', () => {
      expect(seen({ first: touches, then: nothing }, { then: nothing, otherwise: true })).toEqual([[true, false], [false, false]])
      // What the task itself touches does.
      expect(seen({ then: touches, otherwise: true }, { then: nothing, otherwise: true })).toEqual([[true, false], [true, false]])
    })

    test('what the task touches behind what it passes there follows that in the others, too', () => {
      const passes = (recording: Recording): void => (touches(recording), recording.passes(F))
      expect(seen({ then: passes })).toEqual([[true, false]])
      expect(seen({ then: (r) => (passes(r), touches(r)) }, { then: passes })).toEqual([[true, true], [true, true]])
    })
  })
})

describe('a step that waits for a future which bookkeeping ends', () => {
  test('conflicts with all others if its task goes on to touch something: no step is the one that ended it', () => {
    const conflicts = (byBookkeeping: boolean): unknown[] => {
      const { recording, a, b, steps } = begun()
      goOn(recording, a)
      recording.access({ object: X, kind: 'write' })
      recording.awaits(F, a)
      goOn(recording, b)
      if (byBookkeeping) runHop(recording, hopOf(recording), F)
      else recording.settled(F)
      goOn(recording, a)
      recording.access({ object: X, kind: 'read' })
      const order = new HappensBefore(recording, false)
      order.analyse()
      return [steps[1]?.global, order.coarse]
    }
    expect([conflicts(true), conflicts(false)]).toEqual([[true, true], [false, false]])
  })
})
