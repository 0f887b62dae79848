import { describe, expect, test } from 'vitest'
import {
  asCompleted,
  Barrier,
  checkSync,
  type BaseExceptionGroup,
  CancelledError,
  createTask,
  Event,
  ExceptionGroup,
  Future,
  gather,
  getRunningLoop,
  isException,
  KeyboardInterrupt,
  Queue,
  runSync,
  Semaphore,
  shield,
  sleep,
  TaskGroup,
  timeout,
  TimeoutError,
  wait,
  waitFor,
} from '../../src/index.ts'
import { groupOf } from '../../src/asyncio/errors.ts'
import { throwAtStart, throwingStep } from '../../src/asyncio/throwing-step.ts'
import { afterQuiescence } from '../../src/loop/quiescence.ts'
import { ReadyQueue } from '../../src/loop/ready-queue.ts'
import { lessThan } from '../../src/asyncio/python-order.ts'

/** Several that wait for one thing, of which one leaves: the others are told all the same. */

describe('one leaves, the others are told', () => {
  test('wait, with a timeout, beside another wait and a gather of the same future', () => {
    const log = runSync(function* () {
      const shared = new Future<string>()
      const seen: unknown[] = []
      const waits = (name: string, limit: number | undefined) =>
        createTask(function* () {
          const [done] = yield* wait([shared], limit === undefined ? {} : { timeout: limit })
          seen.push([name, done.size, getRunningLoop().time()])
        })
      const all = [waits('short', 1), waits('long', 5), waits('for ever', undefined)]
      const gathered = gather([shared])
      yield* sleep(2)
      shared.setResult('x')
      yield* gather(all)
      return [...seen, yield* gathered]
    })
    expect(log).toEqual([['short', 0, 1], ['long', 1, 2], ['for ever', 1, 2], ['x']])
  })

  test('waitFor without any time, beside another one for the same task', () => {
    const ends = runSync(function* () {
      const stubborn = createTask(function* () {
        for (;;) {
          try {
            return yield* sleep(5, 'in its own time')
          } catch {}
        }
      })
      yield* sleep(0)
      const [first, second] = [createTask(() => waitFor(stubborn, 0)), createTask(() => waitFor(stubborn, 0))]
      yield* sleep(1)
      first.cancel()
      return [(yield* gather([first], { returnExceptions: true })).map(String), yield* second]
    })
    expect(ends).toEqual([['CancelledError'], 'in its own time'])
  })

  test('asCompleted that runs out of time, beside one that does not', () => {
    const log = runSync(function* () {
      const shared = new Future<string>()
      const seen: unknown[] = []
      const first = (limit: number | null) =>
        createTask(function* () {
          for (const next of asCompleted([shared], { timeout: limit })) {
            try {
              seen.push(yield* next)
            } catch (error) {
              seen.push((error as Error).name)
            }
          }
        })
      const all = [first(1), first(5)]
      yield* sleep(2)
      shared.setResult('x')
      yield* gather(all)
      return seen
    })
    expect(log).toEqual(['TimeoutError', 'x'])
  })

  test('waitFor that runs out, of a future that a shield protects', () => {
    const log = runSync(function* () {
      const inner = new Future<string>()
      const outer = shield(inner)
      const other = shield(inner)
      const seen: unknown[] = []
      try {
        yield* waitFor(outer, 1)
      } catch (error) {
        seen.push(error instanceof TimeoutError, inner.done(), outer.cancelled())
      }
      inner.setResult('x')
      seen.push(yield* other)
      return seen
    })
    expect(log).toEqual([true, false, true, 'x'])
  })

  test('a getter that is cancelled takes no item with it', () => {
    const log = runSync(function* () {
      const queue = new Queue<number>()
      const [first, second] = [createTask(() => queue.get()), createTask(() => queue.get())]
      yield* sleep(0)
      queue.putNowait(1)
      first.cancel()
      return [yield* second, first.cancelled(), queue.qsize()]
    })
    expect(log).toEqual([1, true, 0])
  })

  test('a putter that is woken, and finds the queue full again, goes on waiting', () => {
    const log = runSync(function* () {
      const queue = new Queue<string>({ maxsize: 1 })
      queue.putNowait('a')
      const late = createTask(() => queue.put('late'))
      yield* sleep(0)
      expect(queue.getNowait()).toBe('a')
      queue.putNowait('b')
      yield* sleep(1)
      expect([late.done(), queue.full()]).toEqual([false, true])
      const taken = [queue.getNowait()]
      yield* late
      return [...taken, queue.getNowait()]
    })
    expect(log).toEqual(['b', 'late'])
  })
})

describe('a deadline that has passed already', () => {
  test('interrupts before the result is there, before the task has it, or not at all', () => {
    const outcomes = new Set<string>()
    const report = checkSync(
      function* () {
        const future = new Future<string>()
        const setter = createTask(function* () {
          if (!future.done()) future.setResult('result')
        })
        try {
          outcomes.add(`${yield* timeout(0, () => future)}, ${future.done()}`)
        } catch (error) {
          outcomes.add(`${(error as Error).name}, ${future.done() && !future.cancelled()}`)
        }
        yield* setter
      },
      { strategy: 'exhaustive' },
    )
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    expect([...outcomes].toSorted()).toEqual(['TimeoutError, false', 'TimeoutError, true', 'result, true'])
  })
})

describe('who holds a semaphore, in the words of who waits', () => {
  test('the names of all holders, each once; none of a signal', () => {
    const words = runSync(function* () {
      const found: string[] = []
      const held = new Semaphore(2, { name: 'pool' })
      const signal = new Semaphore(0)
      const hold = (name: string) =>
        createTask(
          function* () {
            yield* held.acquire()
            yield* sleep(5)
            held.release()
          },
          { name },
        )
      const holders = [hold('one'), hold('two')]
      yield* sleep(0)
      const waiter = createTask(() => held.acquire())
      const listener = createTask(() => signal.acquire())
      yield* sleep(1)
      found.push(...waiter.waitingFor.map((s) => s.describe()), ...listener.waitingFor.map((s) => s.describe()))
      expect([held.holders().map((t) => t.getName()), signal.holders()]).toEqual([['one', 'two'], []])
      expect([held.outstanding, held.free, signal.outstanding, signal.free]).toEqual([2, 0, 0, 0])
      yield* sleep(5)
      // The one that waited has its permit now.
      expect([waiter.done(), held.holders().map((t) => t.getName())]).toEqual([true, [waiter.getName()]])
      held.release()
      signal.release()
      yield* gather([...holders, listener])
      return found
    })
    expect(words).toEqual([`Semaphore 'pool' held by one, two`, 'a Semaphore'])
  })

  test('it is locked for newcomers while somebody waits, unless all who wait were cancelled', () => {
    runSync(function* () {
      const semaphore = new Semaphore(1)
      yield* semaphore.acquire()
      const waiter = createTask(() => semaphore.acquire())
      yield* sleep(0)
      semaphore.release()
      expect([semaphore.free, semaphore.locked()]).toEqual([0, true])
      yield* waiter
      const late = createTask(() => semaphore.acquire())
      yield* sleep(0)
      late.cancel()
      semaphore.release()
      expect([semaphore.free, semaphore.locked()]).toEqual([1, false])
      yield* gather([late], { returnExceptions: true })
    })
  })

  test('a barrier says how many are there, or what it is doing', () => {
    const words = runSync(function* () {
      const barrier = new Barrier(3, { name: 'gate' })
      const parties = [createTask(() => barrier.wait()), createTask(() => barrier.wait())]
      yield* sleep(0)
      const found = [...(parties[0]?.waitingFor ?? []), { describe: () => String(barrier) }].map((s) => s.describe())
      yield* barrier.abort()
      found.push(String(barrier))
      yield* gather(parties, { returnExceptions: true })
      return found
    })
    expect(words).toEqual([`Barrier 'gate' (2 of 3 are there)`, `<Barrier 'gate' [filling, waiters:2/3]>`, `<Barrier 'gate' [broken]>`])
  })
})

describe('ends', () => {
  test('a group in which somebody has an error and somebody ignores the cancellation waits for both', () => {
    const log: unknown[] = []
    const run = () =>
      runSync(function* () {
        yield* new TaskGroup().run(function* (group) {
          group.createTask(function* () {
            yield* sleep(1)
            throw new RangeError('first')
          })
          group.createTask(function* () {
            try {
              yield* sleep(9)
            } catch {
              yield* sleep(1)
              log.push(['cleaned up', getRunningLoop().time()])
            }
          })
          yield* new Event().wait()
        })
      })
    expect(run).toThrow(ExceptionGroup)
    expect(log).toEqual([['cleaned up', 2]])
  })

  test('exceptions, and what is none', () => {
    const base = groupOf('m', [new RangeError('a'), new CancelledError()])
    const plain = groupOf('m', [new RangeError('a'), new ExceptionGroup('n', [new Error('b')])])
    expect([base.name, plain.name]).toEqual(['BaseExceptionGroup', 'ExceptionGroup'])
    expect([plain, base, new TimeoutError(), new CancelledError(), new KeyboardInterrupt(), 'text'].map(isException)).toEqual([true, false, true, false, false, true])
    expect(groupOf('m', [base as BaseExceptionGroup]).name).toBe('BaseExceptionGroup')
  })

  test('a default executor that was shut down takes no more jobs, and its jobs have ended', () => {
    const log = runSync(function* () {
      const loop = getRunningLoop()
      const seen: unknown[] = []
      const job = loop.runInExecutor(null, () => seen.push('ran'))
      yield* loop.shutdownDefaultExecutor()
      seen.push('shut down')
      expect(() => loop.runInExecutor(null, () => 1)).toThrow('Executor shutdown has been called')
      yield* job
      return seen
    })
    expect(log).toEqual(['ran', 'shut down'])
  })

  test('an error class is an exception to be made, a function is a value', () => {
    runSync(function* () {
      const classes = [Error, RangeError, TimeoutError].map((c) => {
        const future = new Future<void>()
        future.setException(c)
        return future.exception()
      })
      expect(classes.map((e) => (e as Error).name)).toEqual(['Error', 'RangeError', 'TimeoutError'])
      expect(classes.every((e) => e instanceof Error)).toBe(true)
    })
  })

  test('a callback without a name is called callback; one that throws is told with its name', () => {
    const messages = runSync(function* () {
      const loop = getRunningLoop()
      const told: string[] = []
      loop.setExceptionHandler((_, context) => told.push(context.message))
      loop.callSoon(function named() {
        throw new Error('x')
      })
      loop.callSoon((() => () => {
        throw new Error('x')
      })())
      yield* sleep(0)
      yield* sleep(0)
      return told
    })
    expect(messages).toEqual(['Exception in callback named()', 'Exception in callback()'])
  })
})

describe('underneath', () => {
  test('an error is thrown into a coroutine at its next step, and the coroutine is put back first', () => {
    const log: unknown[] = []
    const error = new RangeError('in')
    const inner = (function* (): Generator<never, string> {
      try {
        yield undefined as never
      } catch (caught) {
        log.push(caught)
      }
      return 'went on'
    })()
    inner.next()
    const step = throwingStep(inner, error, (back) => log.push(back === inner))
    expect(step.next()).toEqual({ done: true, value: 'went on' })
    expect(log).toEqual([true, error])
    expect(() => throwingStep({ next: () => ({ done: true, value: 1 }) }, error, () => {}).next()).toThrow(error)
    const other = new TypeError('other')
    expect(() => throwingStep({ next: () => ({ done: true, value: 1 }) }, error, () => {}).throw?.(other)).toThrow(other)
  })

  test('one that has not begun ends with the error, and no line of it runs; its own error counts more', () => {
    const error = new CancelledError()
    let ran = false
    const fresh = (function* (): Generator<never, void> {
      ran = true
    })()
    expect([throwAtStart(fresh, error), ran, fresh.next().done]).toEqual([error, false, true])
    const own = new RangeError('own')
    const throws = { next: () => ({ done: true as const, value: 1 }), throw: () => { throw own } }
    expect(throwAtStart(throws, error)).toBe(own)
    expect(throwAtStart({ next: throws.next }, error)).toBe(error)
  })

  test('taking out what is not in the ready queue changes nothing, and says so', () => {
    const queue = new ReadyQueue()
    const r = (id: number) => ({ kind: 'handle' as const, id, since: 0, hop: false, run: () => {} })
    const all = [r(1), r(3), r(5)]
    expect(queue.remove(r(1))).toBe(-1)
    for (const x of all) queue.push(x)
    for (const id of [0, 1, 2, 3, 6]) expect(queue.remove(r(id))).toBe(-1)
    expect([queue.length, queue.remove(all[1] as (typeof all)[0]), queue.length, queue.at(1) === all[2]]).toEqual([3, 1, 2, true])
    queue.clear()
    expect(queue.length).toBe(0)
    expect(() => queue.at(0)).toThrow(RangeError)
    queue.push(r(9))
    expect(queue.at(0).id).toBe(9)
  })

  test('many that wait for the end of one microtask queue are all called, in their order', async () => {
    const called: number[] = []
    for (const round of [1, 2, 3]) {
      await new Promise<void>((resolve) => {
        for (let i = 0; i < 100; i++) afterQuiescence(() => void called.push(i))
        afterQuiescence(resolve)
      })
      expect(called).toEqual(Array.from({ length: 100 * round }, (_, i) => i % 100))
    }
  })

  test('lists in lists, and values that are equal but not the same', () => {
    expect([lessThan([[1], 2], [[1], 3]), lessThan([[1], 3], [[1], 3]), lessThan(['a', 1], ['a', 2]), lessThan(['b', 1], ['a', 2])]).toEqual([true, false, true, false])
    expect(() => lessThan([[1], 1], [1, 1])).toThrow(TypeError)
    expect(() => lessThan([{}, 1], [{}, 2])).toThrow(TypeError)
    const same = {}
    expect(lessThan([same, 1], [same, 2])).toBe(true)
  })
})
