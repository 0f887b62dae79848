import type { Timer } from '../loop/timer-heap.ts'
import type { Awaitable, Coroutine, Frame, Suspension } from './awaitable.ts'
import { requireLoop } from './current-loop.ts'
import { noteAwaited, noteCoroutine } from './debug-notes.ts'
import { CancelledError, RuntimeError, ValueError } from './errors.ts'
import { awaitCoroutine } from './native-frame.ts'
import { PromiseMethods } from './promise-methods.ts'
import { YieldOnce } from './yield-once.ts'

const NEW = 0
const ASLEEP = 1
const WOKEN = 2
const INTERRUPTED = 3
const ENDED = 4

/**
 * @internal One sleep, all in one object because there are so many of them: the awaitable, its iterator, the timer, and the
 * hop that wakes the sleeper.
 */
export class Sleep<T>
  extends PromiseMethods<T>
  implements Awaitable<T>, Iterator<Suspension, T, unknown>, Suspension, Timer
{
  get kind(): 'handle' { return 'handle' }
  get hop(): true { return true }
  id = 0
  since = 0
  serial = 0
  due = 0
  readonly #delay: number
  readonly #result: T
  #state = NEW
  #frame: Frame | null = null
  #message: string | undefined = undefined

  constructor(delay: number, result: T) {
    super()
    this.#delay = delay
    this.#result = result
    noteCoroutine(this)
  }

  [Symbol.iterator](): this {
    if (this.#state !== NEW) throw new RuntimeError('cannot reuse already awaited coroutine')
    return this
  }

  // A thenable, so that `await` works.
  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return awaitCoroutine(requireLoop(), this[Symbol.iterator]() as unknown as Coroutine<T>, onResult, onError)
  }

  next(): IteratorResult<Suspension, T> {
    if (this.#state === NEW) {
      noteAwaited(this)
      if (Number.isNaN(this.#delay)) throw new ValueError('Invalid delay: NaN (not a number)')
      this.#state = ASLEEP
      return { done: false, value: this }
    }
    if (this.#state === ASLEEP) throw new RuntimeError('coroutine is being awaited already')
    if (this.#state === ENDED) throw new RuntimeError('cannot reuse already awaited coroutine')
    const interrupted = this.#state === INTERRUPTED
    this.#state = ENDED
    if (interrupted) throw new CancelledError(this.#message)
    return { done: true, value: this.#result }
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this.#end()
    throw error
  }

  return(value?: T): IteratorResult<Suspension, T> {
    this.#end()
    return { done: true, value: value as T }
  }

  /** Whoever awaits it gives it up, or never begins to. */
  #end(): void {
    if (this.#state === ASLEEP) this.#leave()
    else noteAwaited(this)
    this.#state = ENDED
  }

  suspend(frame: Frame): void {
    this.#frame = frame
    this.due = frame.loop.time() + this.#delay
    frame.loop.addTimer(this)
  }

  interrupt(frame: Frame, message: string | undefined): boolean {
    if (this.#state !== ASLEEP) return false
    this.#message = message
    this.#leave()
    this.#state = INTERRUPTED
    frame.loop.enqueue(frame)
    return true
  }

  cancellation(): CancelledError | undefined {
    return this.#state === INTERRUPTED ? new CancelledError(this.#message) : undefined
  }

  #leave(): void {
    this.#state = WOKEN
    this.#frame?.loop.noteTimerCancelled(this)
  }

  isCancelled(): boolean {
    return this.#state !== ASLEEP
  }

  /** The timer's turn: wakes the sleeper, who goes on in the next iteration. */
  run(): void {
    if (this.#state !== ASLEEP) return
    this.#state = WOKEN
    this.#frame?.loop.enqueue(this.#frame)
  }

  get lane(): number | undefined {
    return this.#frame?.lane
  }

  /** As an option it is called what it leads to. */
  get task(): string | undefined {
    return this.#frame?.task
  }

  get label(): string {
    return this.describe()
  }

  leads(): boolean {
    return this.#state === ASLEEP
  }

  describe(): string {
    return `sleep(${this.#delay})`
  }
}

const NOTHING: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })

/**
 * Waits `delay` seconds of virtual time, then gives `result`. A delay of 0 or less lets everything run that is
 * ready, once. It is lazy: time counts from when it is awaited (CPython, `tasks.py:sleep`).
 *
 * @throws ValueError if `delay` is NaN
 * @example
 * ```ts
 * yield* sleep(0.5)
 * const tick = yield* sleep(1, 'tick')
 * ```
 */
export function sleep(delay: number): Awaitable<void>
export function sleep<T>(delay: number, result: T): Awaitable<T>
export function sleep<T>(delay: number, result?: T): Awaitable<T | undefined> {
  return delay <= 0 ? new YieldOnce(result === undefined ? NOTHING : { done: true, value: result }) : new Sleep(delay, result)
}
