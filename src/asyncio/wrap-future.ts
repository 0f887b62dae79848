import type { Frame } from './awaitable.ts'
import type { ConcurrentFutureLike } from './concurrent-future.ts'
import { AssertionError } from './errors.ts'
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
          () => this.state === PENDING && this.leadsToUserCode(),
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
    if (error !== null && error !== undefined) this.setException(error)
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
