import { type Awaitable, BARE_YIELD, type Coroutine, type Suspension } from './awaitable.ts'
import { requireLoop } from './current-loop.ts'
import { noteAwaited, noteCoroutine } from './debug-notes.ts'
import { RuntimeError } from './errors.ts'
import { awaitCoroutine } from './native-frame.ts'

const YIELDED: IteratorResult<Suspension, never> = Object.freeze({ done: false, value: BARE_YIELD })

/** Lets everything run that is ready, once, then gives its result: sleep(0), which needs no timer and must be light. */
export class YieldOnce<T> implements Awaitable<T>, Iterator<Suspension, T, unknown> {
  private readonly _end: IteratorReturnResult<T>
  private _used = false

  /** `end`: what it gives when it goes on, as an iterator does; one for all of those that give nothing. */
  constructor(end: IteratorReturnResult<T>) {
    this._end = end
    noteCoroutine(this)
  }

  [Symbol.iterator](): this {
    if (this._used) throw new RuntimeError('cannot reuse already awaited coroutine')
    return this
  }

  then<A = T, B = never>(
    onResult?: ((value: T) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return awaitCoroutine(requireLoop(), this[Symbol.iterator]() as unknown as Coroutine<T>, onResult, onError)
  }

  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(null, onError)
  }

  finally(onSettled?: (() => void) | null): Promise<T> {
    return this.then().finally(onSettled)
  }

  next(): IteratorResult<Suspension, T> {
    if (this._used) return this._end
    this._used = true
    noteAwaited(this)
    return YIELDED
  }

  throw(error: unknown): IteratorResult<Suspension, T> {
    this._close()
    throw error
  }

  return(value?: T): IteratorResult<Suspension, T> {
    this._close()
    return { done: true, value: value as T }
  }

  private _close(): void {
    this._used = true
    noteAwaited(this)
  }
}
