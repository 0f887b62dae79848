import { runningLoop } from '../loop/running.ts'
import type { Awaitable, Coroutine, CoroutineLike, Outcome } from './awaitable.ts'
import type { Executor } from './concurrent-future.ts'
import type { Context } from './context.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { describeDeadlock } from './deadlock.ts'
import { watchBareGenerators } from './bare-generators.ts'
import { makeLoopsBy } from './current-loop.ts'
import { checkCallback } from './debug.ts'
import { DebugNotes } from './debug-notes.ts'
import { ensureFuture } from './ensure-future.ts'
import { leavesLoop, RuntimeError } from './errors.ts'
import { type ExceptionContext, type ExceptionHandler, exceptionReport } from './exception-report.ts'
import { SimulatedPool } from './executor.ts'
import { Future } from './future.ts'
import { Handle, TimerHandle } from './handle.ts'
import { SlowCallbacks } from './slow-callbacks.ts'
import { StopWhenDone } from './stop-when-done.ts'
import { Task } from './task.ts'
import type { CreateTaskOptions } from './task-options.ts'
import { TaskRegister } from './task-register.ts'
import { makeTaskStore, type OwnTaskStore } from './task-store.ts'
import { JobFuture } from './wrap-future.ts'

export type { ExceptionContext, ExceptionHandler } from './exception-report.ts'

/** Makes the task for a coroutine (see `EventLoop.setTaskFactory`) (CPython, `base_events.py:create_task`). */
export type TaskFactory = <T>(loop: EventLoop, coroutine: CoroutineLike<T>, options?: Omit<CreateTaskOptions, 'name'>) => Task<T>

type Callback<A extends unknown[]> = (...args: A) => unknown

/**
 * asyncio's event loop on virtual time (CPython, `base_events.py:BaseEventLoop`). Delays and moments are in
 * seconds; the clock starts at 0 and moves only when nothing is ready.
 *
 * @example
 * ```ts
 * const loop = newEventLoop()
 * loop.callLater(5, () => loop.stop())
 * loop.runForeverSync()
 * loop.time() // 5
 * ```
 */
export class EventLoop extends TaskRegister {
  /** @internal How many faults the I/O of this run may have. */
  mostFaults = 1
  /** @internal Per label of sometimes(), whether its condition has held. */
  marks: Map<string, boolean> | null = null
  /** @internal Called with each exception context that no handler of the user's takes. */
  onUnhandled: { unhandled(context: ExceptionContext): void } | null = null
  /** @internal What debug mode has noted; null if the loop never was in it. */
  notes: DebugNotes | null = null
  private _ownStore: OwnTaskStore | null
  private _handler: ExceptionHandler | null = null
  private _taskFactory: TaskFactory | null = null
  private _closed = false
  private _debug = false
  private _executor: Executor | null = null
  private _pool: SimulatedPool | null = null
  private _poolClosed = false

  constructor() {
    super()
    this._ownStore = null
  }

  /** Queues a call for the next iteration, behind what is queued. */
  callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    this._checkOpen()
    if (this._debug) checkCallback(callback, 'call_soon')
    const handle = new Handle(this, callback as (...a: never[]) => unknown, args)
    this.enqueue(handle)
    return handle
  }

  /** The same as `callSoon`: there are no other threads here (CPython, `base_events.py:call_soon_threadsafe`). */
  callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    return this.callSoon(callback, ...args)
  }

  /** @internal Queues a call that is to run in a given context, null: an empty one. */
  callSoonIn(context: Context | null, callback: (...args: never[]) => unknown, ...args: unknown[]): Handle {
    this._checkOpen()
    const handle = new Handle(this, callback, args, context)
    this.enqueue(handle)
    return handle
  }

  /** Calls after `delay` seconds of virtual time. A delay of 0 or less is a timer that is due already. */
  callLater<A extends unknown[]>(delay: number, callback: Callback<A>, ...args: A): TimerHandle {
    if (typeof delay !== 'number') throw new TypeError(`delay must be a number of seconds, not ${String(delay)}`)
    return this.callAt(this.time() + delay, callback, ...args)
  }

  /** Calls at moment `when`, in seconds of loop time. Equal moments fire in the order in which they were armed. */
  callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle {
    if (typeof when !== 'number') throw new TypeError(`when must be a number of seconds, not ${String(when)}`)
    this._checkOpen()
    if (this._debug) checkCallback(callback, 'call_at')
    const timer = new TimerHandle(this, when, callback as (...a: never[]) => unknown, args)
    this.addTimer(timer)
    return timer
  }

  /** A future of this loop (CPython, `base_events.py:create_future`). */
  createFuture<T = unknown>(): Future<T> {
    return new Future<T>({ loop: this })
  }

  /**
   * Makes a task; its first step runs in the next iteration. A task factory is told the options but for the name, which
   * the task is given afterwards (CPython, `base_events.py:create_task`).
   *
   * @throws RuntimeError after `close`, TypeError for what is no coroutine
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: CreateTaskOptions): Task<T> {
    this._checkOpen()
    if (this._taskFactory === null) {
      return new Task<T>(coroutine, options === undefined ? { loop: this } : { ...options, loop: this })
    }
    if (options === undefined) return this._taskFactory(this, coroutine)
    const { name, ...others } = options
    const task = this._taskFactory(this, coroutine, Object.keys(others).length === 0 ? undefined : others)
    if (name !== undefined) task.setName(name)
    return task
  }

  /**
   * Makes `factory` build every task from now on, those of gather, shield, waitFor and task groups too; null
   * restores the default (CPython, `base_events.py:set_task_factory`).
   *
   * @throws TypeError for what is no function
   * @example
   * ```ts
   * const made: Task<unknown>[] = []
   * getRunningLoop().setTaskFactory((loop, coroutine) => {
   *   const task = new Task(coroutine, { loop })
   *   made.push(task)
   *   return task
   * })
   * ```
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== 'function') throw new TypeError('task factory must be a callable or None')
    this._taskFactory = factory
  }

  /** The task factory, null for the default one. */
  getTaskFactory(): TaskFactory | null {
    return this._taskFactory
  }

  /**
   * Runs a function in an executor; null: the default one, whose jobs are externals that end when the strategy says
   * so. The job starts at the call (CPython, `base_events.py:run_in_executor`).
   */
  runInExecutor<A extends unknown[], R>(
    executor: Executor | null,
    fn: (...args: A) => R,
    ...args: A
  ): Future<Outcome<R>> {
    this._checkOpen()
    if (this._debug) checkCallback(fn, 'run_in_executor')
    const chosen = executor ?? this._executor
    if (chosen !== null) return new JobFuture(this, chosen.submit(fn, ...args))
    if (this._poolClosed) throw new RuntimeError('Executor shutdown has been called')
    this._pool ??= new SimulatedPool(this)
    return this._pool.submit(fn, args)
  }

  /** Takes no more jobs for the default executor, and waits for those that are under way. */
  shutdownDefaultExecutor(): Awaitable<void> {
    return new LibraryCoroutine(() => this._shutdownPool())
  }

  private *_shutdownPool(): Coroutine<void> {
    this._poolClosed = true
    if (this._pool !== null) yield* this._pool.shutdown()
  }

  /**
   * Replaces the executor that `toThread` and `runInExecutor(null, …)` use; null restores the simulated one (CPython,
   * `base_events.py:set_default_executor`).
   *
   * @throws TypeError for what has no `submit`
   */
  setDefaultExecutor(executor: Executor | null): void {
    if (executor !== null && typeof (executor as Partial<Executor> | undefined)?.submit !== 'function') {
      throw new TypeError('executor must have a submit method')
    }
    this._executor = executor
  }

  /** Replaces the exception handler; null restores the default one. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== 'function') {
      throw new TypeError(`A callable object or None is expected, got ${String(handler)}`)
    }
    this._handler = handler
  }

  /** The exception handler, null for the default one. */
  getExceptionHandler(): ExceptionHandler | null {
    return this._handler
  }

  /**
   * Reports an exception that nobody can catch. A handler of one's own runs in the context of the task, future or
   * handle that the exception is about (CPython, `base_events.py:call_exception_handler`).
   */
  callExceptionHandler(context: ExceptionContext): void {
    const handler = this._handler
    try {
      if (handler === null) {
        this.defaultExceptionHandler(context)
        return
      }
      const about = context.task ?? context.future ?? context.handle
      if (about !== undefined && 'getContext' in about) about.getContext().copy().run(handler, this, context)
      else handler(this, context)
    } catch (exception) {
      if (leavesLoop(exception)) throw exception
      this._handlerFailed(handler === null ? null : { message: 'Unhandled error in exception handler', exception, context })
    }
  }

  /** A handler of the user's, or an overridden default one, has failed itself. */
  private _handlerFailed(context: ExceptionContext | null): void {
    try {
      if (context !== null) return this.defaultExceptionHandler(context)
    } catch (error) {
      if (leavesLoop(error)) throw error
      console.error('Exception in default exception handler while handling an unexpected error in custom exception handler')
      return
    }
    console.error('Exception in default exception handler')
  }

  /** Prints the exception with what it is about (CPython, `base_events.py:default_exception_handler`). */
  defaultExceptionHandler(context: ExceptionContext): void {
    if (this.onUnhandled !== null) this.onUnhandled.unhandled(context)
    else console.error(exceptionReport(context))
  }

  /** Debug mode warns of a step that takes this many seconds of real time. */
  slowCallbackDuration = 0.1

  /**
   * Whether the loop is in debug mode: it refuses callbacks that can't be called, warns of steps that block and of
   * coroutines of the library that nobody awaits, and notes where handles, futures and tasks are made.
   */
  getDebug(): boolean {
    return this._debug
  }

  /** Puts the loop in debug mode, or takes it out of it (CPython, `base_events.py:set_debug`). */
  setDebug(enabled: boolean): void {
    this._debug = enabled
    if (enabled) this.notes ??= new DebugNotes()
    if (this.notes !== null) this.notes.enabled = enabled
    this.stopwatch = enabled ? new SlowCallbacks(this) : null
  }

  /** Runs until `stop()` is called. Generators and callbacks only. */
  override runForeverSync(): void {
    this._checkRunnable()
    super.runForeverSync()
  }

  /** Runs until `stop()` is called. */
  override runForever(): Promise<void>
  /** @internal */
  override runForever(done: (failure: { error: unknown } | null) => void): void
  override runForever(done?: (failure: { error: unknown } | null) => void): Promise<void> | void {
    if (done !== undefined) {
      this._checkRunnable()
      super.runForever(done)
      return
    }
    return new Promise((resolve, reject) => {
      this._checkRunnable()
      super.runForever((failure) => (failure === null ? resolve() : reject(failure.error)))
    })
  }

  /** Runs until the future is done, and gives its result. Generators only: nothing native may take part. */
  runUntilCompleteSync<T>(coroutine: CoroutineLike<T> | Future<T>): T {
    const future = this._toRun(coroutine)
    const stop = new StopWhenDone(this, future as Future<unknown>)
    try {
      super.runForeverSync()
    } catch (error) {
      if (future !== coroutine && future.done() && !future.cancelled()) future.exception()
      throw error
    } finally {
      stop.leave()
    }
    return this._resultOf(future)
  }

  /** Runs until the future is done, and gives its result. */
  async runUntilComplete<T>(coroutine: CoroutineLike<T> | Future<T>): Promise<T> {
    const future = this._toRun(coroutine)
    const stop = new StopWhenDone(this, future as Future<unknown>)
    // A result that is itself a thenable would be awaited on its way out, so only the run is awaited.
    const unwatch = watchBareGenerators()
    const failure = await new Promise<{ error: unknown } | null>((resolve) => super.runForever(resolve))
    unwatch()
    stop.leave()
    if (failure !== null) {
      if (future !== coroutine && future.done() && !future.cancelled()) future.exception()
      throw failure.error
    }
    return this._resultOf(future)
  }

  private _toRun<T>(coroutine: CoroutineLike<T> | Future<T>): Future<T> {
    this._checkRunnable()
    return ensureFuture(coroutine, { loop: this })
  }

  private _resultOf<T>(future: Future<T>): T {
    if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.')
    return future.result()
  }

  /** Whether it was closed. */
  isClosed(): boolean {
    return this._closed
  }

  /**
   * Drops everything queued. What CPython says when it finalises them is said here: the exception handler is told
   * of each exception that nobody has retrieved and of each task that is pending (`futures.py:Future.__del__`,
   * `tasks.py:Task.__del__`).
   *
   * @throws RuntimeError while it runs
   */
  close(): void {
    if (this.isRunning()) throw new RuntimeError('Cannot close a running event loop')
    if (this._closed) return
    for (const future of this.unretrieved()) {
      const message = `${future instanceof Task ? 'Task' : 'Future'} exception was never retrieved`
      this.callExceptionHandler({ message, exception: future.exception(), future, ...this._madeAt(future) })
    }
    for (const task of this.liveTasks()) {
      this.callExceptionHandler({ message: 'Task was destroyed but it is pending!', task, ...this._madeAt(task) })
    }
    for (const words of this.notes?.takeUnawaited() ?? []) console.warn(`RuntimeWarning: ${words}`)
    this._closed = true
    this._ownStore?.disable()
    this.clear()
  }

  /** @internal From now on native awaits are followed, where the host can; otherwise each step's awaits are its task's. */
  followNatively(): void {
    if (this.identity === null) this.identity = this._ownStore = makeTaskStore()
  }

  private _madeAt(future: Future<unknown>): { sourceTraceback?: string } {
    const at = this.notes?.madeAt(future)
    return at === undefined ? {} : { sourceTraceback: at }
  }

  private _checkRunnable(): void {
    this._checkOpen()
    if (this.isRunning()) throw new RuntimeError('This event loop is already running')
    if (runningLoop() !== null) throw new RuntimeError('Cannot run the event loop while another loop is running')
  }

  private _checkOpen(): void {
    if (this._closed) throw new RuntimeError('Event loop is closed')
  }

  protected override deadlock(): Error {
    return describeDeadlock(this.liveTasks(), this.timers.peek() !== undefined)
  }
}

makeLoopsBy(() => new EventLoop())

/**
 * A new loop, neither selected nor running (CPython, `events.py:new_event_loop`).
 *
 * @example
 * ```ts
 * const loop = newEventLoop()
 * try {
 *   await loop.runUntilComplete(main())
 * } finally {
 *   loop.close()
 * }
 * ```
 */
export function newEventLoop(): EventLoop {
  return new EventLoop()
}
