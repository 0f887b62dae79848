import { describe, expect, test } from 'vitest'
import type { Step } from '../../src/strategies/dpor/step.ts'
import { AllNames } from '../../src/strategies/dpor/names.ts'
import type { Option } from '../../src/strategies/strategy.ts'
import type { Conflict, NthTouch } from '../../src/strategies/shards/conflicts.ts'
import { DporCell } from '../../src/strategies/shards/dpor-cell.ts'
import { type Begun, begun, F, G, goOn, X } from './by-hand.ts'
import { handle, pointOf, read, write } from './points.ts'

/** The executions in which conflicts come in given orders: of executions made by hand, which lanes 1 to 3 make. */

const [MAIN, A, B] = [1, 2, 3] as const

const touch = (lane: number, more: Partial<NthTouch> = {}): NthTouch => ({ lane, object: X, nth: 0, place: 0, ...more })

class Cell extends DporCell {
  /** From this step on nothing is made of the execution. */
  get until(): number {
    return this.horizon
  }
}

/** A cell whose execution has begun, with the main task's first step. */
function cellOf(conflicts: readonly Conflict[], number: number): { cell: Cell } & Begun {
  const cell = new Cell(conflicts, number, new AllNames())
  expect(cell.begin({ schedule: 1, seed: 0, tracked: true })).toBe(true)
  const all = begun(cell.tracker)
  expect([all.a, all.b]).toEqual([A, B])
  return { cell, ...all }
}

const over = { failed: false, steps: 0 }

describe('an execution belongs to one of two cells', () => {
  /** Each lane touches X, in that order. */
  const belongs = (lanes: readonly number[], kind: 'read' | 'write' = 'write'): boolean[] =>
    [0, 1].map((number) => {
      const { cell, recording } = cellOf([{ one: touch(A), other: touch(B) }], number)
      for (const lane of lanes) {
        goOn(recording, lane)
        recording.access({ object: X, kind })
      }
      recording.ended([], false)
      cell.end(over)
      return cell.belongs
    })

  test('by the order in which the two come', () => {
    expect([belongs([A, B]), belongs([B, A])]).toEqual([[true, false], [false, true]])
  })

  test('where they do not conflict by then, to that of the order in which they were seen', () => {
    expect([belongs([A, B], 'read'), belongs([B, A], 'read')]).toEqual([[true, false], [true, false]])
  })

  test('where one of them does not happen, to that in which the other one comes first; where none does, to the first', () => {
    expect([belongs([A]), belongs([B]), belongs([])]).toEqual([[true, false], [false, true], [true, false]])
  })
})

describe('a step is held back that would come too soon', () => {
  /** Lane B comes behind lane A; which of the options is taken. */
  const taken = (options: readonly Option[], conflict: Conflict = { one: touch(A), other: touch(B) }, before: (all: Begun) => void = () => {}): number => {
    const { cell, ...all } = cellOf([conflict], 0)
    before(all)
    return cell.pick(pointOf(options))
  }
  const other = handle(MAIN)

  test('if it says that it will touch the object, wherever it is in its lane', () => {
    expect(taken([handle(B, { accesses: [read(X)] }), other])).toBe(1)
    expect(taken([handle(B, { accesses: [write(F)] }), other])).toBe(0)
    const later = { one: touch(A), other: touch(B, { place: 4 }) }
    expect([taken([handle(B, { accesses: [read(X)] }), other], later), taken([handle(B), other], later)]).toEqual([1, 0])
  })

  test('if it says nothing, and has the place in its lane of the one that was seen', () => {
    const second = { one: touch(A), other: touch(B, { place: 1 }) }
    expect([taken([handle(B), other]), taken([handle(B), other], second)]).toEqual([1, 0])
    expect(taken([handle(B), other], second, ({ recording }) => goOn(recording, B))).toBe(1)
  })

  test('until the first of the two has come, and if it is not another touch', () => {
    expect(taken([handle(B), other], undefined, ({ recording }) => {
      goOn(recording, A)
      recording.access({ object: X, kind: 'write' })
    })).toBe(0)
    const touches = ({ recording }: Begun): void => {
      goOn(recording, B)
      recording.access({ object: X, kind: 'read' })
    }
    const options = [handle(B, { accesses: [read(X)] }), other]
    const second = { one: touch(A), other: touch(B, { nth: 1, place: 1 }) }
    expect([taken(options, second), taken(options, second, touches), taken(options, undefined, touches)]).toEqual([0, 1, 0])
    expect(taken([handle(A), other])).toBe(0)
  })
})

describe('where nothing can go on but what comes too soon', () => {
  /** The main task and lane B come behind lane A, and one of these is all that can go on; then this happens. */
  const until = (options: readonly Option[], then: (all: Begun) => void = () => {}): number => {
    const { cell, ...all } = cellOf([{ one: touch(A), other: touch(B) }, { one: touch(A), other: touch(MAIN, { place: 1 }) }], 0)
    cell.pick(pointOf(options))
    then(all)
    cell.end(over)
    return cell.until
  }
  const [certain, uncertain] = [{ accesses: [write(X)] }, {}]
  const guarded = { object: X, guarded: true, kindAt: () => 'write' as const }

  test('no execution belongs to the cell that goes on from there, if that is certain', () => {
    expect(until([handle(B, certain), handle(MAIN, certain)])).toBe(1)
    expect(until([handle(B, certain), handle(MAIN, uncertain)])).toBe(Number.POSITIVE_INFINITY)
    expect(until([handle(B, certain), handle(A, uncertain)])).toBe(Number.POSITIVE_INFINITY)
  })

  test('unless somebody comes behind it who waits for a condition, in vain or not: before it that might have held', () => {
    const options = [handle(B, certain), handle(MAIN, certain)]
    const waits = (lane: number, goesOn: boolean): number =>
      until(options, ({ recording }) => {
        recording.intends(lane, guarded)
        if (goesOn) goOn(recording, lane)
        recording.ended([], false)
      })
    expect([waits(A, true), waits(A, false)]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
    expect(until(options, ({ recording }) => {
      recording.intends(A, { ...guarded, guarded: false })
      goOn(recording, A)
      recording.ended([], false)
    })).toBe(1)
  })
})

describe('the second of two', () => {
  /** What lane B waits for, as its step number 2 does this. */
  const waitsFor = (second: (all: Begun) => void): readonly number[] => {
    const { cell, ...all } = cellOf([{ one: touch(A), other: touch(B) }], 0)
    goOn(all.recording, A)
    all.recording.access({ object: X, kind: 'write' })
    goOn(all.recording, B)
    second(all)
    all.recording.ended([], false)
    cell.end(over)
    return (all.steps[2] as Step).waitsFor
  }
  const touches = ({ recording }: Begun): void => recording.access({ object: X, kind: 'write' })

  test('waits for the first if it begins with what it touches; of another one it is not known that it would touch it', () => {
    expect(waitsFor(touches)).toEqual([1])
    expect(waitsFor((all) => {
      all.recording.access({ object: G, kind: 'read' })
      touches(all)
    })).toEqual([])
    expect(waitsFor((all) => {
      ;(all.steps[2] as Step).picks = [0]
      touches(all)
    })).toEqual([])
  })
})
