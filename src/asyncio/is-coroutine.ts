import { type Coroutine, isGenerator } from './awaitable.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { isCoroutineMaker } from './debug.ts'

/**
 * Whether something is a coroutine: a generator object, or one that the library has made (CPython,
 * `coroutines.py:iscoroutine`). A promise is none: its body has begun.
 *
 * @example
 * ```ts
 * isCoroutine(sleep(1)) // true
 * ```
 */
export function isCoroutine(x: unknown): x is Coroutine<unknown> | LibraryCoroutine<unknown> {
  return isGenerator(x) || x instanceof LibraryCoroutine
}

/**
 * Whether something is a generator function or an async function (CPython, `coroutines.py:iscoroutinefunction`). Of other
 * functions nobody knows before they are called.
 *
 * @example
 * ```ts
 * isCoroutineFunction(async () => {}) // true
 * ```
 */
export function isCoroutineFunction(x: unknown): boolean {
  return isCoroutineMaker(x)
}
