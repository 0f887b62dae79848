import type { Access } from '../loop/runnable.ts'
import { BARE_YIELD, type Coroutine, type Frame, type Suspension, type Waiter } from './awaitable.ts'
import { currentLoop } from './current-loop.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import { type Ending, handed } from './handed.ts'
import type { Task } from './task.ts'

type Resolve = (value: unknown) => void
type Reject = (reason: unknown) => void

/** @internal A native `await` that the loop knows of: a wait of the task whose step is running. */
export abstract class NativeFrame implements Frame, Waiter, Ending {
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
  /** What to call when it has nothing more to wait for; true afterwards. */
  #over: boolean | (() => void)[] = false

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

  whenOver(callback: () => void): void {
    if (this.#over === true) callback()
    else if (this.#over === false) this.#over = [callback]
    else this.#over.push(callback)
  }

  /** It has handed over its outcome. */
  protected end(): void {
    const waiting = this.#over
    this.#over = true
    if (typeof waiting !== 'boolean') for (const callback of waiting) callback()
  }
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
    this.end()
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
    const { drives } = this.loop
    this.loop.drives = true
    try {
      r = thrown === undefined ? this.#coroutine.next() : this.#coroutine.throw(thrown)
    } catch (error) {
      this.#reject(error)
      this.end()
      return
    } finally {
      this.loop.drives = drives
    }
    if (r.done === true) {
      this.#resolve(r.value)
      this.end()
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
 * Whether a handler is that of an `await`, or of a promise that takes over the outcome: it may be called in any context,
 * since what it resumes has its own, and throws nothing. A callback that a program gives to `then` must run in the context in
 * which it was given, as with any promise: the host's AsyncLocalStorage, and so who the running task is.
 *
 * It has no name; a bound function, which looks the same otherwise, has one.
 */
function isSettler(f: unknown): f is (outcome: unknown) => undefined {
  return typeof f === 'function' && f.name === '' && sourceOf.call(f) === settlerSource
}

type OnResult<T, A> = ((value: T) => A | PromiseLike<A>) | null | undefined
type OnError<B> = ((reason: unknown) => B | PromiseLike<B>) | null | undefined

/** What `then` of a future does: waits as part of the running task, and goes on at once if the future is done. */
export function awaitFuture<T, A, B>(future: Future<T>, onResult: OnResult<T, A>, onError: OnError<B>): Promise<A | B> {
  if (isSettler(onResult) && isSettler(onError)) return settle(future, onResult, onError)
  const promise = new Promise<T>((resolve, reject) => void settle(future, resolve, reject))
  return promise.then(onResult, onError)
}

function settle<T, A>(future: Future<T>, resolve: (value: T) => void, reject: Reject): Promise<A> {
  future.loop.native = true
  const refusal = 'refusal' in future ? (future as unknown as Task<T>).refusal() : null
  if (refusal !== null) reject(refusal)
  else if (future.isDone) {
    if (future.loop.tracker !== null) future.loop.tracker.passes(future.object, true)
    deliver(future, resolve, reject)
  } else return handed(new FutureFrame(future, resolve, reject))
  return handed()
}

/** What `then` of a coroutine does: runs it inside the running task. */
export function awaitCoroutine<T, A, B>(
  loop: EventLoop,
  coroutine: Coroutine<T>,
  onResult: OnResult<T, A>,
  onError: OnError<B>,
): Promise<A | B> {
  loop.native = true
  if (isSettler(onResult) && isSettler(onError)) return handed(new CoroutineFrame(loop, coroutine, onResult, onError))
  const promise = new Promise<T>((resolve, reject) => {
    new CoroutineFrame(loop, coroutine, resolve as Resolve, reject)
  })
  return promise.then(onResult, onError)
}
