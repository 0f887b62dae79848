import type { Timer } from '../loop/timer-heap.ts'
import { Context, inheritContext } from './context.ts'
import { callSite } from './debug.ts'
import { leavesLoop } from './errors.ts'
import type { EventLoop } from './event-loop.ts'

/**
 * A callback that the loop will run (CPython, `events.py:Handle`).
 *
 * @example
 * ```ts
 * const handle = getRunningLoop().callSoon(() => console.log('never'))
 * handle.cancel()
 * ```
 */
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
  /** Null: an empty one. */
  #context: Context | null
  /** In debug mode: what it looked like before it was cancelled, and where it was made. */
  #repr: string | null = null
  readonly #madeAt: string | undefined

  /** @internal Made by the loop's `callSoon` and its kin; without a context it runs in a copy of the current one. */
  constructor(
    loop: EventLoop,
    callback: (...args: never[]) => unknown,
    args: readonly unknown[],
    context: Context | null = inheritContext(),
  ) {
    this.loop = loop
    this.lane = loop.newLane()
    this.origin = loop.lane
    this.#task = loop.acting?.getName()
    this.#callback = callback
    this.#args = args
    this.#context = context
    this.#madeAt = loop.getDebug() ? callSite() : undefined
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
    if (this.#callback !== null && this.loop.getDebug()) this.#repr = this.#withWords(['cancelled', ...this.inWords()])
    // Skipping it is nobody's choice, so it leaves the queue at once where there are choices; else it has its turn (R009).
    if (this.#callback !== null && this.id !== 0 && this.loop.chooser !== null) this.loop.dequeue(this)
    this.#callback = null
    this.#args = []
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#callback === null
  }

  /** The context that it runs in. */
  getContext(): Context {
    this.#context ??= new Context()
    return this.#context
  }

  toString(): string {
    return this.#repr ?? this.#withWords(this.inWords())
  }

  #withWords(words: string[]): string {
    return `<${[this.constructor.name, ...words].join(' ')}>`
  }

  /** @internal */
  protected inWords(): string[] {
    if (this.#callback === null) return ['cancelled']
    const debug = this.loop.getDebug()
    const words = [`${this.#callback.name || 'callback'}(${debug ? this.#args.map(String).join(', ') : ''})`]
    if (this.#madeAt !== undefined) words.push(`created at ${this.#madeAt}`)
    return words
  }

  /** @internal Whether both would make the same call. */
  callsTheSame(other: Handle): boolean {
    const [mine, theirs] = [this.#args, other.#args]
    return this.#callback === other.#callback && mine.length === theirs.length && mine.every((a, i) => Object.is(a, theirs[i]))
  }

  /** @internal */
  run(): void {
    const callback = this.#callback as ((...args: unknown[]) => unknown) | null
    if (callback === null) return
    this.loop.current = null
    this.loop.currentHandle = this
    try {
      callback(...this.#args)
    } catch (error) {
      if (leavesLoop(error)) throw error
      const where = this.#madeAt === undefined ? {} : { sourceTraceback: this.#madeAt }
      this.loop.callExceptionHandler({ message: `Exception in ${this.label}()`, exception: error, handle: this, ...where })
    }
  }
}

/**
 * A callback at a moment of virtual time (CPython, `events.py:TimerHandle`).
 *
 * @example
 * ```ts
 * const timer = getRunningLoop().callLater(30, () => console.log('late'))
 * timer.when() // 30 seconds from now, in loop time
 * ```
 */
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

  /** So that timers compare with `<` and `>` by the moment they are armed for (`events.py:TimerHandle.__lt__`). */
  override valueOf(): number {
    return this.due
  }

  /** Whether `other` is a timer of the same moment that would make the same call (`events.py:TimerHandle.__eq__`). */
  equals(other: unknown): boolean {
    return other instanceof TimerHandle && other.due === this.due && this.callsTheSame(other)
  }

  override cancel(): void {
    // One that was queued has left the heap.
    if (!this.cancelled() && this.id === 0) this.loop.noteTimerCancelled(this)
    super.cancel()
  }

  /** @internal */
  protected override inWords(): string[] {
    const words = super.inWords()
    return words[0] === 'cancelled' ? [...words, `when=${this.due}`] : [`when=${this.due}`, ...words]
  }

  /** @internal */
  isCancelled(): boolean {
    return this.cancelled()
  }
}
