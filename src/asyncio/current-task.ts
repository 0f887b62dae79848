import { getRunningLoop } from './current-loop.ts'
import type { EventLoop } from './event-loop.ts'
import type { Task } from './task.ts'

/**
 * The task whose step is running, null in a callback (CPython, `tasks.py:current_task`).
 *
 * @throws RuntimeError outside a run, unless a loop is given
 * @example
 * ```ts
 * const name = currentTask()?.getName()
 * ```
 */
export function currentTask(loop: EventLoop = getRunningLoop()): Task<unknown> | null {
  return loop.acting
}
