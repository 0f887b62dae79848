import type { Frame } from './awaitable.ts'
import { ConcurrentCancelledError, type ConcurrentFutureLike, ConcurrentInvalidStateError } from './concurrent-future.ts'
import { defaultLoop } from './current-loop.ts'
import { AssertionError, CancelledError, InvalidStateError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { CANCELLED, Future, PENDING } from './future.ts'
import { type Bookkeeper, DoneHop, SoonHop } from './hop.ts'

/** The loop's side of a job outside (CPython, `futures.py:wrap_future`, `_chain_future`). */
export class JobFuture<T> extends Future<T> {
  readonly #source: ConcurrentFutureLike<T>
  /** Told which lane waits for it. */
  onWait: ((lane: number) => void) | null = null

  readonly #label: string

  constructor(loop: EventLoop, source: ConcurrentFutureLike<T>, label = 'a job of an executor') {
    super({ loop })
    this.#source = source
    this.#label = label
    // Before all other callbacks, so that it costs its iteration even if nobody waits.
    this.addWaiter(new DoneHop(new PassCancellation(loop, source), this as Future<unknown>))
    source.addDoneCallback(() => {
      if (loop.isClosed()) return
      loop.enqueue(
        new SoonHop(
          loop,
          () => this.#copy(),
          () => this.leadsToUserCode(),
          () => this.firstWaiting,
        ),
      )
    })
  }

  #copy(): void {
    if (this.state === CANCELLED) return
    if (this.state !== PENDING) throw new AssertionError('somebody else has settled the future of a job')
    const source = this.#source
    if (source.cancelled()) {
      this.cancel()
      return
    }
    const error = source.exception()
    if (error !== null && error !== undefined) this.setException(asyncioError(error))
    else this.setResult(source.result())
  }

  override suspend(frame: Frame): void {
    this.onWait?.(frame.lane)
    super.suspend(frame)
  }

  override describe(): string {
    return this.#label
  }
}

/** The errors of jobs that asyncio has of its own become those; all others pass as they are (R282). */
function asyncioError(error: unknown): unknown {
  if (error instanceof ConcurrentCancelledError) return new CancelledError(error.message === '' ? undefined : error.message)
  return error instanceof ConcurrentInvalidStateError ? new InvalidStateError(error.message) : error
}

/**
 * A future of the loop for a job outside it (CPython, `futures.py:wrap_future`): it ends as the job does, two iterations
 * later, and cancelling it cancels a job that has not started. A future of a loop is given back as it is. The loop is
 * `options.loop`, by default the running or else the current one.
 *
 * @throws AssertionError for what is no job's future; RuntimeError if there is no loop
 * @example
 * ```ts
 * const job = new ConcurrentFuture<string>()
 * job.setResult('done')
 * const result = yield* wrapFuture(job)
 * ```
 */
export function wrapFuture<T>(future: ConcurrentFutureLike<T> | Future<T>, options?: { loop?: EventLoop | undefined }): Future<T> {
  if (future instanceof Future) return future
  if (typeof (future as Partial<ConcurrentFutureLike<T>> | null)?.addDoneCallback !== 'function') {
    throw new AssertionError(`concurrent.futures.Future is expected, got ${String(future)}`)
  }
  return new JobFuture<T>(options?.loop ?? defaultLoop(), future)
}

/** Hands a cancellation of the loop's future on to the job. */
class PassCancellation implements Bookkeeper {
  readonly loop: EventLoop
  readonly #source: ConcurrentFutureLike<unknown>

  constructor(loop: EventLoop, source: ConcurrentFutureLike<unknown>) {
    this.loop = loop
    this.#source = source
  }

  childDone(child: Future<unknown>): void {
    if (child.cancelled()) this.#source.cancel()
  }

  wouldLead(): boolean {
    return false
  }
}
