import { CancelledError, createTask, Future, run, sleep } from '../../src/index.ts'
import { describe, expect, test } from 'vitest'

/** A promise that takes over the outcome of `thenable`, by its own functions, and what `then` returned to it. */
function takenOver<T>(thenable: PromiseLike<T>): { taken: Promise<T>; returned: PromiseLike<unknown> } {
  let returned: PromiseLike<unknown> | undefined
  const taken = new Promise<T>((resolve, reject) => {
    returned = thenable.then(resolve, reject)
  })
  return { taken, returned: returned as PromiseLike<unknown> }
}

describe('what then() returns to the functions that settle a promise', () => {
  test('is a promise, over when it has been settled, whatever the outcome', () =>
    run(async () => {
      const future = new Future<number>()
      const { taken, returned } = takenOver(future)
      expect(returned).toBeInstanceOf(Promise)
      expect(String(returned)).toBe('[object Promise]')
      const seen: unknown[] = []
      void (returned as Promise<unknown>).then((value) => seen.push(['then', value]))
      void (returned as Promise<unknown>).finally(() => seen.push('finally'))
      await sleep(1)
      expect(seen).toEqual([])
      future.setResult(7)
      expect(await taken).toBe(7)
      await sleep(0)
      expect(seen).toEqual([['then', undefined], 'finally'])
      // And afterwards.
      expect(await returned).toBe(undefined)
      expect(await (returned as Promise<unknown>).catch(() => 'failed')).toBe(undefined)
    }))

  test('of a future that is done, is over at once', () =>
    run(async () => {
      const future = new Future<string>()
      future.setException(new Error('no'))
      const { taken, returned } = takenOver(future)
      expect(await returned).toBe(undefined)
      await expect(taken).rejects.toThrow('no')
    }))

  test('of a coroutine, is over when that has ended, or was cancelled', () =>
    run(async () => {
      const slept = takenOver(sleep(1, 'slept'))
      expect(await slept.returned).toBe(undefined)
      expect(await slept.taken).toBe('slept')

      let cut: ReturnType<typeof takenOver<void>> | undefined
      const task = createTask(async () => {
        cut = takenOver(sleep(10))
        await cut.taken
      })
      await sleep(1)
      task.cancel()
      await expect(task).rejects.toBeInstanceOf(CancelledError)
      expect(await cut?.returned).toBe(undefined)
    }))
})
