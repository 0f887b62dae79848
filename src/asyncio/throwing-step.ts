import type { Suspension } from './awaitable.ts'

/** A coroutine from the side of whoever runs it. */
export type Step = Iterator<Suspension, unknown, unknown>

/** Throws an error into a coroutine instead of going on: `restore` is called first, with the coroutine. */
export function throwingStep(step: Step, error: unknown, restore: (step: Step) => void): Step {
  const raise = (e: unknown): IteratorResult<Suspension, unknown> => {
    restore(step)
    if (step.throw === undefined) throw e
    return step.throw(e)
  }
  return { next: () => raise(error), throw: raise }
}

/** A cancellation before the first step: no line of the body runs (R077). */
export function throwAtStart(step: Step, error: unknown): unknown {
  try {
    step.throw?.(error)
  } catch (e) {
    return e
  }
  return error
}
