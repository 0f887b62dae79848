import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  ConcurrentFuture,
  type Coroutine,
  createTask,
  Event,
  Future,
  gather,
  getRunningLoop,
  Lock,
  newEventLoop,
  Queue,
  run,
  runInExecutor,
  runSync,
  Semaphore,
  shield,
  sleep,
  type Suspension,
  type Task,
  TaskGroup,
  timeout,
  toThread,
  wait,
  waitFor,
  wrapFuture,
} from '../../src/index.ts'

/** Waits that are left before their end: nothing of them stays behind. */

afterEach(() => {
  vi.restoreAllMocks()
})

/** Ways to wait for a future; each leaves it as it is when it is left. */
const ways: Record<string, (f: Future<number>) => Coroutine<unknown>> = {
  wait: function* (f) { return yield* wait([f]) },
  'wait, with a limit': function* (f) { return yield* wait([f], { timeout: 9 }) },
  'wait, for the first': function* (f) { return yield* wait([f, new Future<number>()], { returnWhen: 'FIRST_COMPLETED' }) },
}

describe('who waits no more is told no more', () => {
  test.each(Object.keys(ways))('%s', (name) => {
    runSync(function* () {
      const f = new Future<number>()
      const waiter = createTask(() => (ways[name] as (typeof ways)[string])(f))
      yield* sleep(1)
      expect(String(f)).toBe('<Future pending cb=[bookkeeping()]>')
      waiter.cancel()
      yield* sleep(1)
      expect(String(f)).toBe('<Future pending>')
    })
  })

  test('asCompleted, when its time is up; and a shield, when it is cancelled', () => {
    runSync(function* () {
      const f = new Future<number>()
      const [next] = [...asCompleted([f], { timeout: 1 })]
      expect(String(f)).toBe('<Future pending cb=[bookkeeping()]>')
      yield* gather([createTask(() => next as Awaitable<number>)], { returnExceptions: true })
      expect(String(f)).toBe('<Future pending>')
      const outer = shield(f)
      expect(String(f)).toBe('<Future pending cb=[bookkeeping()]>')
      outer.cancel()
      yield* sleep(1)
      expect(String(f)).toBe('<Future pending>')
    })
  })

  test('waitFor without any time, that is cancelled while what it has cancelled goes on', () => {
    runSync(function* () {
      const stubborn = createTask(function* () {
        try {
          yield* sleep(9)
        } catch {
          yield* sleep(9)
        }
      }, { name: 'stubborn' })
      const waiter = createTask(() => waitFor(stubborn, 0))
      yield* sleep(1)
      expect(String(stubborn)).toContain('cb=[bookkeeping()]')
      waiter.cancel()
      yield* sleep(1)
      expect(String(stubborn)).not.toContain('cb=')
      yield* stubborn
    })
  })

  test('a loop that ran until a future was done, or was stopped before', () => {
    const loop = newEventLoop()
    const f = new Future<number>({ loop })
    loop.callLater(1, () => loop.stop())
    expect(() => loop.runUntilCompleteSync(f)).toThrow('Event loop stopped before Future completed.')
    expect(String(f)).toBe('<Future pending>')
    loop.close()
  })

  test('nobody, where nobody was told: taking back what is not there changes nothing', () => {
    runSync(function* () {
      const f = new Future<number>()
      expect(f.removeDoneCallback(() => {})).toBe(0)
      expect(String(f)).toBe('<Future pending>')
      f.setResult(1)
      expect(yield* f).toBe(1)
      const job = new ConcurrentFuture<number>()
      expect(wrapFuture(job).describe()).toBe('a job of an executor')
    })
  })

  test('who is told, in the words of a future: tasks and callbacks by name, the library as such', () => {
    runSync(function* () {
      const f = new Future<number>()
      const task = createTask(() => f)
      yield* sleep(0)
      expect(String(f)).toBe('<Future pending cb=[Task.wakeup()]>')
      const gathered = gather([f], { returnExceptions: true })
      f.addDoneCallback(function done() {})
      expect(String(f)).toBe('<Future pending cb=[Task.wakeup(), <1 more>, done()]>')
      f.setResult(1)
      yield* gather([task, gathered])
    })
  })
})

describe('a timer that is cancelled says so to its loop, once, and only while it is armed', () => {
  const armed: Record<string, () => { cancel(): void }> = {
    callLater: () => getRunningLoop().callLater(5, () => {}),
    callAt: () => getRunningLoop().callAt(5, () => {}),
    sleep: () => createTask(() => sleep(5)),
    'wait, with a limit': () => createTask(() => wait([new Future()], { timeout: 5 })),
    timeout: () => createTask(() => timeout(5, () => new Future())),
  }
  test.each(Object.keys(armed))('%s', (name) => {
    runSync(function* () {
      const loop = getRunningLoop()
      const told = vi.spyOn(loop, 'noteTimerCancelled')
      const timer = (armed[name] as (typeof armed)[string])()
      yield* sleep(0)
      expect(told).not.toHaveBeenCalled()
      timer.cancel()
      yield* sleep(0)
      yield* sleep(0)
      expect(told).toHaveBeenCalledTimes(1)
      timer.cancel()
      yield* sleep(0)
      expect(told).toHaveBeenCalledTimes(1)
      yield* sleep(9)
      timer.cancel()
      expect(told).toHaveBeenCalledTimes(1)
    })
  })

  test('a limit that was not reached is cancelled once', () => {
    runSync(function* () {
      const told = vi.spyOn(getRunningLoop(), 'noteTimerCancelled')
      yield* wait([createTask(() => sleep(0))], { timeout: 5 })
      expect(told).toHaveBeenCalledTimes(1)
      yield* waitFor(sleep(0), 5)
      expect(told).toHaveBeenCalledTimes(2)
    })
  })

  test('the clock does not move to one that was cancelled', () => {
    const loop = newEventLoop()
    expect(() => loop.runUntilCompleteSync(function* () {
      const tasks = [createTask(() => sleep(5)), createTask(() => wait([new Future()], { timeout: 6 })), createTask(() => timeout(7, () => new Future()))]
      const handle = loop.callLater(8, () => {})
      yield* sleep(1)
      for (const t of [...tasks, handle]) t.cancel()
      yield* new Future()
    })).toThrow('nothing is ready')
    expect(loop.time()).toBe(1)
  })

  test('one that has fired says nothing', () => {
    runSync(function* () {
      const loop = getRunningLoop()
      const told = vi.spyOn(loop, 'noteTimerCancelled')
      const timer = loop.callLater(1, () => {})
      yield* sleep(2)
      timer.cancel()
      expect(told).not.toHaveBeenCalled()
    })
  })
})

describe('a coroutine that is closed, or thrown into, while it waits', () => {
  /** What `make` waits for, up to its first wait. */
  function begun(make: () => Iterable<Suspension>): Generator<Suspension, unknown, unknown> {
    const coroutine = (function* (): Coroutine<unknown> {
      return yield* make() as Awaitable<unknown>
    })()
    expect(coroutine.next().done).toBe(false)
    return coroutine
  }
  const held = function* (): Coroutine<Lock> {
    const lock = new Lock()
    yield* lock.acquire()
    return lock
  }
  const waits: Record<string, () => Coroutine<() => Awaitable<unknown>>> = {
    future: function* () {
      const f = new Future()
      return () => f
    },
    sleep: function* () { return () => sleep(1) },
    'sleep(0)': function* () { return () => sleep(0) },
    lock: function* () {
      const lock = yield* held()
      return () => lock.acquire()
    },
    semaphore: function* () { return () => new Semaphore(0).acquire() },
    event: function* () { return () => new Event().wait() },
    queue: function* () { return () => new Queue().get() },
    wait: function* () { return () => wait([new Future()]) },
    group: function* () {
      return () =>
        new TaskGroup().run(function* (group) {
          group.createTask(() => sleep(1))
        })
    },
  }
  test.each(Object.keys(waits))('%s', (name) => {
    runSync(function* () {
      const make = yield* (waits[name] as (typeof waits)[string])()
      expect(begun(make).return('closed')).toEqual({ done: true, value: 'closed' })
      const error = new RangeError('from outside')
      expect(() => begun(make).throw(error)).toThrow(error)
    })
  })

  test('it takes no permit with it, and gives none away', () => {
    runSync(function* () {
      const semaphore = new Semaphore(1)
      yield* semaphore.acquire()
      const waiting = begun(() => semaphore.acquire())
      expect(() => waiting.throw(new RangeError())).toThrow(RangeError)
      semaphore.release()
      expect([semaphore.free, semaphore.locked()]).toEqual([1, false])
    })
  })
})

describe('jobs of an executor', () => {
  test('that end at once are back before those that go on as tasks', () => {
    runSync(function* () {
      const loop = getRunningLoop()
      const iterations = function* (job: () => unknown): Coroutine<number> {
        const began = loop.tick
        yield* runInExecutor(null, job)
        return loop.tick - began
      }
      const [atOnce, asTask] = [yield* iterations(() => 1), yield* iterations(function* () {})]
      expect(atOnce).toBeLessThan(asTask)
    })
  })

  test('that fail are an error for whoever waits, and unhandled nowhere', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    try {
      await run(async () => {
        await expect(toThread(() => Promise.reject(new RangeError('in the job')))).rejects.toThrow('in the job')
      })
      await new Promise((resolve) => setTimeout(resolve, 1))
      expect(unhandled).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  })
})

describe('what a callback holds', () => {
  test('is held by nobody that has a name', () => {
    runSync(function* () {
      const [lock, semaphore] = [new Lock({ name: 'door' }), new Semaphore(1, { name: 'pool' })]
      getRunningLoop().callSoon(() => {
        for (const held of [lock, semaphore]) expect(held.acquire()[Symbol.iterator]().next()).toEqual({ done: true, value: true })
      })
      yield* sleep(1)
      expect([lock.holders(), semaphore.holders(), lock.outstanding, semaphore.outstanding]).toEqual([[], [], 1, 1])
      expect([lock.describeWait(), semaphore.describeWait()]).toEqual([`Lock 'door'`, `Semaphore 'pool'`])
      const three = new Semaphore(3)
      yield* three.acquire()
      expect([three.outstanding, three.free]).toEqual([1, 2])
      lock.release()
      semaphore.release()
      expect([lock.locked(), semaphore.locked()]).toEqual([false, false])
    })
  })
})

test('a task that has tried to await itself can be awaited when it has ended', async () => {
  const seen = await run(async () => {
    const task: Task<string> = createTask(async (): Promise<string> => {
      await expect(task).rejects.toThrow('cannot await on itself')
      return 'ended'
    })
    await sleep(1)
    return [await task, await gather([task])]
  })
  expect(seen).toEqual(['ended', ['ended']])
})

describe('what was given up does nothing any more', () => {
  test('a callback that was cancelled in the queue, in asyncio’s order', () => {
    runSync(function* () {
      const loop = getRunningLoop()
      const told = vi.fn()
      loop.setExceptionHandler(told)
      const ran: string[] = []
      const [first, second] = [loop.callSoon(() => ran.push('first')), loop.callLater(0, () => ran.push('second'))]
      first.cancel()
      second.cancel()
      loop.callSoon(() => ran.push('third'))
      yield* sleep(1)
      expect(ran).toEqual(['third'])
      expect(told).not.toHaveBeenCalled()
    })
  })

  test('a promise whose task was cancelled, and that ends after all', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    try {
      await run(async () => {
        let resolve: (value: number) => void = () => {}
        let reject = resolve
        const tasks = [
          createTask(new Promise<number>((f) => { resolve = f })),
          createTask(new Promise<number>((_, f) => { reject = f })),
        ]
        for (const task of tasks) task.cancel()
        resolve(1)
        reject(2)
        await sleep(1)
        expect(tasks.map((t) => t.cancelled())).toEqual([true, true])
      })
      await new Promise((resolve) => setTimeout(resolve, 1))
      expect(unhandled).not.toHaveBeenCalled()
    } finally {
      process.off('unhandledRejection', unhandled)
    }
  })
})

describe('a cancellation of a task with native waits', () => {
  test('reaches the one that is left, whichever that is', async () => {
    const times = await run(async () => {
      const ends: unknown[] = []
      for (const [first, second] of [[1, 5], [5, 1]] as const) {
        const began = getRunningLoop().time()
        const task = createTask(() => Promise.all([sleep(first), sleep(second)]))
        await sleep(2)
        task.cancel()
        await gather([task], { returnExceptions: true })
        ends.push([task.cancelled(), getRunningLoop().time() - began])
      }
      return ends
    })
    expect(times).toEqual([[true, 2], [true, 2]])
  })

  test('comes once, also where a body waits for what nobody can cancel', async () => {
    const log = await run(async () => {
      const seen: unknown[] = []
      const task = createTask(async () => {
        try {
          await new Lock().with(() => new Promise<void>(() => {}))
        } catch (error) {
          seen.push((error as Error).name)
        }
        await sleep(1)
        seen.push('went on', getRunningLoop().time())
      })
      await sleep(1)
      seen.push(task.cancel())
      await task
      return seen
    })
    expect(log).toEqual([true, 'CancelledError', 'went on', 2])
  })
})
