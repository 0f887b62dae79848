import { describe, expect, test } from 'vitest'
import {
  ConcurrentFuture,
  createTask,
  type EventLoop,
  Future,
  getRunningLoop,
  KeyboardInterrupt,
  Lock,
  newEventLoop,
  runCoroutineThreadsafe,
  runSync,
  shield,
  sleep,
  wrapFuture,
} from '../../src/index.ts'
import { isThenable } from '../../src/asyncio/awaitable.ts'
import * as heddle from '../../src/index.ts'

/** What a loop tells its exception handler, and what it does not. */
function told(loop: EventLoop): string[] {
  const messages: string[] = []
  loop.setExceptionHandler((_, context) => messages.push(context.message))
  return messages
}

describe('exceptions that nobody has retrieved', () => {
  const interrupted = function* () {
    yield* sleep(0)
    throw new KeyboardInterrupt('stop')
  }

  test('what ends runUntilComplete counts as retrieved, if it was given a coroutine (base_events.py:run_until_complete)', () => {
    const loop = newEventLoop()
    const messages = told(loop)
    expect(() => loop.runUntilCompleteSync(interrupted())).toThrow('stop')
    loop.close()
    expect(messages).toEqual([])
  })

  test('and of a task that the caller has, it is the caller’s to retrieve', () => {
    const loop = newEventLoop()
    const messages = told(loop)
    const task = loop.createTask(interrupted())
    expect(() => loop.runUntilCompleteSync(task)).toThrow('stop')
    loop.close()
    expect(messages).toEqual(['Task exception was never retrieved'])
  })

  test('the same of native loops', async () => {
    const given = newEventLoop()
    const messages = told(given)
    await expect(given.runUntilComplete(interrupted())).rejects.toThrow('stop')
    given.close()
    expect(messages).toEqual([])
    const own = newEventLoop()
    const more = told(own)
    const task = own.createTask(interrupted())
    await expect(own.runUntilComplete(task)).rejects.toThrow('stop')
    own.close()
    expect(more).toEqual(['Task exception was never retrieved'])
  })

  test('are told once, however often the loop is closed', () => {
    const loop = newEventLoop()
    const messages = told(loop)
    const future = loop.createFuture()
    future.setException(new RangeError('never seen'))
    loop.close()
    loop.close()
    expect(messages).toEqual(['Future exception was never retrieved'])
    expect(loop.isClosed()).toBe(true)
  })

  test('a cancelled future of a job is told nothing when the job ends', () => {
    const messages = runSync(function* () {
      const seen = told(getRunningLoop())
      const job = new ConcurrentFuture<number>()
      job.setRunningOrNotifyCancel()
      const future = wrapFuture(job)
      future.cancel()
      yield* sleep(0)
      job.setResult(1)
      yield* sleep(1)
      expect(future.cancelled()).toBe(true)
      return seen
    })
    expect(messages).toEqual([])
  })

  test('a job’s future that somebody else has settled is an error, told once', () => {
    const messages = runSync(function* () {
      const seen: unknown[] = []
      getRunningLoop().setExceptionHandler((_, context) => seen.push(context.message, String(context.exception)))
      const job = new ConcurrentFuture<number>()
      const future = wrapFuture(job)
      future.setResult(7)
      job.setResult(1)
      yield* sleep(1)
      expect(future.result()).toBe(7)
      return seen
    })
    expect(messages).toEqual(['Exception in callback of the library', 'AssertionError: somebody else has settled the future of a job'])
  })
})

describe('a job’s own future', () => {
  test('that is cancelled never starts, and says so', () => {
    const job = new ConcurrentFuture<number>()
    expect(job.cancel()).toBe(true)
    expect(job.setRunningOrNotifyCancel()).toBe(false)
    expect([job.cancelled(), job.running(), job.done()]).toEqual([true, false, true])
    const started = new ConcurrentFuture<number>()
    expect(started.setRunningOrNotifyCancel()).toBe(true)
    expect([started.cancelled(), started.running(), started.done(), started.cancel()]).toEqual([false, true, false, false])
  })

  test('cancelled before the coroutine ends: its end is nobody’s, and the coroutine is cancelled', () => {
    const [messages, task] = runSync(function* () {
      const seen = told(getRunningLoop())
      let ended = 'no'
      const outside = runCoroutineThreadsafe(function* () {
        try {
          yield* sleep(5)
        } finally {
          ended = `at ${getRunningLoop().time()}`
        }
        return 1
      }, getRunningLoop())
      yield* sleep(1)
      expect(outside.cancel()).toBe(true)
      yield* sleep(1)
      expect(outside.cancelled()).toBe(true)
      return [seen, ended]
    })
    expect([messages, task]).toEqual([[], 'at 1'])
  })
})

describe('who waits for what', () => {
  test.each([
    ['a future', () => new Future()],
    ['shield(a future)', () => shield(new Future())],
    ['sleep(3)', () => sleep(3)],
  ])('%s', (words, make) => {
    const waiting = runSync(function* () {
      const task = createTask(function* () {
        yield* make() as Future<unknown>
      })
      yield* sleep(0)
      const found = task.waitingFor.map((s) => s.describe())
      task.cancel()
      yield* sleep(0)
      return found
    })
    expect(waiting).toEqual([words])
  })

  test('a lock names its holder, and a task that only yields waits for nothing in its words', () => {
    const words = runSync(function* () {
      const lock = new Lock({ name: 'door' })
      yield* lock.acquire()
      const waiter = createTask(() => lock.acquire(), { name: 'late' })
      const yielding = createTask(
        function* yields() {
          yield* sleep(0)
          yield* sleep(0)
        },
        { name: 'polite' },
      )
      yield* sleep(0)
      const found = [...waiter.waitingFor.map((s) => s.describe()), String(yielding)]
      lock.release()
      yield* waiter
      yield* yielding
      return found
    })
    expect(words).toEqual([`Lock 'door' held by Task-1`, `<Task pending name='polite' coro=<yields()>>`])
  })

  test('a yield of nothing that can be waited for names it', () => {
    for (const [given, words] of [[undefined, 'undefined'], [null, 'null'], [7, '7']] as const) {
      expect(() =>
        runSync(function* () {
          yield given as never
        } as never),
      ).toThrow(`Task got bad yield: ${words}`)
    }
  })
})

test('what has a then is a thenable, be it a function', () => {
  const then = (): void => {}
  expect([{ then }, Object.assign(() => {}, { then })].map(isThenable)).toEqual([true, true])
  expect([{}, () => {}, { then: 1 }, null, undefined, 'then', 1].map(isThenable)).toEqual([false, false, false, false, false, false, false])
})

test('errors are called what they are called in Python', () => {
  const names = ['BaseException', 'CancelledError', 'InvalidStateError', 'TimeoutError', 'QueueEmpty', 'QueueFull', 'QueueShutDown', 'BrokenBarrierError', 'RuntimeError', 'ValueError', 'LookupError', 'AssertionError', 'SystemExit', 'KeyboardInterrupt', 'DeadlockError'] as const
  const classes = heddle as unknown as Record<string, new (message?: string) => Error>
  const found = names.filter((name) => classes[name] !== undefined)
  expect(found.length).toBeGreaterThan(10)
  for (const name of found) {
    const error = new (classes[name] as new (message?: string) => Error)('why')
    expect([error.name, error.message]).toEqual([name, 'why'])
  }
})
