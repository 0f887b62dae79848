import { VirtualLoop } from '../loop/loop.ts'
import type { CoroutineLike, Outcome } from './awaitable.ts'
import type { Executor } from './concurrent-future.ts'
import { describeDeadlock } from './deadlock.ts'
import { RuntimeError } from './errors.ts'
import { submitTo } from './executor.ts'
import { Future } from './future.ts'
import { Handle, TimerHandle } from './handle.ts'
import { Task } from './task.ts'

/** What an exception handler is told (CPython, `base_events.py:call_exception_handler`). */
export interface ExceptionContext {
  message: string
  exception?: unknown
  handle?: Handle
  task?: Task<unknown>
  future?: Future<unknown>
}

export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void

/** Makes the task for a coroutine (see `EventLoop.setTaskFactory`). */
export type TaskFactory = <T>(loop: EventLoop, coroutine: CoroutineLike<T>) => Task<T>

type Callback<A extends unknown[]> = (...args: A) => unknown

/**
 * asyncio's event loop on virtual time (CPython, `base_events.py:BaseEventLoop`). Delays and moments are in
 * seconds; the clock starts at 0 and moves only when nothing is ready.
 */
export class EventLoop extends VirtualLoop {
  /** @internal The task whose step is running; null in a callback. */
  current: Task<unknown> | null = null
  /** @internal Per label of sometimes(), whether its condition has held. */
  marks: Map<string, boolean> | null = null
  /** @internal Called with each exception context that no handler of the user's takes. */
  onUnhandled: ((context: ExceptionContext) => void) | null = null
  #tasks: Task<unknown>[] = []
  #live = 0
  #named = 0
  #failed: Future<unknown>[] = []
  #handler: ExceptionHandler | null = null
  #taskFactory: TaskFactory | null = null
  #closed = false
  #executor: Executor | null = null

  /** Queues a call for the next iteration, behind what is queued. */
  callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    this.#checkOpen()
    const handle = new Handle(this, callback as (...a: never[]) => unknown, args)
    this.enqueue(handle)
    return handle
  }

  /** Calls after `delay` seconds of virtual time. A delay of 0 or less is a timer that is due already. */
  callLater<A extends unknown[]>(delay: number, callback: Callback<A>, ...args: A): TimerHandle {
    return this.callAt(this.time() + delay, callback, ...args)
  }

  /** Calls at moment `when`, in seconds of loop time. Equal moments fire in the order in which they were armed. */
  callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle {
    this.#checkOpen()
    const timer = new TimerHandle(this, when, callback as (...a: never[]) => unknown, args)
    this.addTimer(timer)
    return timer
  }

  createFuture<T = unknown>(): Future<T> {
    return new Future<T>({ loop: this })
  }

  /** Makes a task; its first step runs in the next iteration. */
  createTask<T>(coroutine: CoroutineLike<T>, options?: { name?: string | undefined }): Task<T> {
    this.#checkOpen()
    if (this.#taskFactory === null) return new Task<T>(coroutine, { ...options, loop: this })
    const task = this.#taskFactory(this, coroutine)
    if (options?.name !== undefined) task.setName(options.name)
    return task
  }

  /**
   * Makes `factory` build every task from now on, those of gather, shield, waitFor and task groups too; null
   * restores the default (CPython, `base_events.py:set_task_factory`).
   *
   * @throws TypeError for what is no function
   * @example
   * ```ts
   * loop.setTaskFactory((loop, coroutine) => {
   *   const task = new Task(coroutine, { loop })
   *   made.push(task)
   *   return task
   * })
   * ```
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== 'function') throw new TypeError('task factory must be a callable or None')
    this.#taskFactory = factory
  }

  /** The task factory, null for the default one. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory
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
    this.#checkOpen()
    return submitTo(this, executor ?? this.#executor, fn, args)
  }

  /** Replaces the executor that `toThread` and `runInExecutor(null, …)` use; null restores the simulated one. */
  setDefaultExecutor(executor: Executor | null): void {
    this.#executor = executor
  }

  /** Replaces the exception handler; null restores the default one. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== 'function') {
      throw new TypeError(`A callable object or None is expected, got ${String(handler)}`)
    }
    this.#handler = handler
  }

  /** Reports an exception that nobody can catch. */
  callExceptionHandler(context: ExceptionContext): void {
    if (this.#handler === null) {
      this.#default(context)
      return
    }
    try {
      this.#handler(this, context)
    } catch (exception) {
      this.#default({ message: 'Unhandled error in exception handler', exception })
    }
  }

  #default(context: ExceptionContext): void {
    if (this.onUnhandled !== null) this.onUnhandled(context)
    else console.error(context.message, context.exception ?? '')
  }

  /** Runs until the future is done, and gives its result. Generators only: nothing native may take part. */
  runUntilCompleteSync<T>(coroutine: CoroutineLike<T> | Future<T>): T {
    const future = this.#untilDone(coroutine)
    try {
      this.runForeverSync()
    } finally {
      future.removeDoneCallback(this.#stopWhenDone)
    }
    return this.#resultOf(future)
  }

  /** Runs until the future is done, and gives its result. */
  async runUntilComplete<T>(coroutine: CoroutineLike<T> | Future<T>): Promise<T> {
    const future = this.#untilDone(coroutine)
    // A result that is itself a thenable would be awaited on its way out, so only the run is awaited.
    const failure = await new Promise<{ error: unknown } | null>((resolve) => this.runForever(resolve))
    future.removeDoneCallback(this.#stopWhenDone)
    if (failure !== null) throw failure.error
    return this.#resultOf(future)
  }

  #untilDone<T>(coroutine: CoroutineLike<T> | Future<T>): Future<T> {
    this.#checkOpen()
    if (this.isRunning()) throw new RuntimeError('This event loop is already running')
    const future = coroutine instanceof Future ? coroutine : this.createTask(coroutine)
    future.addDoneCallback(this.#stopWhenDone)
    return future
  }

  readonly #stopWhenDone = (): void => this.stop()

  #resultOf<T>(future: Future<T>): T {
    if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.')
    return future.result()
  }

  isClosed(): boolean {
    return this.#closed
  }

  /**
   * Drops everything queued. What CPython says when it finalises them is said here: the exception handler is told
   * of each exception that nobody has retrieved (`futures.py:Future.__del__`).
   *
   * @throws RuntimeError while it runs
   */
  close(): void {
    if (this.isRunning()) throw new RuntimeError('Cannot close a running event loop')
    if (this.#closed) return
    for (const future of this.unretrieved()) {
      const message = `${future instanceof Task ? 'Task' : 'Future'} exception was never retrieved`
      this.callExceptionHandler({ message, exception: future.exception(), future })
    }
    this.#closed = true
    this.clear()
  }

  #checkOpen(): void {
    if (this.#closed) throw new RuntimeError('Event loop is closed')
  }

  /** @internal */
  nextTaskNumber(): number {
    return ++this.#named
  }

  /** @internal */
  noteTask(task: Task<unknown>): void {
    if (this.#tasks.length > 2 * this.#live + 64) this.#tasks = this.#tasks.filter((t) => !t.done())
    this.#live++
    this.#tasks.push(task)
  }

  /** @internal */
  noteTaskEnded(): void {
    this.#live--
  }

  /** @internal */
  noteFailed(future: Future<unknown>): void {
    future.unretrieved = true
    this.#failed.push(future)
  }

  /** @internal Futures whose exception nobody has looked at. */
  unretrieved(): Future<unknown>[] {
    return this.#failed.filter((f) => f.unretrieved)
  }

  /** @internal Tasks that are not done, in order of creation. */
  liveTasks(): Task<unknown>[] {
    return this.#live === 0 ? [] : this.#tasks.filter((t) => !t.done())
  }

  protected override deadlock(): Error {
    return describeDeadlock(this.liveTasks())
  }

  protected override onEnd(): void {
    this.current = null
  }
}

/** A new loop, neither selected nor running. */
export function newEventLoop(): EventLoop {
  return new EventLoop()
}
