import { describe, expect, test } from 'vitest'
import {
  abortAnywhere,
  CancelledError,
  check,
  createTask,
  type ExploreOptions,
  Future,
  LeftoverError,
  Lock,
  pause,
  Semaphore,
  wait,
} from '../../src/index.ts'

describe('cancel: what counts as a failure', () => {
  async function failureOf(body: () => Promise<unknown>, options: ExploreOptions = { cancel: true }) {
    const { failure } = await check(body, options)
    return failure === undefined ? undefined : `${failure.kind}: ${String((failure.error as Error).message)}`
  }

  test('a main task that ends cancelled is none; without a cancellation from outside it is one', async () => {
    expect(await failureOf(async () => pause())).toBeUndefined()
    expect(await failureOf(async () => { throw new CancelledError('own') })).toBe('error: own')
  })

  test('a lock that is held, a permit that is out', async () => {
    const lock = new Lock({ name: 'l' })
    const hold = async () => {
      await lock.acquire()
      await pause()
      lock.release()
    }
    const setup = () => void (lock.locked() && lock.release())
    expect(await failureOf(hold, { cancel: true, setup })).toBe("leak: left behind: Lock 'l' is held")
    expect(await failureOf(async () => {
      const s = new Semaphore(2, { name: 's' })
      await s.acquire()
      await pause()
      s.release()
    })).toBe("leak: left behind: 1 of the permits of Semaphore 's' is out")
    expect(await failureOf(async () => new Lock().with(async () => pause()))).toBeUndefined()
    expect(await failureOf(async () => new Semaphore(2).with(async () => pause()))).toBeUndefined()
    // A signal is nothing that is given back.
    expect(await failureOf(async () => {
      const signal = new Semaphore(0)
      signal.release()
      await signal.acquire()
      await pause()
    })).toBeUndefined()
    expect(await failureOf(hold, { cancel: true, leaks: 'ignore', setup })).toBeUndefined()
  })

  test('a task that is left, a wait that is left', async () => {
    expect(await failureOf(async () => {
      const task = createTask(async () => pause('long'), { name: 'child' })
      await pause('short')
      await task
    })).toContain('child')
    expect(await failureOf(async () => {
      const job = createTask(async () => {
        // Begins a second wait when it is cancelled, and does not see it to its end.
        await pause('work').catch((error: unknown) => {
          void new Future().then()
          throw error
        })
      }, { name: 'job' })
      await wait([job])
    }, { cancel: 'job' })).toBe('leak: left behind: job has ended, and its wait for a future has not')
    expect(new LeftoverError(['x'])).toMatchObject({ name: 'LeftoverError' })
  })

  test('a listener on a signal that may abort', async () => {
    const listening = (remove: boolean) => async () => {
      const { signal } = abortAnywhere(new AbortController(), { label: 'the signal' })
      const listener = () => {}
      signal.addEventListener('abort', listener)
      await pause()
      if (remove) signal.removeEventListener('abort', listener)
    }
    expect(await failureOf(listening(false), {})).toBe('leak: left behind: a listener on the signal')
    expect(await failureOf(listening(true), {})).toBeUndefined()
  })
})
