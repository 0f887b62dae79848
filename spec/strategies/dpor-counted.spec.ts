import { describe, expect, it } from 'vitest'
import { Counted, type Execution, type Order } from '../../src/strategies/dpor/counted.ts'

/** A step: its lane, the numbers of the steps before it that it comes after, the values it chose, and whether anybody can see it. */
interface Event {
  readonly lane: number
  readonly after?: readonly number[]
  readonly picks?: readonly number[]
  readonly seen?: 'touches' | 'global' | 'nothing'
}

/** An execution, with its happens-before relation worked out by following arrows. */
function executionOf(events: readonly Event[], cutShort = false, lanes = 3): { execution: Execution; order: Order } {
  const past = events.map((): Set<number> => new Set())
  events.forEach(({ lane, after = [] }, i) => {
    const direct = [...after, ...[...events.keys()].filter((k) => k < i && events[k]?.lane === lane)]
    for (const k of direct) for (const p of past[k] as Set<number>) past[i]?.add(p)
    past[i]?.add(i)
  })
  const steps = events.map(({ lane, picks = [], seen = 'touches' }) => ({ lane, picks, global: seen === 'global', objects: seen === 'touches' ? [1] : [] }))
  return {
    execution: { steps, length: steps.length, lanes, cutShort },
    order: { stepsBefore: (i: number, lane: number) => [...(past[i] as Set<number>)].filter((k) => events[k]?.lane === lane).length },
  }
}

/** Whether the second of two executions counts for none. */
function same(a: readonly Event[], b: readonly Event[], cutShort = false): boolean {
  const counted = new Counted()
  for (const [i, events] of [a, b].entries()) {
    const { execution, order } = executionOf(events, cutShort)
    counted.endTrace(execution, order, [i], 1, false)
  }
  return counted.again
}

const NOTHING = 'nothing'

describe('two executions are one trace', () => {
  it('if they differ in the order of steps that are not ordered', () => {
    expect(same([{ lane: 1 }, { lane: 2 }, { lane: 1 }], [{ lane: 2 }, { lane: 1 }, { lane: 1 }])).toBe(true)
    expect(same([{ lane: 1 }, { lane: 2, after: [0] }, { lane: 3 }], [{ lane: 3 }, { lane: 1 }, { lane: 2, after: [1] }])).toBe(true)
  })

  it('not if a step comes after another one', () => {
    expect(same([{ lane: 1 }, { lane: 2 }], [{ lane: 1 }, { lane: 2, after: [0] }])).toBe(false)
    expect(same([{ lane: 1 }, { lane: 2, after: [0] }], [{ lane: 2 }, { lane: 1, after: [0] }])).toBe(false)
    // Lane 3 comes after one step of lane 1, or after both.
    expect(same([{ lane: 1 }, { lane: 1 }, { lane: 3, after: [0] }], [{ lane: 1 }, { lane: 1 }, { lane: 3, after: [1] }])).toBe(false)
  })

  it('not if there are other steps', () => {
    expect(same([{ lane: 1 }], [{ lane: 2 }])).toBe(false)
    expect(same([{ lane: 1 }], [{ lane: 1 }, { lane: 1 }])).toBe(false)
    expect(same([], [{ lane: 1 }])).toBe(false)
  })

  it('not if a step chose other values', () => {
    const choosing = (...picks: number[]): Event[] => [{ lane: 1, picks, seen: NOTHING }]
    expect(same(choosing(0, 1), choosing(0, 1))).toBe(true)
    for (const other of [[1, 0], [0], [0, 2], [0, 1, 0], []]) expect(same(choosing(0, 1), choosing(...other))).toBe(false)
  })

  it('whatever is done that nobody can see', () => {
    const quiet: Event = { lane: 2, seen: NOTHING }
    expect(same([{ lane: 1 }], [quiet, { lane: 1 }, quiet])).toBe(true)
    // What comes after it comes after nothing that can be seen.
    expect(same([quiet, { lane: 1, after: [0] }], [{ lane: 1 }, quiet])).toBe(true)
    expect(same([{ lane: 2 }, quiet, { lane: 1, after: [1] }], [{ lane: 2 }, { lane: 1, after: [0] }, quiet])).toBe(true)
    expect(same([{ lane: 1 }], [{ lane: 1 }, { lane: 2, seen: 'global' }])).toBe(false)
  })

  it('whatever further lanes have been seen meanwhile', () => {
    const counted = new Counted()
    const events = [{ lane: 1 }, { lane: 1, after: [0] }]
    for (const lanes of [1, 2, 30]) {
      const { execution, order } = executionOf(events, false, lanes)
      counted.endTrace(execution, order, [], 0, false)
      expect(counted.again).toBe(lanes > 1)
    }
  })

  it('not if the run was cut short, and others had come further', () => {
    expect(same([{ lane: 1 }], [{ lane: 1 }, { lane: 2, seen: NOTHING }], true)).toBe(false)
  })

  it('not by accident: all traces of a few steps, all choices of many', () => {
    const counted = new Counted()
    let traces = 0
    const add = (events: readonly Event[]): void => {
      const { execution, order } = executionOf(events)
      counted.endTrace(execution, order, [], 0, false)
      expect(counted.again).toBe(false)
      traces++
    }
    // Six steps of three lanes in turns; each that begins a round may come after any of the other lanes' steps before, or after none.
    const arrows = (i: number): (number | null)[] => [null, ...Array.from({ length: i }, (_, k) => k).filter((k) => k % 3 !== i % 3)]
    const extend = (events: Event[]): void => {
      const i = events.length
      if (i === 5) return add(events)
      for (const k of arrows(i)) {
        // An arrow that others imply already is no other trace.
        const before = executionOf([...events, { lane: 1 + (i % 3) }]).order
        if (k !== null && before.stepsBefore(i, 1 + (k % 3)) > Math.floor(k / 3)) continue
        extend([...events, { lane: 1 + (i % 3), ...(k === null ? {} : { after: [k] }) }])
      }
    }
    extend([])
    for (let n = 0; n < 3 ** 7; n++) add([{ lane: 1, picks: Array.from({ length: 7 }, (_, k) => Math.floor(n / 3 ** k) % 3) }])
    expect(traces).toBeGreaterThan(3 ** 7 + 20)
  })
})

describe('what counts', () => {
  const one = executionOf([{ lane: 1 }])
  const end = (counted: Counted, failed: boolean): boolean => {
    counted.endTrace(one.execution, one.order, [], 0, failed)
    return counted.again
  }

  it('the first failure, though the same trace has passed; no further one', () => {
    const counted = new Counted()
    expect([false, false, true, true, false].map((failed) => end(counted, failed))).toEqual([false, true, false, true, true])
  })

  it('all again, when it is cleared', () => {
    const counted = new Counted()
    end(counted, true)
    end(counted, true)
    counted.clear()
    expect([end(counted, false), end(counted, true), end(counted, true)]).toEqual([false, false, true])
    counted.clear()
    counted.endSchedule([], 0)
    expect(counted.again).toBe(false)
  })

  it('a schedule once, whatever trace it is', () => {
    const counted = new Counted()
    const schedules = Array.from({ length: 3 ** 6 }, (_, n) => Array.from({ length: 6 }, (__, k) => Math.floor(n / 3 ** k) % 3))
    const [had, others] = [schedules.slice(0, 300), schedules.slice(300)]
    for (const picks of had) counted.endUnlike(picks, picks.length, false)
    const again = (picks: readonly number[], length = picks.length): boolean => {
      counted.endSchedule(picks, length)
      return counted.again
    }
    expect(had.every((picks) => again(picks))).toBe(true)
    expect(others.some((picks) => again(picks))).toBe(false)
    // What is behind the end is of an execution before.
    expect(again([...(had[7] as number[]), 2], 6)).toBe(true)
    expect(again([...(had[7] as number[]), 0], 7)).toBe(false)
    expect(again((had[7] as number[]).slice(0, 5))).toBe(false)
  })

  it('one that is not compared, a failure too, after which no trace counts twice', () => {
    const counted = new Counted()
    end(counted, false)
    counted.endUnlike([1], 1, true)
    expect([counted.again, end(counted, true)]).toEqual([false, true])
  })

  it.each([false, true])('and no more than 10,000 traces and schedules are remembered; cleared before: %s', (cleared) => {
    const counted = new Counted()
    if (cleared) counted.clear()
    const nth = (n: number): boolean => {
      const { execution, order } = executionOf([{ lane: 1, picks: [n] }])
      counted.endTrace(execution, order, [n], 1, false)
      return counted.again
    }
    for (let n = 0; n <= 10_000; n++) expect(nth(n)).toBe(false)
    expect([0, 9999, 10_000, 10_000].map(nth)).toEqual([true, true, false, false])
    const schedule = (n: number): boolean => {
      counted.endSchedule([n], 1)
      return counted.again
    }
    expect([0, 9999, 10_000].map(schedule)).toEqual([true, true, false])
  })
})
