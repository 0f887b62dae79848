import { describe, expect, test } from 'vitest'
import { Foresight } from '../../src/strategies/dpor/foresight.ts'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import { type Guess, NONE, READ, Step, type Touching, WRITE } from '../../src/strategies/dpor/step.ts'
import { Sequence } from '../../src/strategies/dpor/wakeup-tree.ts'
import { begun, F, type Begun, G, goOn, X } from './by-hand.ts'

/** What a step is taken to touch where it has not run, and what becomes of it when that was wrong; of executions made by hand. */

interface Foreseen extends Begun {
  readonly foresight: Foresight
  /** What `later` would be at once before `earlier`. */
  reversed(later: Step, earlier: Step): Step
  /** The execution is over. */
  analyse(): void
  /** Another one begins. */
  anew(): void
}

function execution(): Foreseen {
  const all = begun()
  const { recording } = all
  const order = new HappensBefore(recording, true)
  const foresight = new Foresight(recording, order)
  const sequence = new Sequence(order)
  return {
    ...all,
    foresight,
    reversed: (later, earlier) => foresight.reversed(later, earlier, sequence, new Step()),
    analyse: () => void order.analyse(),
    anew: () => void begun(recording),
  }
}

/** Each of two tasks makes a step: `one` writes X, and `other` reads it and writes G. */
function two(): Foreseen & { one: Step; other: Step } {
  const all = execution()
  const { recording, a, b, steps } = all
  goOn(recording, a)
  recording.access({ object: X, kind: 'write' })
  goOn(recording, b)
  recording.access({ object: X, kind: 'read' })
  recording.access({ object: G, kind: 'write' })
  all.analyse()
  return { ...all, one: steps[1] as Step, other: steps[2] as Step }
}

describe('a step that comes before another one', () => {
  const isVague = (make: (of: Foreseen & { other: Step }) => void): boolean => {
    const all = two()
    make(all)
    return all.reversed(all.other, all.one).vague
  }

  test('touches what it touched behind it', () => {
    const { one, other, reversed } = two()
    expect(reversed(other, one)).toMatchObject({ vague: false, global: false, objects: [X, G], kinds: [READ, WRITE] })
  })

  test('may touch anything if its task has been cancelled by somebody, or if it has not run and has declared nothing', () => {
    expect(isVague(({ recording, b }) => recording.loose.add(b))).toBe(true)
    expect(isVague(({ recording, a }) => recording.loose.add(a))).toBe(false)
    // In the completion of an external it is the one who waits for it that goes on.
    expect(isVague(({ recording, a, other }) => {
      recording.loose.add(a)
      other.frame = a
    })).toBe(true)
    expect(isVague(({ other }) => void (other.pending = true))).toBe(true)
    expect(isVague(({ other }) => void Object.assign(other, { pending: true, declared: true }))).toBe(false)
    expect(isVague(({ other }) => void (other.declared = true))).toBe(false)
  })
})

describe('what steps have touched', () => {
  /** Whether it is remembered from an execution with which this is done when it is over. */
  const isRemembered = (end: (of: Foreseen & { one: Step; other: Step }) => void): boolean => {
    const all = two()
    end(all)
    all.recording.loose.clear()
    Object.assign(all.other, { pending: true, declared: false })
    const { vague, global, objects, kinds } = all.reversed(all.other, all.one)
    if (!vague) expect([global, objects, kinds]).toEqual([false, [X, G], [READ, WRITE]])
    return !vague
  }
  const ask = ({ reversed, one, other }: { reversed: Foreseen['reversed']; one: Step; other: Step }): void => {
    const { pending } = other
    other.pending = true
    expect(reversed(other, one).vague).toBe(true)
    other.pending = pending
  }

  test('is remembered where values are chosen, since it is asked for then', () => {
    expect(isRemembered(({ foresight }) => foresight.note(true))).toBe(true)
    expect(isRemembered(({ foresight }) => foresight.note(false))).toBe(false)
  })

  test('is remembered where somebody has been cancelled', () => {
    expect(isRemembered(({ foresight, recording, a }) => {
      recording.loose.add(a)
      foresight.note(false)
    })).toBe(true)
  })

  test('is remembered once a step has been met of which nothing is known; no search does it in vain', () => {
    expect(isRemembered((all) => {
      ask(all)
      all.foresight.note(false)
    })).toBe(true)
    // One that is known does not ask for it; nor does one that declares what it would touch.
    expect(isRemembered(({ reversed, one, other, foresight }) => {
      reversed(other, one)
      reversed(Object.assign(other, { pending: true, declared: true }), one)
      foresight.note(false)
    })).toBe(false)
  })

  test('is forgotten when another program is explored, and so is that it was asked for', () => {
    expect(isRemembered(({ foresight }) => {
      foresight.note(true)
      foresight.forget()
    })).toBe(false)
    expect(isRemembered((all) => {
      ask(all)
      all.foresight.forget()
      all.foresight.note(false)
    })).toBe(false)
  })
})

describe('what was left out on an assumption', () => {
  test('was so wrongly if the task that was taken to do the same is cancelled after all; which is said once', () => {
    const wrong = (cancelled: 'a' | 'b' | 'frame', forget = false): boolean[] => {
      const { recording, a, b, foresight, reversed, one, other } = two()
      if (cancelled === 'frame') other.frame = 9
      reversed(other, one)
      if (forget) foresight.forget()
      recording.loose.add(cancelled === 'a' ? a : cancelled === 'b' ? b : 9)
      return [foresight.wasWrong(0), foresight.wasWrong(0)]
    }
    expect([wrong('b'), wrong('a'), wrong('frame')]).toEqual([[true, false], [false, false], [true, false]])
    expect(wrong('b', true)).toEqual([false, false])
  })

  test('nothing was on account of a task that was cancelled already: it was taken to touch anything', () => {
    const { recording, b, foresight, reversed, one, other } = two()
    recording.loose.add(b)
    reversed(other, one)
    expect(foresight.wasWrong(0)).toBe(false)
  })

  /** It was taken to touch nothing, and this was left to it. */
  const left = (lane: number, object: number): Guess => {
    const nothing = { lane, objects: NONE, kinds: NONE, settles: NONE, global: false }
    const claims: Touching = { ...nothing, lane: -1, objects: [object], kinds: [READ] }
    return { ...nothing, unsure: false, claims }
  }

  test('was so wrongly if a step touches what was left to it; its task is doubted from then on', () => {
    const judge = (object: number, from: number): boolean[] => {
      const { foresight, b, one, other } = two()
      other.asked = left(b, object)
      return [foresight.wasWrong(from), foresight.doubts(other), foresight.doubts(one)]
    }
    expect([judge(G, 0), judge(G, 2), judge(G, 3)]).toEqual([[true, true, false], [true, true, false], [false, false, false]])
    // It reads X only, as what was left to it does; and does nothing to F.
    expect([judge(X, 0), judge(F, 0)]).toEqual([[false, false, false], [false, false, false]])
  })

  test('is doubted of who went on in the step, and no longer when another program is explored', () => {
    const { foresight, a, b, one, other, reversed } = two()
    other.asked = left(b, G)
    expect(foresight.wasWrong(0)).toBe(true)
    expect([reversed(other, one).unsure, reversed(one, other).unsure]).toEqual([true, false])
    other.frame = a
    expect([foresight.doubts(other), foresight.doubts(one)]).toEqual([false, false])
    expect([foresight.wasWrong(0), foresight.doubts(one)]).toEqual([true, true])
    foresight.forget()
    expect([foresight.doubts(other), foresight.doubts(one)]).toEqual([false, false])
  })

  test('is judged by the steps of this execution, not by what is left of a longer one', () => {
    const { foresight, recording, a, b, other, analyse, anew } = two()
    other.asked = left(b, G)
    anew()
    goOn(recording, a)
    analyse()
    expect([recording.length, foresight.wasWrong(0)]).toEqual([2, false])
  })
})
