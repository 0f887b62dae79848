import { describe, expect, it } from 'vitest'
import { Recollection } from '../../src/strategies/dpor/recollection.ts'
import { type AccessKind, NONE, READ, Step, WRITE } from '../../src/strategies/dpor/step.ts'

/** Steps of an execution, in order; the place of each in its lane is how many of the same lane come up to it. */
class Execution {
  readonly steps: Step[] = []

  add(lane: number, more: Partial<Pick<Step, 'joins' | 'settles' | 'interferes' | 'picks' | 'global' | 'frame'>> = {}, ...touches: [number, AccessKind][]): Step {
    const step = new Step().reset(this.steps.length, lane)
    for (const [object, kind] of touches) step.touch(object, kind, undefined)
    this.steps.push(Object.assign(step, more))
    return step
  }
}

/** What is known of the places of steps: `of` says in which execution each is. */
function recollection(...of: Execution[]): Recollection {
  return new Recollection({
    placeOf: (step) => {
      const { steps } = of.find((e) => e.steps.includes(step)) as Execution
      return steps.filter((s) => s.lane === step.lane && s.index <= step.index).length
    },
  })
}

const NOTHING = { steps: [], length: 0 }

/** Recalls what the last step touches, were it to run before the step `earlier`, behind those of the sequence; null: nothing. */
function recalled(seen: Recollection, { steps }: Execution, earlier: Step, sequence: { steps: Step[]; length: number } = NOTHING): unknown {
  const into = new Step()
  if (!seen.recall(steps.at(-1) as Step, earlier, steps, sequence, into)) return null
  const { joins, settles, objects, kinds, frame } = into
  return { joins, settles, objects, kinds, frame }
}

describe('what a step has touched in another execution is recalled', () => {
  it('of the step with the same place in its lane', () => {
    const [seen, now] = [new Execution(), new Execution()]
    const memory = recollection(seen, now)
    seen.add(1, {}, [5, WRITE])
    seen.add(2, {}, [6, READ])
    seen.add(1, { joins: true, settles: [9] }, [7, READ], [8, WRITE])
    memory.note(seen.steps, 3)
    const first = now.add(1, { frame: 4 })
    expect(recalled(memory, now, first)).toEqual({ joins: false, settles: [], objects: [5], kinds: [WRITE], frame: 4 })
    now.add(1)
    expect(recalled(memory, now, first)).toEqual({ joins: true, settles: [9], objects: [7, 8], kinds: [READ, WRITE], frame: 1 })
    now.add(1)
    expect(recalled(memory, now, first)).toBe(null)
    now.add(3)
    expect(recalled(memory, now, first)).toBe(null)
    memory.forget()
    expect(recalled(memory, { ...now, steps: [first] } as Execution, first)).toBe(null)
  })

  it('not beyond the end, not of one that may have touched anything, and not of one that chose values', () => {
    const [seen, now] = [new Execution(), new Execution()]
    const memory = recollection(seen, now)
    seen.add(1, { global: true }, [5, WRITE])
    seen.add(2, { picks: [1] }, [5, WRITE])
    seen.add(3, {}, [5, WRITE])
    seen.add(4, {}, [5, WRITE])
    memory.note(seen.steps, 3)
    const found = [1, 2, 3, 4].map((lane) => recalled(memory, now, now.add(lane)) !== null)
    expect(found).toEqual([false, false, true, false])
  })

  describe('where as much of its task had been done when that was cancelled', () => {
    /** Lane 2 makes so many steps before each cancellation by lane 3, and then the step in question, its third. */
    const cancelledAfter = (...counts: number[]): Execution => {
      const e = new Execution()
      for (let made = 0; made <= 2; made++) {
        for (const count of counts) if (count === made) e.add(3, { interferes: [2] })
        e.add(2, {}, [10 + made, READ])
      }
      return e
    }

    it.each([[[]], [[0]], [[1]], [[2]], [[1, 1]], [[1, 2]], [[0, 2]]])('cancelled after %j of its steps', (counts) => {
      const seen = cancelledAfter(...counts)
      for (const others of [[], [0], [1], [2], [1, 1], [1, 2], [0, 2], [0, 1]]) {
        const now = cancelledAfter(...others)
        const memory = recollection(seen, now)
        memory.note(seen.steps, seen.steps.length)
        const known = recalled(memory, now, now.steps.at(-1) as Step) !== null
        expect([others, known]).toEqual([others, others.join() === counts.join()])
        // The same, if all comes to run before the first step only as part of the sequence.
        const before = now.steps.slice(0, -1)
        const sequence = { steps: before, length: before.length }
        expect(recalled(memory, now, now.steps[0] as Step, sequence) !== null).toBe(known)
        // What is behind the sequence's end is of an earlier one.
        expect(recalled(memory, now, now.steps.at(-1) as Step, { steps: [new Execution().add(3, { interferes: [2] })], length: 0 }) !== null).toBe(known)
      }
    })

    it('counts for the lane that goes on in the step, whichever lane that is', () => {
      const execution = (cancels: boolean, frame: number): Execution => {
        const e = new Execution()
        if (cancels) e.add(3, { interferes: [2] })
        // An external, which its waiter goes on with.
        e.add(7, { frame }, [5, WRITE])
        return e
      }
      const seen = execution(true, 2)
      const known = [execution(true, 2), execution(true, 7), execution(false, 2)].map((now) => {
        const memory = recollection(seen, now)
        memory.note(seen.steps, 2)
        return recalled(memory, now, now.steps.at(-1) as Step) !== null
      })
      expect(known).toEqual([true, false, false])
    })
  })
})

describe('what a step has touched with other values', () => {
  /** A step of lane 1 that chose this value, after another one of it, and with it a cancellation of the lane or not. */
  const choosing = (picks: number[], cancelled: boolean, ...touches: [number, AccessKind][]): Execution => {
    const e = new Execution()
    e.add(1)
    if (cancelled) e.add(2, { interferes: [1] })
    e.add(1, { picks }, ...touches)
    return e
  }
  const known = choosing([1], false, [5, READ], [6, WRITE], [7, READ], [8, WRITE])

  /** What it is taken to touch with value 1 if it touched this before it chose. */
  const added = (now: Execution, picks: readonly number[], ...touches: [number, AccessKind][]): Record<number, AccessKind> => {
    const memory = recollection(known, now)
    memory.note(known.steps, known.steps.length)
    const into = new Step()
    for (const [object, kind] of touches) into.touch(object, kind, undefined)
    into.picks = picks
    const { objects, kinds } = into
    memory.addChosen(now.steps.at(-1) as Step, now.steps, into)
    // Lists that trees refer to are never changed.
    expect([objects, kinds]).toEqual([touches.map(([o]) => o), touches.map(([, k]) => k)])
    return Object.fromEntries(into.objects.map((o, i) => [o, into.kinds[i] as AccessKind]))
  }

  it('is added to what it had touched before', () => {
    const now = choosing([0], false)
    expect(added(now, [1])).toEqual({ 5: READ, 6: WRITE, 7: READ, 8: WRITE })
    expect(added(now, [1], [4, READ], [7, WRITE])).toEqual({ 4: READ, 5: READ, 6: WRITE, 7: WRITE, 8: WRITE })
    expect(added(now, [1], [8, READ], [6, READ], [5, READ])).toEqual({ 5: READ, 6: WRITE, 7: READ, 8: WRITE })
    expect(added(now, [1], [5, WRITE], [6, WRITE])).toEqual({ 5: WRITE, 6: WRITE, 7: READ, 8: WRITE })
    // What it does itself comes after what it chose from.
    const cancelling = choosing([0], false)
    Object.assign(cancelling.steps.at(-1) as Step, { interferes: [1] })
    expect(added(cancelling, [1])).toEqual({ 5: READ, 6: WRITE, 7: READ, 8: WRITE })
  })

  it('is not where it chose other ones, or was cancelled before, or came sooner', () => {
    const before: [number, AccessKind] = [4, READ]
    expect(added(choosing([0], false), [2], before)).toEqual({ 4: READ })
    expect(added(choosing([0], false), NONE, before)).toEqual({ 4: READ })
    expect(added(choosing([0], true), [1], before)).toEqual({ 4: READ })
    const sooner = new Execution()
    sooner.add(1, { picks: [0] })
    expect(added(sooner, [1], before)).toEqual({ 4: READ })
  })
})
