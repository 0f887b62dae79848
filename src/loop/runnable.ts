/** One read or write of a shared object, as a strategy or a reduction sees it. */
export interface Access {
  /** The object touched; equal numbers within a run are the same object. */
  readonly object: number
  readonly kind: 'read' | 'write'
}

/** What may happen next. The ready runnables and the externals are themselves the options: nothing is copied. */
export interface Option {
  readonly kind: 'handle' | 'external' | 'clock' | 'value'
  /** Numbers the pending event: a new one each time something is queued or begun. */
  readonly id: number
  readonly task?: string | undefined
  readonly lane?: number | undefined
  readonly label?: string | undefined
  /** Callbacks: the lane of the step that asked for it, whose priority it shares. */
  readonly origin?: number | undefined
  /** What the step will touch first, where that is known before it runs. */
  readonly accesses?: readonly Access[] | undefined
  /** Whether it goes on because a future has ended that it waited for: it would not have stopped had that ended before. */
  readonly joins?: boolean
}

/**
 * What the loop's ready queue holds: a task's next step, a callback, a due timer, or a hop. A hop is
 * bookkeeping in which no user code runs (a gather noting that a child has ended); it costs an iteration, as
 * in CPython, but is no choice.
 */
export interface Runnable extends Option {
  id: number
  /** The number of picks made when it was queued; fairness counts from it. */
  since: number
  readonly hop: boolean
  run(): void
  /** Hops only: whether running the queued hops of its owner now ends in a step of user code. */
  leads?(): boolean
  /** Hops only: it interrupts somebody, so that its place in the order is a choice even at the head of the queue. */
  readonly decides?: boolean
  /** Hops only: it is a time limit that runs out. */
  readonly expires?: boolean
  /** Hops only: what has failed, so that it interrupts somebody. */
  readonly failed?: string | undefined
  /** Hops only: it does nothing that anybody could see, so that it need not keep its place. */
  readonly silent?: boolean
  /** Hops only: hops of one owner are one option, and run together when it is picked. */
  readonly owner?: object
  /** Hops only: what it leads to follows from it alone, whatever its owner was told of before. */
  readonly alone?: boolean
  /** A timer's deadline, while it waits in the ready queue: timers never pass an earlier one. */
  readonly due?: number
  /** One firing of an interval: its period in seconds, after which it will fire again. */
  readonly period?: number | undefined
  /** Runnables with the same sequence run in the order in which they were queued. */
  readonly sequence?: object | undefined
}
