import { type CoroutineLike, isGenerator, isThenable } from './awaitable.ts'
import { closeCoroutine } from './coroutine.ts'
import { ValueError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import { getEventLoop } from './current-loop.ts'

/**
 * A future as it is; anything that can be run as a task (CPython, `tasks.py:ensure_future`).
 * Outside a run the loop is that of `getEventLoop`. What no task can be made of is closed.
 *
 * @throws TypeError for everything else; RuntimeError if there is no loop, or it is closed; ValueError for a future of
 * another loop than `options.loop`
 * @example
 * ```ts
 * const queue = new Queue<string>()
 * const future = ensureFuture(queue.get())
 * ```
 */
export function ensureFuture<T>(awaitable: CoroutineLike<T> | Future<T>, options?: { loop?: EventLoop }): Future<T> {
  if (awaitable instanceof Future) {
    if (options?.loop === undefined || options.loop === awaitable.loop) return awaitable
    throw new ValueError('The future belongs to a different loop than the one specified as the loop argument')
  }
  if (!isGenerator(awaitable) && !isThenable(awaitable) && typeof awaitable !== 'function') {
    throw new TypeError('An asyncio.Future, a coroutine or an awaitable is required')
  }
  try {
    return (options?.loop ?? getEventLoop()).createTask(awaitable as CoroutineLike<T>)
  } catch (error) {
    closeCoroutine(awaitable)
    throw error
  }
}
