/** What asyncio's debug mode adds: refusals of what could only fail later, and where things were made. */
import { isGenerator } from './awaitable.ts'

const GENERATOR_FUNCTION = Object.getPrototypeOf(function* () {}) as object
const ASYNC_FUNCTION = Object.getPrototypeOf(async () => {}) as object

/** Refuses coroutines and what can't be called (CPython, `base_events.py:_check_callback`). */
export function checkCallback(callback: unknown, method: string): void {
  const kind = typeof callback === 'function' ? (Object.getPrototypeOf(callback) as unknown) : null
  if (isGenerator(callback) || kind === GENERATOR_FUNCTION || kind === ASYNC_FUNCTION) {
    throw new TypeError(`coroutines cannot be used with ${method}()`)
  }
  if (typeof callback !== 'function') {
    throw new TypeError(`a callable object was expected by ${method}(), got ${String(callback)}`)
  }
}

/** The place in the code that called into the library, as `file:line`. */
export function callSite(): string | undefined {
  const own = import.meta.url.replace(/[^/]*$/, '')
  for (const line of new Error().stack?.split('\n').slice(1) ?? []) {
    const at = /\(?((?:file:|\/|[A-Za-z]:\\).*?):(\d+):\d+\)?$/.exec(line.trim())
    if (at === null || line.includes(own) || line.includes(own.replace(/^file:\/\//, ''))) continue
    return `${at[1]}:${at[2]}`
  }
  return undefined
}
