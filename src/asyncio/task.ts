import type { Access } from '../loop/runnable.ts'
import {
  type Awaitable,
  type CoroutineLike,
  type Frame,
  isGenerator,
  isThenable,
  type Suspension,
  type Waiter,
} from './awaitable.ts'
import { CancelledError, leavesLoop, RuntimeError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { CANCELLED, EXCEPTION, Future, PENDING, RESULT } from './future.ts'

type Step = Iterator<Suspension, unknown, unknown>

/** A task's name, its loop. */
export interface TaskOptions {
  /** Default: `Task-N`, N counting from 1 in every run. */
  name?: string | undefined
  loop?: EventLoop | undefined
}

/**
 * Runs a coroutine in the loop (CPython, `tasks.py:Task`). Its first step is queued when it is made; nothing of
 * it runs before the code that made it suspends.
 *
 * A generator is run step by step. A function is called when the task first runs, and its generator or promise is
 * then the coroutine. A promise is only observed: its body has begun, and its waits belong to whoever called it.
 */
export class Task<T = unknown> extends Future<T> implements Frame, Waiter {
  readonly kind = 'handle'
  readonly hop = false
  /** @internal */
  id = 0
  /** @internal */
  since = 0
  /** @internal */
  lane: number
  #name: string | number
  #coroutine: CoroutineLike<T>
  #step: Step | null = null
  #waiting: Suspension | null = null
  /** Native waits of this task that are under way. */
  #frames: (Frame & { waiting: Suspension | null })[] | null = null
  #mustCancel = false
  #cancelRequests = 0
  #message: string | undefined = undefined
  #cancelledError: CancelledError | null = null
  #observesOnly = false

  /** @throws TypeError if `coroutine` is none */
  constructor(coroutine: CoroutineLike<T>, options?: TaskOptions) {
    super(options)
    const loop = this.loop
    this.lane = loop.newLane()
    this.#name = options?.name ?? loop.nextTaskNumber()
    this.#coroutine = coroutine
    if (isGenerator(coroutine)) this.#step = coroutine
    else if (typeof coroutine !== 'function') this.#adopt(coroutine)
    loop.noteTask(this)
    if (!this.#observesOnly) loop.enqueue(this)
  }

  #adopt(coroutine: unknown): void {
    if (!isThenable(coroutine)) throw new TypeError(`a coroutine was expected, got ${String(coroutine)}`)
    if (Symbol.iterator in coroutine) this.#step = (coroutine as Awaitable<T>)[Symbol.iterator]()
    else {
      this.#observesOnly = true
      this.#observe(coroutine)
    }
  }

  getName(): string {
    return typeof this.#name === 'number' ? `Task-${this.#name}` : this.#name
  }

  setName(name: string): void {
    this.#name = String(name)
  }

  /** The coroutine that it runs. */
  getCoro(): CoroutineLike<T> {
    return this.#coroutine
  }

  /**
   * Asks it to stop: a CancelledError with `message` is thrown where it waits, in the next iteration at the
   * earliest. False if it is done. What it awaits is cancelled with it; a task that catches the error goes on.
   */
  override cancel(message?: string): boolean {
    this.unretrieved = false
    if (this.state !== PENDING) return false
    this.#cancelRequests++
    if (this.#observesOnly) {
      this.#message = message
      this.#finishCancelled(new CancelledError(message))
      return true
    }
    let passedOn = this.#waiting?.interrupt(this, message) ?? false
    for (const f of this.#frames?.slice() ?? []) {
      if (f.waiting?.interrupt(f, message)) passedOn = true
    }
    if (!passedOn) {
      this.#mustCancel = true
      this.#message = message
    }
    return true
  }

  /** How many cancel() were not taken back by uncancel(). */
  cancelling(): number {
    return this.#cancelRequests
  }

  /** Takes one cancel() back and gives how many are left; at 0 one that is not delivered yet is dropped. */
  uncancel(): number {
    if (this.#cancelRequests > 0 && --this.#cancelRequests === 0) this.#mustCancel = false
    return this.#cancelRequests
  }

  /** @throws RuntimeError always */
  override setResult(): void {
    throw new RuntimeError('Task does not support set_result operation')
  }

  /** @throws RuntimeError always */
  override setException(): void {
    throw new RuntimeError('Task does not support set_exception operation')
  }

  /** @internal */
  get task(): string {
    return this.getName()
  }

  /** @internal */
  get label(): string {
    return this.#waiting?.describe() ?? 'start'
  }

  /** @internal What somebody who awaits it waits for. */
  override describe(): string {
    return this.getName()
  }

  /** @internal What its next step touches first, where what it waits for knows. */
  get accesses(): readonly Access[] | undefined {
    return this.#waiting?.accesses
  }

  /** @internal */
  get owningTask(): Task<unknown> {
    return this as Task<unknown>
  }

  /** @internal What it waits for. */
  get waitingFor(): readonly Suspension[] {
    const natives = this.#frames?.flatMap((f) => f.waiting ?? []) ?? []
    return this.#waiting === null ? natives : [this.#waiting, ...natives]
  }

  /** @internal A future that it waited for is done. */
  settled(): void {
    this.loop.enqueue(this)
  }

  /** @internal One step: to the next suspension or the end. */
  run(): void {
    if (this.state !== PENDING) return
    this.loop.current = this as Task<unknown>
    const waiting = this.#waiting
    this.#goOn(waiting, this.#mustCancel ? this.takeCancellation(waiting) : undefined)
  }

  /** @internal */
  resume(): void {
    if (this.state === PENDING) this.#goOn(this.#waiting, undefined)
  }

  #goOn(waiting: Suspension | null, thrown: unknown): void {
    this.#waiting = null
    let error = thrown
    let step = this.#step
    try {
      if (step === null) {
        if (error !== undefined) throw error
        step = this.#begin()
        if (step === null) return
      } else if (waiting === null && error !== undefined) {
        throw this.#throwAtStart(step, error)
      }
      for (;;) {
        const r: IteratorResult<Suspension, unknown> =
          error === undefined ? step.next() : (step.throw as (e: unknown) => IteratorResult<Suspension, unknown>)(error)
        if (r.done === true) return this.#finish(r.value as T)
        error = this.#wait(r.value)
        if (error === undefined) return
      }
    } catch (e) {
      this.#fail(e)
    }
  }

  /** A cancellation before the first step: no line of the body runs (R077). */
  #throwAtStart(step: Step, error: unknown): unknown {
    try {
      step.throw?.(error)
    } catch (e) {
      return e
    }
    return error
  }

  /** Calls the function that the task was made from. Null: it is native, or has ended. */
  #begin(): Step | null {
    const made: unknown = (this.#coroutine as () => unknown)()
    if (isGenerator(made)) this.#step = made
    else if (isThenable(made)) {
      if (Symbol.iterator in made) this.#step = (made as Awaitable<T>)[Symbol.iterator]()
      else this.#observe(made as PromiseLike<T>)
    } else this.#finish(made as T)
    return this.#step
  }

  #observe(promise: PromiseLike<unknown>): void {
    this.loop.native = true
    promise.then(
      (value) => {
        if (this.state === PENDING) this.#finish(value as T)
      },
      (error: unknown) => {
        if (this.state === PENDING) this.#fail(error)
      },
    )
  }

  /** Suspends on what the coroutine yielded. Gives the error to throw into it if that can't be waited for. */
  #wait(s: Suspension): unknown {
    if ((s as unknown) === this) return new RuntimeError(`Task cannot await on itself: ${String(this)}`)
    if (typeof (s as { suspend?: unknown } | undefined)?.suspend !== 'function') {
      return new RuntimeError(`Task got bad yield: ${String(s)}`)
    }
    try {
      s.suspend(this)
    } catch (e) {
      return e
    }
    this.#waiting = s
    if (this.#mustCancel && s.interrupt(this, this.#message)) this.#mustCancel = false
    return undefined
  }

  /** @internal A native wait of this task begins. */
  enterWait(frame: Frame & { waiting: Suspension | null }, s: Suspension): void {
    if (this.#frames === null) this.#frames = [frame]
    else this.#frames.push(frame)
    if (this.#mustCancel && s.interrupt(frame, this.#message)) this.#mustCancel = false
  }

  /** @internal */
  leaveWait(frame: Frame & { waiting: Suspension | null }): void {
    const frames = this.#frames
    if (frames === null) return
    const i = frames.indexOf(frame)
    if (i >= 0) frames.splice(i, 1)
  }

  /** @internal The cancellation to deliver now, instead of what `waiting` brought (R076, R081). */
  takeCancellation(waiting: Suspension | null): unknown {
    if (!this.#mustCancel) return undefined
    this.#mustCancel = false
    return waiting?.cancellation?.() ?? new CancelledError(this.#message)
  }

  #finish(value: T): void {
    if (this.#mustCancel) {
      // Nobody threw anything: every reader gets an error with the message (R079b).
      this.#mustCancel = false
      super.cancel(this.#message)
      this.loop.noteTaskEnded()
      return
    }
    this.settle(RESULT, value)
    this.loop.noteTaskEnded()
  }

  #fail(error: unknown): void {
    if (error instanceof CancelledError) {
      this.#finishCancelled(error)
      return
    }
    this.#mustCancel = false
    this.unretrieved = true
    this.settle(EXCEPTION, error)
    this.loop.noteFailed(this)
    this.loop.noteTaskEnded()
    if (leavesLoop(error)) this.loop.raise(error)
  }

  #finishCancelled(error: CancelledError): void {
    this.#cancelledError = error
    this.#mustCancel = false
    this.settle(CANCELLED, undefined)
    this.loop.noteTaskEnded()
  }

  /** @internal The first reader gets the error that ended it, later ones a new one without message (R047). */
  override makeCancelledError(): CancelledError {
    const error = this.#cancelledError ?? super.makeCancelledError()
    this.#cancelledError = null
    return error
  }

  protected override stateInWords(): string {
    const state = this.state === PENDING && this.#cancelRequests > 0 ? 'cancelling' : super.stateInWords()
    const [word, ...rest] = state.split(' ')
    return [word, `name='${this.getName()}'`, ...rest].join(' ')
  }
}
