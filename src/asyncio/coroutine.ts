import { type Awaitable, type Coroutine, type Frame, isGenerator, isThenable, type Suspension } from './awaitable.ts'
import { CancelledError, RuntimeError } from './errors.ts'
import { requireLoop } from './current-loop.ts'
import { noteAwaited, noteCoroutine } from './debug-notes.ts'
import { awaitCoroutine } from './native-frame.ts'
import { PromiseMethods } from './promise-methods.ts'

/**
 * A coroutine of the library: lazy, like Python's. It runs when it is awaited, inside the task that awaits it,
 * under `yield*` and under `await` alike.
 */
export class LibraryCoroutine<T> extends PromiseMethods<T> implements Awaitable<T> {
  readonly #start: () => Coroutine<T>
  #used = false

  constructor(start: () => Coroutine<T>) {
    super()
    this.#start = start
    noteCoroutine(this)
  }

  [Symbol.iterator](): Coroutine<T> {
    if (this.#used) throw new RuntimeError('cannot reuse already awaited coroutine')
    this.close()
    return this.#start()
  }

  /** @internal It will never run, and that is no mistake. */
  close(): void {
    this.#used = true
    noteAwaited(this)
  }

  // A thenable, so that `await` works.
  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return awaitCoroutine(requireLoop(), this[Symbol.iterator](), onResult, onError)
  }
}

/** @internal Ends a coroutine that has not begun and never will: what refuses it closes it, as in Python. */
export function closeCoroutine(coroutine: unknown): void {
  if (coroutine instanceof LibraryCoroutine) coroutine.close()
  else if (isGenerator(coroutine)) coroutine.return(undefined)
}

/** @internal Waits for a promise that is not Heddle's: goes on in the step in which the promise settles. */
export class PromiseSuspension implements Suspension {
  readonly #promise: PromiseLike<unknown>
  /** Set when a cancellation ends the wait before the promise is settled. */
  abandoned: CancelledError | null = null

  constructor(promise: PromiseLike<unknown>) {
    this.#promise = promise
  }

  suspend(frame: Frame): void {
    frame.loop.native = true
    const go = (): void => {
      if (this.abandoned === null) frame.resume()
    }
    this.#promise.then(go, go)
  }

  interrupt(): boolean {
    return false
  }

  abandon(frame: Frame, message: string | undefined): boolean {
    if (this.abandoned !== null) return false
    this.abandoned = new CancelledError(message)
    frame.loop.enqueue(frame)
    return true
  }

  describe(): string {
    return 'a native promise'
  }
}

/** What a body may be: a function that returns a value, a promise of one, or a coroutine. */
export type Body<A extends unknown[], T> = (...args: A) => Coroutine<T> | Awaitable<T> | PromiseLike<T> | T

/** Runs what a body returned inside the calling coroutine, whatever front end it is written for. */
export function* inline<T>(returned: Coroutine<T> | Awaitable<T> | PromiseLike<T> | T): Coroutine<T> {
  if (typeof returned === 'object' && returned !== null) {
    if (Symbol.iterator in returned && ('throw' in returned || isThenable(returned))) {
      return yield* returned as Coroutine<T> | Awaitable<T>
    }
    if (isThenable(returned)) return yield* promiseResult(returned as PromiseLike<T>)
  }
  return returned as T
}

function* promiseResult<T>(promise: PromiseLike<T>): Coroutine<T> {
  let outcome: { value: T } | { error: unknown } | undefined
  // As `await` has it: what the `then` of a thenable returns counts for nothing.
  const watched = Promise.resolve(promise).then(
    (value) => {
      outcome = { value }
    },
    (error: unknown) => {
      outcome = { error }
    },
  )
  const wait = new PromiseSuspension(watched)
  yield wait
  if (wait.abandoned !== null) throw wait.abandoned
  if (outcome === undefined) throw new RuntimeError('resumed before the awaited promise settled')
  if ('error' in outcome) throw outcome.error
  return outcome.value
}
