import { describe, expect, test } from 'vitest'
import { nearestPassing } from '../../src/explore/neighbours.ts'
import { settle } from '../../src/explore/options.ts'
import { Lenient, type Picks } from '../../src/explore/picks.ts'
import { Recording } from '../../src/explore/recording.ts'
import { decodeToken } from '../../src/explore/token.ts'
import { allRuns, answer, failed, type Machine, runMachine, seenWith } from './machine.ts'

/** The nearest schedule that passes: one pick away, and else in the failing one's order. */

const settings = settle()
const failsOn = (is: (order: string, values: readonly number[]) => boolean): Machine['fault'] => (order, values) => (is(order, values) ? failed : null)

function recorded(machine: Machine, picks: Picks): Recording {
  const recording = new Recording(new Lenient(picks))
  runMachine(machine, recording)
  return recording
}

function nearest(machine: Machine, picks: Picks, expired: () => boolean = () => false) {
  const failing = recorded(machine, picks)
  const { result, seen } = answer(machine, nearestPassing(settings, failing, expired))
  return { failing: failing.tracer.steps, passing: result?.passing, runs: seen.length }
}

const MACHINES: Record<string, Machine> = {
  'a window': { lanes: [1, 3, 1], fault: failsOn((o) => o === '01121') },
  'an order': { lanes: [1, 2, 2], fault: failsOn((o) => o.indexOf('2') < o.indexOf('1')) },
  'one inside another': { lanes: [1, 2, 2], fault: failsOn((o) => /1.*22.*1/.test(o)) },
  'a value': { lanes: [1, 2, 1], values: (lane, step) => (lane === 1 && step === 1 ? 3 : 0), fault: failsOn((_, v) => v[0] === 2) },
  'the first of two values, with an order': { lanes: [1, 2, 2], values: (lane) => (lane === 2 ? 3 : 0), fault: failsOn((o, v) => v[0] === 1 && v[1] !== 2 && o.endsWith('1')) },
}
for (const machine of Object.values(MACHINES)) Object.assign(machine, { main: true })

describe('the nearest schedule that passes', () => {
  test.each(Object.entries(MACHINES))('%s', (_name, machine) => {
    for (const { picks } of [...allRuns(machine)].filter((r) => r.fails)) {
      const { failing, passing } = nearest(machine, picks)
      expect(passing).toBeDefined()
      const { entry = 0, steps = [], token = '', words } = passing ?? {}
      expect(seenWith(machine, decodeToken(token).picks).fails).toBe(false)
      // They part at this step, and there only by what was picked.
      const was = failing.map(({ kind, task, label, choice }) => [kind, task, label, choice])
      const is = steps.map(({ kind, task, label, choice }) => [kind, task, label, choice])
      expect(is.slice(0, entry)).toEqual(was.slice(0, entry))
      const [one, other] = [failing[entry]?.choice, steps[entry]?.choice]
      expect([one?.count, one?.options]).toEqual([other?.count, other?.options])
      expect(one?.pick).not.toBe(other?.pick)
      expect(words).toMatch(failing[entry]?.kind === 'value' ? /^choose is option \d of 3, not option \d$/ : /^t\d resumes from `s\d` before t\d resumes from `s\d`$/)
    }
  })

  test('goes on in the order of the one that fails, as far as it can', () => {
    // 0 2 2 3 1 1 3 fails: the first switch to be tried is the last of them, and all before and after stays.
    const machine: Machine = { main: true, lanes: [1, 2, 2, 2], fault: failsOn((o) => o === '0223113') }
    const failing = [...allRuns(machine)].find((r) => r.fails)
    const { passing } = nearest(machine, failing?.picks ?? new Map())
    expect(passing?.steps.map((s) => s.lane).join('')).toBe('0223311')
    expect(passing?.words).toBe('t3 resumes from `s1` before t1 resumes from `s0`')
  })

  test('in which choosing a value is no step of its lane', () => {
    // 0 1 2 3 3 2 1 fails, lane 1 with a value: what it has left comes last, as it does there.
    const machine: Machine = { main: true, lanes: [1, 2, 2, 2], values: (lane, step) => (lane === 1 && step === 0 ? 2 : 0), fault: failsOn((o) => o === '0123321') }
    const failing = [...allRuns(machine)].find((r) => r.fails)
    const { passing } = nearest(machine, failing?.picks ?? new Map())
    expect(passing?.steps.flatMap((s) => (s.kind === 'value' ? [] : [s.lane])).join('')).toBe('0122331')
  })

  test('of a program that is another one each time parts from it where there is something to choose, if there is one', () => {
    const failing = recorded({ main: true, lanes: [1, 2, 2, 2], fault: failsOn(() => true) }, new Map([[0, 2], [1, 1], [2, 2], [3, 1]]))
    for (const lanes of [[1, 1, 1, 4], [1, 2, 2], [1, 1, 1], [1, 9]]) {
      const { result } = answer({ main: true, lanes, fault: () => null }, nearestPassing(settings, failing, () => false))
      if (result !== undefined) expect([result.passing.words, result.instead[1].choice?.count]).toEqual([expect.stringContaining(' before '), expect.any(Number)])
    }
  })

  test('keeps the values that the failing one had, in their order', () => {
    const machine: Machine = { main: true, lanes: [1, 1, 1], values: (lane) => (lane > 0 ? 4 : 0), fault: failsOn((o, v) => o === '021' && v[0] === 3) }
    const failing = [...allRuns(machine)].filter((r) => r.fails).find((r) => [...r.picks.values()].at(-1) === 2 && r.picks.size === 3)
    const { passing } = nearest(machine, failing?.picks ?? new Map())
    expect(passing?.steps.filter((s) => s.kind === 'value').map((s) => s.choice?.pick)).toEqual([0, 2])
  })

  test('is not there where every one fails, after no more runs than there are neighbours', () => {
    const machine: Machine = { main: true, lanes: [1, 1, 1, 1], fault: failsOn(() => true) }
    // Two more options of three, one more of two.
    expect(nearest(machine, new Map())).toMatchObject({ passing: undefined, runs: 3 })
    expect(nearest(machine, new Map([[0, 2], [1, 1]]))).toMatchObject({ passing: undefined, runs: 3 })
  })

  test('is looked for within a budget of runs, of steps, and of time', () => {
    const machine: Machine = { main: true, lanes: [1, ...Array.from({ length: 12 }, () => 5)], fault: failsOn(() => true) }
    expect(nearest(machine, new Map()).runs).toBe(200)
    expect(nearest({ ...machine, steps: () => 50_000 }, new Map()).runs).toBe(2)
    expect(nearest({ ...machine, steps: () => 49_999 }, new Map()).runs).toBe(3)
    expect(nearest(machine, new Map(), () => true).runs).toBe(0)
  })
})
