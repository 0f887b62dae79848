import { type CoroutineLike, isThenable, type Outcome } from './awaitable.ts'
import { ConcurrentFuture } from './concurrent-future.ts'
import { ensureFuture } from './ensure-future.ts'
import type { EventLoop } from './event-loop.ts'
import { CANCELLED, EXCEPTION, Future } from './future.ts'
import { type Bookkeeper, DoneHop } from './hop.ts'
import { isCoroutine } from './is-coroutine.ts'

/** Hands the end of a task of the loop on to the future of who asked for it from outside. */
class Link implements Bookkeeper {
  readonly loop: EventLoop
  readonly #outside: ConcurrentFuture<unknown>

  constructor(loop: EventLoop, inside: Future<unknown>, outside: ConcurrentFuture<unknown>) {
    this.loop = loop
    this.#outside = outside
    inside.addWaiter(new DoneHop(this, inside))
    outside.addDoneCallback(() => {
      if (outside.cancelled() && !loop.isClosed()) loop.callSoonThreadsafe(() => inside.cancel())
    })
  }

  childDone(inside: Future<unknown>): void {
    const outside = this.#outside
    if (inside.state === CANCELLED) outside.cancel()
    if (!outside.setRunningOrNotifyCancel()) return
    if (inside.state === EXCEPTION) outside.setException(inside.exception())
    else outside.setResult(inside.result())
  }

  /** What is outside may have callbacks. */
  wouldLead(): boolean {
    return true
  }
}

/**
 * Runs a coroutine in a loop from outside that loop, as from another thread, and gives a future that belongs to no loop
 * (CPython, `tasks.py:run_coroutine_threadsafe`). The task is made in the loop's next iteration; cancelling either the
 * task or the future cancels the other.
 *
 * @throws TypeError for what is no coroutine; RuntimeError if the loop is closed
 * @example
 * ```ts
 * const answer = runCoroutineThreadsafe(sleep(1, 'yes'), getRunningLoop())
 * answer.addDoneCallback((f) => console.log(f.result()))
 * ```
 */
export function runCoroutineThreadsafe<A extends CoroutineLike<unknown>>(coroutine: A, loop: EventLoop): ConcurrentFuture<Outcome<A>> {
  if (!isCoroutine(coroutine) && typeof coroutine !== 'function' && (!isThenable(coroutine) || coroutine instanceof Future)) {
    throw new TypeError('A coroutine object is required')
  }
  const outside = new ConcurrentFuture<unknown>()
  loop.callSoonThreadsafe(() => {
    try {
      new Link(loop, ensureFuture(coroutine, { loop }), outside)
    } catch (error) {
      if (outside.setRunningOrNotifyCancel()) outside.setException(error)
      throw error
    }
  })
  return outside as ConcurrentFuture<Outcome<A>>
}
