import { describe, expect, test } from 'vitest'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import type { Recording } from '../../src/strategies/dpor/recording.ts'
import { READ, type Step, WRITE } from '../../src/strategies/dpor/step.ts'
import { type Begun, begun, F, G, goOn, H, runHop, runnable, X } from './by-hand.ts'

/** What steps await, in executions that are told to a recording by hand. */

/** Task `b` ends F, as step 1; then task `a` makes step 2. */
function ended(): Begun & { step: Step } {
  const all = begun()
  goOn(all.recording, all.b)
  all.recording.settled(F)
  goOn(all.recording, all.a)
  return { ...all, step: all.steps[2] as Step }
}

describe('a future that has ended when it is given to gather', () => {
  /** What is known after this: whether the step that does it comes after the end by itself; and what it is seen to look at. */
  const gathers = (then: (of: Begun & { step: Step }) => void): [after: boolean, seen: readonly number[]] => {
    const all = ended()
    const { recording, a, step } = all
    recording.passes(F, false, G)
    then(all)
    const after = recording.after(a).includes(1)
    const order = new HappensBefore(recording, false)
    order.analyse()
    expect(recording.joins.map((j) => [j.object, j.beside])).toContainEqual([F, !after])
    return [after, step.objects.filter((object) => object === F)]
  }

  test('is awaited by that if what gathers is awaited next, whether that has ended or not', () => {
    expect(gathers(({ recording, a }) => recording.awaits(G, a))).toEqual([true, []])
    expect(gathers(({ recording }) => recording.passes(G))).toEqual([true, []])
    expect(gathers(({ recording }) => {
      recording.settled(G)
      recording.passes(G)
    })).toEqual([true, []])
  })

  test('is only looked at if anything else is done before, or nothing is awaited', () => {
    const others: ((of: Begun & { step: Step }) => void)[] = [
      () => {},
      ({ recording }) => recording.access({ object: X, kind: 'read' }),
      ({ recording, b }) => recording.queued(runnable(b)),
      ({ recording }) => recording.settled(X),
      ({ recording }) => recording.startsInside(),
      ({ step }) => void (step.picks = [0]),
      ({ recording, a }) => recording.awaits(X, a),
      ({ recording }) => recording.passes(X),
      ({ recording, a }) => goOn(recording, a),
    ]
    for (const [k, other] of others.entries()) {
      const [after, seen] = gathers((all) => {
        other(all)
        if (k > 0) all.recording.awaits(G, all.a)
      })
      expect([k, after, seen]).toEqual([k, false, [F]])
    }
  })

  test('so are several, together; and not those that something else gathers', () => {
    const { recording, a, b } = begun()
    goOn(recording, b)
    recording.settled(F)
    goOn(recording, b)
    recording.settled(X)
    goOn(recording, a)
    recording.passes(F, false, G)
    recording.passes(X, false, G)
    recording.awaits(G, a)
    expect(recording.after(a)).toEqual([1, 2])
    goOn(recording, a)
    recording.passes(F, false, H)
    recording.passes(X, false, G)
    recording.awaits(G, a)
    expect([recording.joins.slice(-2).map((j) => [j.object, j.beside]), recording.after(a)]).toEqual([[[F, true], [X, false]], [2]])
  })
})

test('a future that native code gives to gather is looked at: other code may go on before that is awaited', () => {
  const { recording, a } = ended()
  recording.passes(F, true, G)
  recording.awaits(G, a)
  expect([recording.joins.map((j) => [j.object, j.beside]), recording.after(a)]).toEqual([[[F, true]], []])
})

test('a step that begins to wait before it has done anything comes after nothing by that', () => {
  const { recording, a, b, steps } = begun()
  goOn(recording, a)
  recording.awaits(F, a)
  goOn(recording, b)
  recording.settled(F)
  goOn(recording, a)
  recording.access({ object: X, kind: 'write' })
  new HappensBefore(recording, false).analyse()
  expect([steps[1]?.causes, steps[1]?.objects]).toEqual([[], []])
})

describe('a step that passes a future which has ended', () => {
  const passes = (pass: (recording: Recording) => void): { step: Step; after: readonly number[]; causes: readonly number[] } => {
    const { recording, a, b, step, steps } = ended()
    pass(recording)
    const next = runnable(b)
    recording.queued(next)
    const after = recording.after(a)
    recording.step(next)
    new HappensBefore(recording, false).analyse()
    return { step, after, causes: (steps[3] as Step).causes }
  }

  test('comes after its end, as does what the step makes go on then', () => {
    const { step, after, causes } = passes((recording) => recording.passes(F))
    expect([step.objects, after, causes]).toEqual([[], [1], [2, 1]])
  })

  test('looks at it if other code of the step may go on beside: in native code, or where a task has begun inside', () => {
    for (const pass of [
      (recording: Recording) => recording.passes(F, true),
      (recording: Recording) => {
        recording.startsInside()
        recording.passes(F)
      },
    ]) {
      const { step, after, causes } = passes(pass)
      expect([step.objects, step.kinds, after, causes]).toEqual([[F], [READ], [], [2]])
    }
  })

  test('comes after nothing by that where it ended the future itself', () => {
    const { recording, a } = begun()
    goOn(recording, a)
    recording.settled(F)
    recording.passes(F, true)
    expect([recording.joins, recording.after(a)]).toEqual([[], []])
  })

  test('that a task has begun inside is nothing to the next step', () => {
    const { recording, a } = ended()
    recording.startsInside()
    goOn(recording, a)
    recording.passes(F)
    expect(recording.after(a)).toEqual([1])
  })
})

describe('a step that has begun to wait', () => {
  /** Whether it is known to go on; and what is seen of it when its wait has ended, and something follows. */
  const waits = (then: (recording: Recording, all: Begun) => void): [forked: boolean, objects: readonly number[]] => {
    const all = begun()
    const { recording, a, b, steps } = all
    goOn(recording, a)
    recording.awaits(F, a)
    then(recording, all)
    goOn(recording, b)
    recording.settled(F)
    goOn(recording, a)
    recording.access({ object: X, kind: 'write' })
    new HappensBefore(recording, false).analyse()
    const step = steps[1] as Step
    return [step.forked, step.objects]
  }

  test('is over, mostly, and nobody can tell when it did so', () => {
    expect(waits(() => {})).toEqual([false, []])
    // Bookkeeping is none of its doings, nor is what others do later.
    expect(waits((recording) => runHop(recording, runnable(undefined, { hop: true, id: 0 }), G))).toEqual([false, []])
    expect(waits((recording, { b }) => {
      goOn(recording, b)
      recording.access({ object: X, kind: 'read' })
    })).toEqual([false, []])
  })

  test('or other code of it goes on: then it counts when it did so', () => {
    expect(waits((recording) => recording.access({ object: X, kind: 'read' }))).toEqual([true, [X, F]])
    expect(waits((recording) => recording.settled(G))).toEqual([true, [F]])
    expect(waits((recording, { b }) => recording.queued(runnable(b)))).toEqual([true, [F]])
    expect(waits((recording) => recording.awaits(G, 9))).toEqual([true, [F]])
    expect(waits((recording) => recording.passes(G))).toEqual([true, [F]])
    expect(waits((recording) => recording.startsInside())).toEqual([true, [F]])
  })
})

describe('a join that was followed by something in one execution', () => {
  /** Task `a` writes X and waits for F, which `b` ends. Then `a` does this. */
  const goesOn = (recording: Recording, then: (recording: Recording, all: Begun) => void): Step => {
    const all = begun(recording)
    const { a, b, steps } = all
    goOn(recording, a)
    recording.access({ object: X, kind: 'write' })
    recording.awaits(F, a)
    goOn(recording, b)
    recording.settled(F)
    recording.settled(G)
    goOn(recording, a)
    then(recording, all)
    recording.ended([], false)
    return steps[1] as Step
  }
  const touches = (recording: Recording): void => recording.access({ object: X, kind: 'write' })
  const nothing = (): void => {}

  /** Whether the join is seen in each of these executions; and whether that says that an earlier one was misjudged. */
  const seen = (...all: ((recording: Recording, of: Begun) => void)[]): [seen: boolean, wrong: boolean][] => {
    const { recording } = begun()
    const order = new HappensBefore(recording, false)
    return all.map((then) => {
      const step = goesOn(recording, then)
      order.analyse()
      return [step.objects.includes(F), order.wasWrong()]
    })
  }

  test('is so in others, where it is not: what follows may hang on how it ended', () => {
    expect(seen(touches, nothing, touches)).toEqual([[true, false], [true, false], [true, false]])
  })

  test('and was misjudged in earlier ones; which is said once', () => {
    expect(seen(nothing, nothing, touches, touches)).toEqual([[false, false], [false, false], [true, true], [true, false]])
  })

  test('is not where what was passed on the way is waited for: it follows that', () => {
    const passesG = (recording: Recording): void => {
      recording.passes(G)
      touches(recording)
    }
    const waitsForG = (recording: Recording, { a }: Begun): void => recording.awaits(G, a)
    const waitsForOther = (recording: Recording, { a }: Begun): void => recording.awaits(H, a)
    expect(seen(passesG, waitsForG, nothing, waitsForOther)).toEqual([[true, false], [false, false], [true, false], [true, false]])
    expect(seen(waitsForG, passesG, touches)).toEqual([[false, false], [true, false], [true, true]])
    expect(seen(waitsForOther, passesG)).toEqual([[false, false], [true, true]])
  })

  test('is not misjudged where the future that it ended is looked at later only', () => {
    const ends = (recording: Recording): void => recording.settled(H)
    const looks = (recording: Recording, { b }: Begun): void => {
      ends(recording)
      goOn(recording, b)
      recording.access({ object: H, kind: 'read' })
    }
    expect(seen(ends, looks, ends)).toEqual([[false, false], [true, false], [true, false]])
    expect(seen(nothing, looks)).toEqual([[false, false], [true, true]])
  })

  test('of another task, or of another future, says nothing', () => {
    const { recording, a, b, steps } = begun()
    const order = new HappensBefore(recording, false)
    goOn(recording, a)
    recording.access({ object: X, kind: 'write' })
    recording.awaits(F, a)
    goOn(recording, b)
    recording.access({ object: X, kind: 'write' })
    recording.awaits(F, b)
    goOn(recording, 1)
    recording.settled(F)
    recording.settled(G)
    goOn(recording, a)
    recording.access({ object: X, kind: 'write' })
    recording.awaits(G, a)
    goOn(recording, b)
    goOn(recording, a)
    order.analyse()
    expect([1, 2, 4].map((i) => steps[i]?.objects)).toEqual([[X, F], [X], [X]])
  })

  test('in the same step: what it passes, ends and waits for behind the join counts, and nothing else', () => {
    /** Task `b` ends F and G. Then `a` writes X, and does this in the same step. */
    const inOne = (...all: ((recording: Recording, of: Begun) => void)[]): [seen: boolean, wrong: boolean][] => {
      const { recording } = begun()
      const order = new HappensBefore(recording, false)
      return all.map((does) => {
        const of = begun(recording)
        goOn(recording, of.b)
        recording.settled(F)
        recording.settled(G)
        goOn(recording, of.a)
        touches(recording)
        does(recording, of)
        goOn(recording, of.b)
        recording.access({ object: H, kind: 'read' })
        recording.ended([], false)
        order.analyse()
        return [(of.steps[2] as Step).objects.includes(F), order.wasWrong()]
      })
    }
    const passes = (...futures: number[]) => (recording: Recording): void => futures.forEach((future) => recording.passes(future))
    const then = (...acts: ((recording: Recording, of: Begun) => void)[]) => (recording: Recording, of: Begun): void => acts.forEach((act) => act(recording, of))
    const waits = (future: number) => (recording: Recording, { a }: Begun): void => recording.awaits(future, a)
    const ends = (recording: Recording): void => recording.settled(H)
    expect(inOne(then(passes(F, G), touches), then(passes(F), waits(G)), then(passes(F), waits(H)))).toEqual([[true, false], [false, false], [true, false]])
    // What was passed before is not on the way.
    expect(inOne(then(passes(G, F), touches), then(passes(F), waits(G)))).toEqual([[true, false], [true, false]])
    // The end of H is seen; where it comes before the join it does not follow.
    expect(inOne(then(passes(F), ends))).toEqual([[true, false]])
    expect(inOne(then(ends, passes(F)), then(passes(F), ends))).toEqual([[false, false], [true, true]])
    // What says less than is known says nothing new; what says more does.
    expect(inOne(then(passes(F, G), touches), then(passes(F), touches), then(passes(F), waits(G)))).toEqual([[true, false], [true, false], [true, false]])
  })

  test('is known of another program no longer', () => {
    const { recording } = begun()
    const order = new HappensBefore(recording, false)
    goesOn(recording, touches)
    order.analyse()
    order.forget()
    recording.forget()
    const step = goesOn(recording, nothing)
    order.analyse()
    expect([step.objects, step.kinds]).toEqual([[X], [WRITE]])
    goesOn(recording, touches)
    order.analyse()
    order.forget()
    expect([order.wasWrong(), order.coarse]).toEqual([false, false])
  })
})
