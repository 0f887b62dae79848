import { afterEach, describe, expect, test } from 'vitest'
import { AmongLanes } from '../../src/explore/among-lanes.ts'
import { signature } from '../../src/explore/distinct.ts'
import type { FailureFile } from '../../src/explore/failure-file.ts'
import { type FailureParts, makeFailure, unfinishedToken } from '../../src/explore/failure.ts'
import { FewerSwitches } from '../../src/explore/fewer-switches.ts'
import { bareHost, host, provideHost } from '../../src/explore/host.ts'
import { LaneOrder } from '../../src/explore/lane-order.ts'
import { type ExploreOptions, settle } from '../../src/explore/options.ts'
import { Recorder, StrategyError } from '../../src/explore/recorder.ts'
import { repeatsIn } from '../../src/explore/repeats.ts'
import { scheduleRecord } from '../../src/explore/schedule-record.ts'
import { SpaceEstimate } from '../../src/explore/space-estimate.ts'
import { Tally } from '../../src/explore/tally.ts'
import { decodeToken, InvalidTokenError } from '../../src/explore/token.ts'
import { inWords, Tracer, type TraceStep } from '../../src/explore/trace.ts'
import { checkSync } from '../../src/index.ts'
import type { Option } from '../../src/loop/runnable.ts'
import { forged } from '../../properties/forged.ts'
import { handle, pointOf, values } from '../strategies/points.ts'

/** More of what exploring is made of: its borders, and what it says where something is wrong. */

const step = (n: number, label?: string): TraceStep => ({ step: n, time: 0, kind: 'handle', task: 'a', lane: 1, label, choice: undefined, preemption: false })

describe('asking about some of the lanes alone', () => {
  const asked: (readonly [lanes: (number | undefined)[], step: number, lastLane: number])[] = []
  const told: (number | undefined)[] = []
  const among = new AmongLanes(new Set([1, 2]), {
    choose: (p) => {
      asked.push([Array.from({ length: p.count }, (_, k) => p.optionAt(k).lane), p.step, p.lastLane])
      return p.options.length - 1
    },
    step: (o) => told.push(o.lane),
  })
  const choose = (lanes: number[], lastLane: number): number => among.choose(pointOf(lanes.map((l) => handle(l)), lastLane, 7))
  afterEach(() => void asked.splice(0))

  test('leaves out the others, and asks only where there is something to choose', () => {
    expect([choose([3, 1, 2], 1), asked]).toEqual([2, [[[1, 2], 7, 1]]])
    expect([choose([3, 2, 4], 1), choose([1, 3], 3)]).toEqual([1, 0])
    expect(asked).toHaveLength(1)
  })

  test('lets the others go on one after the other where none of these can', () => {
    expect([choose([3, 4, 5], 4), choose([3, 4], 1), asked]).toEqual([1, 0, []])
  })

  test('asks about values, and tells of every step', () => {
    expect([among.choose(values(3)), asked.length]).toEqual([2, 1])
    among.step(handle(3))
    among.step(handle(1))
    expect(told).toEqual([3, 1])
    expect(() => new AmongLanes(new Set(), { choose: () => 0 }).step(handle(1))).not.toThrow()
  })
})

test('a value is no lane to stay in', () => {
  const chooser = new FewerSwitches({ lanes: [], values: [1, 0] }, new Set())
  expect([chooser.choose(values(2, 1)), chooser.choose(values(2, 1))]).toEqual([1, 0])
})

test('how much of all schedules has been run', () => {
  const after = (strategy: string, runs: readonly (readonly number[])[], estimate?: number): number => {
    const space = new SpaceEstimate(strategy)
    for (const counts of runs) {
      space.begin()
      for (const n of counts) space.choice(n)
      space.end()
    }
    return space.explored(estimate)
  }
  // Of a tree of two branches, one of which has three leaves, and the other one none more.
  expect(after('exhaustive', [[2], [2, 3]])).toBeCloseTo(2 / 3)
  expect(after('exhaustive', [[2], [2, 3], [2, 3], [2, 3]])).toBeCloseTo(1)
  // Walks: six leaves as far as one of them tells, four as far as both do.
  expect(after('random', [[2, 3]])).toBeCloseTo(1 / 6)
  expect(after('random', [[2, 3], [2]])).toBeCloseTo(2 / 4)
  expect(after('random', [[2], [2], [2]])).toBe(1)
  expect([after('pct', [[2], [2]]), after('auto', [[2], [2]], 8), after('auto', [[2], [2]], 1)]).toEqual([Number.NaN, 0.25, 1])
})

describe('counting', () => {
  const settings = settle({ seed: 5 })
  const failure = { n: 1 } as never

  test('a condition’s label has the schedules in which it held', () => {
    const tally = new Tally()
    tally.mark(new Map([['full', true], ['empty', false]]))
    tally.mark(new Map([['full', true]]))
    tally.mark(new Map([['full', false]]))
    expect(tally.report(settings, 's', 'schedules').sometimes).toEqual({ full: 2, empty: 0 })
  })

  test('the report: what bounds there were, whether it is a proof, the one failure among the different ones', () => {
    const tally = new Tally()
    expect(tally.report(settings, 's', 'exhausted')).toMatchObject({ exhausted: true, stopped: 'exhausted', seed: 5, strategy: 's', distinct: [], cut: 0 })
    for (const key of ['bound', 'failure', 'corpus']) expect(key in tally.report(settings, 's', 'time')).toBe(false)
    expect(tally.report(settings, 's', 'time', '2 switches')).toMatchObject({ exhausted: false, bound: '2 switches' })
    tally.idled = true
    const idled = 'intervals fire at most 3 times in a row before something that is under way completes'
    expect(tally.report(settings, 's', 'time').bound).toBe(idled)
    Object.assign(tally, { failure, failures: 3 })
    expect(tally.report(settings, 's', 'failure', '2 switches')).toMatchObject({ bound: `2 switches; ${idled}`, failure: { n: 1 }, distinct: [{ failure: { n: 1 }, count: 3 }] })
    const fault = { kind: 'leak', error: 'x' } as const
    expect(tally.distinct.count(fault)).toBe(true)
    tally.distinct.add(fault, { n: 2 } as never)
    expect(tally.report(settings, 's', 'failure').distinct).toEqual([{ failure: { n: 2 }, count: 1 }])
  })
})

describe('options', () => {
  const before = host()
  afterEach(() => provideHost(before))

  test('a corpus by its directory is opened by the host', () => {
    const opened: string[] = []
    const store = { load: () => [], save: () => '', drop: () => {} }
    provideHost({ ...before, openCorpus: (directory) => (opened.push(directory), store) })
    expect([settle({ name: 'n', corpus: true }).corpus, settle({ name: 'n', corpus: 'kept' }).corpus]).toEqual([store, store])
    expect(opened).toEqual(['.heddle', 'kept'])
  })

  test('a host without files says what to pass instead, and explores without all else that it lacks', () => {
    provideHost(bareHost)
    for (const corpus of [true, 'kept']) expect(() => settle({ name: 'n', corpus })).toThrow('option corpus: this host has no files; pass an object with load(), save() and drop()')
    const failing = function* (): Generator<unknown, void, unknown> {
      throw new Error('lost')
    }
    expect(checkSync(failing).failure).toMatchObject({ kind: 'error', file: { frames: undefined } })
    expect(bareHost.progress('n', 5)).toBeNull()
  })

  test.each<[unknown, string]>([
    [{ signal: null }, 'option signal must be an AbortSignal'],
    [{ strategy: { pick: () => 0 } }, 'option strategy must be a name or an object with begin() and pick()'],
    [{ name: 'n', corpus: null }, 'option corpus must be a directory, true, or an object with load(), save() and drop()'],
    [{ name: 'n', corpus: { load() {}, drop() {} } }, 'option corpus must be a directory, true, or an object with load(), save() and drop()'],
    [{ name: 'n', corpus: { save() {}, drop() {} } }, 'option corpus must be a directory, true, or an object with load(), save() and drop()'],
    [{ shard: null }, 'with an index from 1 to count, not null'],
    [{ shard: { index: 1.5, count: 2 } }, 'with an index from 1 to count, not {"index":1.5,"count":2}'],
    [{ shard: { index: 1, count: 2.5 } }, 'with an index from 1 to count, not {"index":1,"count":2.5}'],
    [{ first: 1.5 }, 'option first must be a whole number of at least 1, not 1.5'],
  ])('%o: %s', (options, words) => {
    expect(() => settle(options as ExploreOptions)).toThrow(words)
  })
})

describe('traces', () => {
  const external = (lane: number): Option => ({ kind: 'external', id: 1, lane, label: 'io' })
  const loop = { time: () => 4 }

  test('an option in words says its kind where its name does not', () => {
    expect([inWords({ kind: 'value', id: 0, label: 'letter' }), inWords({ kind: 'value', id: 0 }), inWords(external(1))]).toEqual(['letter', 'value', 'external io'])
  })

  test('only the same lane’s next step, without a choice, belongs to a completion', () => {
    const numbers = (after: (t: Tracer) => void): number[] => {
      const tracer = new Tracer({ choose: () => 0 })
      tracer.step(external(2), loop)
      after(tracer)
      return tracer.steps.map((s) => s.step)
    }
    expect(numbers((t) => t.step(handle(2), loop))).toEqual([1, 1])
    expect(numbers((t) => t.step(handle(3), loop))).toEqual([1, 2])
    expect(
      numbers((t) => {
        t.choose(pointOf([handle(2), handle(3)]))
        t.step(handle(2), loop)
      }),
    ).toEqual([1, 2])
  })

  test('a value that is chosen before anything has run is at the beginning of time', () => {
    const tracer = new Tracer({ choose: () => 1 })
    tracer.choose(values(2))
    expect(tracer.steps).toMatchObject([{ step: 1, time: 0, kind: 'value' }])
  })

  test('of a long choice sixteen options are put into words', () => {
    const tracer = new Tracer({ choose: () => 0 })
    tracer.choose(pointOf(Array.from({ length: 20 }, (_, i) => handle(i, { label: `o${i}` }))))
    tracer.step(handle(0), loop)
    expect(tracer.steps[0]?.choice).toMatchObject({ count: 20, options: Array.from({ length: 16 }, (_, i) => `o${i}`) })
  })

  test('written down with nothing but its steps', () => {
    expect(scheduleRecord('t', [step(1)])).toEqual({ token: 't', steps: [step(1)], values: [], wakes: undefined })
    const places = Array.from({ length: 5010 }, (_, i) => ({ file: 'f.ts', line: i + 1 }))
    const long = scheduleRecord('t', places.map((_, i) => step(i + 1)), { places })
    expect(long.steps.every((s) => s.at?.line === s.step)).toBe(true)
  })

  test('a circle is looked for among what there is', () => {
    const words = (text: string): TraceStep[] => [...text].map((label, i) => step(i + 1, label))
    expect(repeatsIn(words('abcab'))).toBeUndefined()
    // The last 3,000 are looked at, and the place is one of the whole.
    expect(repeatsIn(words(`${'x'.repeat(4000)}ababab`))).toEqual({ entry: 4004, length: 2, times: 3 })
    expect(repeatsIn(words('a'.repeat(5000)))).toEqual({ entry: 4999, length: 1, times: 3000 })
  })

  test('a value that is one too large is the first', () => {
    const order = new LaneOrder({ lanes: [], values: [3, 2] })
    expect([order.choose(values(3)), order.choose(values(3))]).toEqual([0, 2])
  })
})

describe('a failure', () => {
  const tracer = new Tracer({ choose: () => 0 })
  for (const task of ['a', undefined, 'b', 'a']) tracer.step(handle(1, { task }), { time: () => 0 })
  const context = { name: 'pays', strategy: 'pct', seed: 3, before: { switches: 2, picks: 2, steps: 9 }, after: { switches: 0, picks: 0, steps: 4 }, incomplete: true }
  const failureOf = (error: unknown, parts: Partial<FailureParts> = {}): FailureFile =>
    makeFailure((file) => `${file.kind} of ${file.name}`, { fault: { kind: 'error', error }, schedule: 2, token: 't', firstToken: 'f', tracer, context, findings: {}, ...parts }).file

  test('is written down with what is known of it', () => {
    const made = makeFailure((file) => `${file.kind} of ${file.name}`, { fault: { kind: 'error', error: 1 }, schedule: 2, token: 't', firstToken: 'f', tracer, context, findings: { order: [] } })
    expect(String(made)).toBe('error of pays')
    expect(made.file).toBe(made.file)
    expect(made.file).toMatchObject({ format: 'heddle-failure', version: 1, name: 'pays', strategy: 'pct', seed: 3, schedule: 2, firstToken: 'f', incomplete: true, order: [], before: context.before, after: context.after })
    expect(failureOf(1, { context: { ...context, incomplete: false } }).incomplete).toBeUndefined()
    expect(failureOf(1).repeats).toBeUndefined()
    const repeats = { entry: 3, length: 1, times: 3 }
    expect(failureOf(1, { findings: { repeats } }).repeats).toEqual(repeats)
  })

  test('whatever was thrown, and whatever its getters do', () => {
    const errorOf = (error: unknown): unknown => failureOf(error).error
    const bad = new Error('m')
    for (const key of ['stack', 'name', 'message']) Object.defineProperty(bad, key, { get: () => { throw new Error('no') } })
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(errorOf(bad)).toEqual({ name: 'Error', message: '', stack: undefined })
    expect(errorOf(Object.assign(new RangeError('m'), { stack: 'RangeError: m\n  at x' }))).toEqual({ name: 'RangeError', message: 'm', stack: 'RangeError: m\n  at x' })
    expect([null, undefined, 'text', 7, { code: 7 }, circle, { toJSON: () => undefined }].map((e) => (errorOf(e) as Error).message)).toEqual([
      'null', 'undefined', 'text', '7', '{"code":7}', '[object Object]', '[object Object]',
    ])
    expect((errorOf('x') as Error).name).toBe('thrown')
  })

  test('without a line of code is told apart by its words alone', () => {
    const error = Object.assign(new Error('m'), { stack: 'Error: m' })
    expect(signature({ kind: 'error', error })).toBe('error Error: m ')
    const none = Object.defineProperty(new Error('m'), 'stack', { value: undefined })
    expect(signature({ kind: 'error', error: none })).toBe('error Error: m ')
  })

  test('the token of a run that has not ended says so, and has its picks', () => {
    const picks = new Map([[2, 1]])
    expect(decodeToken(unfinishedToken(settle({ name: 'pays', permute: 'io' }), picks, 5))).toMatchObject({ name: 'pays', unfinished: true, picks, choices: 5, steps: 0, shape: { permute: 'io' } })
  })
})

describe('a mistake in a strategy', () => {
  test('has its name, and the error that it was', () => {
    const error = new RangeError('oops')
    const recorder = new Recorder({ name: 'mine', begin: () => { throw error }, pick: () => 0 })
    try {
      recorder.begin({ schedule: 1, seed: 0 })
      expect.unreachable()
    } catch (caught) {
      expect(caught).toBeInstanceOf(StrategyError)
      expect(caught).toMatchObject({ name: 'StrategyError', cause: error })
    }
  })

  test('what it does not ask to be told of is not told', () => {
    const told: unknown[] = []
    const recorder = new Recorder({ name: 'mine', begin: () => true, pick: () => 0, access: (a) => told.push(a.object) })
    recorder.access({ object: 4, kind: 'read' })
    expect(told).toEqual([4])
    const silent = new Recorder({ name: 'mine', begin: () => true, pick: () => 0 })
    expect(() => [silent.access({ object: 4, kind: 'read' }), silent.step(handle(1)), silent.end({ failed: false, steps: 1 })]).not.toThrow()
  })
})

describe('a token that somebody has forged', () => {
  const says = (...bytes: number[]): string => {
    try {
      decodeToken(forged(Uint8Array.from(bytes)))
      return 'it is one'
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidTokenError)
      expect((error as Error).name).toBe('InvalidTokenError')
      return /^this is not a valid replay token: (.*)\. Copy the whole token/.exec((error as Error).message)?.[1] ?? ''
    }
  }
  const fingerprint = [0, 0, 0, 0]
  // Flags, most steps, a name of no bytes, no choices, no steps, no picks.
  const empty = [0, 1, 0, 0, 0, 0, ...fingerprint]

  test('is refused in the words for what is wrong', () => {
    expect(says(...empty)).toBe('it is one')
    expect(says(...empty, 0)).toBe('it is too long')
    expect(says(...empty.slice(0, -1))).toBe('it ends too early')
    expect(says(64, ...empty.slice(1))).toBe('it was made by a newer version')
    expect(says(16, 16, ...empty.slice(1))).toBe('it was made by a newer version')
    expect(says(16, 15, ...empty.slice(1))).toBe('it is one')
    // A name that is longer than what follows.
    expect(says(0, 1, 9, 0, 0, 0, ...fingerprint)).toBe('it ends too early')
    expect(says(0, 1, 2, 0xc3, 0xbc, 0, 0, 0, ...fingerprint)).toBe('it is one')
    expect(says(0, 1, 2, 0xc3, 0x28, 0, 0, 0, ...fingerprint)).toBe('it has a text that is none')
    expect(says(0, 255, 255, 255, 255, 255, 255, 255, 255, 1, ...empty.slice(2))).toBe('it has a number out of range')
    expect(says(0, 129, 0, ...empty.slice(2))).toBe('it is not in its canonical form')
  })

  test('keeps what a name begins with', () => {
    const named = unfinishedToken(settle({ name: '\uFEFFpays' }), new Map(), 0)
    expect(decodeToken(named).name).toBe('\uFEFFpays')
  })
})
