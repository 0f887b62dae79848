/** What asyncio's debug mode adds: refusals of what could only fail later, and where things were made. */
import { isGenerator } from './awaitable.ts'

const GENERATOR_FUNCTION = Object.getPrototypeOf(function* () {}) as object
const ASYNC_FUNCTION = Object.getPrototypeOf(async () => {}) as object

/** Whether something is a generator function or an async function. */
export function isCoroutineMaker(x: unknown): boolean {
  const kind = typeof x === 'function' ? (Object.getPrototypeOf(x) as unknown) : null
  return kind === GENERATOR_FUNCTION || kind === ASYNC_FUNCTION
}

/** Refuses coroutines and what can't be called (CPython, `base_events.py:_check_callback`). */
export function checkCallback(callback: unknown, method: string): void {
  if (isGenerator(callback) || isCoroutineMaker(callback)) {
    throw new TypeError(`coroutines cannot be used with ${method}()`)
  }
  if (typeof callback !== 'function') {
    throw new TypeError(`a callable object was expected by ${method}(), got ${String(callback)}`)
  }
}

/** The folder of the whole library, as paths and URLs have it: its own frames are not where anything was made. */
const library = import.meta.url.replace(/[^/]*\/[^/]*$/, '').replace('file://', '')

/** The place in the code that called into the library, as `file:line`, and which function of the library it called. */
export function callIntoLibrary(): { readonly at: string; readonly callee: string } | undefined {
  let callee = ''
  // A program's own Error.prepareStackTrace may make something else of it.
  const stack: unknown = new Error().stack
  for (const line of typeof stack === 'string' ? stack.split('\n').slice(1) : []) {
    const at = /\(?((?:file:|\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/.exec(line)
    if (at === null) continue
    if (!line.includes(library)) return { at: `${at[1]}:${at[2]}`, callee }
    callee = /^at (?:new )?(?:async )?([\w$.]+) /.exec(line.trim())?.[1] ?? callee
  }
  return undefined
}

/** The place in the code that called into the library, as `file:line`. */
export function callSite(): string | undefined {
  return callIntoLibrary()?.at
}
