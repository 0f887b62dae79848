import { currentLoop, getRunningLoop } from '../../asyncio/current-loop.ts'
import { Task } from '../../asyncio/task.ts'
import { interruptionsOf } from './interruptions.ts'
import { Signalled } from './signalled.ts'

/**
 * Lets the strategy cancel this task at any of its waits from now on, or not at all: `explore(..., { cancel })` for one
 * task, whatever its name. In each schedule one task is cancelled or one controller is aborted at most. Outside a run it
 * does nothing.
 *
 * @throws TypeError for what is no task
 * @example
 * ```ts
 * const job = cancelAnywhere(createTask(worker))
 * await wait([job])
 * ```
 */
export function cancelAnywhere<T>(task: Task<T>): Task<T> {
  if (!(task instanceof Task)) throw new TypeError(`cancelAnywhere takes a task, not ${String(task)}`)
  if (currentLoop() !== null) interruptionsOf(getRunningLoop()).add(task as Task<unknown>)
  return task
}

/**
 * Lets the strategy abort this controller after any step from now on, or not at all. In each schedule one controller is
 * aborted or one task is cancelled at most. Whoever still listens to the signal when the run ends has leaked a listener,
 * unless it was aborted. Outside a run it does nothing.
 *
 * @throws TypeError for what is no AbortController
 * @example
 * ```ts
 * const caller = abortAnywhere(new AbortController(), { label: 'the first caller' })
 * await load('key', caller.signal).catch(() => {})
 * ```
 */
export function abortAnywhere(
  controller: AbortController,
  options: { readonly label?: string | undefined; readonly reason?: unknown } = {},
): AbortController {
  if (typeof controller?.abort !== 'function') throw new TypeError(`abortAnywhere takes an AbortController, not ${String(controller)}`)
  if (currentLoop() === null) return controller
  interruptionsOf(getRunningLoop()).signalled.push(new Signalled(controller, options.label ?? 'the signal', options.reason))
  return controller
}
