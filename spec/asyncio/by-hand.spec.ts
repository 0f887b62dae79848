import { afterEach, describe, expect, test } from 'vitest'
import {
  asCompleted,
  AssertionError,
  type Awaitable,
  Barrier,
  CancelledError,
  ContextVar,
  copyContext,
  createTask,
  currentTask,
  DeadlockError,
  Event,
  type EventLoop,
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
  SystemExit,
  type Task,
  TaskGroup,
  timeout,
  TimeoutError,
  waitFor,
  wrapFuture,
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

describe('what is thrown into a coroutine by hand', () => {
  test.each(['throw', 'return'] as const)('by %s ends its sleep: no timer is left of it', (way) => {
    let loop: EventLoop | undefined
    const stuck = (): void =>
      runSync(function* () {
        loop = getRunningLoop()
        const inner = (function* () { yield* sleep(5) })()
        const outer = createTask(inner)
        yield* sleep(1)
        if (way === 'return') inner.return()
        else expect(() => inner.throw(new RangeError('from outside'))).toThrow('from outside')
        yield* outer
      })
    expect(stuck).toThrow(DeadlockError)
    expect(loop?.time()).toBe(1)
  })

  test('a coroutine that waits for a promise can’t go on before that is settled', () => {
    runSync(function* () {
      const steps = new Lock().with(() => new Promise<void>(() => {}))[Symbol.iterator]()
      expect(steps.next().done).toBe(false)
      expect(() => steps.next()).toThrow('resumed before the awaited promise settled')
    })
  })
})

describe('a body may return any thenable, whatever its `then` returns', () => {
  type Settle = (x: unknown) => void
  const thenables: Record<string, { then: (resolve: Settle, reject: Settle) => void; end: unknown }> = {
    'that calls back at once': { then: (resolve) => resolve('value'), end: 'value' },
    'that calls back later': { then: (resolve) => void Promise.resolve('value').then(resolve), end: 'value' },
    'that calls back twice': {
      then(resolve, reject) {
        resolve('value')
        reject(new RangeError('and an error'))
      },
      end: 'value',
    },
    'that fails': { then: (_, reject) => reject(new RangeError('why')), end: 'RangeError: why' },
    'that throws': {
      then() {
        throw new RangeError('why')
      },
      end: 'RangeError: why',
    },
  }
  const bodies: Record<string, (body: () => unknown) => Awaitable<unknown>> = {
    lock: (body) => new Lock().with(body),
    timeout: (body) => timeout(5, body),
    TaskGroup: (body) => new TaskGroup().run(body),
    waitFor: (body) => waitFor(body as () => Awaitable<unknown>, 5),
    task: (body) => createTask(body as () => Awaitable<unknown>),
  }
  test.each(Object.keys(thenables).flatMap((name) => Object.keys(bodies).map((body) => [name, body])))('%s: %s', async (name, body) => {
    const { then, end } = thenables[name] as (typeof thenables)[string]
    const begin = (): Awaitable<unknown> => (bodies[body] as (typeof bodies)[string])(() => ({ then }))
    const ended = (error: unknown): string => String(error instanceof AggregateError ? error.errors[0] : error)
    expect(await run(async () => await begin()).catch(ended)).toBe(end)
    expect(await run(function* () { return yield* begin() }).catch(ended)).toBe(end)
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

test('what comes first of several belongs to a loop: it is awaited in no other', () => {
  const loop = newEventLoop()
  setEventLoop(loop)
  const [next] = [...asCompleted([new Future<number>({ loop })])]
  expect(() => runSync(() => next as Awaitable<number>)).toThrow('attached to a different loop')
  loop.close()
})

test('what is no number of seconds, or no job, is refused in words', () => {
  const loop = newEventLoop()
  expect(() => loop.callLater('5' as never, () => {})).toThrow(new TypeError('delay must be a number of seconds, not 5'))
  expect(() => loop.callAt(null as never, () => {})).toThrow(new TypeError('when must be a number of seconds, not null'))
  for (const x of [null, undefined, 7, {}]) {
    expect(() => wrapFuture(x as never, { loop })).toThrow(new AssertionError(`concurrent.futures.Future is expected, got ${String(x)}`))
  }
  loop.close()
})

test('R021 what leaves the loop in a native task leaves it at once, too: nobody else has a step more', async () => {
  const loop = newEventLoop()
  const log: string[] = []
  loop.createTask(async () => {
    await sleep(0)
    throw new SystemExit()
  })
  const other = loop.createTask(async () => {
    for (let i = 1; i <= 2; i++) {
      await sleep(0)
      log.push(`step ${i}`)
    }
  })
  await expect(loop.runForever()).rejects.toThrow(SystemExit)
  expect(log).toEqual([])
  await loop.runUntilComplete(other)
  expect(log).toEqual(['step 1', 'step 2'])
  loop.close()
})

test('an exception handler runs in the context of what it is told of', () => {
  const user = new ContextVar<string>('user', { default: 'nobody' })
  runSync(function* () {
    const loop = getRunningLoop()
    const seen: unknown[] = []
    loop.setExceptionHandler((_, { message }) => seen.push([message, user.get()]))
    const inContext = <T>(name: string, make: () => T): T =>
      copyContext().run(() => {
        user.set(name)
        return make()
      })
    const task = inContext('ada', () => createTask(function* () {}))
    const handle = inContext('bob', () => loop.callSoon(() => {}))
    yield* sleep(0)
    loop.callExceptionHandler({ message: 'a task', task, handle })
    loop.callExceptionHandler({ message: 'a task as a future', future: task })
    loop.callExceptionHandler({ message: 'a handle', handle })
    loop.callExceptionHandler({ message: 'a future', future: new Future() })
    expect(seen).toEqual([['a task', 'ada'], ['a task as a future', 'ada'], ['a handle', 'bob'], ['a future', 'nobody']])
  })
})

test.each([0, 1])('sleep(%i) is awaited once', (delay) => {
  runSync(function* () {
    const once = sleep(delay)
    yield* once
    expect(() => once[Symbol.iterator]()).toThrow('cannot reuse already awaited coroutine')
  })
})

test('waitFor without any time says what it has cancelled', () => {
  const error = runSync(function* () {
    try {
      return yield* waitFor(sleep(1), 0)
    } catch (caught) {
      return caught
    }
  })
  expect(error).toBeInstanceOf(TimeoutError)
  expect((error as Error).cause).toBeInstanceOf(CancelledError)
})

test('who comes to a barrier while it drains is said to wait for that', () => {
  const words = runSync(function* () {
    const barrier = new Barrier(2, { name: 'door' })
    const [, , late] = [1, 2, 3].map(() => createTask(() => barrier.wait()))
    yield* sleep(0)
    const found = late?.waitingFor.map((s) => s.describe())
    yield* sleep(0)
    late?.cancel()
    return found
  })
  expect(words).toEqual(["Barrier 'door' (draining)"])
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
