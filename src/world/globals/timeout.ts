/// <reference lib="esnext.disposable" preserve="true" />
import type { EventLoop } from '../../asyncio/event-loop.ts'
import { GlobalCallback, TimerCallback } from './callback.ts'
import type { Scope } from './scope.ts'

/** Node's longest delay, in milliseconds; a longer one is 1. */
const LONGEST = 2 ** 31 - 1

/** A delay as Node takes it: what is below 1, above the longest or not a number is 1 millisecond. */
export function delayOf(ms: unknown): number {
  const n = Number(ms)
  return n >= 1 && n <= LONGEST ? n : 1
}

/** What a program holds of a callback to come. A loop is always held open, so that `ref` only remembers. */
abstract class Held {
  #referenced = true

  ref(): this {
    this.#referenced = true
    return this
  }

  unref(): this {
    this.#referenced = false
    return this
  }

  hasRef(): boolean {
    return this.#referenced
  }

  abstract cancel(): void;

  [Symbol.dispose](): void {
    this.cancel()
  }
}

/** Node's `Timeout`, on virtual time. */
export class VirtualTimeout extends Held {
  readonly #scope: Scope
  readonly #loop: EventLoop
  readonly #ms: number
  readonly #repeats: boolean
  readonly #callback: () => unknown
  readonly #label: string
  #armed: TimerCallback

  #cleared = false
  #number = 0

  constructor(scope: Scope, loop: EventLoop, name: string, ms: number, callback: () => unknown) {
    super()
    this.#scope = scope
    this.#loop = loop
    this.#ms = ms
    this.#repeats = name === 'setInterval'
    this.#label = `${name} ${ms} ms`
    this.#callback = scope.bind(callback)
    this.#armed = this.#arm()
  }

  #arm(): TimerCallback {
    return new TimerCallback(this.#scope, this.#loop, this.#ms, this.#repeats, this.#label, () => this.#fire())
  }

  #fire(): void {
    const fired = this.#armed
    try {
      this.#callback()
    } finally {
      // As in Node, the next period begins when the callback has run; unless that has cleared or refreshed it.
      if (this.#repeats && this.#armed === fired && !this.#cleared) this.#armed = this.#arm()
    }
  }

  /** One that a program doesn't wait for is its housekeeping. */
  override unref(): this {
    if (!this.#repeats) this.#scope.housekeeping.add(this)
    return super.unref()
  }

  /** The schedule is over: queues its callback, unless that has run or was cleared. */
  queueLeftover(): void {
    if (this.hasRef() || this.#armed.isCancelled()) return
    this.#armed.cancel()
    this.#loop.enqueue(new GlobalCallback(this.#scope, this.#loop, this.#scope.sequenceOf(0), this.#label, this.#callback))
  }

  override cancel(): void {
    this.#cleared = true
    this.#armed.cancel()
  }

  close(): this {
    this.cancel()
    return this
  }

  /** Starts its delay anew; one that has fired is armed again. */
  refresh(): this {
    if (this.#cleared) return this
    this.#armed.cancel()
    this.#armed = this.#arm()
    return this
  }

  /** What it is as a number, which clearTimeout takes too. */
  [Symbol.toPrimitive](): number {
    const { numbered } = this.#scope
    if (this.#number === 0) numbered.set((this.#number = numbered.size + 1), this)
    return this.#number
  }
}

/** Node's `Immediate`: runs before any time passes, after those that were asked for earlier. */
export class VirtualImmediate extends Held {
  readonly #queued: GlobalCallback

  constructor(scope: Scope, loop: EventLoop, callback: () => unknown) {
    super()
    this.#queued = new GlobalCallback(scope, loop, scope.sequenceOf(0), 'setImmediate', callback)
    loop.enqueue(this.#queued)
  }

  override cancel(): void {
    this.#queued.cancel()
  }
}
