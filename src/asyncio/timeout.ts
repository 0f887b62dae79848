/// <reference lib="esnext.disposable" preserve="true" />
import { type Awaitable, type Coroutine, type Outcome } from './awaitable.ts'
import { inline, LibraryCoroutine } from './coroutine.ts'
import { getRunningLoop } from './current-loop.ts'
import { CancelledError, ExceptionGroup, RuntimeError, TimeoutError } from './errors.ts'
import { interruptionOf, type Named, SoonHop, TimerHop } from './hop.ts'
import type { Task } from './task.ts'

type State = 'created' | 'active' | 'expiring' | 'expired' | 'finished'

/** The hop that interrupts a task: its place in the order matters even when the task is about to go on anyway. */
class InterruptSoon extends SoonHop {
  readonly decides = true
  readonly expires = true
}
class InterruptLater extends TimerHop {
  readonly decides = true
  readonly expires = true
}

/**
 * A block of code that ends with TimeoutError if it takes too long (CPython, `timeouts.py:Timeout`). It cancels
 * the task that runs the block, and turns the CancelledError that comes out into TimeoutError. Made by `timeout`
 * and `timeoutAt`; it can be entered once.
 *
 * @example
 * ```ts
 * await timeout(10, async (t) => {
 *   await connect()
 *   t.reschedule(null) // connected: from here on it may take as long as it likes
 *   await transfer()
 * })
 * ```
 */
export class Timeout {
  #when: number | null
  #state: State = 'created'
  #timer: SoonHop | null = null
  #task: Task<unknown> | null = null
  /** Cancellations of the task that were requested before the block. */
  #cancelling = 0

  /** `when` is in seconds of loop time; null: no deadline. */
  constructor(when: number | null) {
    this.#when = when
  }

  /** The deadline in seconds of loop time, null if there is none. */
  when(): number | null {
    return this.#when
  }

  /** Whether the deadline has passed in the block: true also if the block went on regardless. */
  expired(): boolean {
    return this.#state === 'expiring' || this.#state === 'expired'
  }

  /** Moves the deadline; null takes it away. @throws RuntimeError before the block and after it */
  reschedule(when: number | null): void {
    if (this.#state === 'created') throw new RuntimeError('Timeout has not been entered')
    if (this.#state !== 'active') throw new RuntimeError(`Cannot change state of ${this.#state} Timeout`)
    this.#when = when
    this.#timer?.cancel()
    this.#timer = when === null ? null : this.#arm(when)
  }

  #arm(when: number): SoonHop {
    const loop = getRunningLoop()
    const expire = (): void => this.#expire()
    // Cancelling matters to the task whether it waits, or is about to run (then it loses what it waited for).
    const leads = (): boolean => this.#task?.isDone === false
    const leadsTo = (): Named | undefined => interruptionOf(this.#task)
    if (when > loop.time()) {
      return InterruptLater.arm(loop, when, expire, leads, leadsTo)
    }
    const hop = new InterruptSoon(loop, expire, leads, leadsTo)
    loop.enqueue(hop)
    return hop
  }

  #expire(): void {
    const task = this.#task
    if (task !== null) task.loop.recorder?.timedOut(task)
    task?.cancel()
    this.#state = 'expiring'
    this.#timer = null
  }

  /**
   * Begins the block in the running task; `run` does this and `exit` by itself.
   * @throws RuntimeError outside a task, or the second time
   */
  enter(): this {
    if (this.#state !== 'created') throw new RuntimeError('Timeout has already been entered')
    const task = getRunningLoop().acting
    if (task === null) throw new RuntimeError('Timeout should be used inside a task')
    this.#state = 'active'
    this.#task = task
    this.#cancelling = task.cancelling()
    this.reschedule(this.#when)
    return this
  }

  /**
   * Ends the block, which gave `error` if it failed.
   * @throws TimeoutError instead of the CancelledError that the deadline caused
   */
  exit(failure?: { readonly error: unknown }): void {
    this.#timer?.cancel()
    this.#timer = null
    if (this.#state === 'active') {
      this.#state = 'finished'
      return
    }
    if (this.#state !== 'expiring') return
    this.#state = 'expired'
    const left = this.#task?.uncancel() ?? 0
    if (left > this.#cancelling || failure === undefined) return
    const { error } = failure
    if (error instanceof CancelledError) throw timeoutFrom(error)
    nameTimeout(error)
    if (error instanceof ExceptionGroup) for (const member of error.errors) nameTimeout(member)
  }

  /** Runs `body` as the block and gives its value. The body is handed this Timeout. */
  run<T>(body: (timeout: Timeout) => T): Awaitable<Outcome<T>> {
    return new LibraryCoroutine(() => this.#block(body))
  }

  *#block<T>(body: (timeout: Timeout) => T): Coroutine<Outcome<T>> {
    this.enter()
    let value: Outcome<T>
    try {
      value = yield* inline<Outcome<T>>(body(this) as Outcome<T>)
    } catch (error) {
      this.exit({ error })
      throw error
    }
    this.exit()
    return value
  }

  /**
   * For `await using`: ends the block. It can't see the error that leaves the block, so it raises TimeoutError
   * whenever the deadline has passed.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    const expired = this.expired()
    this.exit(expired ? { error: new CancelledError() } : undefined)
  }

  toString(): string {
    const when = this.#state === 'active' ? ` when=${this.#when === null ? 'none' : Math.round(this.#when * 1000) / 1000}` : ''
    return `<Timeout [${this.#state}]${when}>`
  }
}

function timeoutFrom(cancelled: CancelledError): TimeoutError {
  return new TimeoutError('', { cause: cancelled })
}

/**
 * The body made another error of the CancelledError: the first one in its chain of causes becomes a
 * TimeoutError. (JavaScript has no implicit context, so only causes that the body has given are seen.)
 */
function nameTimeout(error: unknown): void {
  const seen = new Set<unknown>()
  for (let e = error; e instanceof Error && !seen.has(e); e = e.cause) {
    seen.add(e)
    if (e.cause instanceof CancelledError) {
      e.cause = timeoutFrom(e.cause)
      return
    }
  }
}

/**
 * Runs `body` and raises TimeoutError if it takes more than `delay` seconds, counted from this call; null: no
 * deadline. Without a body it gives the Timeout itself (CPython, `timeouts.py:timeout`).
 *
 * @example
 * ```ts
 * const queue = new Queue<string>()
 * queue.putNowait('a row')
 * const row = yield* timeout(5, function* (t) {
 *   const first = yield* queue.get()
 *   t.reschedule(null)
 *   return first
 * })
 * ```
 */
export function timeout(delay: number | null): Timeout
export function timeout<T>(delay: number | null, body: (timeout: Timeout) => T): Awaitable<Outcome<T>>
export function timeout<T>(
  delay: number | null,
  body?: (timeout: Timeout) => T,
): Timeout | Awaitable<Outcome<T>> {
  return timeoutAt(delay === null ? null : getRunningLoop().time() + delay, body as (timeout: Timeout) => T)
}

/**
 * The same with the deadline as a moment, in seconds of loop time (CPython, `timeouts.py:timeout_at`).
 *
 * @example
 * ```ts
 * const deadline = getRunningLoop().time() + 5
 * await timeoutAt(deadline, connect)
 * await timeoutAt(deadline, transfer)
 * ```
 */
export function timeoutAt(when: number | null): Timeout
export function timeoutAt<T>(when: number | null, body: (timeout: Timeout) => T): Awaitable<Outcome<T>>
export function timeoutAt<T>(
  when: number | null,
  body?: (timeout: Timeout) => T,
): Timeout | Awaitable<Outcome<T>> {
  const made = new Timeout(when)
  return body === undefined ? made : made.run(body)
}
