import type { Awaitable, Coroutine } from './awaitable.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { Primitive, type PrimitiveOptions, stateWithWaiters, type Wait } from './primitive.ts'

/**
 * A flag that tasks wait for (CPython, `locks.py:Event`).
 *
 * @example
 * ```ts
 * const ready = new Event({ name: 'ready' })
 * createTask(function* () { yield* ready.wait() })
 * ready.set()
 * ```
 */
export class Event extends Primitive {
  readonly #waiters = new Set<Wait>()
  #value = false
  readonly #words: () => string

  constructor(options?: PrimitiveOptions) {
    super(options)
    this.#words = () => this.describeWait()
  }

  /** Whether it is set. */
  isSet(): boolean {
    this.touch('read')
    return this.#value
  }

  /** Sets it and wakes everybody who waits, in order; a clear() before they run does not take that back. */
  set(): void {
    this.touch('write')
    if (this.#value) return
    this.#value = true
    for (const w of this.#waiters) w.wake()
  }

  /** Takes the flag back: wait() waits again. */
  clear(): void {
    this.touch('write')
    this.#value = false
  }

  /** Waits until it is set. It does not suspend if it is. */
  wait(): Awaitable<true> {
    return new LibraryCoroutine(() => this.#wait())
  }

  *#wait(): Coroutine<true> {
    this.touch('read')
    if (this.#value) return true
    const wait = this.newWait(this.#words)
    this.#waiters.add(wait)
    try {
      yield* wait
    } finally {
      this.#waiters.delete(wait)
    }
    return true
  }

  /** @internal Who waits for what. */
  describeWait(): string {
    return this.title
  }

  /** @internal */
  protected override stateInWords(): string {
    return stateWithWaiters(this.#value ? 'set' : 'unset', this.#waiters)
  }
}
