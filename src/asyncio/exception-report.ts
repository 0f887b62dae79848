import { InvalidStateError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'
import type { Handle } from './handle.ts'
import type { Task } from './task.ts'

/** What an exception handler is told (CPython, `base_events.py:call_exception_handler`). */
export interface ExceptionContext {
  message: string
  exception?: unknown
  handle?: Handle
  task?: Task<unknown>
  future?: Future<unknown>
  /** Where the future or handle was made, in debug mode. */
  sourceTraceback?: string | undefined
  /** What a handler was told that failed itself. */
  context?: ExceptionContext
}

/** Told of exceptions that nobody can catch (CPython, `base_events.py:set_exception_handler`). */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void

/**
 * The text that the default exception handler prints: the message, then every other entry, sorted, and the
 * exception with its stack (CPython, `base_events.py:default_exception_handler`).
 */
export function exceptionReport(context: ExceptionContext): string {
  const lines = [context.message || 'Unhandled exception in event loop']
  const { exception } = context
  const others = Object.entries(context).filter(([key]) => key !== 'message' && key !== 'exception')
  others.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, value] of others) {
    lines.push(key === 'sourceTraceback' ? `Object created at: ${String(value)}` : `${key}: ${String(value)}`)
  }
  if (exception !== undefined) {
    lines.push(exception instanceof Error ? (exception.stack ?? `${exception.name}: ${exception.message}`) : String(exception))
  }
  return lines.join('\n')
}

/** @internal A step of a task that somebody has settled by the methods of Future that a task refuses (`tasks.py:Task.__step`). */
export function reportStepAfterEnd<T>(task: Task<T>): void {
  const exception = new InvalidStateError(`step(): already done ${String(task)}`)
  task.loop.callExceptionHandler({ message: 'Exception in callback task_step()', exception, task: task as Task<unknown> })
}
