import { describe, expect, test } from 'vitest'
import type { Runnable } from '../../src/loop/runnable.ts'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import { Step, WRITE } from '../../src/strategies/dpor/step.ts'
import { Entry, Sequence } from '../../src/strategies/dpor/wakeup-tree.ts'
import { begun, F, G, goOn, hopOf, runHop, runnable, X } from './by-hand.ts'

/** What an execution is recorded as, and how its steps are ordered: each execution made by hand. */

describe('a step that did not run', () => {
  test('goes on after a join if it says so, or if bookkeeping leads to it', () => {
    const pending = (more: Partial<Runnable>): boolean | undefined => {
      const { recording, a } = begun()
      recording.ended([runnable(a, more)], true)
      expect([recording.length, recording.pending]).toEqual([1, 1])
      return recording.steps[1]?.joins
    }
    expect([pending({}), pending({ joins: true }), pending({ hop: true }), pending({ joins: true, hop: true })]).toEqual([false, true, true, true])
  })

  test('comes after what queued it', () => {
    const { recording, a, b, steps } = begun()
    goOn(recording, a)
    const queued = runnable(b)
    recording.queued(queued)
    recording.ended([runnable(a), queued], true)
    expect(steps.slice(2, 4).map((s) => s.causes)).toEqual([[], [1]])
  })

  test('of no lane can be followed unless it leads to somebody', () => {
    const given = (more: Partial<Runnable>): boolean => {
      const { recording } = begun()
      recording.ended([runnable(undefined, { hop: true, ...more })], true)
      expect(recording.pending).toBe(0)
      return recording.irreducible
    }
    expect([given({ leads: () => true }), given({ leads: () => false }), given({})]).toEqual([true, false, false])
  })
})

describe('bookkeeping', () => {
  test('goes on because of all that its owner has been told of, and nobody else', () => {
    const ends = (first: Partial<Runnable>, second: Partial<Runnable>): unknown[] => {
      const { recording, a, b } = begun()
      goOn(recording, a)
      const one = hopOf(recording, first)
      goOn(recording, b)
      const other = hopOf(recording, second)
      runHop(recording, one, F)
      runHop(recording, other, G)
      return [recording.endOf(F), recording.endOf(G)].map((cause) => [cause].flat())
    }
    const [owner, another] = [{}, {}]
    expect(ends({ owner }, { owner })).toEqual([[1], [1, 2]])
    expect(ends({ owner }, { owner: another })).toEqual([[1], [2]])
    expect(ends({}, {})).toEqual([[1], [2]])
    expect(ends({ owner }, { owner, alone: true })).toEqual([[1], [2]])
  })

  test('is told nothing of an earlier execution, though its owner may be the same', () => {
    const { recording } = begun()
    const owner = {}
    const endedAs = (lane: 'a' | 'b'): unknown => {
      const of = begun(recording)
      goOn(recording, of.a)
      if (lane === 'b') goOn(recording, of.b)
      runHop(recording, hopOf(recording, { owner }), F)
      return recording.endOf(F)
    }
    expect([endedAs('a'), endedAs('b')]).toEqual([[1], [2]])
  })

  test('that ends a future is remembered of this execution, and of all of them', () => {
    const { recording, a } = begun()
    goOn(recording, a)
    recording.settled(G)
    runHop(recording, hopOf(recording), F)
    expect([[...recording.collected], [...recording.everCollected]]).toEqual([[F], [F]])
    recording.restart()
    expect([[...recording.collected], [...recording.everCollected]]).toEqual([[], [F]])
    recording.forget()
    expect([...recording.everCollected]).toEqual([])
  })
})

describe('a step', () => {
  test('that asks for a callback which keeps its place among others conflicts with all that do', () => {
    const { recording, a, steps } = begun()
    goOn(recording, a)
    recording.queued(runnable(a))
    expect(steps[1]?.objects).toEqual([])
    recording.queued(runnable(a, { sequence: {} }))
    expect([steps[1]?.objects, steps[1]?.kinds]).toEqual([[0], [WRITE]])
  })

  test('passes the joins of its task, and not those of bookkeeping', () => {
    const { recording, a, b } = begun()
    goOn(recording, a)
    recording.settled(F)
    goOn(recording, b)
    recording.hop(hopOf(recording))
    recording.passes(F)
    recording.hopped()
    expect([recording.joins, recording.after(b)]).toEqual([[], []])
    recording.passes(F)
    expect([recording.joins.map((j) => j.object), recording.after(b)]).toEqual([[F], [1]])
  })
})

describe('a task that cancels itself', () => {
  test('can’t be followed if it passes a join in the same step', () => {
    const given = (cancels: 'a' | 'b', passesLater: boolean): boolean => {
      const { recording, a, b } = begun()
      goOn(recording, a)
      recording.interferes(cancels === 'a' ? a : b)
      if (passesLater) goOn(recording, a)
      recording.passes(F)
      return recording.irreducible
    }
    expect([given('a', false), given('a', true), given('b', false)]).toEqual([true, false, false])
  })
})

describe('the order of steps', () => {
  test('shows whether a task has been cancelled in those that are cancelled by somebody, and in no others', () => {
    const { recording, a, b, steps } = begun()
    const order = new HappensBefore(recording, true)
    goOn(recording, a)
    goOn(recording, b)
    const [, one, other] = steps as [Step, Step, Step]
    recording.loose.add(a)
    for (const s of [one, other]) order.showCourse(s)
    expect([one.objects, other.objects]).toEqual([[recording.courseOf(a)], []])
    // In the completion of an external it is the one who waited for it that goes on.
    other.frame = a
    order.showCourse(other)
    expect(other.objects).toEqual([recording.courseOf(a)])
  })

  test('has before a step by itself what its lane did, and its causes; not what it conflicts with', () => {
    const { recording, a, b, steps } = begun()
    const order = new HappensBefore(recording, false)
    goOn(recording, a)
    goOn(recording, b)
    recording.access({ object: X, kind: 'write' })
    goOn(recording, a)
    recording.access({ object: X, kind: 'read' })
    order.analyse()
    const [main, first, writes, reads] = steps as [Step, Step, Step, Step]
    expect([first, writes].map((s) => order.before(s, reads))).toEqual([true, true])
    const own = order.ownClock(reads, new Int32Array(0))
    expect([first, writes].map((s) => order.beforeClock(s, own))).toEqual([true, false])
    expect(order.beforeClock(first, order.ownClock(main, own))).toBe(false)
    const caused = runnable(b)
    recording.queued(caused)
    recording.step(caused)
    order.analyse()
    expect([first, reads, writes].map((s) => order.beforeClock(s, order.ownClock(steps[4] as Step, own)))).toEqual([true, true, true])
  })

  test('counts the steps of a lane; of one that did not run, as if it had', () => {
    const { recording, a, b, steps } = begun()
    for (const lane of [a, b, a]) goOn(recording, lane)
    recording.ended([runnable(a), runnable(b)], true)
    const order = new HappensBefore(recording, false)
    order.analyse()
    expect(steps.slice(1, 6).map((s) => [s.lane, order.placeOf(s)])).toEqual([[a, 1], [b, 1], [a, 2], [a, 3], [b, 2]])
  })

  test('has no race of the clock with what follows it, unless that came from outside while nothing else could run', () => {
    const races = (idle: boolean, external: boolean): readonly number[] => {
      const { recording, a, steps } = begun()
      recording.advance()
      goOn(recording, a)
      const [, clock, next] = steps as [Step, Step, Step]
      Object.assign(clock, { idle })
      Object.assign(next, { external })
      return new HappensBefore(recording, false).analyse()
    }
    expect([races(false, false), races(true, false), races(false, true), races(true, true)]).toEqual([[], [], [], [1, 2]])
  })

  test('shows a join after which a future ends that somebody looks at: others may come in between', () => {
    const joins = (looks: boolean): boolean => {
      const { recording, a, b, steps } = begun()
      goOn(recording, b)
      recording.settled(F)
      goOn(recording, a)
      recording.access({ object: X, kind: 'write' })
      recording.passes(F)
      recording.settled(G)
      goOn(recording, b)
      if (looks) recording.access({ object: G, kind: 'read' })
      new HappensBefore(recording, false).analyse()
      return (steps[2] as Step).objects.includes(F)
    }
    expect([joins(true), joins(false)]).toEqual([true, false])
  })
})

describe('a sequence', () => {
  test('leaves to an entry of its last lane as many values as there are for the first choice that only the entry says', () => {
    const { recording, a, b, steps } = begun()
    goOn(recording, a)
    const order = new HappensBefore(recording, false)
    order.analyse()
    const chose = (lane: number, picks: number[], counts: number[]): Step => Object.assign(new Step().reset(0, lane), { picks, counts })
    const sequence = new Sequence(order)
    sequence.setLast(chose(a, [1], [2]), steps[1] as Step, null, -1)
    const left = (lane: number, picks: number[], counts: number[]): number => sequence.valuesLeft(new Entry(chose(lane, picks, counts)))
    expect([left(a, [1, 0], [2, 3]), left(a, [1, 0, 4], [2, 4, 5]), left(a, [1], [2]), left(b, [1, 0], [2, 3])]).toEqual([3, 4, 0, 0])
  })

  test('may begin with a step that chooses the same; of its last one it is known only how that begins', () => {
    const { recording, a, b, steps } = begun()
    const c = recording.newLane()
    for (const lane of [a, b, c]) goOn(recording, lane)
    const order = new HappensBefore(recording, false)
    order.analyse()
    const chose = (step: Step, ...picks: number[]): Step => Object.assign(step, { picks, counts: picks.map(() => 2) })
    chose(steps[2] as Step, 1)
    const mayBegin = (lane: number, ...picks: number[]): boolean => {
      const sequence = new Sequence(order)
      sequence.without(steps[1] as Step, steps[3] as Step, steps, recording.length)
      sequence.setLast(chose(new Step().reset(3, c), 1), steps[3] as Step, null, -1)
      return sequence.mayBeginWith(new Entry(chose(new Step().reset(0, lane), ...picks)))
    }
    expect([mayBegin(b, 1), mayBegin(b, 0), mayBegin(b), mayBegin(b, 1, 0)]).toEqual([true, false, false, false])
    expect([mayBegin(c, 1), mayBegin(c, 0), mayBegin(c), mayBegin(c, 1, 0)]).toEqual([true, false, false, true])
  })
})
