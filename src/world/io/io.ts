import { type Awaitable, isGenerator, isThenable, type Outcome } from '../../asyncio/awaitable.ts'
import { currentLoop } from '../../asyncio/current-loop.ts'
import { RuntimeError } from '../../asyncio/errors.ts'
import { Connection } from './connection.ts'
import { type Faults, faultsOf, type IoFault } from './faults.ts'
import { beginCall, type Call, type IoResult } from './operation.ts'

/** How an I/O function behaves in a run. */
export interface IoOptions<A extends unknown[] = never[]> {
  /** What reports call it: a name, or one made from the arguments. Default: the function's own name. */
  readonly label?: string | ((...args: A) => string) | undefined
  /** What may go wrong; true: the request or the answer is lost, and the call rejects with an IoError. Default: nothing. */
  readonly faults?: Faults | boolean | undefined
  /**
   * Seconds of virtual time that a call takes: half of them before its effect, half after it. Several calls then come
   * back in the order of their times. Default: each half takes as long as the strategy likes.
   */
  readonly latency?: number | ((...args: A) => number) | undefined
  /** Effects and answers come in the order of the calls. Default: false, in any order. */
  readonly ordered?: boolean | undefined
  /** The same, together with every other function that has this connection. */
  readonly connection?: Connection | undefined
  /**
   * Whether a caller that is cancelled or aborted before the effect takes its request back. False: it is on its way, and
   * the effect may still happen at any later time, which costs more schedules. Default: true.
   */
  readonly recall?: boolean | undefined
}

/** What is settled once for all calls. */
export interface IoPlan<A extends unknown[]> {
  readonly label: (...args: A) => string
  readonly faults: readonly IoFault[]
  readonly latency: ((...args: A) => number) | null
  readonly connection: Connection | null
  readonly recall: boolean
}

/** @throws TypeError or RangeError for a wrong option */
export function planOf<A extends unknown[]>(name: string, options: IoOptions<A>): IoPlan<A> {
  const { label, latency, ordered, connection } = options
  if (typeof latency === 'number' && !(latency >= 0)) throw new RangeError(`option latency must be a number of seconds, not ${latency}`)
  return {
    label: typeof label === 'function' ? label : () => label ?? name,
    faults: faultsOf(options.faults),
    latency: latency === undefined ? null : typeof latency === 'function' ? latency : () => latency,
    connection: connection ?? (ordered === true ? new Connection() : null),
    recall: options.recall ?? true,
  }
}

/** One call of an I/O function. */
export function callIo<A extends unknown[], T>(plan: IoPlan<A>, args: A, effect: Call<T>['effect']): IoResult<T> {
  const loop = currentLoop()
  if (loop === null) return new PassedThrough(effect)
  const seconds = plan.latency?.(...args)
  return beginCall(loop, {
    label: plan.label(...args),
    effect,
    faults: plan.faults,
    latency: seconds === undefined ? null : [seconds / 2, seconds / 2],
    connection: plan.connection,
    recall: plan.recall,
  })
}

/**
 * Makes a function an operation of the outside world. Each call begins at once; its effect, which is what `fn` does,
 * happens when the strategy says that the request arrives, and the result comes back when the strategy says so too.
 * `fn` may be an async, a plain or a generator function, and may wait for things of Heddle's. What may go wrong on the
 * way is said by `faults`. A caller that is cancelled before the effect takes the request back (see `recall`); one that is
 * cancelled later stops waiting for the answer.
 *
 * Outside a run it is `fn`, called at once.
 *
 * @throws TypeError or RangeError for a wrong option
 * @example
 * ```ts
 * const save = io(async (row: Row) => { rows.push(row) }, { label: 'save', faults: { rejectAfter: true } })
 * await save(row)
 * ```
 */
export function io<A extends unknown[], R>(fn: (...args: A) => R, options: IoOptions<A> = {}): (...args: A) => IoResult<Outcome<R>> {
  if (typeof fn !== 'function') throw new TypeError(`io wraps a function, not ${String(fn)}`)
  const plan = planOf(fn.name || 'io', options)
  return function (this: unknown, ...args: A): IoResult<Outcome<R>> {
    return callIo(plan, args, () => fn.apply(this, args) as Outcome<R>)
  }
}

/** Outside a run: what the function gives, at once. */
class PassedThrough<T> implements Promise<T>, Awaitable<T> {
  readonly [Symbol.toStringTag] = 'Promise'
  readonly #promise: Promise<T>
  readonly #result: { readonly value: unknown } | { readonly error: unknown }

  constructor(effect: Call<T>['effect']) {
    let result: { value: unknown } | { error: unknown }
    try {
      const returned = effect()
      result = { value: isGenerator(returned) ? runToEnd(returned) : returned }
    } catch (error) {
      result = { error }
    }
    this.#result = result
    this.#promise = 'error' in result ? Promise.reject(result.error) : Promise.resolve(result.value as T)
  }

  // It never waits.
  *[Symbol.iterator](): Generator<never, T, unknown> {
    this.#promise.catch(() => {})
    if ('error' in this.#result) throw this.#result.error
    if (isThenable(this.#result.value)) throw new RuntimeError('a promise can be awaited only, outside a run')
    return this.#result.value as T
  }

  // A thenable, as the promise that it stands for is.
  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#promise.then(onResult, onError)
  }

  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#promise.catch(onError)
  }

  finally(callback?: (() => void) | null): Promise<T> {
    return this.#promise.finally(callback)
  }
}

function runToEnd(generator: Iterator<unknown, unknown, unknown>): unknown {
  const step = generator.next()
  if (step.done !== true) throw new RuntimeError('a generator that waits can only run inside a run')
  return step.value
}
