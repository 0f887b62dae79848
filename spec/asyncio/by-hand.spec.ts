import { afterEach, describe, expect, test } from 'vitest'
import {
  type Awaitable,
  createTask,
  currentTask,
  Event,
  Future,
  gather,
  getEventLoop,
  getRunningLoop,
  Lock,
  newEventLoop,
  Queue,
  run,
  runSync,
  RuntimeError,
  Semaphore,
  setEventLoop,
  sleep,
  type Suspension,
  type Task,
} from '../../src/index.ts'

/** Coroutines that a program drives itself, awaitables of its own, and what is used outside every run. */

afterEach(() => setEventLoop(null))

describe('a sleep that is driven by hand', () => {
  type Steps = Iterator<Suspension, string> & Iterable<Suspension>

  test('is over once, and then cannot go on', () => {
    const seen = runSync(function* () {
      const steps = sleep(1, 'slept')[Symbol.iterator]() as Steps
      const first = steps.next()
      if (first.done === true) throw new Error('no wait')
      yield first.value
      return [getRunningLoop().time(), steps.next().value, () => steps.next()]
    })
    expect(seen.slice(0, 2)).toEqual([1, 'slept'])
    expect(seen[2]).toThrow('cannot reuse already awaited coroutine')
  })

  test('is awaited by one at a time', () => {
    runSync(function* () {
      const steps = sleep(1, 'slept')[Symbol.iterator]() as Steps
      const first = steps.next()
      if (first.done === true) throw new Error('no wait')
      expect(() => steps.next()).toThrow('being awaited already')
      yield first.value
    })
  })
})

test('an awaitable of one’s own needs no throw: cancelled before its first step, it never begins', () => {
  const log: string[] = []
  const bare: Awaitable<void> = {
    ...({} as Pick<Awaitable<void>, 'catch' | 'finally'>),
    then: () => Promise.reject(new Error('it is run as a coroutine')),
    [Symbol.iterator]: () => ({
      next: () => {
        log.push('began')
        return { done: true, value: undefined }
      },
    }),
  }
  runSync(function* () {
    const task = createTask(bare)
    task.cancel('too late')
    try {
      yield* task
    } catch (error) {
      log.push(String(error))
    }
    expect([task.cancelled(), ...log]).toEqual([true, 'CancelledError: too late'])
    yield* createTask(bare)
    expect(log.at(-1)).toBe('began')
  })
})

test('a cancellation reaches the waits that there are, and not what one of them begins on its account', async () => {
  class Careful extends Future<void> {
    tidied: PromiseLike<string> | undefined
    override cancel(message?: string): boolean {
      this.tidied = sleep(1, 'tidied up').then((words) => words)
      return super.cancel(message)
    }
  }
  const log: unknown[] = []
  await run(async () => {
    const job = new Careful()
    const waits = Promise.allSettled([job.then(), new Event().wait().then()])
    currentTask()?.cancel()
    for (const { status } of await waits) log.push(status)
    log.push(await job.tidied, getRunningLoop().time())
  })
  expect(log).toEqual(['rejected', 'rejected', 'tidied up', 1])
})

describe('outside every run', () => {
  test('what is free is taken, and given back', async () => {
    const loop = newEventLoop()
    setEventLoop(loop)
    const [lock, semaphore, queue] = [new Lock(), new Semaphore(1), new Queue<string>(1)]
    expect([await lock.acquire(), await semaphore.acquire(), await queue.put('item')]).toEqual([true, true, undefined])
    expect([lock, semaphore].map((x) => x.locked())).toEqual([true, true])
    expect(await queue.get()).toBe('item')
    lock.release()
    semaphore.release()
    expect([lock, semaphore].map((x) => x.locked())).toEqual([false, false])
    loop.close()
  })

  test('with no loop set, whoever asks for one is told so by a RuntimeError', () => {
    const thrown = [() => getEventLoop(), () => new Future()].map((ask) => {
      try {
        return ask()
      } catch (error) {
        return error
      }
    })
    expect(thrown).toEqual([expect.any(RuntimeError), expect.any(RuntimeError)])
    expect(thrown.map(String)).toEqual(Array(2).fill("RuntimeError: There is no current event loop in thread 'MainThread'."))
  })

  test('a native task that has started at once goes on between two runs, and its waits are its own', async () => {
    const loop = newEventLoop()
    setEventLoop(loop)
    const task = loop.runUntilCompleteSync(function* () {
      return [createTask(async () => {
        await Promise.resolve()
        await sleep(5)
      }, { eagerStart: true, name: 'eager' })]
    })[0] as Task<void>
    await new Promise((resolve) => setImmediate(resolve))
    expect(String(task)).toMatch(/wait_for=<sleep\(5\)>/)
    task.cancel()
    await loop.runUntilComplete(gather([task], { returnExceptions: true }))
    expect([task.cancelled(), loop.time()]).toEqual([true, 0])
    loop.close()
  })

  test('a loop that is told to stop before it runs makes one iteration (R015)', async () => {
    const loop = newEventLoop()
    const log: string[] = []
    for (const name of ['first', 'second']) {
      loop.callSoon(() => {
        log.push(name)
        loop.callSoon(() => log.push(`after ${name}`))
      })
    }
    loop.stop()
    await loop.runForever()
    expect(log).toEqual(['first', 'second'])
    loop.stop()
    await loop.runForever()
    expect(log.slice(2)).toEqual(['after first', 'after second'])
    loop.close()
  })

  test('what native code has begun before a run has its turn before the clock moves, or a deadlock is said', async () => {
    const loop = newEventLoop()
    const log: unknown[] = []
    loop.callLater(5, () => log.push(['late', loop.time()]))
    void Promise.resolve().then(() => loop.callSoon(() => log.push(['soon', loop.time()])))
    loop.callLater(6, () => loop.stop())
    await loop.runForever()
    expect(log).toEqual([['soon', 0], ['late', 5]])
    void Promise.resolve().then(() => loop.callSoon(() => loop.stop()))
    await loop.runForever()
    expect(loop.time()).toBe(6)
    loop.close()
  })
})
