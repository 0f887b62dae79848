import { type Awaitable, type Coroutine, type CoroutineLike, type Outcome } from './awaitable.ts'
import { inline, LibraryCoroutine } from './coroutine.ts'
import { getRunningLoop } from './current-loop.ts'
import { ensureFuture } from './ensure-future.ts'
import { CancelledError, TimeoutError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import { type Bookkeeper, DoneHop, type Named } from './hop.ts'
import { timeout as timeoutBlock } from './timeout.ts'

/**
 * Waits for a coroutine or future for `timeout` seconds at most, null: for ever (CPython, `tasks.py:wait_for`).
 *
 * When the time is up, what it waits for is cancelled, and TimeoutError is raised once that has ended. A coroutine
 * runs inside the calling task. With a timeout of 0 or less only what is done already gives its value.
 *
 * @throws TimeoutError whose `cause` is the CancelledError; RuntimeError outside a task
 * @example
 * ```ts
 * const queue = new Queue<string>()
 * const item = yield* waitFor(queue.get(), 2.5) // throws TimeoutError
 * ```
 */
export function waitFor<A extends CoroutineLike<unknown> | Future<unknown>>(
  awaitable: A,
  timeout: number | null,
): Awaitable<Outcome<A>> {
  return new LibraryCoroutine(() => waiting<Outcome<A>>(awaitable as CoroutineLike<Outcome<A>>, timeout))
}

function* waiting<T>(awaitable: CoroutineLike<T> | Future<T>, timeout: number | null): Coroutine<T> {
  if (timeout !== null && timeout <= 0) {
    const future = ensureFuture(awaitable)
    if (!future.isDone) return yield* cancelAndTake(future)
    return future.outcome()
  }
  return yield* timeoutBlock(timeout, () =>
    inline<T>(typeof awaitable === 'function' ? awaitable() : awaitable),
  ) as Awaitable<T>
}

/** Cancels the future and waits for its end; a value or error that it ends with regardless comes out. */
function* cancelAndTake<T>(future: Future<T>): Coroutine<T> {
  const ended = new Ended(getRunningLoop(), future)
  yield* ended.wait()
  try {
    return future.outcome()
  } catch (error) {
    if (error instanceof CancelledError) throw new TimeoutError('', { cause: error })
    throw error
  }
}

/** Learns that a future it has cancelled is done (CPython, `tasks.py:_cancel_and_wait`). */
class Ended implements Bookkeeper {
  readonly loop: EventLoop
  readonly #future: Future<unknown>
  readonly #waiter: Future<null>

  constructor(loop: EventLoop, future: Future<unknown>) {
    this.loop = loop
    this.#future = future
    this.#waiter = new Future<null>({ loop })
  }

  *wait(): Coroutine<void> {
    this.#future.addWaiter(new DoneHop(this, this.#future))
    try {
      this.#future.cancel()
      yield* this.#waiter
    } finally {
      this.#future.removeWaiters((w) => w instanceof DoneHop && w.owner === this)
    }
  }

  childDone(): void {
    if (!this.#waiter.isDone) this.#waiter.setResult(null)
  }

  get leadsTo(): Named | undefined {
    return this.#waiter.firstWaiting
  }

  wouldLead(): boolean {
    return this.#waiter.leadsToUserCode()
  }
}
