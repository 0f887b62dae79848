import type { CoroutineLike } from './awaitable.ts'
import { currentLoop } from './current-loop.ts'
import { RuntimeError } from './errors.ts'
import { Runner, type RunnerOptions } from './runner.ts'

export { cancelAll } from './runner.ts'

/**
 * Runs a coroutine on a new loop in FIFO order and gives its result, then cancels the tasks that are left
 * (CPython, `runners.py:run`). Time is virtual: sleeping costs none.
 *
 * @throws RuntimeError inside a run, ValueError for what is no coroutine
 * @example
 * ```ts
 * const answer = await run(async () => {
 *   await sleep(3600)
 *   return 42
 * })
 * ```
 */
export async function run<T>(body: CoroutineLike<T>, options?: RunnerOptions): Promise<T> {
  const runner = open(options)
  try {
    return await runner.run(body)
  } finally {
    await runner.close()
  }
}

/**
 * The same for generators, without leaving the calling stack: no promise takes part (CPython, `runners.py:run`).
 *
 * @example
 * ```ts
 * const answer = runSync(function* () {
 *   yield* sleep(3600)
 *   return 42
 * })
 * ```
 */
export function runSync<T>(body: CoroutineLike<T>, options?: RunnerOptions): T {
  const runner = open(options)
  try {
    return runner.runSync(body)
  } finally {
    runner.closeSync()
  }
}

function open(options: RunnerOptions | undefined): Runner {
  if (currentLoop() !== null) throw new RuntimeError('asyncio.run() cannot be called from a running event loop')
  return new Runner(options)
}
