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
  private _name: string | number
  private _coroutine: CoroutineLike<T> | null
  private _step: Step | null = null
  private _waiting: Suspension | null = null
  /** Native waits of this task that are under way. */
  private _frames: (Frame & { waiting: Suspension | null })[] | null = null
  private _mustCancel = false
  private _cancelRequests = 0
  private _cancelledError: CancelledError | null = null
  private _observesOnly = false
  /** A cancellation is on its way to what it waits for. */
  private _passingOn = false
  private _awaitsItself = false
  /** Null: an empty one. */
  private _context: Context | null

  /** @throws TypeError if `coroutine` is none; RuntimeError if the loop is closed */
  constructor(coroutine: CoroutineLike<T>, options?: TaskOptions) {
    super(options)
    const loop = this.loop
    this.lane = loop.newLane()
    this._name = options?.name ?? loop.nextTaskNumber()
    this._coroutine = coroutine
    this._context = options?.context ?? inheritContext()
    if (isGenerator(coroutine)) this._step = coroutine
    else if (typeof coroutine !== 'function') this._adopt(coroutine)
    if (loop.isClosed()) throw new RuntimeError('Event loop is closed')
    loop.noteTask(this as Task<unknown>)
    if (this._observesOnly) return
    if (options?.eagerStart === true && loop.isRunning()) this._startAtOnce()
    else loop.enqueue(this)
  }

  /** Its first step is part of the step that makes it (R102). */
  private _startAtOnce(): void {
    const { current: creator, tracker } = this.loop
    tracker?.startsInside()
    if (typeof this._coroutine === 'function') this.loop.followNatively()
    this.loop.current = this as Task<unknown>
    this.resume()
    this.loop.current = creator
    if (this.isDone) this._coroutine = null
  }

  private _adopt(coroutine: unknown): void {
    if (!isThenable(coroutine)) throw new TypeError(`a coroutine was expected, got ${String(coroutine)}`)
    if (Symbol.iterator in coroutine) this._step = (coroutine as Awaitable<T>)[Symbol.iterator]()
    else {
      this._observesOnly = true
      this._observe(coroutine)
    }
  }

  /** Its name (CPython, `tasks.py:Task.get_name`). */
  getName(): string {
    return typeof this._name === 'number' ? `Task-${this._name}` : this._name
  }

  /** Gives it another name; what is no string becomes one. */
  setName(name: string): void {
    this._name = String(name)
  }

  /** The coroutine that it runs; null if it ended in its eager first step. */
  getCoro(): CoroutineLike<T> | null {
    return this._coroutine
  }

  /** The context that it runs in. */
  getContext(): Context {
    return (this._context ??= new Context())
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
    if (this._passingOn) throw new RuntimeError(`${this.getName()} waits, through others, for itself`)
    if (this._observesOnly) {
      this._cancelRequests++
      this._finishCancelled(new CancelledError(message))
      return true
    }
    if (!this._passOn(message) && !this._abandon(message)) {
      this._mustCancel = true
      this.cancelMessage = message
    }
    this._cancelRequests++
    return true
  }

  /** Cancels what it waits for. */
  private _passOn(message: string | undefined): boolean {
    this._passingOn = true
    try {
      let passedOn = this._waiting?.interrupt(this, message) ?? false
      for (const f of this._frames?.slice() ?? []) if (f.waiting?.interrupt(f, message)) passedOn = true
      return passedOn
    } finally {
      this._passingOn = false
    }
  }

  /** Where it waits for nothing but foreign promises, which nobody can cancel, it stops waiting. */
  private _abandon(message: string | undefined): boolean {
    if (this.loop.current === (this as Task<unknown>)) return false
    if (!this.waitingFor.every((s) => s.abandon !== undefined)) return false
    let any = this._waiting?.abandon?.(this, message) ?? false
    for (const f of this._frames ?? []) if (f.waiting?.abandon?.(f, message)) any = true
    return any
  }

  /** @internal Cancels it even if it waits, through others, for itself: it stops waiting for them. */
  cancelAtShutdown(): void {
    try {
      this.cancel()
    } catch {
      for (const frame of [this as Frame, ...(this._frames ?? [])]) {
        const waiting = frame === this ? this._waiting : (frame as Frame & { waiting: Suspension | null }).waiting
        if (!(waiting instanceof Future) || waiting.removeWaiters((w) => w === (frame as unknown)) === 0) continue
        this._mustCancel = true
        this.loop.enqueue(frame)
        break
      }
    }
  }

  /** How many cancel() were not taken back by uncancel(). */
  cancelling(): number {
    return this._cancelRequests
  }

  /** Takes one cancel() back and gives how many are left; at 0 one that is not delivered yet is dropped. */
  uncancel(): number {
    if (this._cancelRequests > 0 && --this._cancelRequests === 0) this._mustCancel = false
    return this._cancelRequests
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
    return this._waiting?.describe() ?? 'start'
  }

  /** @internal What somebody who awaits it waits for. */
  override describe(): string {
    return this.getName()
  }

  /** @internal What its next step touches first, where what it waits for knows. */
  get accesses(): readonly Access[] | undefined {
    const waiting = this._waiting
    // Of a task that it waits for, that would be what that one touches next.
    return waiting === null || waiting instanceof Task ? undefined : waiting.accesses
  }

  /** @internal */
  get joins(): boolean {
    return this._waiting instanceof Future
  }

  /** @internal */
  get owningTask(): Task<unknown> {
    return this as Task<unknown>
  }

  /** @internal What it waits for. */
  get waitingFor(): readonly Suspension[] {
    const natives = this._frames?.flatMap((f) => f.waiting ?? []) ?? []
    return this._waiting === null ? natives : [this._waiting, ...natives]
  }

  /** @internal A future that it waited for is done. */
  settled(): void {
    this.loop.enqueue(this)
  }

  /** @internal One step: to the next suspension or the end. */
  run(): void {
    if (this.state !== PENDING) return reportStepAfterEnd(this)
    this.loop.current = this as Task<unknown>
    const waiting = this._waiting
    this._goOn(waiting, this._mustCancel ? this.takeCancellation(waiting) : undefined)
  }

  /** @internal */
  resume(): void {
    if (this.state === PENDING) this._goOn(this._waiting, undefined)
  }

  private _goOn(waiting: Suspension | null, thrown: unknown): void {
    this._waiting = null
    let error = thrown
    let step = this._step
    try {
      if (step === null) {
        if (error !== undefined) throw error
        step = this._begin()
        if (step === null) return
      } else if (waiting === null && error !== undefined) {
        throw throwAtStart(step, error)
      }
      const r: IteratorResult<Suspension, unknown> =
        error === undefined ? step.next() : (step.throw as (e: unknown) => IteratorResult<Suspension, unknown>)(error)
      if (r.done === true) this._finish(r.value as T)
      else this._wait(r.value)
    } catch (e) {
      this._fail(e)
    }
  }

  /** Calls the function that the task was made from. Null: it is native, or has ended. */
  private _begin(): Step | null {
    const made: unknown = this.loop.callAs(this as Task<unknown>, this._coroutine as () => unknown)
    if (isGenerator(made)) this._step = made
    else if (isThenable(made)) {
      if (Symbol.iterator in made) this._step = (made as Awaitable<T>)[Symbol.iterator]()
      else this._observe(made as PromiseLike<T>)
    } else this._finish(made as T)
    return this._step
  }

  private _observe(promise: PromiseLike<unknown>): void {
    this.loop.native = true
    promise.then(
      (value) => {
        if (this.state === PENDING) this._finish(value as T)
      },
      (error: unknown) => {
        if (this.state === PENDING) this._fail(error)
      },
    )
  }

  /** Suspends on what the coroutine yielded. */
  private _wait(s: Suspension): void {
    if ((s as unknown) === this) return this._refuse(this.refuseItself())
    if (typeof (s as { suspend?: unknown } | undefined)?.suspend !== 'function') {
      return this._refuse(new RuntimeError(`Task got bad yield: ${String(s)}`))
    }
    try {
      s.suspend(this)
    } catch (e) {
      return this._refuse(e)
    }
    this._waiting = s
    if (this._mustCancel && s.interrupt(this, this.cancelMessage)) this._mustCancel = false
  }

  /** What it wants to wait for can't be waited for: the error is thrown into it in the next iteration. */
  private _refuse(error: unknown): void {
    this._step = throwingStep(this._step as Step, error, (step) => {
      this._step = step
    })
    this._waiting = BARE_YIELD
    this.loop.enqueue(this)
  }

  /** @internal The error for awaiting itself. From then on nobody else can await it either, as in C (R089). */
  refuseItself(): RuntimeError {
    this._awaitsItself = true
    return new RuntimeError(`Task cannot await on itself: ${String(this)}`)
  }

  /** @internal The error for whoever awaits it, if it has tried to await itself. */
  refusal(): RuntimeError | null {
    return this._awaitsItself && this.state === PENDING ? new RuntimeError("await wasn't used with future") : null
  }

  /** @internal */
  override [Symbol.iterator](): Iterator<Suspension, T, unknown> {
    if (this._awaitsItself && this.state === PENDING) throw this.refusal()
    return super[Symbol.iterator]()
  }

  /** @internal A native wait of this task begins. */
  enterWait(frame: Frame & { waiting: Suspension | null }, s: Suspension): void {
    if (this._frames === null) this._frames = [frame]
    else if (this._frames.push(frame) > 1) this.branches = true
    if (this._mustCancel && s.interrupt(frame, this.cancelMessage)) this._mustCancel = false
  }

  /** @internal */
  leaveWait(frame: Frame & { waiting: Suspension | null }): void {
    const frames = this._frames
    if (frames === null) return
    const i = frames.lastIndexOf(frame)
    if (i >= 0 && i === frames.length - 1) frames.pop()
    else if (i >= 0) frames.splice(i, 1)
  }

  /** @internal The cancellation to deliver now, instead of what `waiting` brought (R076, R081). */
  takeCancellation(waiting: Suspension | null): unknown {
    if (!this._mustCancel) return undefined
    this._mustCancel = false
    return waiting?.cancellation?.() ?? new CancelledError(this.cancelMessage)
  }

  private _finish(value: T): void {
    if (this._mustCancel) {
      // Nobody threw anything: every reader gets an error with the message (R079b).
      this._mustCancel = false
      super.cancel(this.cancelMessage)
      this.loop.noteTaskEnded()
      return
    }
    this.settle(RESULT, value)
    this.loop.noteTaskEnded()
  }

  private _fail(error: unknown): void {
    if (error instanceof CancelledError) {
      this._finishCancelled(error)
      return
    }
    this._mustCancel = false
    this.loop.noteFailed(this)
    this.settle(EXCEPTION, error)
    this.loop.noteTaskEnded()
    if (leavesLoop(error)) this.loop.raise(error)
  }

  private _finishCancelled(error: CancelledError): void {
    this._cancelledError = error
    this.cancelMessage = undefined
    this._mustCancel = false
    this.settle(CANCELLED, undefined)
    this.loop.noteTaskEnded()
  }

  /** @internal The first reader gets the error that ended it, later ones a new one without message (R047). */
  override makeCancelledError(): CancelledError {
    const error = this._cancelledError ?? super.makeCancelledError()
    this._cancelledError = null
    return error
  }

  protected override stateInWords(): string {
    const [word = '', ...rest] = super.stateInWords().split(' ')
    const pending = this.state === PENDING
    const state = pending && this._cancelRequests > 0 ? 'cancelling' : word
    const words = taskInWords(this.getName(), this._coroutine, pending ? this.waitingFor[0] : undefined)
    return [state, ...words, ...rest].join(' ')
  }
}
