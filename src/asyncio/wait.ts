import type { Awaitable, Coroutine } from './awaitable.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { getRunningLoop } from './current-loop.ts'
import { ValueError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { EXCEPTION, Future } from './future.ts'
import { type Bookkeeper, DoneHop, TimerHop } from './hop.ts'

/** `wait` returns when any of the futures is done. */
export const FIRST_COMPLETED = 'FIRST_COMPLETED'
/** `wait` returns when any of the futures has an exception, else when all are done. */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION'
/** `wait` returns when all futures are done. */
export const ALL_COMPLETED = 'ALL_COMPLETED'

/** When `wait` returns (CPython, `tasks.py:wait`). */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED

class TimeLimit extends TimerHop {
  readonly expires = true
}

/** One call of wait: counts the futures as they end, and releases the waiting task. */
class Waiting implements Bookkeeper {
  readonly loop: EventLoop
  readonly released: Future<null>
  readonly #futures: readonly Future<unknown>[]
  readonly #returnWhen: ReturnWhen
  readonly #timer: TimerHop | null
  #left: number

  constructor(loop: EventLoop, futures: readonly Future<unknown>[], timeout: number | null, returnWhen: ReturnWhen) {
    this.loop = loop
    this.released = new Released(loop)
    this.#futures = futures
    this.#returnWhen = returnWhen
    this.#left = futures.length
    this.#timer =
      timeout === null
        ? null
        : TimeLimit.arm(
            loop,
            loop.time() + timeout,
            () => this.#release(),
            () => this.released.leadsToUserCode(),
            () => this.released.firstWaiting,
          )
    for (const f of futures) f.addWaiter(new DoneHop(this, f))
    if (timeout !== null || (returnWhen !== ALL_COMPLETED && futures.length > 1)) loop.tracker?.selects()
  }

  childDone(child: Future<unknown>): void {
    this.#left--
    if (!this.#enough(child, this.#left)) return
    this.#timer?.cancel()
    this.#release()
  }

  #enough(child: Future<unknown>, left: number): boolean {
    if (left <= 0 || this.#returnWhen === FIRST_COMPLETED) return true
    // Looking at the exception counts as retrieving it (R051).
    if (this.#returnWhen !== FIRST_EXCEPTION || child.state !== EXCEPTION) return false
    child.failure()
    return true
  }

  #release(): void {
    if (!this.released.isDone) this.released.setResult(null)
  }

  wouldLead(child: Future<unknown>): boolean {
    if (!this.released.leadsToUserCode()) return false
    if (this.#returnWhen === FIRST_COMPLETED) return true
    if (this.#returnWhen === FIRST_EXCEPTION && child.state === EXCEPTION) return true
    return this.#futures.every((f) => f === child || f.isDone)
  }

  leave(): void {
    this.#timer?.cancel()
    for (const f of this.#futures) f.removeWaiters((w) => w instanceof DoneHop && w.owner === this)
  }
}

/** What the waiting task itself waits for. */
class Released extends Future<null> {
  constructor(loop: EventLoop) {
    super({ loop })
  }
  override describe(): string {
    return 'wait'
  }
}

/**
 * Waits for futures and tasks, and gives those that are done and those that are not, in argument order
 * (CPython, `tasks.py:wait`). Nothing is cancelled, and no error of theirs is raised. `timeout` is in seconds; when it
 * has passed, what is there is returned.
 *
 * @throws ValueError if there is nothing to wait for or `returnWhen` is none of the three; TypeError for what is no future
 * @example
 * ```ts
 * const tasks = [createTask(sleep(1)), createTask(sleep(2))]
 * const [done, pending] = yield* wait(tasks, { returnWhen: FIRST_COMPLETED })
 * ```
 */
export function wait<F extends Future<unknown>>(
  futures: Iterable<F>,
  options?: { timeout?: number | null | undefined; returnWhen?: ReturnWhen | undefined },
): Awaitable<[done: Set<F>, pending: Set<F>]> {
  return new LibraryCoroutine(() => waiting(futures, options?.timeout ?? null, options?.returnWhen ?? ALL_COMPLETED))
}

function* waiting<F extends Future<unknown>>(
  futures: Iterable<F>,
  timeout: number | null,
  returnWhen: ReturnWhen,
): Coroutine<[Set<F>, Set<F>]> {
  if (futures instanceof Future || !isIterable(futures)) {
    throw new TypeError(`expect a list of futures, not ${nameOf(futures)}`)
  }
  const distinct = [...new Set(futures)]
  if (distinct.length === 0) throw new ValueError('Set of Tasks/Futures is empty.')
  if (returnWhen !== FIRST_COMPLETED && returnWhen !== FIRST_EXCEPTION && returnWhen !== ALL_COMPLETED) {
    throw new ValueError(`Invalid return_when value: ${String(returnWhen)}`)
  }
  if (!distinct.every((f) => f instanceof Future)) {
    throw new TypeError('Passing coroutines is forbidden, use tasks explicitly.')
  }
  const books = new Waiting(getRunningLoop(), distinct, timeout, returnWhen)
  try {
    yield* books.released
  } finally {
    books.leave()
  }
  return [new Set(distinct.filter((f) => f.isDone)), new Set(distinct.filter((f) => !f.isDone))]
}

function isIterable(x: unknown): x is Iterable<unknown> {
  return typeof x === 'object' && x !== null && Symbol.iterator in x
}

function nameOf(x: unknown): string {
  return typeof x === 'object' && x !== null ? x.constructor.name : typeof x
}
