import { type CoroutineLike, isGenerator, isThenable } from './awaitable.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import { getEventLoop } from './get-event-loop.ts'

/**
 * A future as it is; anything that can be run as a task (CPython, `tasks.py:ensure_future`).
 * Outside a run the loop is that of `getEventLoop`.
 *
 * @throws TypeError for everything else; RuntimeError if there is no loop
 */
export function ensureFuture<T>(awaitable: CoroutineLike<T> | Future<T>, options?: { loop?: EventLoop }): Future<T> {
  if (awaitable instanceof Future) return awaitable
  if (!isGenerator(awaitable) && !isThenable(awaitable) && typeof awaitable !== 'function') {
    throw new TypeError('An asyncio.Future, a coroutine or an awaitable is required')
  }
  return (options?.loop ?? getEventLoop()).createTask(awaitable as CoroutineLike<T>)
}
