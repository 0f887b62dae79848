import type { TaskFactory } from './event-loop.ts'
import { Task } from './task.ts'

/**
 * A task factory whose tasks run their first step at once, as part of the step that makes them (CPython,
 * `tasks.py:eager_task_factory`). A coroutine that ends without waiting then costs no iteration. For generators: the
 * waits of a native async function that starts so belong to the task that started it.
 *
 * @example
 * ```ts
 * getRunningLoop().setTaskFactory(eagerTaskFactory)
 * ```
 */
export const eagerTaskFactory: TaskFactory = (loop, coroutine, options) =>
  new Task(coroutine, { ...options, loop, eagerStart: true })
