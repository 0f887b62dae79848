import type { External } from '../loop/external.ts'
import { type Awaitable, type Coroutine, isGenerator, isThenable, type Outcome } from './awaitable.ts'
import { ConcurrentFuture, type Executor } from './concurrent-future.ts'
import { copyContext } from './context.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { getRunningLoop } from './current-loop.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import { type Bookkeeper, DoneHop } from './hop.ts'
import { Task } from './task.ts'
import { JobFuture } from './wrap-future.ts'

/**
 * A job of the simulated pool: an operation of the outside world, which ends when the strategy says so. The
 * function is called then, as a whole, since a thread's work becomes visible to the loop only when it hands over its
 * result. What an asynchronous function or a generator does goes on as a task from there.
 */
class Job implements External, Bookkeeper {
  readonly kind = 'external'
  id = 0
  since = 0
  lane: number
  readonly label: string
  readonly task: string | undefined
  readonly loop: EventLoop
  readonly result: ConcurrentFuture<unknown>
  readonly #fn: () => unknown

  constructor(loop: EventLoop, label: string, fn: () => unknown, result: ConcurrentFuture<unknown>) {
    this.loop = loop
    this.label = label
    this.task = loop.acting?.getName()
    this.lane = loop.lane
    this.result = result
    this.#fn = fn
  }

  complete(): void {
    this.loop.current = null
    this.loop.currentHandle = null
    let returned: unknown
    try {
      returned = this.#fn()
    } catch (error) {
      this.result.setException(error)
      return
    }
    if (!isGenerator(returned) && !isThenable(returned)) {
      this.result.setResult(returned)
      return
    }
    // It is awaited in the task's first step; until then its failure counts as handled.
    if (isThenable(returned)) returned.then(undefined, () => {})
    const rest = new Task<unknown>(() => returned, { loop: this.loop, name: this.label })
    rest.addWaiter(new DoneHop(this, rest))
  }

  childDone(rest: Future<unknown>): void {
    let value: unknown
    try {
      value = rest.result()
    } catch (error) {
      this.result.setException(error)
      return
    }
    this.result.setResult(value)
  }

  wouldLead(): boolean {
    return true
  }
}

/** The default executor: its jobs are externals, and start at once. */
export class SimulatedPool {
  readonly #loop: EventLoop
  readonly #jobs = new Set<Future<unknown>>()

  constructor(loop: EventLoop) {
    this.#loop = loop
  }

  submit<A extends unknown[], R>(fn: (...args: A) => R, args: A): Future<Outcome<R>> {
    const result = new ConcurrentFuture<unknown>()
    result.setRunningOrNotifyCancel()
    const job = new Job(this.#loop, fn.name === '' ? 'a job' : fn.name, () => fn(...args), result)
    const ended = new Future<unknown>({ loop: this.#loop })
    this.#jobs.add(ended)
    result.addDoneCallback(() => {
      this.#jobs.delete(ended)
      ended.setResult(null)
    })
    this.#loop.begin(job)
    const future = new JobFuture<Outcome<R>>(this.#loop, result as ConcurrentFuture<Outcome<R>>, job.label)
    future.onWait = (lane) => {
      job.lane = lane
    }
    return future
  }

  /** Waits for every job, also for those whose results nobody wants any more. */
  *shutdown(): Coroutine<void> {
    for (const job of this.#jobs) yield* job
  }
}

/**
 * Runs a function in an executor, null: the simulated default pool, whose jobs end when the strategy says so
 * (CPython, `base_events.py:run_in_executor`). The job starts at the call. Cancelling the future cancels a job that has
 * not started; one that runs goes on, and its result is dropped.
 *
 * @throws RuntimeError outside a run
 * @example
 * ```ts
 * const hypotenuse = await runInExecutor(null, Math.hypot, 3, 4)
 * ```
 */
export function runInExecutor<A extends unknown[], R>(
  executor: Executor | null,
  fn: (...args: A) => R,
  ...args: A
): Future<Outcome<R>> {
  return getRunningLoop().runInExecutor(executor, fn, ...args)
}

/**
 * Runs a function in the default executor (CPython, `threads.py:to_thread`). It is a coroutine: the job starts when
 * it is first awaited.
 *
 * @example
 * ```ts
 * const hypotenuse = yield* toThread(Math.hypot, 3, 4)
 * ```
 */
export function toThread<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): Awaitable<Outcome<R>> {
  return new LibraryCoroutine(function* (): Coroutine<Outcome<R>> {
    const context = copyContext()
    const inContext = (...a: A): R => context.run(fn, ...a)
    Object.defineProperty(inContext, 'name', { value: fn.name })
    return yield* getRunningLoop().runInExecutor(null, inContext, ...args)
  })
}
