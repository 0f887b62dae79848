import { describe, expect, test } from 'vitest'
import { Dimensions } from '../../src/explore/dimensions.ts'
import { Distinct, signature } from '../../src/explore/distinct.ts'
import { enoughSteps } from '../../src/explore/enough-steps.ts'
import type { Fault } from '../../src/explore/execution.ts'
import { FewerSwitches, LaneSteps } from '../../src/explore/fewer-switches.ts'
import { inShort } from '../../src/explore/in-short.ts'
import { LaneOrder, laneOf, merged, mergesOf } from '../../src/explore/lane-order.ts'
import { isPreemption, Measure } from '../../src/explore/measure.ts'
import { sameFault, shape } from '../../src/explore/minimise.ts'
import { Lenient } from '../../src/explore/picks.ts'
import { repeatsIn } from '../../src/explore/repeats.ts'
import type { Failure } from '../../src/explore/report.ts'
import { keptEntry, scheduleRecord } from '../../src/explore/schedule-record.ts'
import { fieldOf, shown } from '../../src/explore/shown.ts'
import { inWords, Tracer, type TraceStep } from '../../src/explore/trace.ts'
import { sequencer, stepName, valueName } from '../../src/strategies/sequencer.ts'
import { handle, pointOf, values } from '../strategies/points.ts'

/** What exploring is made of, each part by itself. */

const external = (lane: number, label?: string) => ({ kind: 'external' as const, id: 1, lane, label })

describe('a lane order', () => {
  const order = new LaneOrder({ lanes: [1, 2, 1, 3, 2], values: [2, 0, 9] })
  const at = (...lanes: number[]): number => order.choose(pointOf(lanes.map((l) => handle(l))))

  test('lets the lane go first whose turn comes first', () => {
    expect(at(2, 1, 3)).toBe(1)
    order.step(handle(1))
    expect(at(3, 2, 1)).toBe(1)
    order.step(handle(2))
    // What comes out of turn is taken out of the order all the same.
    order.step(handle(3))
    expect(at(3, 2)).toBe(1)
    expect(at(3, 1)).toBe(1)
    expect(at(3, 4)).toBe(0)
    order.step(handle(1))
    expect([at(1, 2), at(1, 4)]).toEqual([1, 0])
  })

  test('an option that is excepted is passed over, even where nothing of the order can go on', () => {
    const two = new LaneOrder({ lanes: [1, 2], values: [] })
    const point = pointOf([handle(1), handle(2), handle(8)])
    expect([two.choose(point), two.choose(point, 0), two.choose(point, 1)]).toEqual([0, 1, 0])
    expect(two.choose(pointOf([handle(8), handle(9)]), 0)).toBe(1)
    expect(two.choose(pointOf([handle(8), handle(9)]), 1)).toBe(0)
  })

  test('gives values in their order; one that is not there any more is the first', () => {
    const given = new LaneOrder({ lanes: [], values: [2, 1, 9] })
    expect([values(3), values(2), values(3), values(3)].map((p) => given.choose(p))).toEqual([2, 1, 0, 0])
  })

  test('callbacks go by who asked for them, the clock by nobody', () => {
    expect([laneOf(handle(3, { origin: 4 })), laneOf(handle(undefined, { origin: 4 })), laneOf({ kind: 'clock', id: 0 })]).toEqual([3, 4, -1])
  })

  test('merging: a block joins the one of its lane before it, there or here', () => {
    const whole = { lanes: [1, 1, 2, 1, 3, 2], values: [7] }
    expect(mergesOf(whole)).toEqual([
      { earlier: 0, later: 2, forward: false },
      { earlier: 0, later: 2, forward: true },
      { earlier: 1, later: 4, forward: false },
      { earlier: 1, later: 4, forward: true },
    ])
    const [back1, on1, back2, on2] = mergesOf(whole)
    const lanes = (...merges: (typeof back1)[]): readonly number[] => merged(whole, merges.flatMap((m) => m ?? [])).lanes
    expect(lanes()).toEqual(whole.lanes)
    expect(lanes(back1)).toEqual([1, 1, 1, 2, 3, 2])
    expect(lanes(on1)).toEqual([2, 1, 1, 1, 3, 2])
    expect(lanes(back2)).toEqual([1, 1, 2, 2, 1, 3])
    expect(lanes(on2)).toEqual([1, 1, 1, 3, 2, 2])
    expect(lanes(on1, on2)).toEqual([1, 1, 1, 3, 2, 2])
    expect(lanes(back1, on1)).toEqual([1, 1, 1, 2, 3, 2])
    expect(merged(whole, []).values).toEqual([7])
    expect(mergesOf({ lanes: [1, 2, 3], values: [] })).toEqual([])
  })

  test('fewer switches: a lane that can go on does, but at the places that are kept', () => {
    const steps = new LaneSteps()
    expect(steps.placeOf(1)).toBe('1:0')
    steps.step(handle(1))
    steps.step(handle(1))
    expect([steps.placeOf(1), steps.placeOf(2)]).toEqual(['1:2', '2:0'])
    const chooser = new FewerSwitches({ lanes: [1, 2, 1, 2], values: [1] }, new Set(['1:2']))
    chooser.step(handle(1))
    expect(chooser.choose(pointOf([handle(2), handle(1)], 1))).toBe(1)
    chooser.step(handle(1))
    expect(chooser.choose(pointOf([handle(1), handle(2)], 1))).toBe(1)
    expect(chooser.choose(pointOf([handle(3), handle(2)], 1))).toBe(1)
    expect(chooser.choose(values(2, 1))).toBe(1)
  })
})

describe('what a schedule comes to', () => {
  test('leaving a lane that could go on is a preemption; values, and staying, are none', () => {
    const point = pointOf([handle(1), handle(2)], 1)
    expect([isPreemption(point, 0), isPreemption(point, 1), isPreemption(point, 2)]).toEqual([false, true, false])
    expect(isPreemption(pointOf([handle(2), handle(3)], 1), 1)).toBe(false)
    expect(isPreemption(pointOf([external(1), handle(3)], 1), 1)).toBe(true)
    expect(isPreemption(values(2, 1), 1)).toBe(false)
  })

  test('a measure counts choices, picks, switches by place, values, lanes and tasks', () => {
    const picks = [0, 1, 2, 1]
    const seen: unknown[] = []
    const measure = new Measure({ choose: () => picks.shift() ?? 0, step: (o) => seen.push(o.lane) })
    expect(measure.choose(pointOf([handle(1), handle(2)], 0))).toBe(0)
    measure.step(handle(1, { task: 'a' }))
    expect(measure.choose(pointOf([handle(1), handle(2)], 1))).toBe(1)
    measure.step(handle(2, { task: 'b' }))
    measure.choose(values(3, 2))
    expect(measure.choose(pointOf([handle(1), handle(3)], 2))).toBe(1)
    measure.step(handle(3, { task: 'a' }))
    expect([...measure.picks]).toEqual([[1, 1], [2, 2], [3, 1]])
    expect([measure.choices, measure.switches, measure.values, measure.lanes, measure.tasks, seen]).toEqual([4, ['1:1'], [2], [1, 2, 3], 2, [1, 2, 3]])
  })

  test('picks are followed as far as they are there', () => {
    const lenient = new Lenient(new Map([[1, 1], [2, 2], [3, 1]]))
    expect([values(2), values(2), values(2), values(2), values(2)].map((p) => lenient.choose(p))).toEqual([0, 1, 0, 1, 0])
  })

  test('a trace: one step for a completion and what it resumes, and for a place where nothing went wrong', () => {
    let pick = 0
    const tracer = new Tracer({ choose: () => pick })
    const loop = (time: number) => ({ time: () => time })
    tracer.step(handle(1, { task: 'a', label: 'start' }), loop(0))
    tracer.choose(pointOf([handle(1, { label: 'x' }), external(2, 'io')], 1))
    pick = 1
    tracer.choose(pointOf([handle(1, { label: 'x' }), external(2, 'io')], 1))
    tracer.step(external(2, 'io'), loop(2))
    tracer.step(handle(2, { task: 'b' }), loop(2))
    tracer.step(handle(2, { task: 'b' }), loop(3))
    pick = 0
    tracer.choose({ ...values(2, 2), disturbs: true })
    pick = 1
    tracer.choose({ ...values(2, 2), disturbs: true })
    expect(tracer.steps.map((s) => [s.step, s.time, s.kind, s.preemption])).toEqual([
      [1, 0, 'handle', false],
      [2, 2, 'external', true],
      [2, 2, 'handle', false],
      [3, 3, 'handle', false],
      [3, 3, 'value', false],
      [4, 3, 'value', false],
    ])
    expect([tracer.choices, tracer.preemptions, [...tracer.picks]]).toEqual([4, 1, [[1, 1], [3, 1]]])
    expect(tracer.steps[1]?.choice).toEqual({ pick: 1, count: 2, options: ['x', 'external io'] })
    expect(new Set(tracer.fingerprints).size).toBe(6)
    expect(inWords(handle(1, { task: 'a', label: 'x' }))).toBe('a x')
    expect(inWords({ kind: 'clock', id: 0, label: 'clock' })).toBe('clock clock')
  })

  test('a long schedule is written down without its middle', () => {
    const steps = (n: number): TraceStep[] => Array.from({ length: n }, (_, i) => ({ step: i + 1, time: 0, kind: 'handle', task: 'a', lane: 1, label: undefined, choice: undefined, preemption: false }))
    const place = { file: 'f.ts', line: 1, column: 1 }
    const whole = scheduleRecord('t', steps(5000), { places: [place] })
    expect([whole.steps.length, whole.omitted, whole.wakes, whole.values]).toEqual([5000, undefined, undefined, []])
    expect([whole.steps[0], whole.steps[1]]).toEqual([{ ...steps(1)[0], at: place }, steps(2)[1]])
    const value = (entry: number) => ({ entry, name: 'x', kind: 'read' as const, value: '1', at: undefined })
    const long = scheduleRecord('t', steps(5010), {
      places: Array.from({ length: 5010 }, (_, i) => ({ ...place, line: i + 1 })),
      values: [value(2499), value(2500), value(2509), value(2510), value(5009)],
      wakes: [
        { entry: 2499, by: 3 },
        { entry: 2510, by: 2499 },
        { entry: 2510, by: 2505 },
      ] as never,
    })
    expect(long.steps.length).toBe(5000)
    expect([long.steps[2499], long.steps[2500]].map((s) => [s?.step, s?.at?.line])).toEqual([[2500, 2500], [2511, 2511]])
    expect(long.omitted).toEqual({ entry: 2500, count: 10 })
    expect(long.values.map((v) => v.entry)).toEqual([2499, 2500, 4999])
    expect(long.wakes).toMatchObject([{ entry: 2499, by: 3 }, { entry: 2500, by: 2499 }])
    expect([keptEntry(2499, 5010), keptEntry(2500, 5010), keptEntry(2509, 5010), keptEntry(2511, 5010), keptEntry(4000, 5000)]).toEqual([2499, 2500, 2500, 2501, 4000])
    // Of what is no longer than that everything is where it was.
    expect([keptEntry(2500, 2501), keptEntry(3000, 4000), keptEntry(4999, 5000)]).toEqual([2500, 3000, 4999])
  })

  test('what a run does over and over at its end', () => {
    const steps = (words: string): TraceStep[] => [...words].map((label, i) => ({ step: i + 1, time: i, kind: 'handle', task: 'a', lane: 1, label, choice: undefined, preemption: false }))
    expect(repeatsIn(steps('xyabab'))).toBeUndefined()
    expect(repeatsIn(steps('xyababab'))).toEqual({ entry: 6, length: 2, times: 3 })
    expect(repeatsIn(steps('xbababab'))).toEqual({ entry: 6, length: 2, times: 3 })
    expect(repeatsIn(steps('aaa'))).toEqual({ entry: 2, length: 1, times: 3 })
    expect(repeatsIn(steps('abcabcabc'))).toEqual({ entry: 6, length: 3, times: 3 })
    expect(repeatsIn(steps('aa'))).toBeUndefined()
    expect(repeatsIn([])).toBeUndefined()
  })

  test('enough steps for a run without an end: a tenth, a thousand at least, never more than there are', () => {
    expect([10, 1000, 5000, 100_000, 100_001].map(enoughSteps)).toEqual([10, 1000, 1000, 10_000, 10_001])
  })
})

describe('failures told apart', () => {
  const fault = (error: unknown, kind: Fault['kind'] = 'error'): Fault => ({ kind, error }) as Fault

  test('the same: kind, class, and message up to its numbers', () => {
    expect(shape(new RangeError('12 of 3.5 at x7'))).toBe('RangeError: # of # at x#')
    expect(shape('12')).toBe('string: 12')
    expect(shape(null)).toBe('object: null')
    expect(shape(Object.assign(new Error('3 left'), { constructor: undefined }))).toBe('undefined: # left')
    expect(sameFault(fault(new RangeError('1')), fault(new RangeError('22')))).toBe(true)
    expect(sameFault(fault(new RangeError('1')), fault(new TypeError('1')))).toBe(false)
    expect(sameFault(fault(new RangeError('1')), fault(new RangeError('1'), 'unhandled'))).toBe(false)
    expect([sameFault(null, fault(1)), sameFault(fault(1), null), sameFault(null, null)]).toEqual([false, false, false])
  })

  test('where the error was made counts for errors, and for nothing else', () => {
    const at = (line: string): Error => Object.assign(new Error('m'), { stack: `Error: m\n    at node:internal/x:1:1\n    at f (${line})\n    at g (/app/g.ts:1:1)` })
    expect(signature(fault(at('/app/a.ts:1:1')))).toBe('error Error: m at f (/app/a.ts:1:1)')
    expect(signature(fault(at('/app/a.ts:1:1'), 'unhandled'))).toBe('unhandled Error: m at f (/app/a.ts:1:1)')
    expect(signature(fault(at('/app/a.ts:1:1'), 'leak'))).toBe('leak Error: m ')
    expect(signature(fault('m'))).toBe('error string: m ')
    // Who called what is built in is to be mended; a function without a name is called so with source maps.
    const parsed = (line: string): Error => Object.assign(new Error('m'), { stack: `Error: m\n    at JSON.parse (<anonymous>)\n    at <anonymous> (${line})\n    at g (/app/g.ts:1:1)` })
    expect(signature(fault(parsed('/app/a.ts:1:1')))).toBe('error Error: m at <anonymous> (/app/a.ts:1:1)')
    // A time in its words is no place.
    const late = (time: string): Error => Object.assign(new Error(`late at ${time}`), { stack: `Error: late at ${time}\n    at f (/app/a.ts:1:1)` })
    expect(signature(fault(late('12:05')))).toBe(signature(fault(late('12:06'))))
  })

  test('twenty are kept, and each is counted', () => {
    const distinct = new Distinct()
    const failure = (n: number): Failure => ({ n }) as unknown as Failure
    for (let n = 0; n < 25; n++) {
      const f = fault('x'.repeat(n + 1), 'leak')
      expect(distinct.count(f)).toBe(n < 20)
      if (n < 20) distinct.add(f, failure(n))
    }
    expect(distinct.count(fault('x', 'leak'))).toBe(false)
    expect(distinct.all.map((d) => d.count)).toEqual([2, ...Array<number>(19).fill(1)])
    expect(distinct.all[3]?.failure).toEqual({ n: 3 })
  })

  test('anything thrown has words', () => {
    const bad = { toString: () => { throw new Error('no') } }
    expect([shown(bad), shown(new RangeError('x')), shown(undefined)]).toEqual(['[object Object]', 'RangeError: x', 'undefined'])
    const error = new Error('m')
    Object.defineProperty(error, 'stack', { value: undefined })
    Object.defineProperty(error, 'name', { value: 7 })
    Object.defineProperty(error, 'message', { get: () => { throw new Error('no') } })
    expect([fieldOf(error, 'message'), fieldOf(error, 'stack'), fieldOf(error, 'name')]).toEqual([undefined, undefined, '7'])
  })

  test('values in a few words', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    const words: [unknown, string][] = [
      ['a "b"', '"a \\"b\\""'],
      [new Map([[1, 'x']]), 'Map(1) [[1,"x"]]'],
      [new Set([1, 2]), 'Set(2) [1,2]'],
      [new RangeError('m'), 'RangeError: m'],
      [function named() {}, 'function named'],
      [{ a: 1 }, '{"a":1}'],
      [{ toJSON: () => undefined }, '{}'],
      [null, 'null'],
      [12n, '12'],
      [circle, '[object Object]'],
      [{ a: 'x\ty' }, '{"a":"x\\ty"}'],
      ['x'.repeat(78), `"${'x'.repeat(78)}"`],
      ['x'.repeat(79), `"${'x'.repeat(78)}…`],
    ]
    for (const [value, expected] of words) expect(inShort(value)).toBe(expected)
    expect(inShort(Symbol('a  b'))).toBe('Symbol(a b)')
  })
})

describe('coverage by kind of choice', () => {
  const places = (faults: [string, boolean][], cancellations: [string, boolean][] = []) => ({ faults: new Map(faults), cancellations: new Map(cancellations) })

  test('none, sampled, exhausted; what was never tried is not run through', () => {
    const d = new Dimensions()
    expect(d.report(true, 0)).toEqual({ order: 'none', faults: { coverage: 'none', places: 0, tried: 0 }, cancellations: { coverage: 'none', places: 0, tried: 0 } })
    d.add(places([['a', true], ['b', false]], [['t', true]]))
    d.add(places([['b', false], ['a', false]]))
    expect(d.report(true, 3)).toEqual({
      order: 'exhausted',
      faults: { coverage: 'sampled', places: 2, tried: 1 },
      cancellations: { coverage: 'exhausted', places: 1, tried: 1 },
    })
    d.add(places([['b', true]]))
    expect(d.report(true, 3).faults).toEqual({ coverage: 'exhausted', places: 2, tried: 2 })
    expect(d.report(false, 3)).toMatchObject({ order: 'sampled', faults: { coverage: 'sampled' }, cancellations: { coverage: 'sampled' } })
    d.add({ faults: null, cancellations: null })
    expect(d.report(true, 1).faults.places).toBe(2)
  })
})

describe('names of steps', () => {
  test('the task and what it waited for', () => {
    expect(stepName({ kind: 'handle', task: 'a', label: 'x' })).toBe('a: x')
    expect(stepName({ kind: 'handle', task: undefined, label: undefined })).toBe('a callback')
    expect(stepName({ kind: 'external', task: 'a', label: undefined })).toBe('a: an external operation')
    expect(stepName({ kind: 'clock', task: 'a', label: 'clock' })).toBe('time passes')
    expect([valueName('letter', 2), valueName(undefined, 0)]).toEqual(['letter is option 3', 'choose is option 1'])
  })

  test('a step that comes early in the order goes first; one that comes late waits while anything else can go on', () => {
    const strategy = sequencer(['a: x', 'b: y', 'c: z'])
    expect([strategy.begin({ schedule: 1, seed: 0 }), strategy.begin({ schedule: 2, seed: 0 })]).toEqual([true, false])
    const [a, b, c, other] = [handle(1, { task: 'a', label: 'x' }), handle(2, { task: 'b', label: 'y' }), handle(3, { task: 'c', label: 'z' }), handle(4, { task: 'd', label: 'w' })]
    const pick = (...options: (typeof a)[]): number => strategy.pick(pointOf(options))
    expect([pick(b, a, c), pick(c, b, other), pick(c, b)]).toEqual([1, 2, 1])
    strategy.step?.(a)
    expect(pick(c, other, b)).toBe(2)
    // b is passed over: it came too late, and is not waited for.
    strategy.step?.(c)
    expect(pick(b, a)).toBe(0)
    expect(() => sequencer([7 as never])).toThrow('sequencer() takes the names of steps, not 7')
  })
})
