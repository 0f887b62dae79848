/// <reference lib="esnext.disposable" preserve="true" />
import { isGenerator, isThenable, type CoroutineLike } from './awaitable.ts'
import { type Context, copyContext } from './context.ts'
import { currentLoop, setEventLoop } from './current-loop.ts'
import { RuntimeError, ValueError } from './errors.ts'
import { EventLoop } from './event-loop.ts'
import { EXCEPTION, Future } from './future.ts'
import { gather } from './gather.ts'
import type { Task } from './task.ts'

/** What `run` and `Runner` are told. */
export interface RunnerOptions {
  /** Puts the loop in debug mode, or takes it out of it. */
  debug?: boolean | undefined
  /** Makes the loop; it does not become the current one then. */
  loopFactory?: (() => EventLoop) | undefined
}

/**
 * Runs several bodies one after the other on one loop and in one context, then cleans up (CPython,
 * `runners.py:Runner`). Not supported: an interrupt from the keyboard, as virtual time leaves no moment for one.
 *
 * @example
 * ```ts
 * const runner = new Runner()
 * try {
 *   await runner.run(prepare)
 *   await runner.run(main)
 * } finally {
 *   await runner.close()
 * }
 * ```
 */
export class Runner {
  readonly #options: RunnerOptions
  #loop: EventLoop | null = null
  #context: Context | null = null
  #closed = false
  #select = false

  constructor(options: RunnerOptions = {}) {
    this.#options = options
  }

  /** The loop; made at the first use. @throws RuntimeError after `close` */
  getLoop(): EventLoop {
    if (this.#closed) throw new RuntimeError('Runner is closed')
    if (this.#loop !== null) return this.#loop
    const { debug, loopFactory } = this.#options
    const loop = loopFactory === undefined ? new EventLoop() : loopFactory()
    if (loopFactory === undefined) {
      setEventLoop(loop)
      this.#select = true
    }
    if (debug !== undefined) loop.setDebug(debug)
    this.#context = copyContext()
    this.#loop = loop
    return loop
  }

  /**
   * Runs a coroutine as a task and gives its result.
   * @throws ValueError for what is no coroutine, RuntimeError inside a run and after `close`
   */
  async run<T>(body: CoroutineLike<T>, options?: { context?: Context | undefined }): Promise<T> {
    const task = this.#begin(body, options?.context)
    return task.getLoop().runUntilComplete(task)
  }

  /** The same for generators, without leaving the calling stack. */
  runSync<T>(body: CoroutineLike<T>, options?: { context?: Context | undefined }): T {
    const task = this.#begin(body, options?.context)
    return task.getLoop().runUntilCompleteSync(task)
  }

  #begin<T>(body: CoroutineLike<T>, context: Context | undefined): Task<T> {
    if (!isGenerator(body) && typeof body !== 'function' && (!isThenable(body) || body instanceof Future)) {
      throw new ValueError(`a coroutine was expected, got ${String(body)}`)
    }
    if (currentLoop() !== null) throw new RuntimeError('Runner.run() cannot be called from a running event loop')
    const loop = this.getLoop()
    return loop.createTask(body, { context: context ?? this.#context ?? undefined })
  }

  /** Cancels the tasks that are left, waits for them and for jobs of the default executor, and closes the loop. */
  async close(): Promise<void> {
    const loop = this.#loop
    if (loop === null || this.#closed) return
    try {
      for (const rest of shutdown(loop)) await loop.runUntilComplete(rest)
    } finally {
      this.#end(loop)
    }
  }

  /** The same for generators, without leaving the calling stack. */
  closeSync(): void {
    const loop = this.#loop
    if (loop === null || this.#closed) return
    try {
      for (const rest of shutdown(loop)) loop.runUntilCompleteSync(rest)
    } finally {
      this.#end(loop)
    }
  }

  #end(loop: EventLoop): void {
    if (this.#select) setEventLoop(null)
    loop.close()
    this.#loop = null
    this.#closed = true
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** What remains to be run, one thing after the other: each costs iterations of its own (R271). */
function* shutdown(loop: EventLoop): Generator<CoroutineLike<unknown>> {
  const left = loop.liveTasks()
  const ended = cancelAll(loop)
  if (ended !== null) yield ended
  for (const task of left) {
    if (task.state !== EXCEPTION) continue
    const exception = task.exception()
    loop.callExceptionHandler({ message: 'unhandled exception during asyncio.run() shutdown', exception, task })
  }
  // JavaScript's async generators belong to no loop: there is nothing to close, but it takes its iterations.
  yield function* () {}
  yield loop.shutdownDefaultExecutor()
}

/** Cancels what is left, and gives what to wait for (CPython, `runners.py:_cancel_all_tasks`). */
export function cancelAll(loop: EventLoop): Future<unknown[]> | null {
  const left = loop.liveTasks()
  if (left.length === 0) return null
  for (const task of left) task.cancelAtShutdown()
  return gather(left, { returnExceptions: true })
}
