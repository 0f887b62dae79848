import * as fc from 'fast-check'
import { expect } from 'vitest'
import {
  type Awaitable,
  CancelledError,
  checkSync,
  type Coroutine,
  createTask,
  type ExploreOptions,
  gather,
  type GeneratorBody,
  sleep,
  type Task,
} from '../src/index.ts'
import { SEED } from './seed.ts'

/** Programs of a property, and schedules of each; the schedules are random orders. */
const PROGRAMS = 60
const SCHEDULES = 25
/** That a flaw is caught is certain for the programs of this seed. */
const CATCHING = 20_250_101

/** What works under `yield*`. */
export type Waits<T> = Awaitable<T> | Coroutine<T>

/** Explores a body; throws what is wrong with its first failing schedule. */
function holds(body: GeneratorBody, options: ExploreOptions): void {
  const report = checkSync(body, options)
  if (report.failure !== undefined) throw report.failure.error
  if (options.strategy === 'exhaustive' && !report.exhausted) throw new Error('not every order was run')
}

/** The property that a body made from any program, with any cancellations, does not fail for that reason, in any order. */
function neverFails<P>(
  programs: fc.Arbitrary<P>,
  body: (program: P) => GeneratorBody,
  why = /[^]/,
): fc.IProperty<[P, number]> {
  return fc.property(programs, fc.nat(), (program, seed) => {
    try {
      holds(body(program), { strategy: 'random', schedules: SCHEDULES, seed })
    } catch (error) {
      if (why.test(String(error))) throw error
    }
  })
}

export function assertHolds<P>(programs: fc.Arbitrary<P>, body: (program: P) => GeneratorBody): void {
  fc.assert(neverFails(programs, body), { numRuns: PROGRAMS, seed: SEED })
}

/** The property fails, and for the reason given: so it can fail. */
export function assertCatches<P>(programs: fc.Arbitrary<P>, body: (program: P) => GeneratorBody, why: RegExp): void {
  const found = fc.check(neverFails(programs, body, why), { numRuns: 20 * PROGRAMS, seed: CATCHING, endOnFailure: true })
  expect(String(found.errorInstance)).toMatch(why)
  expect(found.failed).toBe(true)
}

export function assertInEveryOrder(body: GeneratorBody): void {
  holds(body, { strategy: 'exhaustive', schedules: 200_000 })
}

/** Waits for tasks; errors other than a cancellation go on. */
export function* endOf(tasks: readonly Task<unknown>[]): Coroutine<void> {
  for (const r of yield* gather(tasks, { returnExceptions: true })) {
    if (r instanceof Error && !(r instanceof CancelledError)) throw r
  }
}

/** A task that cancels the others, one a turn; in which turn of theirs is up to the order. */
export function canceller(tasks: readonly Task<unknown>[], which: readonly number[]): Task<unknown> {
  return createTask(function* () {
    for (const w of which) {
      yield* sleep(0)
      tasks[w % tasks.length]?.cancel()
    }
  })
}

/** The clock moves only when nothing is ready: after this, whoever waits waits in vain until somebody acts. */
export function untilQuiet(): Awaitable<void> {
  return sleep(1)
}

export function live(tasks: readonly Task<unknown>[]): Task<unknown>[] {
  return tasks.filter((t) => !t.done())
}

export function claim(condition: boolean, what: string): void {
  if (!condition) throw new Error(what)
}

/** Which tasks are cancelled, in this order. */
export const cancellations = fc.array(fc.nat(5), { maxLength: 4 })
