import type { Timer } from '../loop/timer-heap.ts'
import { leavesLoop } from './errors.ts'
import type { EventLoop } from './event-loop.ts'

/** A callback that the loop will run (CPython, `events.py:Handle`). */
export class Handle {
  readonly kind = 'handle'
  id = 0
  since = 0
  readonly hop = false
  readonly lane: number
  /** @internal The lane that asked for it. */
  readonly origin: number
  /** @internal Callbacks with the same sequence keep the order in which they were queued. */
  sequence: object | undefined = undefined
  protected readonly loop: EventLoop
  readonly #task: string | undefined
  #callback: ((...args: never[]) => unknown) | null
  #args: readonly unknown[]

  /** @internal Made by the loop's `callSoon` and its kin. */
  constructor(loop: EventLoop, callback: (...args: never[]) => unknown, args: readonly unknown[]) {
    this.loop = loop
    this.lane = loop.newLane()
    this.origin = loop.lane
    this.#task = loop.current?.getName()
    this.#callback = callback
    this.#args = args
  }

  /** The task that asked for the callback. */
  get task(): string | undefined {
    return this.#task
  }

  get label(): string {
    return `callback ${this.#callback?.name ?? ''}`.trimEnd()
  }

  /** Makes the loop skip it. Calling it again does nothing. */
  cancel(): void {
    this.#callback = null
    this.#args = []
  }

  cancelled(): boolean {
    return this.#callback === null
  }

  /** @internal */
  run(): void {
    const callback = this.#callback as ((...args: unknown[]) => unknown) | null
    if (callback === null) return
    this.loop.current = null
    try {
      callback(...this.#args)
    } catch (error) {
      if (leavesLoop(error)) throw error
      this.loop.callExceptionHandler({ message: `Exception in ${this.label}`, exception: error, handle: this })
    }
  }
}

/** A callback at a moment of virtual time (CPython, `events.py:TimerHandle`). */
export class TimerHandle extends Handle implements Timer {
  serial = 0
  readonly due: number

  /** @internal */
  constructor(loop: EventLoop, when: number, callback: (...args: never[]) => unknown, args: readonly unknown[]) {
    super(loop, callback, args)
    this.due = when
  }

  /** The moment it is armed for, in seconds of loop time. */
  when(): number {
    return this.due
  }

  override cancel(): void {
    if (!this.cancelled()) this.loop.noteTimerCancelled()
    super.cancel()
  }

  /** @internal */
  isCancelled(): boolean {
    return this.cancelled()
  }
}
