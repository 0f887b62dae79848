import type { Awaitable, Frame } from '../asyncio/awaitable.ts'
import { currentLoop } from '../asyncio/current-loop.ts'
import type { EventLoop } from '../asyncio/event-loop.ts'
import { Future } from '../asyncio/future.ts'
import { PromiseMethods } from '../asyncio/promise-methods.ts'
import type { External } from '../loop/external.ts'

/** An external operation as a future: the loop completes it. */
class ExternalFuture<T> extends Future<T> implements External {
  readonly kind = 'external'
  id = 0
  since = 0
  lane: number
  readonly label: string | undefined
  readonly task: string | undefined
  readonly #make: (() => T) | undefined

  constructor(loop: EventLoop, label: string | undefined, make: (() => T) | undefined) {
    super({ loop })
    this.label = label
    this.#make = make
    this.task = loop.acting?.getName()
    this.lane = loop.lane
    loop.begin(this)
  }

  complete(): void {
    let value: T
    try {
      value = this.#make?.() as T
    } catch (error) {
      this.setException(error)
      return
    }
    this.setResult(value)
  }

  override cancel(message?: string): boolean {
    const cancelled = super.cancel(message)
    if (cancelled) this.loop.abandon(this)
    return cancelled
  }

  /** It belongs to the lane that waits for it. */
  override suspend(frame: Frame): void {
    this.lane = frame.lane
    super.suspend(frame)
  }

  override describe(): string {
    return this.label ?? 'an external operation'
  }
}

/** What there is instead outside a run: it is there at once. */
class Immediate<T> extends PromiseMethods<T> implements Awaitable<T> {
  readonly #make: () => T

  constructor(make: () => T) {
    super()
    this.#make = make
  }

  // It never waits.
  *[Symbol.iterator](): Generator<never, T, unknown> {
    return this.#make()
  }

  // A thenable, as the future that it stands for is.
  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return Promise.resolve().then(this.#make).then(onResult, onError)
  }
}

/**
 * Begins an operation of the outside world, which completes whenever the strategy says so, with what `make`
 * gives then (an error that it throws is the operation's). Outside a run it completes at once.
 *
 * @example
 * ```ts
 * const value = yield* external('read the file', () => 'contents')
 * ```
 */
export function external(label?: string): Awaitable<void>
export function external<T>(label: string | undefined, make: () => T): Awaitable<T>
export function external<T>(label?: string, make?: () => T): Awaitable<T | undefined> {
  const loop = currentLoop()
  if (loop === null) return new Immediate(() => make?.())
  return new ExternalFuture<T | undefined>(loop, label, make)
}

/**
 * A point at which anything may happen first: an external operation without a result.
 *
 * @example
 * ```ts
 * async function save(row: string) {
 *   await pause('save')
 *   rows.push(row)
 * }
 * ```
 */
export function pause(label?: string): Awaitable<void> {
  return external(label)
}
