import { createTask, type ExploreOptions, type Task } from '../../src/index.ts'

/** The option under which the worker may be cancelled. */
export const WORKER: ExploreOptions = { cancel: 'worker' }

/** A task that may be cancelled. */
export function worker(body: () => Promise<void>): Task<void> {
  return createTask(body, { name: 'worker' })
}

/** A promise, and who settles it. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((r) => (resolve = r))
  return { promise, resolve }
}
