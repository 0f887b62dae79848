import { describe, expect, it } from 'vitest'
import { explored, parsed } from '../../properties/traced-programs.ts'
import { checkSync, createTask, Event, gather, Lock, shared, type Suspension } from '../../src/index.ts'
import { joining, joinsNext, towards } from '../../src/strategies/dpor/joins.ts'
import { Reviews, Sleepers } from '../../src/strategies/dpor/sleepers.ts'
import { type AccessKind, READ, Step, WRITE } from '../../src/strategies/dpor/step.ts'
import { Entry, NO_ENTRIES } from '../../src/strategies/dpor/wakeup-tree.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { handle, pointOf } from './points.ts'

function step(lane: number, object: number, kind: AccessKind): Step {
  const s = new Step().reset(0, lane)
  s.touch(object, kind, undefined)
  return s
}

const sleeping = (lane: number, object: number, kind: AccessKind): Entry => new Entry(step(lane, object, kind))

describe('what sleeps while an execution runs', () => {
  const steps = [step(1, 5, WRITE), step(1, 6, READ), step(4, 5, READ), step(1, 5, WRITE), step(3, 7, READ)]
  const lanesAfter = (sleepers: Sleepers, length: number): number[] => [1, 2, 3, 4].filter((lane) => sleepers.has(lane, { steps, length }))

  it('sleeps on till something touches what it would touch, or its lane goes on', () => {
    const sleepers = new Sleepers()
    sleepers.restart([sleeping(2, 5, READ), sleeping(3, 6, READ)], 1)
    // What ran before it fell asleep is nothing to it, and two reads are no conflict.
    expect([1, 2, 3, 4, 5].map((length) => lanesAfter(sleepers, length))).toEqual([[2, 3], [2, 3], [2, 3], [3], []])
    expect(sleepers.any({ steps, length: 5 })).toBe(false)
  })

  it('is none at first, and none once it is told so', () => {
    const sleepers = new Sleepers()
    expect(sleepers.any({ steps, length: 0 })).toBe(false)
    sleepers.restart([sleeping(2, 9, WRITE)], 0)
    expect([sleepers.any({ steps, length: 5 }), lanesAfter(sleepers, 5)]).toEqual([true, [2]])
    sleepers.restart([sleeping(1, 9, WRITE)], 0)
    expect(sleepers.any({ steps, length: 1 })).toBe(false)
    sleepers.restart(NO_ENTRIES, 0)
    expect([sleepers.any({ steps, length: 5 }), lanesAfter(sleepers, 5)]).toEqual([false, []])
  })

  // A step that finds a lock free or an event set touches more than one that has to wait: the tree's guesses are too large there.
  it('counts for none where it is run again', () => {
    const program = parsed('set x0 | poke y2, read y1 | wait x2, mutex y1')
    const all = explored(program, 'exhaustive', 2000)
    expect(all.report.exhausted).toBe(true)
    const { report } = explored(program, new Dpor(), 2000)
    // The traces of the cell; and in each the third task waits, or finds the event set.
    expect([report.schedules, report.exhausted]).toEqual([2 * all.traces.size, true])
  })

  it('does not sleep on where it was put to sleep for touching more than it does: what waits for it to be woken would be left out', () => {
    const seen = (strategy: 'dpor' | 'exhaustive'): Set<string> => {
      const all = new Set<string>()
      const body = function* (): Generator<Suspension, void, unknown> {
        const [x, y, lock, event] = [shared(0), shared(0), new Lock(), new Event()]
        const log: unknown[] = []
        yield* gather([
          createTask(function* () {
            event.set()
            x.value = 1
          }),
          createTask(function* () {
            yield* y.read()
            yield* lock.with(function* () {
              log.push(x.value)
              yield* x.write(2)
            })
          }),
          createTask(function* () {
            log.push(event.isSet())
            yield* event.wait()
            y.value = 3
          }),
        ])
        all.add(JSON.stringify([log, x.value, y.value]))
      }
      expect(checkSync(body, { strategy, assume: 'tracked', schedules: 10_000 }).exhausted).toBe(true)
      return all
    }
    expect(seen('dpor')).toEqual(seen('exhaustive'))
  })
})

describe('what slept before the branch', () => {
  /** Steps of lanes 1 and 2; behind each sleep a lane that was there at first, and one that fell asleep there. */
  const execution = (...objects: number[][]): Step[] =>
    objects.map((touched, i) => {
      const s = new Step().reset(i, i + 1)
      for (const o of touched) s.touch(o, WRITE, undefined)
      return s
    })
  const ran = (lane: number, object: number, depth: number): Entry => new Entry(step(lane, object, READ), [], false, depth)
  const [first, second, third] = [ran(5, 9, 0), ran(6, 8, 1), ran(7, 9, 2)]
  const lanesAsleep = (branch: number, ...later: number[][]): number[][] => {
    const asleep = [[first], [first, second], [first, second, third]]
    const reviews = new Reviews()
    reviews.review(execution([4], [5]), 0, 2, asleep)
    reviews.review(execution(...later), branch, 2, asleep)
    return asleep.map((entries) => entries.map((e) => e.lane))
  }

  it('sleeps on as long as the steps there touch what they did', () => {
    expect(lanesAsleep(2, [4], [5])).toEqual([[5], [5, 6], [5, 6, 7]])
  })

  it('wakes where one is found to touch more, and stays awake behind it; who fell asleep later sleeps', () => {
    expect(lanesAsleep(2, [4, 9], [5])).toEqual([[5], [6], [6, 7]])
    expect(lanesAsleep(2, [4], [5, 8])).toEqual([[5], [5, 6], [5, 7]])
    const all = execution([4], [5])
    ;(all[0] as Step).global = true
    const asleep = [[first], [first, second], [first, second, third]]
    const reviews = new Reviews()
    reviews.review(execution([4], [5]), 0, 2, asleep)
    reviews.review(all, 2, 2, asleep)
    expect(asleep.map((entries) => entries.length)).toEqual([1, 1, 2])
  })

  it('wakes where one is found to touch as much, but something else', () => {
    const asleep = [[first], [first, second]]
    const reviews = new Reviews()
    reviews.review(execution([4, 6], [5]), 0, 2, asleep)
    reviews.review(execution([4, 9], [5]), 1, 2, asleep)
    expect(asleep.map((entries) => entries.map((e) => e.lane))).toEqual([[5], [6]])
    // Also where that is all that it touches; and what touched anything may touch less.
    const [all, behind] = [execution([4], [5]), [[first], [first, second]]]
    ;(all[0] as Step).global = true
    reviews.review(all, 0, 2, behind)
    reviews.review(execution([4], [5]), 1, 2, behind)
    expect(behind.map((entries) => entries.length)).toEqual([1, 2])
    reviews.review(execution([9], [5]), 1, 2, behind)
    expect(behind.map((entries) => entries.length)).toEqual([1, 1])
  })

  it('is left alone behind the branch, where it is worked out anew', () => {
    expect(lanesAsleep(1, [4], [5, 8])).toEqual([[5], [5, 6], [5, 6, 7]])
    expect(lanesAsleep(0, [4, 9], [5, 8])).toEqual([[5], [5, 6], [5, 6, 7]])
  })
})

describe('joins that are in no tree', () => {
  const lanes = { laneOf: (o: { lane?: number | undefined }) => o.lane ?? 0 }

  it('are the options that go on after one, of the lanes asked for', () => {
    const hop = { ...handle(4), hop: true }
    const point = pointOf([handle(1), handle(2, { joins: true }), handle(3, { joins: true }), hop])
    const found = (...wanted: number[]): number => joining(point, lanes, (lane) => wanted.includes(lane))
    expect([found(1, 2, 3), found(1, 3), found(4), found(1), found()]).toEqual([1, 2, 3, -1, -1])
  })

  it('lead to what a tree asks for, where no step of its lane can run', () => {
    const wanted = new Entry(step(1, 5, READ), [3])
    const joins = { joins: true }
    const to = (...options: ReturnType<typeof handle>[]): number => towards(wanted, pointOf(options), lanes)
    expect(to(handle(2, joins), handle(3, joins), handle(1))).toBe(2)
    // Those that went on unseen where the sequence was made come first.
    expect(to(handle(2, joins), handle(3, joins))).toBe(1)
    expect([to(handle(2), handle(4, joins)), to(handle(2), handle(4))]).toEqual([1, -1])
    // One that the tree asks for later on is not taken for another one, unless it was such a one too.
    const joined = (lane: number): Step => Object.assign(step(lane, 6, READ), joins)
    wanted.child = new Entry(joined(3))
    wanted.child.child = new Entry(joined(4))
    expect([to(handle(3, joins), handle(2, joins)), to(handle(4, joins), handle(2, joins)), to(handle(4, joins))]).toEqual([0, 1, -1])
  })

  it('are none behind the last option, where a list has the clock', () => {
    const options = [handle(2), handle(4)]
    const point = { ...pointOf(options), optionAt: (k: number) => options[k] ?? { kind: 'clock' as const, id: 0 } }
    expect(towards(new Entry(step(0, 5, READ)), point, lanes)).toBe(-1)
  })

  it('are told from those that a tree asks for', () => {
    const joined = step(2, 5, READ)
    joined.joins = true
    const [first, second, third] = [sleeping(1, 5, READ), new Entry(joined), sleeping(3, 5, READ)]
    first.child = second
    second.sibling = sleeping(4, 5, READ)
    second.child = third
    expect([1, 2, 3, 4].map((lane) => joinsNext(first, lane))).toEqual([false, true, false, false])
  })
})
