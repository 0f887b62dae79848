import { type CoroutineLike, isGenerator, isThenable } from './awaitable.ts'
import { requireLoop } from './current-loop.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'

/**
 * A future as it is; anything that can be run as a task (CPython, `tasks.py:ensure_future`).
 * @throws TypeError for everything else
 */
export function ensureFuture<T>(awaitable: CoroutineLike<T> | Future<T>, options?: { loop?: EventLoop }): Future<T> {
  if (awaitable instanceof Future) return awaitable
  if (!isGenerator(awaitable) && !isThenable(awaitable) && typeof awaitable !== 'function') {
    throw new TypeError('An asyncio.Future, a coroutine or an awaitable is required')
  }
  return (options?.loop ?? requireLoop()).createTask(awaitable as CoroutineLike<T>)
}
