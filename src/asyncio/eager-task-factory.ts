import type { TaskFactory } from './event-loop.ts'
import { Task } from './task.ts'

/**
 * A task factory whose tasks run their first step at once, as part of the step that makes them (CPython,
 * `tasks.py:eager_task_factory`). A coroutine that ends without waiting then costs no iteration. Native async functions
 * that start so are followed through their awaits where the host can do that (Node can).
 *
 * @example
 * ```ts
 * getRunningLoop().setTaskFactory(eagerTaskFactory)
 * ```
 */
export const eagerTaskFactory: TaskFactory = (loop, coroutine, options) =>
  new Task(coroutine, { ...options, loop, eagerStart: true })
