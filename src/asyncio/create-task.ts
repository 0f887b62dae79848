import type { CoroutineLike } from './awaitable.ts'
import { getRunningLoop } from './current-loop.ts'
import type { Task } from './task.ts'
import type { CreateTaskOptions } from './task-options.ts'

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
export function createTask<T>(coroutine: CoroutineLike<T>, options?: CreateTaskOptions): Task<T> {
  return getRunningLoop().createTask(coroutine, options)
}
