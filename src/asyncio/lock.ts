import type { Awaitable, Coroutine } from './awaitable.ts'
import { type Body, LibraryCoroutine } from './coroutine.ts'
import { currentLoop } from './current-loop.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { holding } from './holding.ts'
import { Primitive, type PrimitiveOptions, stateWithWaiters, type Wait } from './primitive.ts'
import type { Task } from './task.ts'

/**
 * A mutual exclusion lock for tasks (CPython, `locks.py:Lock`). Waiters get it in the order in which they came, and a
 * newcomer never overtakes one that is already woken. Any task may release it.
 *
 * @example
 * ```ts
 * const lock = new Lock({ name: 'account' })
 * yield* lock.with(function* () {
 *   // nobody else is here
 * })
 * ```
 */
export class Lock extends Primitive {
  readonly #waiters = new Set<Wait>()
  #locked = false
  #holder: Task<unknown> | null = null
  readonly #words: () => string

  constructor(options?: PrimitiveOptions) {
    super(options)
    this.#words = () => this.describeWait()
  }

  /** Whether somebody holds it. */
  locked(): boolean {
    this.touch('read')
    return this.#locked
  }

  /** Waits until it is free and takes it. It does not suspend if the lock is free and nobody waits. */
  acquire(): Awaitable<true> {
    return new LibraryCoroutine(() => this.#acquire())
  }

  *#acquire(): Coroutine<true> {
    this.touch('write')
    if (this.#locked || !this.#onlyCancelledWait()) {
      const wait = this.newWait(this.#words)
      this.#waiters.add(wait)
      try {
        yield* wait
      } catch (error) {
        this.#waiters.delete(wait)
        this.touch('write')
        // The wake-up may have been ours: it must not be lost with us (R213).
        if (error instanceof CancelledError && !this.#locked) this.#wakeFirst()
        throw error
      }
      this.#waiters.delete(wait)
      this.touch('write')
    }
    this.#locked = true
    this.#holder = currentLoop()?.current ?? null
    return true
  }

  /** Frees it and wakes the first waiter. @throws RuntimeError if it is free */
  release(): void {
    this.touch('write')
    if (!this.#locked) throw new RuntimeError('Lock is not acquired.')
    this.#locked = false
    this.#holder = null
    this.#wakeFirst()
  }

  /** `async with`: holds it while `body` runs, which is given the lock, and gives what `body` gives. */
  with<T>(body: Body<[this], T>): Awaitable<T> {
    return holding(this, body)
  }

  /** @internal */
  override get outstanding(): number {
    return this.#locked ? 1 : 0
  }

  #onlyCancelledWait(): boolean {
    for (const w of this.#waiters) if (!w.cancelled()) return false
    return true
  }

  /** The first one in the queue only: if it is woken already, nobody else is. */
  #wakeFirst(): void {
    for (const w of this.#waiters) {
      w.wake()
      return
    }
  }

  /** @internal */
  override holders(): readonly Task<unknown>[] {
    return this.#holder === null ? [] : [this.#holder]
  }

  /** @internal Who waits for what. */
  describeWait(): string {
    return this.#holder === null ? this.title : `${this.title} held by ${this.#holder.getName()}`
  }

  /** @internal */
  protected override stateInWords(): string {
    return stateWithWaiters(this.#locked ? 'locked' : 'unlocked', this.#waiters)
  }
}
