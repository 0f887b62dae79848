import type { Awaitable, Coroutine } from './awaitable.ts'
import { type Body, inline, LibraryCoroutine } from './coroutine.ts'

/** What `async with` can hold: a lock, a semaphore, a condition. */
export interface Holdable {
  acquire(): Awaitable<true>
  release(): void
}

/** Acquires, runs the body, and releases however the body ends (CPython, `locks.py:_ContextManagerMixin`). */
export function holding<H extends Holdable, T>(held: H, body: Body<[H], T>): Awaitable<T> {
  return new LibraryCoroutine(function* (): Coroutine<T> {
    yield* held.acquire()
    try {
      return yield* inline(body(held))
    } finally {
      held.release()
    }
  })
}
