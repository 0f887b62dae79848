import { getRunningLoop } from './current-loop.ts'
import type { EventLoop } from './event-loop.ts'
import type { Task } from './task.ts'

/**
 * The loop's tasks that are not done, in the order in which they were made (CPython, `tasks.py:all_tasks`, has them
 * in no order).
 *
 * @throws RuntimeError outside a run, unless a loop is given
 * @example
 * ```ts
 * for (const task of allTasks()) if (task !== currentTask()) task.cancel()
 * ```
 */
export function allTasks(loop: EventLoop = getRunningLoop()): Set<Task<unknown>> {
  return new Set(loop.liveTasks())
}
