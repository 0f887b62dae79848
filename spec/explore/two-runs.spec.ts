import { describe, expect, test } from 'vitest'
import { type Choices, confirmed, runAgain, type SecondRun } from '../../src/explore/confirm.ts'
import type { Fault, Outcome, Request } from '../../src/explore/execution.ts'
import { checkSync, gather, pause } from '../../src/index.ts'
import type { Option } from '../../src/loop/runnable.ts'
import { handle, pointOf } from '../strategies/points.ts'

/** What is said of a schedule that gives two runs: how each ended, where they differ first, and what to do. */

/** What follows the rest in the message: it says what to look for, and what to do. */
const REMEDY = /^ Something outside the choices differs between two runs: .*real time, real I\/O, or randomness/
// So many steps are enough; no modules are imported anew.
const ENOUGH = { enough: 50, isolated: false }

function expectWords(verdict: { readonly error: unknown } | undefined, words: string): void {
  const message = String((verdict?.error as Error | undefined)?.message)
  expect(message.slice(0, words.length)).toBe(words)
  expect(message.slice(words.length)).toMatch(REMEDY)
  expect(message).toContain('`setup`')
}

const letters = (count: number): Option[] => Array.from({ length: count }, (_, i) => handle(i, { task: 'abcdefghij'[i] as string }))
const fault = (error: unknown, kind: Fault['kind'] = 'error'): Fault => ({ kind, error })

/** A run that has points with so many options, and ends so; what it picked is noted. */
interface Run {
  readonly counts: readonly number[]
  readonly fault?: Fault | null
}

function drive<T>(asking: Generator<Request, T, Outcome>, runs: readonly Run[]): { result: T; picked: number[][]; asked: Request[] } {
  const picked: number[][] = []
  const asked: Request[] = []
  let next = asking.next()
  for (const { counts, fault: ends = null } of runs) {
    if (next.done === true) throw new Error('nothing more is asked for')
    const { chooser } = next.value
    asked.push(next.value)
    picked.push(counts.map((n, i) => chooser.choose(pointOf(letters(n), 0, i + 1))))
    next = asking.next({ fault: ends, steps: 1, marks: null, idled: false, places: { faults: null, cancellations: null }, value: undefined, cut: false })
  }
  if (next.done !== true) throw new Error('another run is asked for')
  return { result: next.value, picked, asked }
}

describe('a schedule that is run again', () => {
  const before: Choices = { counts: [2, 3, 2], picks: [1, 2, 0] }
  const again = (counts: readonly number[], maxSteps?: number, ends: Fault | null = null): SecondRun => drive(runAgain(before, maxSteps), [{ counts, fault: ends }]).result

  test('makes the same picks, as far as they are there', () => {
    const { result, picked, asked } = drive(runAgain(before), [{ counts: [2, 3, 2] }])
    expect([result, picked]).toEqual([{ fault: null, difference: null }, [[1, 2, 0]]])
    expect(asked[0]).toMatchObject({ observer: null, maxSteps: undefined })
    expect(drive(runAgain(before), [{ counts: [1, 2, 2, 4] }]).picked).toEqual([[0, 1, 0, 0]])
  })

  test('says the first place at which it is another run', () => {
    expect(again([2, 4, 9]).difference).toBe('choice 2, after 2 steps, is one of 4 now (a, b, c, d), and it was one of 3 before')
    expect(again([2, 3, 2, 2]).difference).toBe('choice 4, after 4 steps, is one of 2 now (a, b), and there was none before')
    expect(again([2, 10]).difference).toBe('choice 2, after 2 steps, is one of 10 now (a, b, c, d, e, f, g, h), and it was one of 3 before')
    expect(again([2, 3]).difference).toBe('the run ends after 2 choices now, and made 3 before')
  })

  test('and is cut where it has no end need not come to its last choice', () => {
    const limit = fault(new Error('no end'), 'step-limit')
    expect(again([2, 3], 10, limit)).toEqual({ fault: limit, difference: null })
    expect(again([2, 3], 10, fault(new Error('x'))).difference).toBe('the run ends after 2 choices now, and made 3 before')
    expect(again([2, 3], undefined, limit).difference).toBe('the run ends after 2 choices now, and made 3 before')
    expect(again([2, 4], 10, limit).difference).toContain('choice 2')
    expect(drive(runAgain(before, 10), [{ counts: [2, 3, 2] }]).asked[0]?.maxSteps).toBe(10)
  })
})

describe('a fault', () => {
  const choices: Choices = { counts: [2], picks: [1] }
  const first: Choices = { counts: [3], picks: [0] }
  const found = fault(new RangeError('twice'))
  const sure = (f: Fault, runs: readonly Run[], one: Choices | null = first): Fault => drive(confirmed(f, choices, one, ENOUGH), runs).result
  const same: Run = { counts: [2], fault: fault(new RangeError('twice')) }

  test('is the schedule’s own if it comes again, and the first schedule passes as before', () => {
    expect(sure(found, [same, { counts: [3] }])).toBe(found)
    expect(sure(found, [same], null)).toBe(found)
  })

  test('that is no schedule’s is not looked at', () => {
    for (const kind of ['nondeterminism', 'escape'] as const) expect(sure(fault('x', kind), []).kind).toBe(kind)
  })

  test('of a run without an end is looked at for as many steps as are enough', () => {
    const limit = fault(new Error('no end'), 'step-limit')
    expect(drive(confirmed(limit, choices, null, ENOUGH), [{ counts: [2], fault: limit }]).asked[0]?.maxSteps).toBe(50)
    expect(drive(confirmed(found, choices, null, ENOUGH), [same]).asked[0]?.maxSteps).toBeUndefined()
  })

  test.each<[string, Run, string]>([
    ['passes then', { counts: [2] }, 'the second passed.'],
    ['fails otherwise then', { counts: [2], fault: fault(new Error('late'), 'unhandled') }, 'the second failed (unhandled: Error: late).'],
    ['is another run then', { counts: [2, 2], fault: same.fault ?? null }, 'the second failed (error: RangeError: twice). The first difference: choice 2, after 2 steps, is one of 2 now (a, b), and there was none before.'],
  ])('of a schedule that %s is that of a program that is no function of its schedule', (_, second, words) => {
    const verdict = sure(found, [second])
    expect(verdict).toMatchObject({ kind: 'nondeterminism', error: { cause: found.error } })
    expectWords(verdict, `the same choices gave two runs: the first failed (error: RangeError: twice), ${words}`)
  })

  test.each<[string, Run, string]>([
    ['fails', { counts: [3], fault: fault(new Error('now')) }, 'failed (error: Error: now) now too, with the same choices: what failed is not an order, but state that an earlier schedule has left behind.'],
    ['is another run', { counts: [4] }, 'runs otherwise now too, with the same choices: what failed is not an order, but state that an earlier schedule has left behind. The first difference: choice 1, after 1 step, is one of 4 now (a, b, c, d), and it was one of 3 before.'],
  ])('after which schedule 1 %s is what an earlier one has left behind', (_, old, words) => {
    const verdict = sure(found, [same, old])
    expect(verdict).toMatchObject({ kind: 'nondeterminism', error: { cause: found.error } })
    expectWords(verdict, `a schedule failed (error: RangeError: twice), but schedule 1, which had passed, ${words}`)
  })
})

test('what to look for where every run has modules of its own', () => {
  const isolated = { enough: 50, isolated: true }
  const choices: Choices = { counts: [2], picks: [1] }
  const found = fault(new RangeError('twice'))
  const passed: Run = { counts: [2] }
  const twice: Run = { counts: [2], fault: found }
  for (const runs of [[passed], [twice, twice]]) {
    const message = String(drive(confirmed(found, choices, choices, isolated), runs).result.error)
    expect(message).toMatch(/differs between two runs although `isolate` imports modules anew: .*node_modules.*reset it in `setup`.*real time/)
    expect(message).not.toContain('isolate: true')
  }
})

describe('a failure that is not there any more when it is to be shown', () => {
  /** Its runs end in these ways, one after the other, and pass after that. */
  const ending = (...errors: (Error | null)[]) => {
    let runs = 0
    return checkSync(
      function* () {
        yield* gather([pause('a'), pause('b')])
        const error = errors[runs++]
        if (error != null) throw error
      },
      { strategy: 'fifo' },
    ).failure
  }
  const [failed, other] = [new Error('first'), new TypeError('other')]

  test.each<[string, (Error | null)[], string]>([
    ['passes', [failed, failed], 'it passed'],
    ['fails otherwise', [failed, failed, other], 'it failed otherwise (error: TypeError: other)'],
    ['passes at the very last', [failed, failed, failed], 'it passed'],
  ])('%s', (_, errors, then) => {
    const failure = ending(...errors)
    expect(failure).toMatchObject({ kind: 'nondeterminism', error: { cause: failed }, schedule: 1 })
    expectWords(failure, `the same choices failed once (error: Error: first); when they were run again ${then}.`)
    expect(failure?.token).toBe(failure?.firstToken)
    // Nothing was to be made smaller.
    expect(failure?.file).toMatchObject({ incomplete: undefined, after: failure?.file.before })
  })
})

test('one in a hundred schedules that pass is run twice', () => {
  const differsFrom = (run: number, count: number): (() => Generator<unknown, void, unknown>) => {
    let runs = 0
    return function* () {
      runs++
      yield* gather(Array.from({ length: runs > run ? count : 2 }, (_, i) => pause(`p${i}`)))
    }
  }
  const report = checkSync(differsFrom(100, 3), { strategy: 'random', schedules: 300 })
  expect([report.schedules, report.failures, report.failure?.kind]).toEqual([100, 1, 'nondeterminism'])
  expect(String(report.failure?.error)).toMatch(/^Error: the same choices gave two runs: the first passed, the second passed\. The first difference: choice \d, after \d steps?, is one of 3 now/)
  expect(checkSync(differsFrom(100, 2), { strategy: 'random', schedules: 300 }).failures).toBe(0)
})
