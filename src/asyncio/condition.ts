import type { Awaitable, Coroutine } from './awaitable.ts'
import { type Body, LibraryCoroutine } from './coroutine.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { holding } from './holding.ts'
import { Lock } from './lock.ts'
import { Primitive, type PrimitiveOptions, stateWithWaiters, type Wait } from './primitive.ts'

/** What a condition may be given. */
export interface ConditionOptions extends PrimitiveOptions {
  /** The lock it works with, which several conditions may share. Default: one of its own. */
  lock?: Lock | null | undefined
}

/** The lock that a condition made for itself. */
class OwnLock extends Lock {
  readonly #condition: Condition

  constructor(condition: Condition) {
    super({ name: condition.name })
    this.#condition = condition
  }

  override get kind(): string {
    return 'Lock'
  }

  override get title(): string {
    return `the lock of ${this.#condition.title}`
  }
}

/**
 * A condition variable (CPython, `locks.py:Condition`): tasks that hold its lock wait until another one notifies them.
 *
 * @example
 * ```ts
 * let stock = 1
 * const changed = new Condition()
 * yield* changed.with(function* (c) {
 *   yield* c.waitFor(() => stock > 0)
 *   stock--
 * })
 * ```
 */
export class Condition extends Primitive {
  readonly #lock: Lock
  readonly #waiters = new Set<Wait>()
  readonly #words: () => string

  /** @param lock its lock, or options */
  constructor(lock?: Lock | ConditionOptions | null, options?: ConditionOptions) {
    const given = lock instanceof Lock ? { ...options, lock } : { ...options, ...lock }
    super(given)
    this.#lock = given.lock ?? new OwnLock(this)
    this.#words = () => this.describeWait()
  }

  /** Whether somebody holds its lock. */
  locked(): boolean {
    return this.#lock.locked()
  }

  /** Acquires its lock. */
  acquire(): Awaitable<true> {
    return this.#lock.acquire()
  }

  /** Releases its lock. @throws RuntimeError if nobody holds it */
  release(): void {
    this.#lock.release()
  }

  /** `async with`: holds its lock while `body` runs, which is given the condition. */
  with<T>(body: Body<[this], T>): Awaitable<T> {
    return holding(this, body)
  }

  /**
   * Releases the lock, waits until notified, and acquires the lock again, also when it is cancelled. It may return
   * without reason, so look at the state again afterwards.
   *
   * @throws RuntimeError if nobody holds the lock
   */
  wait(): Awaitable<true> {
    return new LibraryCoroutine(() => this.#wait())
  }

  *#wait(): Coroutine<true> {
    if (!this.locked()) throw new RuntimeError('cannot wait on un-acquired lock')
    this.touch('write')
    const wait = this.newWait(this.#words)
    this.release()
    try {
      let failure: { error: unknown } | null = null
      this.#waiters.add(wait)
      try {
        yield* wait
      } catch (error) {
        failure = { error }
      }
      this.touch('write')
      this.#waiters.delete(wait)
      for (;;) {
        try {
          yield* this.acquire()
          break
        } catch (error) {
          if (!(error instanceof CancelledError)) throw error
          failure = { error }
        }
      }
      if (failure !== null) throw failure.error
      return true
    } catch (error) {
      // The notification may have been ours; somebody else gets one in its place (R233).
      this.#wake(1)
      throw error
    }
  }

  /** Waits until `predicate` gives something true, and gives that. It does not suspend if it does so at once. */
  waitFor<T>(predicate: () => T): Awaitable<T> {
    return new LibraryCoroutine(() => this.#waitFor(predicate))
  }

  *#waitFor<T>(predicate: () => T): Coroutine<T> {
    for (;;) {
      const result = predicate()
      if (result) return result
      yield* this.wait()
    }
  }

  /** Wakes the first `n` who wait. The lock stays held. @throws RuntimeError if nobody holds it */
  notify(n = 1): void {
    if (!this.locked()) throw new RuntimeError('cannot notify on un-acquired lock')
    this.#wake(n)
  }

  /** Wakes everybody who waits. @throws RuntimeError if nobody holds the lock */
  notifyAll(): void {
    this.notify(this.#waiters.size)
  }

  #wake(n: number): void {
    this.touch('write')
    let left = n
    for (const w of this.#waiters) {
      if (left <= 0) return
      if (w.wake()) left--
    }
  }

  /** @internal Who waits for what. */
  describeWait(): string {
    return `a notification of ${this.title}`
  }

  /** @internal */
  protected override stateInWords(): string {
    return stateWithWaiters(this.#lock.locked() ? 'locked' : 'unlocked', this.#waiters)
  }
}
