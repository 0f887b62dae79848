import type { Outcome } from './awaitable.ts'

/**
 * A job was cancelled (CPython, `concurrent.futures.CancelledError`: another class than asyncio's of that name). The loop's
 * side of a job raises asyncio's in its place.
 */
export class ConcurrentCancelledError extends Error {
  override readonly name = 'ConcurrentCancelledError'
}

/** An operation that the state of a job does not allow (CPython, `concurrent.futures.InvalidStateError`). */
export class ConcurrentInvalidStateError extends Error {
  override readonly name = 'ConcurrentInvalidStateError'
}

type State = 'pending' | 'running' | 'cancelled' | 'finished'

/** What an executor's `submit` gives (a subset of CPython's `concurrent.futures.Future`). */
export interface ConcurrentFutureLike<T> {
  /** Cancels it if the job has not started, and says whether it is cancelled. */
  cancel(): boolean
  cancelled(): boolean
  /** The result. @throws the exception it ended with */
  result(): T
  /** The exception it ended with, or null. */
  exception(): unknown
  /** Calls back when it is done, from wherever that happens; at once if it is. */
  addDoneCallback(callback: (future: ConcurrentFutureLike<T>) => unknown): void
}

/**
 * Runs functions outside the loop (CPython, `concurrent/futures/_base.py:Executor`).
 *
 * @example
 * ```ts
 * const inline: Executor = {
 *   submit(fn, ...args) {
 *     const job = new ConcurrentFuture<never>()
 *     job.setResult(fn(...args) as never)
 *     return job
 *   },
 * }
 * ```
 */
export interface Executor {
  /** Starts a call of `fn`, or queues it, and gives its future at once. */
  submit<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): ConcurrentFutureLike<Outcome<R>>
}

/**
 * The result of a job outside the loop (CPython, `concurrent/futures/_base.py:Future`). It belongs to no loop and is
 * no awaitable; `loop.runInExecutor` makes it one. Its callbacks run at once, when it is done.
 *
 * @example
 * ```ts
 * const job = new ConcurrentFuture<number>()
 * getRunningLoop().callLater(1, () => job.setResult(42))
 * const answer = await wrapFuture(job)
 * ```
 */
export class ConcurrentFuture<T = unknown> implements ConcurrentFutureLike<T> {
  #state: State = 'pending'
  #value: T | undefined = undefined
  #error: unknown = null
  #failed = false
  readonly #callbacks: ((future: ConcurrentFutureLike<T>) => unknown)[] = []

  /** Cancels it if the job has not started, and says whether it is cancelled. */
  cancel(): boolean {
    if (this.#state === 'cancelled') return true
    if (this.#state !== 'pending') return false
    this.#end('cancelled')
    return true
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.#state === 'cancelled'
  }

  /** Whether the job has started and not ended. */
  running(): boolean {
    return this.#state === 'running'
  }

  /** Whether it has ended, one way or another. */
  done(): boolean {
    return this.#state === 'cancelled' || this.#state === 'finished'
  }

  /** For executors: the job starts. False if it was cancelled. */
  setRunningOrNotifyCancel(): boolean {
    if (this.#state === 'pending') this.#state = 'running'
    return this.#state !== 'cancelled'
  }

  /** Ends it with a result. @throws ConcurrentInvalidStateError if it is done */
  setResult(result: T): void {
    this.#mustBeOpen()
    this.#value = result
    this.#end('finished')
  }

  /** Ends it with an exception. @throws ConcurrentInvalidStateError if it is done */
  setException(exception: unknown): void {
    this.#mustBeOpen()
    this.#error = exception
    this.#failed = true
    this.#end('finished')
  }

  /** The result. @throws its exception, ConcurrentCancelledError, or ConcurrentInvalidStateError if it is not done */
  result(): T {
    if (this.#state === 'cancelled') throw new ConcurrentCancelledError()
    if (this.#state !== 'finished') throw new ConcurrentInvalidStateError('the job has not ended')
    if (this.#failed) throw this.#error
    return this.#value as T
  }

  /** Null if it ended with a result. @throws ConcurrentCancelledError, or ConcurrentInvalidStateError if it is not done */
  exception(): unknown {
    if (this.#state === 'cancelled') throw new ConcurrentCancelledError()
    if (this.#state !== 'finished') throw new ConcurrentInvalidStateError('the job has not ended')
    return this.#failed ? this.#error : null
  }

  /** Calls back when it is done; at once if it is. */
  addDoneCallback(callback: (future: ConcurrentFutureLike<T>) => unknown): void {
    if (this.done()) callback(this)
    else this.#callbacks.push(callback)
  }

  #mustBeOpen(): void {
    if (this.done()) throw new ConcurrentInvalidStateError(`invalid state: ${this.#state}`)
  }

  #end(state: State): void {
    this.#state = state
    for (const callback of this.#callbacks) callback(this)
  }
}
