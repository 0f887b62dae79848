import type { EventLoop } from '../../asyncio/event-loop.ts'
import { leavesLoop } from '../../asyncio/errors.ts'
import type { Task } from '../../asyncio/task.ts'
import type { Runnable } from '../../loop/runnable.ts'
import type { Timer } from '../../loop/timer-heap.ts'
import type { Scope } from './scope.ts'

/** A callback of a replaced global, queued in the loop. It belongs to the task that asked for it. */
export class GlobalCallback implements Runnable {
  readonly kind = 'handle'
  readonly hop = false
  id = 0
  since = 0
  lane: number
  readonly origin: number
  readonly label: string
  readonly sequence: object
  protected readonly loop: EventLoop
  readonly #scope: Scope
  readonly #task: Task<unknown> | null
  #callback: (() => unknown) | null

  constructor(scope: Scope, loop: EventLoop, sequence: object, label: string, callback: () => unknown) {
    loop.native = true
    this.loop = loop
    this.sequence = sequence
    this.label = label
    this.origin = loop.lane
    this.lane = loop.laneForCallback(this)
    this.#scope = scope
    this.#task = loop.acting
    this.#callback = scope.bind(callback)
  }

  get task(): string | undefined {
    return this.#task?.getName()
  }

  isCancelled(): boolean {
    return this.#callback === null
  }

  cancel(): void {
    if (this.#callback === null) return
    this.#callback = null
    if (this.id !== 0) this.loop.dequeue(this)
  }

  run(): void {
    const callback = this.#callback
    this.#callback = null
    if (callback === null) return
    this.loop.current = this.#task
    try {
      callback()
    } catch (error) {
      if (leavesLoop(error)) throw error
      this.#scope.crashed(error)
    }
  }
}

/** The same at a moment of virtual time. */
export class TimerCallback extends GlobalCallback implements Timer {
  serial = 0
  readonly due: number
  readonly period: number | undefined

  constructor(
    scope: Scope,
    loop: EventLoop,
    ms: number,
    repeats: boolean,
    label: string,
    callback: () => unknown,
  ) {
    super(scope, loop, scope.sequenceOf(ms), label, callback)
    this.period = repeats ? ms / 1000 : undefined
    // In whole nanoseconds: 0.1 s and then 0.2 s is the same moment as 0.3 s at once.
    this.due = Math.round((loop.time() * 1000 + ms) * 1e6) / 1e9
    loop.addTimer(this)
  }

  override run(): void {
    if (this.period !== undefined) this.loop.noteBeat(this.loop.steps)
    super.run()
  }

  override cancel(): void {
    if (!this.isCancelled() && this.id === 0) this.loop.noteTimerCancelled(this)
    super.cancel()
  }
}
