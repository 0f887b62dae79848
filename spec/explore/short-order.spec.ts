import { describe, expect, test } from 'vitest'
import { nearestPassing, type Parting } from '../../src/explore/neighbours.ts'
import { hash, settle } from '../../src/explore/options.ts'
import { Lenient, type Picks } from '../../src/explore/picks.ts'
import { Recorder } from '../../src/explore/recorder.ts'
import { Recording } from '../../src/explore/recording.ts'
import { shortOrder } from '../../src/explore/short-order.ts'
import { Tracer, type TraceStep } from '../../src/explore/trace.ts'
import { sequencer } from '../../src/strategies/index.ts'
import { allRuns, answer, failed, type Machine, runMachine } from './machine.ts'

/** The steps whose order alone makes a schedule fail: they do, and none of them could be left out. */

const never = (): boolean => false

function stepsOf(machine: Machine, picks: Picks): readonly TraceStep[] {
  const tracer = new Tracer(new Lenient(picks))
  runMachine(machine, tracer)
  return tracer.steps
}

function failsBy(machine: Machine, order: readonly string[]): boolean {
  const recorder = new Recorder(sequencer(order))
  recorder.begin({ schedule: 1, seed: 0 })
  return runMachine(machine, recorder).fault === failed
}

interface Asked {
  readonly parting?: Parting
  readonly expired?: () => boolean
}

function orderOf(machine: Machine, picks: Picks, { parting, expired = never }: Asked = {}): { order: readonly string[] | undefined; runs: number } {
  const { result, seen } = answer(machine, shortOrder(stepsOf(machine, picks), failed, parting, expired))
  return { order: result, runs: seen.length }
}

const failsOn = (is: (order: string, values: readonly number[]) => boolean): Machine['fault'] => (order, values) => (is(order, values) ? failed : null)

const MACHINES: Record<string, Machine> = {
  'a window': { main: true, lanes: [1, 3, 1], fault: failsOn((o) => o === '01121') },
  'a lane before another': { main: true, lanes: [1, 2, 2, 2], fault: failsOn((o) => /^0[^1]*33/.test(o) && !/^0[^3]*1/.test(o)) },
  'one inside another': { main: true, lanes: [1, 2, 2], fault: failsOn((o) => /1.*22.*1/.test(o)) },
  'a value': { main: true, lanes: [1, 2, 2], values: (lane, step) => (lane > 0 && step === 0 ? 3 : 0), fault: failsOn((_, v) => v[1] === 2) },
  'a value and an order': { main: true, lanes: [1, 2, 2], values: (lane, step) => (lane === 2 && step === 0 ? 3 : 0), fault: failsOn((o, v) => v[0] === 1 && o.endsWith('1')) },
}

describe('the order that makes a schedule fail', () => {
  test.each(Object.entries(MACHINES))('%s', (_name, machine) => {
    const failing = [...allRuns(machine)].filter((r) => r.fails)
    expect(failing.length).toBeGreaterThan(0)
    for (const { picks } of failing) {
      const { order } = orderOf(machine, picks)
      expect(order).toBeDefined()
      const names = order as readonly string[]
      expect(failsBy(machine, names)).toBe(true)
      for (const left of names.keys()) expect(failsBy(machine, names.filter((_step, i) => i !== left)), `${names.join(', ')} without ${left}`).toBe(false)
    }
  })

  test('whatever the program is', () => {
    // Orders that fail without a rule, one in so many, and seldom with the half of what makes them.
    for (let seed = 1; seed <= 40; seed++) {
      const machine: Machine = { main: true, lanes: [1, 2, 2, 1 + (seed % 2)], fault: failsOn((o) => hash(`${seed} ${o}`) % 5 === 0) }
      for (const { picks } of [...allRuns(machine)].filter((r) => r.fails).slice(0, 6)) {
        const { order } = orderOf(machine, picks)
        for (const left of order?.keys() ?? []) expect(failsBy(machine, (order ?? []).filter((_step, i) => i !== left))).toBe(false)
      }
    }
  })

  test('is empty where FIFO fails, and nothing is run for that', () => {
    const machine: Machine = { main: true, lanes: [1, 2, 2], fault: failsOn((o) => o === '01212' || o === '01122') }
    expect(orderOf(machine, new Map())).toEqual({ order: [], runs: 0 })
    expect(orderOf(machine, new Map([[2, 1]]))).toEqual({ order: [], runs: 1 })
  })

  test('is not there where names tell the steps apart too badly', () => {
    const twins: Machine = { main: true, lanes: [1, 1, 1], fault: failsOn((o) => o === '021') }
    const same = stepsOf(twins, new Map([[0, 1]])).map((s) => ({ ...s, task: 'one', label: 'x' }))
    expect(answer(twins, shortOrder(same, failed, undefined, never)).result).toBeUndefined()
  })

  test('of a very long schedule is not looked for', () => {
    const machine = (n: number): Machine => ({ main: true, lanes: [1, n, 1], fault: failsOn((o) => o.startsWith('02')) })
    const first = new Map([[0, 1]])
    expect(orderOf(machine(398), first).order).toEqual(['t2: s0'])
    expect(orderOf(machine(399), first)).toEqual({ order: undefined, runs: 1 })
  })

  test('is the whole one where the exploration has to end, and a good one where its own budget does', () => {
    const exactly: Machine = { main: true, lanes: [1, 160, 160], fault: failsOn((o) => o === found) }
    let found = ''
    const random = new Map([...Array(300).keys()].filter((at) => (at * at) % 3 === 1).map((at) => [at, 1] as const))
    runMachine({ ...exactly, fault: (o) => ((found = o), null) }, new Lenient(random))
    const whole = stepsOf(exactly, random).slice(1).map((s) => `${s.task}: ${s.label}`)
    expect(orderOf(exactly, random, { expired: () => true }).order).toEqual(whole)
    const { order, runs } = orderOf(exactly, random)
    expect(failsBy(exactly, order ?? [])).toBe(true)
    expect(runs).toBe(300)
    // Runs of 25,000 steps: four of them are the budget.
    expect(orderOf({ ...exactly, steps: () => 25_000 }, random).runs).toBe(4)
  })

  test('names a completion and what goes on with it once', () => {
    const machine = MACHINES['a window'] as Machine
    const steps = stepsOf(machine, [...allRuns(machine)].find((r) => r.fails)?.picks ?? new Map())
    const order = (all: readonly TraceStep[]) => answer(machine, shortOrder(all, failed, undefined, () => true)).result
    expect(order(steps)).toHaveLength(4)
    expect(order(steps.flatMap((s) => [{ ...s, kind: 'external' as const }, s]))).toEqual(order(steps))
  })
})

describe('where another schedule passes', () => {
  const machine: Machine = { main: true, lanes: [1, 1, 1, 1], fault: failsOn((o) => o.indexOf('3') < o.indexOf('2')) }
  const partingOf = (program: Machine, failing: Picks, other: Picks, entry: number): Parting => {
    const [then, now] = [failing, other].map((picks) => stepsOf(program, picks)) as [TraceStep[], TraceStep[]]
    return { passing: { token: 't', steps: now, values: [], words: 'x', entry }, entry, instead: [then[entry] as TraceStep, now[entry] as TraceStep] }
  }

  test('the two steps that are swapped are enough, if they are', () => {
    // 0 3 1 2 fails, and 0 2 … passes.
    const failing = new Map([[0, 2]])
    expect(orderOf(machine, failing, { parting: partingOf(machine, failing, new Map([[0, 1]]), 1) })).toEqual({ order: ['t3: s0', 't2: s0'], runs: 2 })
  })

  test('if they are not, the one that comes too late is named all the same', () => {
    const strict: Machine = { ...machine, fault: failsOn((o) => o === '0312') }
    const failing = new Map([[0, 2]])
    const { order } = orderOf(strict, failing, { parting: partingOf(strict, failing, new Map([[0, 1]]), 1) })
    expect(failsBy(strict, order ?? [])).toBe(true)
    expect(order).toContain('t2: s0')
    const alone = orderOf(strict, failing).order as readonly string[]
    expect(failsBy(strict, alone)).toBe(true)
    expect(alone.length).toBeLessThanOrEqual(order?.length ?? 0)
  })

  test('of several steps of one name the one that comes too late is the one behind, not one before', () => {
    // t1 goes on twice from the same wait, with t2 in between: the second time comes too late.
    const twice: Machine = { main: true, lanes: [1, 2, 1], label: () => 'x', fault: failsOn((o) => o === '0121') }
    const { order: named, runs } = orderOf(twice, new Map(), { parting: partingOf(twice, new Map(), new Map([[1, 1]]), 2) })
    expect(named).toEqual(['t1: x', 't2: x', 't1: x'])
    // Nothing is tried again when all that could be left out has to stay.
    expect(runs).toBe(4)
    // Lanes 1 and 2 of one task wait for one thing: lane 1 comes too late, and lane 2, which has come, is not it.
    const lanes: Machine = { main: true, lanes: [1, 2, 1, 1], task: (l) => (l === 0 ? 'main' : 't'), label: (l) => (l === 3 ? 'y' : 'x'), fault: failsOn((o) => o.indexOf('3') < o.lastIndexOf('1') && o !== '01231') }
    const failing = new Map([[0, 1], [1, 1]])
    const { order } = orderOf(lanes, failing, { parting: partingOf(lanes, failing, new Map([[1, 1]]), 1) })
    expect(order).toEqual(['t: y', 't: x'])
    expect(failsBy(lanes, order ?? [])).toBe(true)
  })

  test('a value that is another one needs no second', () => {
    const valued: Machine = { main: true, lanes: [1, 1], values: (lane) => (lane === 1 ? 3 : 0), fault: failsOn((_, [v]) => v === 2) }
    const failing = new Map([[0, 2]])
    const entry = stepsOf(valued, failing).findIndex((s) => s.kind === 'value')
    expect(orderOf(valued, failing, { parting: partingOf(valued, failing, new Map(), entry) })).toEqual({ order: ['choose is option 3'], runs: 2 })
  })

  test('late in a run of thousands of steps, of which a failure file has no more than its beginning and its end', () => {
    const long: Machine = { main: true, lanes: [1, 2700, 2700], fault: failsOn((o) => o.endsWith('2')) }
    const recording = new Recording(new Lenient(new Map()))
    expect(runMachine(long, recording).fault).toBe(failed)
    const parting = answer(long, nearestPassing(settle(), recording, never)).result
    expect([parting?.entry, parting?.passing.entry, parting?.passing.steps.length]).toEqual([5399, 4998, 5000])
    expect(orderOf(long, new Map(), parting === undefined ? {} : { parting }).order).toEqual(['t1: s2699', 't2: s2699'])
  })
})
