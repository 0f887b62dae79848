import type { Awaitable, Coroutine } from './awaitable.ts'
import { type Body, LibraryCoroutine } from './coroutine.ts'
import { currentLoop } from './current-loop.ts'
import { CancelledError, ValueError } from './errors.ts'
import { holding } from './holding.ts'
import { Primitive, type PrimitiveOptions, stateWithWaiters, type Wait } from './primitive.ts'
import type { Task } from './task.ts'

/**
 * A number of permits (CPython, `locks.py:Semaphore`). They are granted in the order in which tasks asked; while
 * somebody waits, newcomers queue even if a permit is there.
 *
 * @example
 * ```ts
 * const connections = new Semaphore(3, { name: 'connections' })
 * await connections.with(async () => query())
 * ```
 */
export class Semaphore extends Primitive {
  readonly #waiters = new Set<Wait>()
  #value: number
  readonly #initial: number
  /** Who took the permits that are out; null where permits start at 0 and so are signals, not things held. */
  readonly #holders: (Task<unknown> | null)[] | null
  readonly #words: () => string

  /** @throws ValueError if `value` is negative */
  constructor(value = 1, options?: PrimitiveOptions) {
    super(options)
    if (!(value >= 0)) throw new ValueError('Semaphore initial value must be >= 0')
    this.#value = value
    this.#initial = value
    this.#holders = value > 0 ? [] : null
    this.#words = () => this.describeWait()
  }

  /** Whether acquire() would have to wait. */
  locked(): boolean {
    this.touch('read')
    if (this.#value === 0) return true
    for (const w of this.#waiters) if (!w.cancelled()) return true
    return false
  }

  /** Waits for a permit and takes it. */
  acquire(): Awaitable<true> {
    return new LibraryCoroutine(() => this.#acquire())
  }

  *#acquire(): Coroutine<true> {
    if (!this.locked()) {
      this.touch('write')
      this.#value--
      this.#noteHolder()
      return true
    }
    this.touch('write')
    const wait = this.newWait(this.#words)
    this.#waiters.add(wait)
    try {
      yield* wait
      this.#noteHolder()
    } catch (error) {
      // Granted, but not taken: the permit goes back (R241).
      if (error instanceof CancelledError && wait.done() && !wait.cancelled()) this.#value++
      throw error
    } finally {
      this.touch('write')
      this.#waiters.delete(wait)
      while (this.#value > 0 && this.#grantNext());
    }
    return true
  }

  /** Gives a permit back, and grants one to the first who waits. */
  release(): void {
    this.touch('write')
    this.#value++
    this.#forgetHolder()
    this.#grantNext()
  }

  /** `async with`: holds a permit while `body` runs, which is given the semaphore. */
  with<T>(body: Body<[this], T>): Awaitable<T> {
    return holding(this, body)
  }

  /** @internal Of permits that were there from the beginning: others are signals, which nobody gives back. */
  override get outstanding(): number {
    return Math.max(0, this.#initial - this.#value)
  }

  /** @internal Permits that nobody has. */
  get free(): number {
    return this.#value
  }

  #grantNext(): boolean {
    for (const w of this.#waiters) {
      if (w.done()) continue
      this.#value--
      w.wake()
      return true
    }
    return false
  }

  #noteHolder(): void {
    this.#holders?.push(currentLoop()?.current ?? null)
  }

  #forgetHolder(): void {
    const holders = this.#holders
    if (holders === null || holders.length === 0) return
    const mine = holders.indexOf(currentLoop()?.current ?? null)
    holders.splice(Math.max(mine, 0), 1)
  }

  /** @internal */
  override holders(): readonly Task<unknown>[] {
    return [...new Set(this.#holders?.flatMap((t) => t ?? []))]
  }

  /** @internal Who waits for what. */
  describeWait(): string {
    const names = [...new Set(this.#holders?.flatMap((t) => t?.getName() ?? []))]
    return names.length === 0 ? this.title : `${this.title} held by ${names.join(', ')}`
  }

  /** @internal */
  protected override stateInWords(): string {
    return stateWithWaiters(this.locked() ? 'locked' : `unlocked, value:${this.#value}`, this.#waiters)
  }
}
