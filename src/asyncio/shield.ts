import type { CoroutineLike, Outcome } from './awaitable.ts'
import { ensureFuture } from './ensure-future.ts'
import { CANCELLED, EXCEPTION, Future, RESULT } from './future.ts'
import { type Bookkeeper, DoneHop } from './hop.ts'

/** Copies what the inner future ends with; its own cancellation does not reach the inner one. */
class ShieldFuture<T> extends Future<T> implements Bookkeeper {
  readonly #inner: Future<T>

  constructor(inner: Future<T>) {
    super({ loop: inner.loop })
    this.#inner = inner
    inner.addWaiter(new DoneHop(this, inner))
    this.addWaiter(new DoneHop(new Unshield(this, inner), this))
  }

  /** Whoever waits for the shield goes on by its news. */
  get released(): this {
    return this
  }

  /** Whoever waits goes on in the next iteration, and the inner future ends whenever it does: reductions can't follow that. */
  override cancel(message?: string): boolean {
    const cancelled = super.cancel(message)
    if (cancelled) this.loop.tracker?.selects()
    return cancelled
  }

  childDone(): void {
    const inner = this.#inner
    if (this.state === CANCELLED) {
      if (inner.state !== CANCELLED) inner.failure()
    } else if (inner.state === CANCELLED) {
      this.cancel()
    } else if (inner.state === EXCEPTION) {
      this.setException(inner.failure())
    } else {
      this.settle(RESULT, inner.outcome())
    }
  }

  wouldLead(): boolean {
    return this.leadsToUserCode()
  }

  override describe(): string {
    return `shield(${this.#inner.describe()})`
  }
}

/** Once the outer future is done, the inner one need not tell it any more. */
class Unshield implements Bookkeeper {
  readonly loop
  readonly #outer: ShieldFuture<never>
  readonly #inner: Future<unknown>

  constructor(outer: ShieldFuture<unknown>, inner: Future<unknown>) {
    this.loop = inner.loop
    this.#outer = outer as ShieldFuture<never>
    this.#inner = inner
  }

  childDone(): void {
    this.#inner.removeWaiters((w) => w instanceof DoneHop && w.owner === this.#outer)
  }

  wouldLead(): boolean {
    return false
  }
}

/**
 * Protects a coroutine or future from cancellation: cancelling who awaits the shield leaves it going on
 * (CPython, `tasks.py:shield`). A coroutine becomes a task at the call. A future that is done is given back as it is.
 * Keep a reference to what is shielded, and await it somewhere: an error it ends with after the cancellation is nobody's.
 *
 * @example
 * ```ts
 * const saved = yield* shield(sleep(1, 'saved'))
 * ```
 */
export function shield<A extends CoroutineLike<unknown> | Future<unknown>>(awaitable: A): Future<Outcome<A>> {
  const inner = ensureFuture(awaitable) as Future<Outcome<A>>
  return inner.isDone ? inner : new ShieldFuture(inner)
}
