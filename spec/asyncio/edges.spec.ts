import { describe, expect, test, vi } from 'vitest'
import {
  CancelledError,
  ConcurrentFuture,
  ContextVar,
  type Coroutine,
  createTask,
  type EventLoop,
  Future,
  gather,
  getRunningLoop,
  Lock,
  newEventLoop,
  runSync,
  Semaphore,
  sleep,
  TaskGroup,
  timeout,
  wait,
  wrapFuture,
} from '../../src/index.ts'
import { exceptionReport } from '../../src/asyncio/exception-report.ts'
import { VirtualLoop } from '../../src/loop/loop.ts'
import { heapUsed } from '../support/heap.ts'

/** Corners that no other spec turns: each was found by a change to the sources that nothing noticed. */

describe('gather', () => {
  test('cancel() where every child has ended changes nothing, though gather has not been told yet', () => {
    runSync(function* () {
      const child = new Future<number>()
      const all = gather([child])
      child.setResult(7)
      expect(all.done()).toBe(false)
      expect(all.cancel()).toBe(false)
      expect(yield* all).toEqual([7])
    })
  })

  test('cancel() that reaches one child of two is a cancellation, also when the child swallows it', () => {
    runSync(function* () {
      const stubborn = createTask(function* () {
        try {
          yield* sleep(1)
        } catch {
          return 'stayed'
        }
        return 'slept'
      })
      const ended = new Future<string>()
      ended.setResult('ended')
      const all = gather([stubborn, ended])
      yield* sleep(0)
      expect(all.cancel()).toBe(true)
      const outcome = yield* gather([all], { returnExceptions: true })
      expect(outcome[0]).toBeInstanceOf(CancelledError)
      expect(stubborn.result()).toBe('stayed')
    })
  })
})

describe('a sleep is awaited once', () => {
  test('its iterator refuses a second step, a second use, and neither moves the clock', () => {
    runSync(function* () {
      const steps = sleep(5, 'x')[Symbol.iterator]()
      expect(steps.next().done).toBe(false)
      expect(() => steps.next()).toThrow('coroutine is being awaited already')
      expect(steps.return?.('early')).toMatchObject({ done: true })
      expect(getRunningLoop().time()).toBe(0)
      yield* sleep(0)
    })
  })

  test('one that was left gives way to the sleeps behind it', () => {
    const log: unknown[] = []
    runSync(function* () {
      const short = createTask(function* () {
        yield* sleep(1)
        log.push('short')
      })
      yield* sleep(0)
      short.cancel()
      yield* sleep(2)
      log.push(getRunningLoop().time())
    })
    expect(log).toEqual([2])
  })
})

describe('wait', () => {
  test.each([
    ['ab', 'expect a list of futures, not string'],
    [null, 'expect a list of futures, not object'],
    [undefined, 'expect a list of futures, not undefined'],
    [{}, 'expect a list of futures, not Object'],
    [7, 'expect a list of futures, not number'],
  ])('of %o is a TypeError that says what was given', (given, words) => {
    runSync(function* () {
      const refused: unknown[] = []
      try {
        yield* wait(given as never)
      } catch (error) {
        refused.push(error)
      }
      expect(refused).toMatchObject([{ name: 'TypeError', message: words }])
    })
  })

  test('of a single future names its class', () => {
    runSync(function* () {
      const future = new Future<void>()
      future.setResult()
      let message = ''
      try {
        yield* wait(future as never)
      } catch (error) {
        message = (error as Error).message
      }
      expect(message).toBe('expect a list of futures, not Future')
    })
  })
})

describe('in words', () => {
  test('a group: its tasks, its errors, and whether it is ending', () => {
    const words: string[] = []
    expect(() =>
      runSync(function* () {
        const group = new TaskGroup()
        words.push(String(group))
        yield* group.run(function* (g) {
          words.push(String(g))
          g.createTask(function* () {
            throw new RangeError('one')
          })
          g.createTask(function* () {
            try {
              yield* sleep(9)
            } finally {
              words.push(String(g))
            }
          })
          words.push(String(g))
          yield* sleep(1)
        })
      }),
    ).toThrow('unhandled errors in a TaskGroup')
    expect(words).toEqual(['<TaskGroup>', '<TaskGroup entered>', '<TaskGroup tasks=2 entered>', '<TaskGroup tasks=1 errors=1 cancelling>'])
  })

  test('a timeout: its state, and its deadline to the millisecond while it runs', () => {
    const words: string[] = []
    runSync(function* () {
      const made = timeout(1.23456)
      words.push(String(made))
      yield* made.run(function* (t) {
        words.push(String(t))
        t.reschedule(null)
        words.push(String(t))
      })
      words.push(String(made))
    })
    expect(words).toEqual(['<Timeout [created]>', '<Timeout [active] when=1.235>', '<Timeout [active] when=none>', '<Timeout [finished]>'])
  })

  test('a semaphore: its value, or that it is locked, and who waits', () => {
    runSync(function* () {
      const semaphore = new Semaphore(2)
      expect(String(semaphore)).toBe('<Semaphore [unlocked, value:2]>')
      yield* semaphore.acquire()
      expect(String(semaphore)).toBe('<Semaphore [unlocked, value:1]>')
      yield* semaphore.acquire()
      const waiting = createTask(() => semaphore.acquire())
      yield* sleep(0)
      expect(String(semaphore)).toBe('<Semaphore [locked, waiters:1]>')
      semaphore.release()
      yield* waiting
      expect(String(semaphore)).toBe('<Semaphore [locked]>')
    })
  })

  test('what nobody can catch: the message, the other entries by name, the exception', () => {
    const exception = new RangeError('out')
    exception.stack = 'RangeError: out\n    at f'
    const report = exceptionReport({ message: 'm', sourceTraceback: 'f.ts:3', future: 'F' as never, context: { message: '' }, exception })
    expect(report.split('\n')).toEqual(['m', 'context: [object Object]', 'future: F', 'Object created at: f.ts:3', 'RangeError: out', '    at f'])
    expect(exceptionReport({ message: '' })).toBe('Unhandled exception in event loop')
    expect(exceptionReport({ message: 'm', exception: null })).toBe('m\nnull')
    const bare = new RangeError('out')
    Object.defineProperty(bare, 'stack', { value: undefined })
    expect(exceptionReport({ message: 'm', exception: bare })).toBe('m\nRangeError: out')
  })
})

describe('outside a run', () => {
  test('a job of an executor that no task has asked for sees no context but the outermost', () => {
    const variable = new ContextVar<string>('v', { default: 'none' })
    const loop = newEventLoop()
    expect(loop.runUntilCompleteSync(loop.runInExecutor(null, () => variable.get()))).toBe('none')
    loop.close()
  })

  test('a job that ends after its loop was closed wakes nobody', () => {
    const loop = newEventLoop()
    const job = new ConcurrentFuture<number>()
    const future = wrapFuture(job, { loop })
    loop.close()
    const enqueue = vi.spyOn(loop as EventLoop, 'enqueue')
    job.setResult(1)
    expect(enqueue).not.toHaveBeenCalled()
    expect(future.done()).toBe(false)
  })

  test('a loop runs once at a time', () => {
    const loop = new VirtualLoop()
    let message = ''
    loop.enqueue({
      kind: 'handle',
      id: 0,
      since: 0,
      hop: false,
      run: () => {
        try {
          loop.runForeverSync()
        } catch (error) {
          message = (error as Error).message
        }
      },
    })
    loop.stop()
    loop.runForeverSync()
    expect(message).toBe('This event loop is already running')
  })

  test('a lock that is tried and given back outside any run is as good as new inside one', () => {
    const lock = new Lock()
    expect(lock.locked()).toBe(false)
    expect(
      runSync(function* () {
        yield* lock.acquire()
        const held = String(lock)
        lock.release()
        return [held, String(lock)]
      }),
    ).toEqual(['<Lock [locked]>', '<Lock [unlocked]>'])
  })
})

test('sleep() for a delay that is no number is refused, and no sleep(0)', () => {
  expect(() => runSync(() => sleep(undefined as unknown as number))).toThrow(RangeError)
})

test('a callback that cancels itself and fails then has no name any more', () => {
  const messages: unknown[] = []
  runSync(function* () {
    getRunningLoop().setExceptionHandler((_, context) => messages.push(context['message']))
    const handle = getRunningLoop().callSoon(function named() {
      handle.cancel()
      throw new Error('late')
    })
    yield* sleep(0)
  })
  // CPython shows None in its place.
  expect(messages).toEqual(['Exception in callback()'])
})

test('a loop lets go of tasks that have ended', () => {
  runSync(function* () {
    const run = function* (): Coroutine<number> {
      const before = heapUsed()
      for (let i = 0; i < 20_000; i++) yield* createTask(sleep(0))
      return heapUsed() - before
    }
    // Some 500 bytes each, if they stayed.
    expect(yield* run()).toBeLessThan(2_000_000)
  })
})
