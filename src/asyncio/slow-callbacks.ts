import type { Runnable } from '../loop/runnable.ts'
import type { Stopwatch } from '../loop/stopwatch.ts'
import type { EventLoop } from './event-loop.ts'

/** The host's own clock, taken before anybody can replace it: blocking costs real time, not virtual. */
const realNow = performance.now.bind(performance)

/**
 * Warns of steps that keep the loop for too long (CPython, `base_events.py:_run_once`, in debug mode). Virtual time stands
 * still within a step, so that what is measured is real time: a synchronous spin, a blocking call.
 */
export class SlowCallbacks implements Stopwatch {
  readonly #loop: EventLoop
  /** What is running, in words. */
  #running: string | null = null
  #since = 0

  constructor(loop: EventLoop) {
    this.#loop = loop
  }

  start(r: Runnable): void {
    // What it is in words now: after the step it may be done.
    this.#running = r.task === undefined ? String(r) : `a step of ${r.task} (after ${String(r.label)})`
    this.#since = realNow()
  }

  stop(): void {
    const words = this.#running
    if (words === null) return
    this.#running = null
    const seconds = (realNow() - this.#since) / 1000
    if (seconds < this.#loop.slowCallbackDuration) return
    console.warn(`Executing ${words} took ${seconds.toFixed(3)} seconds of real time: it blocked the loop, and every task with it`)
  }
}
