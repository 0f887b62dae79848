import type { Access } from '../loop/runnable.ts'
import type { Awaitable, CoroutineLike, Frame, Suspension, Waiter } from './awaitable.ts'
import { BARE_YIELD, isGenerator, isThenable } from './awaitable.ts'
import { Context, inheritContext } from './context.ts'
import { CancelledError, leavesLoop, RuntimeError } from './errors.ts'
import { reportStepAfterEnd } from './exception-report.ts'
import { CANCELLED, EXCEPTION, Future, PENDING, RESULT } from './future.ts'
import { taskInWords } from './in-words.ts'
import type { TaskOptions } from './task-options.ts'
import { type Step, throwAtStart, throwingStep } from './throwing-step.ts'

/**
 * Runs a coroutine in the loop (CPython, `tasks.py:Task`). Its first step is queued when it is made; nothing of
 * it runs before the code that made it suspends.
 *
 * A generator is run step by step. A function is called when the task first runs, and its generator or promise is
 * then the coroutine. A promise is only observed: its body has begun, and its waits belong to whoever called it.
 *
 * @example
 * ```ts
 * const task = createTask(worker(), { name: 'worker' })
 * task.cancel('no longer needed')
 * ```
 */
export class Task<T = unknown> extends Future<T> implements Frame, Waiter {
  get kind(): 'handle' { return 'handle' }
  get hop(): false { return false }
  /** @internal */
  id = 0
  /** @internal */
  since = 0
  /** @internal */
  lane: number
  /** @internal Whether it has had several native waits at once. */
  branches = false
  #name: string | number
  #coroutine: CoroutineLike<T> | null
  #step: Step | null = null
  #waiting: Suspension | null = null
  /** Native waits of this task that are under way. */
  #frames: (Frame & { waiting: Suspension | null })[] | null = null
  #mustCancel = false
  #cancelRequests = 0
  #cancelledError: CancelledError | null = null
  #observesOnly = false
  /** A cancellation is on its way to what it waits for. */
  #passingOn = false
  #awaitsItself = false
  /** Null: an empty one. */
  #context: Context | null

  /** @throws TypeError if `coroutine` is none; RuntimeError if the loop is closed */
  constructor(coroutine: CoroutineLike<T>, options?: TaskOptions) {
    super(options)
    const loop = this.loop
    this.lane = loop.newLane()
    this.#name = options?.name ?? loop.nextTaskNumber()
    this.#coroutine = coroutine
    this.#context = options?.context ?? inheritContext()
    if (isGenerator(coroutine)) this.#step = coroutine
    else if (typeof coroutine !== 'function') this.#adopt(coroutine)
    if (loop.isClosed()) throw new RuntimeError('Event loop is closed')
    loop.noteTask(this as Task<unknown>)
    if (this.#observesOnly) return
    if (options?.eagerStart === true && loop.isRunning()) this.#startAtOnce()
    else loop.enqueue(this)
  }

  /** Its first step is part of the step that makes it (R102). */
  #startAtOnce(): void {
    const creator = this.loop.current
    if (typeof this.#coroutine === 'function') this.loop.followNatively()
    this.loop.current = this as Task<unknown>
    this.resume()
    this.loop.current = creator
    if (this.isDone) this.#coroutine = null
  }

  #adopt(coroutine: unknown): void {
    if (!isThenable(coroutine)) throw new TypeError(`a coroutine was expected, got ${String(coroutine)}`)
    if (Symbol.iterator in coroutine) this.#step = (coroutine as Awaitable<T>)[Symbol.iterator]()
    else {
      this.#observesOnly = true
      this.#observe(coroutine)
    }
  }

  /** Its name (CPython, `tasks.py:Task.get_name`). */
  getName(): string {
    return typeof this.#name === 'number' ? `Task-${this.#name}` : this.#name
  }

  /** Gives it another name; what is no string becomes one. */
  setName(name: string): void {
    this.#name = String(name)
  }

  /** The coroutine that it runs; null if it ended in its eager first step. */
  getCoro(): CoroutineLike<T> | null {
    return this.#coroutine
  }

  /** The context that it runs in. */
  getContext(): Context {
    return (this.#context ??= new Context())
  }

  /**
   * Asks it to stop: a CancelledError with `message` is thrown where it waits, in the next iteration at the
   * earliest. False if it is done. What it awaits is cancelled with it; a task that catches the error goes on.
   *
   * @throws RuntimeError if tasks wait for each other in a circle (CPython recurses until it raises one)
   */
  override cancel(message?: string): boolean {
    if (this.loop.tracker !== null) this.loop.tracker.interferes(this.lane)
    this.unretrieved = false
    if (this.state !== PENDING) return false
    if (this.#passingOn) throw new RuntimeError(`${this.getName()} waits, through others, for itself`)
    if (this.#observesOnly) {
      this.#cancelRequests++
      this.#finishCancelled(new CancelledError(message))
      return true
    }
    if (!this.#passOn(message) && !this.#abandon(message)) {
      this.#mustCancel = true
      this.cancelMessage = message
    }
    this.#cancelRequests++
    return true
  }

  /** Cancels what it waits for. */
  #passOn(message: string | undefined): boolean {
    this.#passingOn = true
    try {
      let passedOn = this.#waiting?.interrupt(this, message) ?? false
      for (const f of this.#frames?.slice() ?? []) if (f.waiting?.interrupt(f, message)) passedOn = true
      return passedOn
    } finally {
      this.#passingOn = false
    }
  }

  /** Where it waits for nothing but foreign promises, which nobody can cancel, it stops waiting. */
  #abandon(message: string | undefined): boolean {
    if (this.loop.current === (this as Task<unknown>)) return false
    if (!this.waitingFor.every((s) => s.abandon !== undefined)) return false
    let any = this.#waiting?.abandon?.(this, message) ?? false
    for (const f of this.#frames?.slice() ?? []) if (f.waiting?.abandon?.(f, message)) any = true
    return any
  }

  /** @internal Cancels it even if it waits, through others, for itself: it stops waiting for them. */
  cancelAtShutdown(): void {
    try {
      this.cancel()
    } catch {
      const frames: Frame[] = [this, ...(this.#frames ?? [])]
      for (const frame of frames) {
        const waiting = frame === this ? this.#waiting : (frame as Frame & { waiting: Suspension | null }).waiting
        if (!(waiting instanceof Future) || waiting.removeWaiters((w) => w === (frame as unknown)) === 0) continue
        this.#mustCancel = true
        this.loop.enqueue(frame)
        break
      }
    }
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
    const waiting = this.#waiting
    // Of a task that it waits for, that would be what that one touches next.
    return waiting === null || waiting instanceof Task ? undefined : waiting.accesses
  }

  /** @internal */
  get joins(): boolean {
    return this.#waiting instanceof Future
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
    if (this.state !== PENDING) return reportStepAfterEnd(this)
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
        throw throwAtStart(step, error)
      }
      const r: IteratorResult<Suspension, unknown> =
        error === undefined ? step.next() : (step.throw as (e: unknown) => IteratorResult<Suspension, unknown>)(error)
      if (r.done === true) this.#finish(r.value as T)
      else this.#wait(r.value)
    } catch (e) {
      this.#fail(e)
    }
  }

  /** Calls the function that the task was made from. Null: it is native, or has ended. */
  #begin(): Step | null {
    const made: unknown = this.loop.callAs(this as Task<unknown>, this.#coroutine as () => unknown)
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

  /** Suspends on what the coroutine yielded. */
  #wait(s: Suspension): void {
    if ((s as unknown) === this) return this.#refuse(this.refuseItself())
    if (typeof (s as { suspend?: unknown } | undefined)?.suspend !== 'function') {
      return this.#refuse(new RuntimeError(`Task got bad yield: ${String(s)}`))
    }
    try {
      s.suspend(this)
    } catch (e) {
      return this.#refuse(e)
    }
    this.#waiting = s
    if (this.#mustCancel && s.interrupt(this, this.cancelMessage)) this.#mustCancel = false
  }

  /** What it wants to wait for can't be waited for: the error is thrown into it in the next iteration. */
  #refuse(error: unknown): void {
    this.#step = throwingStep(this.#step as Step, error, (step) => {
      this.#step = step
    })
    this.#waiting = BARE_YIELD
    this.loop.enqueue(this)
  }

  /** @internal The error for awaiting itself. From then on nobody else can await it either, as in C (R089). */
  refuseItself(): RuntimeError {
    this.#awaitsItself = true
    return new RuntimeError(`Task cannot await on itself: ${String(this)}`)
  }

  /** @internal The error for whoever awaits it, if it has tried to await itself. */
  refusal(): RuntimeError | null {
    return this.#awaitsItself && this.state === PENDING ? new RuntimeError("await wasn't used with future") : null
  }

  /** @internal */
  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    if (this.#awaitsItself && this.state === PENDING) throw this.refusal()
    return super[Symbol.iterator]()
  }

  /** @internal A native wait of this task begins. */
  enterWait(frame: Frame & { waiting: Suspension | null }, s: Suspension): void {
    if (this.#frames === null) this.#frames = [frame]
    else if (this.#frames.push(frame) > 1) this.branches = true
    if (this.#mustCancel && s.interrupt(frame, this.cancelMessage)) this.#mustCancel = false
  }

  /** @internal */
  leaveWait(frame: Frame & { waiting: Suspension | null }): void {
    const frames = this.#frames
    if (frames === null) return
    const i = frames.lastIndexOf(frame)
    if (i >= 0 && i === frames.length - 1) frames.pop()
    else if (i >= 0) frames.splice(i, 1)
  }

  /** @internal The cancellation to deliver now, instead of what `waiting` brought (R076, R081). */
  takeCancellation(waiting: Suspension | null): unknown {
    if (!this.#mustCancel) return undefined
    this.#mustCancel = false
    return waiting?.cancellation?.() ?? new CancelledError(this.cancelMessage)
  }

  #finish(value: T): void {
    if (this.#mustCancel) {
      // Nobody threw anything: every reader gets an error with the message (R079b).
      this.#mustCancel = false
      super.cancel(this.cancelMessage)
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
    this.loop.noteFailed(this)
    this.settle(EXCEPTION, error)
    this.loop.noteTaskEnded()
    if (leavesLoop(error)) this.loop.raise(error)
  }

  #finishCancelled(error: CancelledError): void {
    this.#cancelledError = error
    this.cancelMessage = undefined
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
    const [word = '', ...rest] = super.stateInWords().split(' ')
    const pending = this.state === PENDING
    const state = pending && this.#cancelRequests > 0 ? 'cancelling' : word
    const words = taskInWords(this.getName(), this.#coroutine, pending ? this.waitingFor[0] : undefined)
    return [state, ...words, ...rest].join(' ')
  }
}
