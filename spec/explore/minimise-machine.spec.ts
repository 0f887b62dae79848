import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/explore/execution.ts'
import { Minimiser } from '../../src/explore/minimise.ts'
import { hash } from '../../src/explore/options.ts'
import { Lenient, type Picks } from '../../src/explore/picks.ts'
import { Prng } from '../../src/strategies/prng.ts'
import { allRuns, answer, failed, type Machine, runMachine, type Seen, seenWith } from './machine.ts'

/** Minimising, held against every run that there is of programs small enough for that. */

const never = (): boolean => false
const failsOn = (is: (order: string, values: readonly number[]) => boolean): Machine['fault'] => (order, values) => (is(order, values) ? failed : null)

const MACHINES: Record<string, Machine> = {
  'a window late in a lane': { lanes: [3, 1], fault: failsOn((o) => o === '0010') },
  'a window among three': { lanes: [2, 2, 1], fault: failsOn((o) => /0.*11.*0/.test(o) && o.endsWith('2')) },
  'turns that are taken': { lanes: [3, 3], fault: failsOn((o) => o.startsWith('0101')) },
  'the last comes first': { lanes: [2, 2, 2], fault: failsOn((o) => o.startsWith('2')) },
  'a lane as a whole, in another': { lanes: [2, 3], fault: failsOn((o) => o === '01110') },
  'two windows at once': { lanes: [2, 2, 2], fault: failsOn((o) => /0.*1.*0/.test(o) && /1.*2.*1/.test(o)) },
  'FIFO itself': { lanes: [2, 2], fault: failsOn((o) => o === '0101') },
  'whatever happens': { lanes: [3, 2], fault: failsOn(() => true) },
  'a value': { lanes: [2, 2], values: (_, step) => (step === 0 ? 4 : 0), fault: failsOn((_, [a, b]) => a === 2 || b === 3) },
  'a value and an order': { lanes: [2, 1], values: (lane) => (lane === 0 ? 3 : 0), fault: failsOn((o, v) => o === '010' && v[1] === 1) },
  'values that end it sooner': { lanes: [1], values: () => 4, steps: ([v]) => 9 - (v ?? 0), fault: failsOn((_, [v]) => v !== 0) },
  'a value that needs fewer tasks': { lanes: [1, 1, 1], values: (lane) => (lane === 0 ? 4 : 0), ends: ([v]) => v === 2, steps: () => 7, fault: failsOn((_, [v]) => v === 1 || v === 2) },
  'two values that go together': { lanes: [1, 1, 1], values: () => 3, fault: failsOn((_, v) => (v[0] ?? 0) > 0 && (v[2] ?? 0) > 0) },
}

/** The first is the smaller one: fewer preemptions, then fewer picks, steps and tasks, then smaller picks. */
function compare(a: Seen, b: Seen): number {
  const sizes = ({ preemptions, picks, steps, tasks }: Seen): number[] => [preemptions, picks.size, steps, tasks, [...picks.values()].reduce((x, y) => x + y, 0)]
  const [one, other] = [sizes(a), sizes(b)]
  return one.map((n, i) => n - (other[i] as number)).find((difference) => difference !== 0) ?? 0
}

function minimised(machine: Machine, first: Picks): { best: Seen; picks: Picks; incomplete: boolean; runs: number } {
  const minimiser = new Minimiser(failed, first, never, 100)
  const { result: picks, seen } = answer(machine, minimiser.minimise())
  const best = seenWith(machine, picks)
  // Of what it has tried it gives the smallest.
  for (const tried of seen) if (tried.fails) expect(compare(best, tried)).toBeLessThanOrEqual(0)
  return { best, picks, incomplete: minimiser.incomplete, runs: seen.length }
}

/** Lanes in any order. */
function anyOrder(machine: Machine, seed: number): Picks {
  const prng = new Prng()
  prng.seed(seed, 0)
  const picks = new Map<number, number>()
  let made = 0
  runMachine(machine, {
    choose({ count }) {
      const k = prng.below(count)
      if (k !== 0) picks.set(made, k)
      made++
      return k
    },
  })
  return picks
}

/** Failing schedules at random. */
function failingAtRandom(machine: Machine, many: number): Picks[] {
  const found: Picks[] = []
  for (let seed = 1; found.length < many; seed++) {
    const picks = anyOrder(machine, seed)
    if (seenWith(machine, picks).fails) found.push(picks)
  }
  return found
}

describe('the smallest schedule that fails', () => {
  test.each(Object.entries(MACHINES))('%s', (_name, machine) => {
    const failing = [...allRuns(machine)].filter((r) => r.fails)
    const fewest = Math.min(...failing.map((r) => r.preemptions))
    const least = Math.min(...failing.filter((r) => r.preemptions === fewest).map((r) => r.picks.size))
    // From any of them: of many every seventh is enough.
    for (const { picks: first } of failing.filter((_, i) => i % 7 === 0 || failing.length < 10)) {
      const { best, picks, incomplete } = minimised(machine, first)
      expect([best.fails, best.preemptions, incomplete]).toEqual([true, fewest, false])
      expect(best.picks).toEqual(picks)
      // Nothing that is left can be taken away, or be made smaller, by itself.
      for (const [at, k] of picks) {
        const others = [new Map([...picks].filter(([other]) => other !== at))]
        for (let less = 1; less < k; less++) others.push(new Map(picks).set(at, less))
        for (const other of others.map((o) => seenWith(machine, o))) expect(other.fails && compare(other, best) < 0).toBe(false)
      }
      expect(picks.size).toBeLessThanOrEqual(least + 1)
    }
  })

  // Far too large to try all with fewer preemptions: what leads there is taking switches away, merging, and leaving lanes out.
  test.each<[string, number, (order: string) => boolean]>([
    ['one lane between two steps of another', 1, (o) => /^[^3]*3(?:[^37]*7)+[^37]*3/.test(o)],
    ['a lane before all others', 0, (o) => o.startsWith('7')],
    ['three lanes, one inside the other', 2, (o) => /2.*5.*6.*5.*2/.test(o.replaceAll(/[^256]/g, '').replaceAll(/(.)\1+/g, '$1'))],
    ['a step between two others of one lane, whoever makes it', 1, (o) => /4[^4]+4/.test(o)],
  ])('of a large program: %s', (_name, preemptions, is) => {
    const machine: Machine = { lanes: Array.from({ length: 8 }, () => 6), fault: failsOn(is) }
    for (const first of failingAtRandom(machine, 3)) expect(minimised(machine, first).best.preemptions).toBe(preemptions)
  })

  test('whatever the program is', () => {
    // Orders that fail without a rule: one in so many.
    for (let seed = 1; seed <= 30; seed++) {
      const machine: Machine = { lanes: [2, 2, 1 + (seed % 2)], fault: failsOn((o) => hash(`${seed} ${o}`) % 5 === 0) }
      const failing = [...allRuns(machine)].filter((r) => r.fails)
      const fewest = Math.min(...failing.map((r) => r.preemptions))
      for (const { picks } of failing.filter((_, i) => i % 5 === 0)) expect(minimised(machine, picks).best.preemptions).toBe(fewest)
    }
  })

  test('is no other failure than the one that was found', () => {
    const cheap: Fault = { kind: 'error', error: new TypeError('cheap') }
    const machine: Machine = { lanes: [2, 2], fault: (o) => (o === '0011' ? failed : cheap) }
    const { best, picks } = minimised(machine, new Map([[0, 0], [1, 1]]))
    expect([best.preemptions, runMachine(machine, { choose: () => 0 }).fault]).toEqual([0, cheap])
    expect(seenWith({ ...machine, fault: (o) => (o === '0011' ? failed : null) }, picks).fails).toBe(true)
  })
})

test('what does not fail again stays as it was found', () => {
  const first = new Map([[0, 1], [2, 1]])
  const minimiser = new Minimiser(failed, first, never, 100)
  const { result, seen } = answer({ lanes: [2, 2, 2], fault: () => null }, minimiser.minimise())
  expect(result).toBe(first)
  // Nor does anything smaller.
  expect(seen.length).toBeGreaterThan(1)
})

describe('the budget of minimising', () => {
  const first = new Map([...Array(30).keys()].flatMap((at) => (at % 4 === 0 ? [] : [[at, at % 4] as const])))
  const lanes = Array.from({ length: 6 }, () => 6)
  let found = ''
  runMachine({ lanes, fault: (order) => ((found = order), null) }, new Lenient(first))
  /** No other order fails. */
  const large: Machine = { lanes, fault: failsOn((o) => o === found) }

  test('ends it after so many runs, with the best that it has', () => {
    expect(seenWith(large, first).fails).toBe(true)
    const { best, incomplete, runs } = minimised(large, first)
    expect([best.fails, incomplete]).toEqual([true, true])
    expect(best.preemptions).toBe(seenWith(large, first).preemptions)
    expect(runs).toBeGreaterThan(400)
    expect(runs).toBeLessThanOrEqual(1400)
  })

  test('ends it after so many steps', () => {
    const { best, incomplete, runs } = minimised({ ...large, steps: () => 100_000 }, first)
    // Six of them are 600,000.
    expect([best.fails, incomplete, runs]).toEqual([true, true, 6])
    expect(minimised({ ...large, steps: () => 99_999 }, first).runs).toBe(7)
  })

  test('is nothing where the exploration has to end', () => {
    const minimiser = new Minimiser(failed, first, () => true, 100)
    const { result, seen } = answer(large, minimiser.minimise())
    expect([result, seen.length, minimiser.incomplete]).toEqual([first, 1, true])
  })
})

describe('a run without an end', () => {
  const endless: Fault = { kind: 'step-limit', error: new Error('no end') }
  const machine: Machine = { lanes: [2, 2, 2], values: () => 3, fault: (_, v) => (v.includes(2) ? endless : null) }

  test('needs as few picks as lead into it, and each rerun is cut', () => {
    const first = new Map([[0, 2], [1, 2], [2, 1], [3, 1], [5, 2]])
    expect(runMachine(machine, { choose: () => 0 }).fault).toBeNull()
    const minimiser = new Minimiser(endless, first, never, 77)
    const limits = new Set<number | undefined>()
    const { result } = answer(machine, minimiser.minimise(), (request) => limits.add(request.maxSteps))
    expect([...result.values()]).toEqual([2])
    expect([...limits]).toEqual([77])
    const any: Machine = { ...machine, fault: (_, v) => (v.some((k) => k > 0) ? endless : null) }
    expect([...answer(any, new Minimiser(endless, first, never, 77).minimise()).result.values()]).toEqual([1])
  })

  test('that FIFO has is left alone', () => {
    const { result, seen } = answer(machine, new Minimiser(endless, new Map(), never, 77).minimise())
    expect([result.size, seen.length]).toEqual([0, 0])
  })

  test('others are run to their ends', () => {
    const limits = new Set<number | undefined>()
    answer(MACHINES['a value'] as Machine, new Minimiser(failed, new Map([[1, 2]]), never, 77).minimise(), (request) => limits.add(request.maxSteps))
    expect([...limits]).toEqual([undefined])
  })
})
