import type { Awaitable, Coroutine } from '../../src/index.ts'

/**
 * A scenario that is written once and runs under both front ends: it yields what it waits for, and a driver waits with
 * `yield*` or with `await`. `yield* on(x)` gives the result with its type.
 */
export type Script<T = unknown> = Generator<Awaitable<unknown>, T, unknown>

/** Waits for something in a script. */
export function* on<T>(awaitable: Awaitable<T>): Script<T> {
  return (yield awaitable) as T
}

/** Runs a script as a generator coroutine. */
export function* driveSync<T>(script: Script<T>): Coroutine<T> {
  let r = script.next()
  while (r.done !== true) {
    let value: unknown
    try {
      value = yield* r.value
    } catch (error) {
      r = script.throw(error)
      continue
    }
    r = script.next(value)
  }
  return r.value
}

/** Runs a script as a native async function. */
export async function driveAsync<T>(script: Script<T>): Promise<T> {
  let r = script.next()
  while (r.done !== true) {
    let value: unknown
    try {
      value = await r.value
    } catch (error) {
      r = script.throw(error)
      continue
    }
    r = script.next(value)
  }
  return r.value
}
