import type { CoroutineLike } from './awaitable.ts'
import { currentLoop } from './current-loop.ts'
import { RuntimeError } from './errors.ts'
import { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'
import { gather } from './gather.ts'

/**
 * Runs a coroutine on a new loop in FIFO order and gives its result, then cancels the tasks that are left
 * (CPython, `runners.py:run`). Time is virtual: sleeping costs none.
 */
export async function run<T>(body: CoroutineLike<T>): Promise<T> {
  const loop = openLoop()
  try {
    return await loop.runUntilComplete(body)
  } finally {
    const left = cancelAll(loop)
    if (left !== null) await loop.runUntilComplete(left)
    loop.close()
  }
}

/** The same for generators, without leaving the calling stack: no promise takes part. */
export function runSync<T>(body: CoroutineLike<T>): T {
  const loop = openLoop()
  try {
    return loop.runUntilCompleteSync(body)
  } finally {
    const left = cancelAll(loop)
    if (left !== null) loop.runUntilCompleteSync(left)
    loop.close()
  }
}

function openLoop(): EventLoop {
  if (currentLoop() !== null) throw new RuntimeError('asyncio.run() cannot be called from a running event loop')
  return new EventLoop()
}

/** Cancels what is left, and gives what to wait for (CPython, `runners.py:_cancel_all_tasks`). */
export function cancelAll(loop: EventLoop): Future<unknown[]> | null {
  const left = loop.liveTasks()
  if (left.length === 0) return null
  for (const task of left) task.cancel()
  return gather(left, { returnExceptions: true })
}
