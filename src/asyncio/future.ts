import type { Awaitable, Frame, Suspension, Waiter } from './awaitable.ts'
import type { Context } from './context.ts'
import { CancelledError, InvalidStateError, RuntimeError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { defaultLoop } from './current-loop.ts'
import { CallbackWaiter } from './callback-waiter.ts'
import { callbacksInWords, shown } from './in-words.ts'
import { awaitFuture } from './native-frame.ts'

export const PENDING = 0
export const CANCELLED = 1
export const RESULT = 2
export const EXCEPTION = 3
type State = typeof PENDING | typeof CANCELLED | typeof RESULT | typeof EXCEPTION

/** Those whose words are being put together: a future may be part of its own result. */
const inWords = new Set<object>()

/**
 * A result that is not there yet (CPython, `futures.py:Future`).
 *
 * Becoming done never runs anything at once: it queues the callbacks and the waiting tasks, in the order in which
 * they came, for the next iteration.
 *
 * @example
 * ```ts
 * const answer = runSync(function* () {
 *   const f = new Future<number>()
 *   getRunningLoop().callLater(1, () => f.setResult(42))
 *   return yield* f
 * })
 * ```
 */
export class Future<T = unknown> implements Awaitable<T>, Suspension {
  /** @internal */
  readonly loop: EventLoop
  /** @internal */
  state: State = PENDING
  /** @internal The result or the exception. */
  protected payload: unknown = undefined
  /** @internal An exception that nobody has looked at. */
  unretrieved = false
  /** @internal Its number as a shared object, where the run is tracked. */
  readonly object: number
  private _waiters: Waiter | Waiter[] | null = null
  /** @internal The message of the last cancel(), as long as it counts (CPython's `_cancel_message`). */
  cancelMessage: string | undefined = undefined

  /** Belongs to `options.loop`, by default the running or else the current one. @throws RuntimeError if there is none */
  constructor(options?: { loop?: EventLoop | undefined }) {
    this.loop = options?.loop ?? defaultLoop()
    this.object = this.loop.tracker === null ? 0 : this.loop.newObject()
    if (this.loop.notes !== null) this.loop.notes.futureMade(this)
  }

  /** The loop it belongs to. */
  getLoop(): EventLoop {
    return this.loop
  }

  /** Whether it has a result, has an exception, or was cancelled. */
  done(): boolean {
    this._look()
    return this.state !== PENDING
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    this._look()
    return this.state === CANCELLED
  }

  /**
   * The result.
   * @throws its exception, CancelledError if it was cancelled, InvalidStateError while it is pending
   */
  result(): T {
    this._look()
    return this.outcome()
  }

  /** @internal The same for whoever has waited for it: a join is no access. */
  outcome(): T {
    switch (this.state) {
      case RESULT:
        return this.payload as T
      case EXCEPTION:
        this.unretrieved = false
        throw this.payload
      case CANCELLED:
        throw this.makeCancelledError()
      case PENDING:
        throw new InvalidStateError('Result is not set.')
    }
  }

  /**
   * The exception it ended with, null if it ended with a result.
   * @throws CancelledError if it was cancelled, InvalidStateError while it is pending
   */
  exception(): unknown {
    this._look()
    return this.failure()
  }

  /** @internal The same for the library itself: no access. */
  failure(): unknown {
    if (this.state === CANCELLED) throw this.makeCancelledError()
    if (this.state === PENDING) throw new InvalidStateError('Exception is not set.')
    this.unretrieved = false
    return this.state === EXCEPTION ? this.payload : null
  }

  /** Ends it with a result. @throws InvalidStateError if it is done */
  setResult(result: T): void {
    this.settle(RESULT, result)
  }

  /** Ends it with an exception; an error class is instantiated. @throws InvalidStateError if it is done */
  setException(exception: unknown): void {
    if (this.state !== PENDING) throw this._invalidState()
    // Before anybody is told: whoever looks at it then has retrieved it.
    this.loop.noteFailed(this)
    this.settle(EXCEPTION, isErrorClass(exception) ? Reflect.construct(exception, []) : exception)
  }

  /** Cancels it if it is pending, and says whether it was. Waiters get CancelledError with the message. */
  cancel(message?: string): boolean {
    this.unretrieved = false
    if (this.state !== PENDING) {
      this._look()
      return false
    }
    this.cancelMessage = message
    this.settle(CANCELLED, undefined)
    return true
  }

  /** Calls `callback` with this future, from the loop, once it is done; in a copy of the current context by default. */
  addDoneCallback(callback: (future: this) => unknown, options?: { context?: Context | undefined }): void {
    this.addWaiter(new CallbackWaiter(this.loop, callback as (future: never) => unknown, options?.context))
  }

  /** Removes every registration of `callback` that is not queued yet, and says how many there were. */
  removeDoneCallback(callback: (future: this) => unknown): number {
    return this.removeWaiters((w) => w instanceof CallbackWaiter && w.callback === callback)
  }

  /** @internal Whether it is done, for the library itself: no access. */
  get isDone(): boolean {
    return this.state !== PENDING
  }

  /** @internal */
  settle(state: State, payload: unknown): void {
    if (this.state !== PENDING) throw this._invalidState()
    this.state = state
    this.payload = payload
    if (this.loop.tracker !== null) this.loop.tracker.settled(this.object)
    const waiters = this._waiters
    if (waiters === null) return
    this._waiters = null
    if (Array.isArray(waiters)) for (const w of waiters) w.settled(this)
    else waiters.settled(this)
  }

  /** @internal */
  addWaiter(w: Waiter): void {
    if (this.state !== PENDING) w.settled(this)
    else if (this._waiters === null) this._waiters = w
    else if (Array.isArray(this._waiters)) this._waiters.push(w)
    else this._waiters = [this._waiters, w]
  }

  /** @internal */
  removeWaiters(which: (w: Waiter) => boolean): number {
    const all = this._waiters === null ? [] : Array.isArray(this._waiters) ? this._waiters : [this._waiters]
    const kept = all.filter((w) => !which(w))
    this._waiters = kept.length === 0 ? null : kept
    return all.length - kept.length
  }

  /** @internal Who will be told, in order. */
  waiters(): readonly Waiter[] {
    const w = this._waiters
    return w === null ? [] : Array.isArray(w) ? w : [w]
  }

  /** @internal Whether settling this one would queue user code, at once or by further hops; never once it is done. */
  leadsToUserCode(): boolean {
    const waiters = this._waiters
    if (waiters === null) return false
    if (Array.isArray(waiters)) return waiters.some((w) => w.leadsOn?.(this) ?? true)
    return waiters.leadsOn?.(this) ?? true
  }

  /** @internal The error that a reader of a cancelled future gets. */
  makeCancelledError(): CancelledError {
    return new CancelledError(this.cancelMessage)
  }

  /** @internal The lane that settling it would resume first. */
  get waitingLane(): number | undefined {
    return this.firstWaiting?.lane
  }

  /** @internal Whoever would be told first of those that settling it would resume. (Bookkeeping that resumes nobody has no lane.) */
  get firstWaiting(): Partial<Frame> | undefined {
    return (this.waiters() as readonly Partial<Frame>[]).find((w) => w.lane !== undefined)
  }

  /** Somebody asks whether it is done without waiting for it. */
  private _look(): void {
    const { tracker } = this.loop
    if (tracker !== null) tracker.access({ object: this.object, kind: 'read' }, undefined)
  }

  private _invalidState(): InvalidStateError {
    this._look()
    return new InvalidStateError(`invalid state: ${String(this)}`)
  }

  /** @internal */
  suspend(frame: Frame): void {
    if (frame.loop !== this.loop) {
      throw new RuntimeError(`${String(frame.owningTask)} got ${String(this)} attached to a different loop`)
    }
    this.addWaiter(frame as Frame & Waiter)
    if (this.loop.tracker !== null) this.loop.tracker.awaits(this.object, frame.lane)
  }

  /** @internal */
  interrupt(_frame: Frame, message: string | undefined): boolean {
    return this.cancel(message)
  }

  /** @internal */
  cancellation(): CancelledError | undefined {
    if (this.state === CANCELLED) return this.makeCancelledError()
    if (this.state !== EXCEPTION) return undefined
    this.unretrieved = false
    return this.payload instanceof CancelledError ? this.payload : undefined
  }

  /** @internal */
  describe(): string {
    return 'a future'
  }

  /** What `yield*` calls. */
  [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    return new FutureIterator(this)
  }

  /** What `await` calls. */
  // A thenable, so that `await` works.
  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return awaitFuture(this, onResult, onError)
  }

  /** As of a promise. */
  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onError)
  }

  /** As of a promise. */
  finally(onSettled?: (() => void) | null): Promise<T> {
    return this.then().finally(onSettled)
  }

  /** Its state, its result or exception in short, who will be told (CPython, `base_futures.py:_future_repr`). */
  toString(): string {
    if (inWords.has(this)) return '...'
    inWords.add(this)
    try {
      const madeAt = this.loop.notes?.madeAt(this)
      return `<${this.constructor.name} ${this.stateInWords()}${madeAt === undefined ? '' : ` created at ${madeAt}`}>`
    } finally {
      inWords.delete(this)
    }
  }

  /** @internal */
  protected stateInWords(): string {
    if (this.state === RESULT) return `finished result=${shown(this.payload)}`
    if (this.state === EXCEPTION) return `finished exception=${shown(this.payload)}`
    return this.state === CANCELLED ? 'cancelled' : `pending${callbacksInWords(this.waiters())}`
  }
}

/** Yields the future while it is pending; then gives its result. */
class FutureIterator<T> implements Iterator<Suspension, T, unknown> {
  private readonly _future: Future<T>
  private _yielded = false

  constructor(future: Future<T>) {
    this._future = future
  }

  next(): IteratorResult<Suspension, T> {
    const future = this._future
    if (future.state !== PENDING) {
      if (!this._yielded && future.loop.tracker !== null) future.loop.tracker.passes(future.object, future.loop.drives)
      return { done: true, value: future.outcome() }
    }
    if (this._yielded) throw new RuntimeError("await wasn't used with future")
    this._yielded = true
    return { done: false, value: future }
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    throw error
  }

  return(value?: T): IteratorResult<Suspension, T> {
    return { done: true, value: value as T }
  }
}

/**
 * Whether something is a future or a task (CPython, `base_futures.py:isfuture`).
 *
 * @example
 * ```ts
 * isFuture(createTask(work())) // true
 * ```
 */
export function isFuture(x: unknown): x is Future<unknown> {
  return x instanceof Future
}

/** Any other function is a value like any that can be thrown. */
function isErrorClass(x: unknown): x is new () => Error {
  return typeof x === 'function' && (x === Error || (x as { prototype?: unknown }).prototype instanceof Error)
}
