import type { CoroutineLike } from './awaitable.ts'
import type { Context } from './context.ts'
import { getRunningLoop } from './current-loop.ts'
import type { Task } from './task.ts'

/**
 * Makes a task of the running loop from a generator, a promise (which it only observes), or a function that
 * returns either and is called when the task first runs (CPython, `tasks.py:create_task`).
 *
 * @throws RuntimeError outside a run, TypeError for what is no coroutine
 * @example
 * ```ts
 * runSync(function* () {
 *   const task = createTask(function* () { yield* sleep(1); return 'done' }, { name: 'worker' })
 *   return yield* task
 * })
 * ```
 */
export function createTask<T>(coroutine: CoroutineLike<T>, options?: { name?: string | undefined; context?: Context | undefined }): Task<T> {
  return getRunningLoop().createTask(coroutine, options)
}
