import { describe, expect, test } from 'vitest'
import { ReplayMismatchError } from '../../src/explore/replay-mismatch.ts'
import { StrictReplay } from '../../src/explore/strict-replay.ts'
import { marksOf, type Schedule } from '../../src/explore/token.ts'
import { Tracer } from '../../src/explore/trace.ts'
import type { Chooser, Observer } from '../../src/loop/chooser.ts'
import type { Option } from '../../src/loop/runnable.ts'
import { handle, pointOf, values } from '../strategies/points.ts'

/** A strict replay by itself: what it lets pass, and in which words it says where two runs part. */

type Entry = Option | readonly Option[]

const step = (task: string | undefined, label?: string): Option => handle(1, { task, label })
const loop = { steps: 0, time: () => 0 }

/** Runs this: single options are forced; of several the chooser picks, and what it has picked runs. */
function run(by: Chooser & Observer, entries: readonly Entry[]): void {
  for (const entry of entries) {
    if (!Array.isArray(entry)) by.step?.(entry as Option, loop)
    else {
      const options = entry as readonly Option[]
      const picked = options[by.choose(pointOf(options))] as Option
      if (picked.kind !== 'value') by.step?.(picked, loop)
    }
  }
}

/** What a token of a run of these keeps, its picks at these of its choices. */
function scheduleOf(entries: readonly Entry[], picks: readonly (readonly [number, number])[] = []): Schedule {
  const wanted = new Map(picks)
  const tracer: Tracer = new Tracer({ choose: () => wanted.get(tracer.choices) ?? 0 })
  run(tracer, entries)
  const { choices, fingerprints } = tracer
  const shape = { permute: 'tasks', awaits: 'slow', leaks: 'error', maxSteps: 9, cancel: null, faults: 1, globals: undefined } as const
  return { name: '', shape, picks: wanted, choices, steps: fingerprints.length, marks: marksOf(fingerprints), fingerprint: fingerprints.at(-1) ?? 0 }
}

/** How the replay of a schedule by other entries ends: the step and the difference; null: they are the same. */
function difference(schedule: Schedule, entries: readonly Entry[]): [number, string] | null {
  const strict = new StrictReplay(schedule)
  try {
    run(strict, entries)
    strict.finish()
    return null
  } catch (error) {
    if (!(error instanceof ReplayMismatchError)) throw error
    const words = /^the program has changed since this token was made: step (\d+) differs: (.*)\. Explore again to get a token of the program as it is now\.$/.exec(error.message)
    expect(words?.[1]).toBe(String(error.step))
    return [error.step, words?.[2] ?? '']
  }
}

const A = step('a', 'load')
const B = step('b', 'save')
const run3 = [step('main', 'start'), [A, B], B, A]

describe('a strict replay', () => {
  test('of the same program follows it, whatever it begins with', () => {
    expect(difference(scheduleOf(run3), run3)).toBeNull()
    expect(difference(scheduleOf(run3, [[0, 1]]), run3)).toBeNull()
    expect(difference(scheduleOf([[A, B], A]), [[A, B], A])).toBeNull()
    expect(difference(scheduleOf([values(3).options, A], [[0, 2]]), [values(3).options, A])).toBeNull()
    expect(difference(scheduleOf([]), [])).toBeNull()
  })

  test('of another program says what runs now', () => {
    const schedule = scheduleOf(run3)
    const says = (...entries: Entry[]): unknown => difference(schedule, entries)
    expect(says(step('main', 'start'), [A, step('b', 'other')], step('b', 'other'))).toEqual([3, 'b, other runs now, and something else did then'])
    expect(says(step('main', 'start'), [A, B], step(undefined, 'save'))).toEqual([3, 'save runs now, and something else did then'])
    expect(says(step('main'))).toEqual([1, 'main runs now, and something else did then'])
    expect(says(step(undefined))).toEqual([1, 'handle runs now, and something else did then'])
    expect(says({ kind: 'clock', id: 0 })).toEqual([1, 'clock runs now, and something else did then'])
    expect(says(values(2).options)).toEqual([1, 'value runs now, and something else did then'])
    expect(says(step('main', 'start'), [A, B, A])).toEqual([2, 'a, load runs now, and something else did then'])
  })

  test('of a longer run, and of a shorter one', () => {
    expect(difference(scheduleOf(run3), [...run3, B])).toEqual([5, "the token's run ended before it. b, save runs now, and something else did then"])
    expect(difference(scheduleOf(run3), run3.slice(0, 3))).toEqual([4, "the run ends here, and the token's run went on"])
    expect(difference(scheduleOf(run3), [])).toEqual([1, "the run ends here, and the token's run went on"])
  })

  test('where there are fewer options than the pick needs', () => {
    expect(difference(scheduleOf(run3, [[0, 1]]), [step('main', 'start'), [A]])).toEqual([2, 'the token picks option 2, and there are 1 now'])
  })

  test('whose marks hide a difference shows it by the whole fingerprint', () => {
    const schedule = scheduleOf(run3)
    expect(difference({ ...schedule, fingerprint: schedule.fingerprint ^ 1 }, run3)).toEqual([4, 'a, load runs now, and something else did then'])
  })

  test('of a long run knows the place up to a few steps', () => {
    const long = (changed: number): Entry[] => Array.from({ length: 192 }, (_, i) => step('a', i === changed ? 'x' : `l${i}`))
    const schedule = scheduleOf(long(-1))
    // A mark for each three of them.
    expect(schedule.marks.length).toBe(64)
    expect(difference(schedule, long(-1))).toBeNull()
    expect(difference(schedule, long(0))).toEqual([1, 'a, l2 runs now, and something else did then, or one of the 2 after it'])
    expect(difference(schedule, long(100))).toEqual([100, 'a, l101 runs now, and something else did then, or one of the 2 after it'])
    expect(difference(schedule, long(191))).toEqual([190, 'a, x runs now, and something else did then, or one of the 2 after it'])
  })

  test('of a run that had not ended follows its picks alone', () => {
    const unfinished = { ...scheduleOf([]), picks: new Map([[0, 1]]), choices: 1, unfinished: true }
    expect(difference(unfinished, run3)).toBeNull()
    expect(difference(unfinished, [])).toBeNull()
    expect(difference(unfinished, [[A]])).toEqual([1, 'the token picks option 2, and there are 1 now'])
  })
})
