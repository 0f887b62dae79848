import { expect } from 'vitest'
import {
  checkSync,
  type Condition,
  type Coroutine,
  createTask,
  type ExploreOptions,
  type Lock,
  type Semaphore,
  sleep,
  type Suspension,
  type Task,
} from '../../src/index.ts'

/*
 * A reduction leaves out orders in which the same happens. So small programs must come to the same outcomes with it as in
 * every order. Nothing is shared here but the construct that each is about, or the orders would be explored for another reason.
 */

export type Make = () => Coroutine<unknown>

/** What each task comes to: its value, or the name of its error. */
export function* ends(tasks: readonly Task<unknown>[]): Coroutine<unknown[]> {
  const found: unknown[] = []
  for (const task of tasks) {
    try {
      found.push(yield* task)
    } catch (error) {
      found.push((error as Error).name)
    }
  }
  return found
}

/** Tasks that run at once: a step each, or the steps of a generator. */
export function* together(...bodies: readonly (() => unknown)[]): Coroutine<unknown> {
  return yield* ends(bodies.map((body) => createTask(body as () => Coroutine<unknown>)))
}

export const step = (f: () => unknown) =>
  function* (): Generator<Suspension, unknown, unknown> {
    return f()
  }

export function held(lock: Lock | Semaphore | Condition) {
  return function* (): Coroutine<void> {
    yield* lock.acquire()
    yield* sleep(0)
    lock.release()
  }
}

export const REDUCED: ExploreOptions = { strategy: 'dpor', assume: 'tracked', bail: false, leaks: 'ignore', schedules: 5000 }
export const EVERY: ExploreOptions = { strategy: 'exhaustive', bail: false, leaks: 'ignore', schedules: 20_000 }

/** What it comes to under a strategy, and in how many schedules. */
export function outcomes(make: Make, options: ExploreOptions): { found: string[]; schedules: number } {
  const found = new Set<string>()
  const report = checkSync(function* () {
    found.add(JSON.stringify(yield* make()))
  }, options)
  expect(report).toMatchObject({ exhausted: true, failures: 0 })
  return { found: [...found].toSorted(), schedules: report.schedules }
}

/** Holds the reduction to what all schedules come to, which must not be one thing alone. */
export function comesToEveryOutcome(make: Make): void {
  const [reduced, every] = [outcomes(make, REDUCED), outcomes(make, EVERY)]
  expect(every.found.length).toBeGreaterThan(1)
  expect(reduced.found).toEqual(every.found)
  // What can't be reduced is begun anew.
  expect(reduced.schedules).toBeLessThanOrEqual(every.schedules + 1)
}
