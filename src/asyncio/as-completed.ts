import { type Awaitable, type Coroutine, type CoroutineLike, isThenable, type Outcome } from './awaitable.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { defaultLoop } from './current-loop.ts'
import { ensureFuture } from './ensure-future.ts'
import { TimeoutError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import { type Bookkeeper, DoneHop, type Named, TimerHop } from './hop.ts'

/** Hands over what came first to who came first; null stands for the timeout. */
class Arrivals<T> {
  readonly #loop: EventLoop
  readonly #items: (Future<T> | null)[] = []
  readonly #getters: Future<null>[] = []

  constructor(loop: EventLoop) {
    this.#loop = loop
  }

  put(item: Future<T> | null): void {
    this.#items.push(item)
    this.#wakeNext()
  }

  #wakeNext(): void {
    for (let g = this.#getters.shift(); g !== undefined; g = this.#getters.shift()) {
      if (g.isDone) continue
      g.setResult(null)
      return
    }
  }

  /** What whoever gets the next item waits for. */
  get first(): Future<null> | undefined {
    return this.#getters.find((g) => !g.isDone)
  }

  /** Whether one more item would let user code go on. */
  wouldLead(): boolean {
    return this.first?.leadsToUserCode() ?? false
  }

  *get(): Coroutine<Future<T> | null> {
    for (;;) {
      const item = this.#items.shift()
      if (item !== undefined) return item
      const getter = new Future<null>({ loop: this.#loop })
      this.#getters.push(getter)
      try {
        yield* getter
      } catch (error) {
        getter.cancel()
        const i = this.#getters.indexOf(getter)
        if (i >= 0) this.#getters.splice(i, 1)
        // The wake-up was this one's; somebody else can use it.
        if (this.#items.length > 0 && !getter.cancelled()) this.#wakeNext()
        throw error
      }
    }
  }
}

/** What is done when it comes counts, so that its place in the order matters even before its turn. */
class Deadline extends TimerHop {
  readonly decides = true
  readonly expires = true
}

/** A future that is done, as `for await` hands it over: TypeScript would take one with a `then` for its result. */
export type Completed<T> = Omit<Future<T>, 'then'>

/**
 * What `asCompleted` gives. As an iterator it yields coroutines: each gives the *next* result when awaited. As an
 * async iterator it yields the futures themselves, done, in the order in which they end.
 */
export class AsCompleted<T> implements Bookkeeper, Iterable<Awaitable<T>>, AsyncIterable<Completed<T>> {
  /** @internal */
  readonly loop: EventLoop
  readonly #arrived: Arrivals<T>
  readonly #todo: Set<Future<T>>
  readonly #timer: TimerHop | null
  /** By whom. */
  readonly #made: Named
  #left: number

  /** @internal */
  constructor(awaitables: Iterable<CoroutineLike<T> | Future<T>>, timeout: number | null) {
    const loop = defaultLoop()
    this.loop = loop
    this.#arrived = new Arrivals(loop)
    this.#todo = new Set([...new Set(awaitables)].map((a) => ensureFuture(a, { loop })))
    this.#left = this.#todo.size
    this.#made = { task: loop.acting?.getName(), label: 'asCompleted' }
    for (const f of this.#todo) f.addWaiter(new DoneHop(this, f))
    if (timeout !== null || this.#left > 1) loop.tracker?.selects()
    this.#timer =
      timeout === null || this.#left === 0
        ? null
        : Deadline.arm(
            loop,
            loop.time() + timeout,
            () => this.#expire(),
            // What comes later is too late, whether somebody waits by then or not.
            () => true,
            () => this.leadsTo,
          )
  }

  /** @internal */
  childDone(child: Future<unknown>): void {
    if (this.#todo.size === 0) return
    this.#todo.delete(child as Future<T>)
    this.#arrived.put(child as Future<T>)
    if (this.#todo.size === 0) this.#timer?.cancel()
  }

  /** @internal */
  get leadsTo(): Named {
    return this.#arrived.first?.firstWaiting ?? this.#made
  }

  /** @internal */
  wouldLead(child: Future<unknown>): boolean {
    if (!this.#todo.has(child as Future<T>)) return false
    // While its time runs out, a result may come before that or after.
    return this.#arrived.wouldLead() || (this.#timer !== null && this.#timer.id !== 0)
  }

  #expire(): void {
    for (const f of this.#todo) {
      f.removeWaiters((w) => w instanceof DoneHop && w.owner === this)
      this.#arrived.put(null)
    }
    this.#todo.clear()
  }

  *#one(): Coroutine<Future<T>> {
    const future = yield* this.#arrived.get()
    if (future === null) throw new TimeoutError()
    return future
  }

  *#result(): Coroutine<T> {
    return (yield* this.#one()).outcome()
  }

  /** The next future that is done, as an async iterator gives it; for generators, which have no `for await`. */
  nextDone(): Awaitable<IteratorResult<Future<T>, undefined>> {
    return new LibraryCoroutine(() => this.#next())
  }

  *#next(): Coroutine<IteratorResult<Future<T>, undefined>> {
    if (this.#left === 0) return { done: true, value: undefined }
    this.#left--
    return { done: false, value: yield* this.#one() }
  }

  [Symbol.iterator](): Iterator<Awaitable<T>> {
    return {
      next: () => {
        if (this.#left === 0) return { done: true, value: undefined }
        this.#left--
        return { done: false, value: new LibraryCoroutine(() => this.#result()) }
      },
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<Completed<T>> {
    return { next: () => this.nextDone().then((r) => r) as Promise<IteratorResult<Completed<T>>> }
  }
}

/**
 * Gives results in the order in which they come (CPython, `tasks.py:as_completed`). Coroutines become tasks at
 * the call, and `timeout` (seconds) counts from it; when it has passed, what is left raises TimeoutError, and nothing
 * is cancelled.
 *
 * @throws TypeError for a single future or coroutine; RuntimeError if there is no loop
 * @example
 * ```ts
 * for (const next of asCompleted([fetchA(), fetchB()])) console.log(yield* next)
 * ```
 */
export function asCompleted<A extends CoroutineLike<unknown> | Future<unknown>>(
  awaitables: Iterable<A>,
  options?: { timeout?: number | null | undefined },
): AsCompleted<Outcome<A>> {
  if (isThenable(awaitables) || !(Symbol.iterator in Object(awaitables))) {
    throw new TypeError(`expects an iterable of awaitables, not ${Object(awaitables).constructor.name}`)
  }
  return new AsCompleted<Outcome<A>>(
    awaitables as Iterable<CoroutineLike<Outcome<A>> | Future<Outcome<A>>>,
    options?.timeout ?? null,
  )
}
