import type { Access } from '../loop/runnable.ts'
import { BARE_YIELD, type Coroutine, type Frame, type Suspension, type Waiter } from './awaitable.ts'
import { currentLoop } from './current-loop.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import type { Task } from './task.ts'

type Resolve = (value: unknown) => void
type Reject = (reason: unknown) => void

/** @internal A native `await` that the loop knows of: a wait of the task whose step is running. */
export abstract class NativeFrame implements Frame, Waiter {
  get kind(): 'handle' { return 'handle' }
  get hop(): false { return false }
  id = 0
  since = 0
  lane: number
  readonly loop: EventLoop
  readonly owningTask: Task<unknown> | null
  /** What it waits for; the task's cancel() goes to it. */
  waiting: Suspension | null = null
  /** What it wanted to wait for can't be waited for: the error comes in the next iteration. */
  #refused: { readonly error: unknown } | null = null

  constructor(loop: EventLoop, task = loop.acting, lane = loop.laneOf(task)) {
    this.loop = loop
    this.owningTask = task
    this.lane = lane
  }

  get task(): string | undefined {
    return this.owningTask?.getName()
  }

  get label(): string | undefined {
    return this.waiting?.describe()
  }

  get accesses(): readonly Access[] | undefined {
    const waiting = this.waiting
    // Of a task that it waits for, that would be what that one touches next.
    return waiting === null || 'hop' in waiting ? undefined : waiting.accesses
  }

  get joins(): boolean {
    return this.waiting instanceof Future
  }

  settled(): void {
    this.loop.enqueue(this)
  }

  run(): void {
    const { owningTask } = this
    this.loop.current = owningTask
    if (this.loop.tracker !== null && owningTask?.branches === true) {
      // What its lanes share, a promise or a local variable, is not recorded.
      this.loop.tracker.access({ object: owningTask.object, kind: 'write' }, undefined)
    }
    const refused = this.#refused
    this.#refused = null
    this.resumeWith(this.owningTask?.takeCancellation(this.waiting) ?? refused?.error)
  }

  resume(): void {
    this.resumeWith(undefined)
  }

  private resumeWith(thrown: unknown): void {
    this.waiting = null
    this.owningTask?.leaveWait(this)
    this.goOn(thrown)
  }

  /** Suspends on `s`; a cancellation that is still to be delivered goes to it at once (R079). */
  protected waitFor(s: Suspension): void {
    const self = (s as unknown) === this.owningTask ? this.owningTask?.refuseItself() : undefined
    try {
      if (self !== undefined) throw self
      this.waiting = s
      s.suspend(this)
    } catch (error) {
      this.#refused = { error }
      this.waiting = BARE_YIELD
      BARE_YIELD.suspend(this)
    }
    this.owningTask?.enterWait(this, this.waiting as Suspension)
  }

  protected abstract goOn(cancelled: unknown): void
}

/** `await future`. */
class FutureFrame<T> extends NativeFrame {
  readonly #future: Future<T>
  readonly #resolve: (value: T) => void
  readonly #reject: Reject

  constructor(future: Future<T>, resolve: (value: T) => void, reject: Reject) {
    super(currentLoop() ?? future.loop)
    this.#future = future
    this.#resolve = resolve
    this.#reject = reject
    this.waitFor(future)
  }

  protected goOn(cancelled: unknown): void {
    if (cancelled !== undefined) this.#reject(cancelled)
    else deliver(this.#future, this.#resolve, this.#reject)
  }
}

/** `await` of a coroutine of Heddle's own (a lock's acquire, a queue's get): it runs inside the awaiting task. */
class CoroutineFrame extends NativeFrame {
  readonly #coroutine: Coroutine<unknown>
  readonly #resolve: Resolve
  readonly #reject: Reject
  #hasLane = false

  constructor(loop: EventLoop, coroutine: Coroutine<unknown>, resolve: Resolve, reject: Reject) {
    super(loop, loop.acting, loop.lane)
    this.#coroutine = coroutine
    this.#resolve = resolve
    this.#reject = reject
    this.goOn(undefined)
  }

  protected goOn(thrown: unknown): void {
    let r: IteratorResult<Suspension, unknown>
    try {
      r = thrown === undefined ? this.#coroutine.next() : this.#coroutine.throw(thrown)
    } catch (error) {
      this.#reject(error)
      return
    }
    if (r.done === true) {
      this.#resolve(r.value)
      return
    }
    // A free lock that is taken is no wait, and nor is a body's promise: the step's next one goes on with its lane.
    if (!this.#hasLane && r.value?.abandon === undefined) {
      this.#hasLane = true
      this.lane = this.loop.laneOf(this.owningTask)
    }
    this.waitFor(r.value)
  }
}

function deliver<T>(future: Future<T>, resolve: (value: T) => void, reject: Reject): void {
  let value: T
  try {
    value = future.outcome()
  } catch (error) {
    reject(error)
    return
  }
  resolve(value)
}

const sourceOf = Function.prototype.toString
/** What a function that settles a promise looks like. */
let settlerSource = ''
void new Promise<void>((resolve) => {
  settlerSource = sourceOf.call(resolve)
})

/**
 * Whether these handlers are those of an `await`, or of a promise that takes over the outcome: they may be called in any
 * context, since what they resume has its own. A callback that a program gives to `then` must run in the context in which
 * it was given, as with any promise: the host's AsyncLocalStorage, and so who the running task is.
 */
function isAwait(onResult: unknown, onError: unknown): boolean {
  if (onResult == null && onError == null) return true
  return isSettler(onResult) && isSettler(onError)
}

/** It has no name; a bound function, which looks the same otherwise, has one. */
function isSettler(f: unknown): boolean {
  return typeof f === 'function' && f.name === '' && sourceOf.call(f) === settlerSource
}

/** What `then` of a future does: waits as part of the running task, and goes on at once if the future is done. */
export function awaitFuture<T, A, B>(
  future: Future<T>,
  onResult: ((value: T) => A | PromiseLike<A>) | null | undefined,
  onError: ((reason: unknown) => B | PromiseLike<B>) | null | undefined,
): Promise<A | B> {
  if (!isAwait(onResult, onError)) return awaitFuture<T, T, never>(future, null, null).then(onResult, onError)
  future.loop.native = true
  return new Promise<A | B>((resolve, reject) => {
    // The handlers of an await throw nothing.
    const ok = (value: T): void => resolve(onResult == null ? (value as unknown as A) : onResult(value))
    const failed = (reason: unknown): void => (onError == null ? reject(reason) : resolve(onError(reason)))
    const refusal = 'refusal' in future ? (future as unknown as Task<T>).refusal() : null
    if (refusal !== null) failed(refusal)
    else if (future.isDone) {
      if (future.loop.tracker !== null) future.loop.tracker.passes(future.object)
      deliver(future, ok, failed)
    } else new FutureFrame(future, ok, failed)
  })
}

/** What `then` of a coroutine does: runs it inside the running task. */
export function awaitCoroutine<T, A, B>(
  loop: EventLoop,
  coroutine: Coroutine<T>,
  onResult: ((value: T) => A | PromiseLike<A>) | null | undefined,
  onError: ((reason: unknown) => B | PromiseLike<B>) | null | undefined,
): Promise<A | B> {
  if (!isAwait(onResult, onError)) return awaitCoroutine<T, T, never>(loop, coroutine, null, null).then(onResult, onError)
  loop.native = true
  return new Promise<A | B>((resolve, reject) => {
    new CoroutineFrame(
      loop,
      coroutine,
      // As above.
      (value) => resolve(onResult == null ? (value as A) : onResult(value as T)),
      (reason) => (onError == null ? reject(reason) : resolve(onError(reason))),
    )
  })
}
