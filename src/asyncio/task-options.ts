import type { Context } from './context.ts'
import type { EventLoop } from './event-loop.ts'

/** A task's name, its loop, its context. */
export interface TaskOptions {
  /** Default: `Task-N`, N counting from 1 in every run. */
  name?: string | undefined
  loop?: EventLoop | undefined
  /** What its context variables are; default: a copy of the current context. */
  context?: Context | undefined
  /**
   * Runs the first step at once, inside the constructor, if the loop is running. Only for generators: the waits of a
   * native async function that starts so belong to the task that started it.
   */
  eagerStart?: boolean | undefined
}
