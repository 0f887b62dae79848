import type { Context } from './context.ts'
import type { EventLoop } from './event-loop.ts'

/** What `createTask` is told, and passes on. */
export interface CreateTaskOptions {
  /** Default: `Task-N`, N counting from 1 in every run. */
  name?: string | undefined
  /** What its context variables are; default: a copy of the current context. */
  context?: Context | undefined
  /**
   * Runs the first step at once, inside the call, if the loop is running. The waits of a native async function that starts
   * so belong to it wherever the host can follow code through native awaits (Node can); elsewhere to the task that
   * started it.
   */
  eagerStart?: boolean | undefined
}

/** A task's name, its loop, its context. */
export interface TaskOptions extends CreateTaskOptions {
  loop?: EventLoop | undefined
}
