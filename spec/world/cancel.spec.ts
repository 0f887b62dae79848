import { describe, expect, test } from 'vitest'
import {
  checkSync,
  createTask,
  currentTask,
  type ExploreOptions,
  Future,
  gather,
  io,
  LeftoverError,
  Lock,
  pause,
  Queue,
  replay,
  shared,
  sleep,
  wait,
} from '../../src/index.ts'
import { sequencer } from '../../src/strategies/index.ts'
import { decodeToken } from '../../src/explore/token.ts'
import { every, everySync } from '../support/count.ts'

describe('cancel: how many schedules', () => {
  // One order, and one more schedule for each of the n waits.
  test.each([0, 1, 2, 5, 20])('a task of %i waits has that many places, each tried once', async (n) => {
    const dimensions = { cancellations: { coverage: n === 0 ? 'none' : 'exhausted', places: n, tried: n } }
    const pauses = await every(async () => {
      for (let i = 0; i < n; i++) await pause()
    }, { cancel: true })
    expect(pauses).toMatchObject({ schedules: n + 1, failures: 0, dimensions })
    const sleeps = everySync(function* () {
      for (let i = 0; i < n; i++) yield* sleep(i)
    }, { cancel: 'Task-1' })
    expect(sleeps).toMatchObject({ schedules: n + 1, failures: 0, dimensions })
  })

  test('only the named tasks, under whatever name', () => {
    const body = function* () {
      const job = function* () {
        yield* pause('a')
        yield* pause('b')
      }
      yield* wait([createTask(job, { name: 'x' })])
    }
    // One task at a time runs, so that there is one order; the job has two waits, the main task one.
    expect(everySync(body).schedules).toBe(1)
    expect(everySync(body, { cancel: 'x' }).schedules).toBe(3)
    expect(everySync(body, { cancel: ['y', 'x'] }).schedules).toBe(3)
    expect(everySync(body, { cancel: ['y'] }).schedules).toBe(1)
    expect(everySync(body, { cancel: [] }).schedules).toBe(1)
  })

  // Two tasks of two pauses, each three events: C(6, 3) = 20 orders.
  test('at most once the number of orders for each place', async () => {
    const body = async () => {
      const job = async () => {
        await pause()
        await pause()
      }
      await gather([() => job(), () => job()], { returnExceptions: true })
    }
    const orders = (await every(body)).schedules
    expect(orders).toBe(20)
    for (const cancel of [['Task-2'], ['Task-2', 'Task-3'], true]) {
      const report = await every(body, { cancel })
      const { places } = report.dimensions.cancellations
      expect(places).toBeGreaterThan(0)
      expect(report.schedules).toBeGreaterThan(orders)
      expect(report.schedules).toBeLessThanOrEqual((1 + places) * orders)
    }
  })

  test('an I/O call has two: before its effect, and after it', async () => {
    const effects: number[] = []
    const report = await every(async () => {
      let n = 0
      const call = io(async () => { n++ })
      await call().finally(() => effects.push(n))
    }, { cancel: true })
    expect(report.schedules).toBe(3)
    expect(effects.toSorted()).toEqual([0, 1, 1])
  })

  test('where the request is not taken back, its effect may still come', async () => {
    const seen = new Set<string>()
    const program = (recall: boolean) => async () => {
      const log: string[] = []
      const call = io(async () => { log.push('effect') }, { recall })
      const job = createTask(async () => call(), { name: 'job' })
      await wait([job])
      log.push('given up')
      await pause()
      seen.add(log.join(', '))
    }
    await every(program(true), { cancel: 'job' })
    expect(seen).toEqual(new Set(['effect, given up', 'given up']))
    await every(program(false), { cancel: 'job' })
    expect(seen).toContain('given up, effect')
  })

  test('no more than one in a schedule, and none into a task that is being cancelled', async () => {
    let most = 0
    const report = await every(async () => {
      const cancelled = new Set<string>()
      const job = async () => {
        for (let i = 0; i < 3; i++) {
          try {
            await pause()
          } catch {
            cancelled.add(`${currentTask()?.getName()} ${i}`)
            await pause('clean up')
          }
        }
      }
      await wait([createTask(() => job()), createTask(() => job())])
      most = Math.max(most, cancelled.size)
    }, { cancel: ['Task-2', 'Task-3'], schedules: 1_000_000 })
    expect(most).toBe(1)
    expect(report.failures).toBe(0)
  })

  test('a future that has let a task go on, which then is cancelled, is a place of its own', async () => {
    const ends = new Set<string>()
    const body = async () => {
      const future = new Future<string>()
      const job = createTask(async () => {
        try {
          return await future
        } catch (error) {
          return `${(error as Error).name}, and the future ${future.cancelled() ? 'too' : 'had its result'}`
        }
      }, { name: 'job' })
      await pause()
      if (!future.done()) future.setResult('result')
      ends.add(await job)
    }
    await every(body, { cancel: 'job' })
    expect(ends).toEqual(new Set(['result', 'CancelledError, and the future too', 'CancelledError, and the future had its result']))
  })
})

describe('cancel: with orders and strategies', () => {
  /** Two tasks of n waits each, far more orders than any budget; `hit` is told at which of its waits the first was cancelled. */
  const large = (n: number, hit: (at: number) => void) =>
    function* () {
      const job = function* () {
        for (let i = 0; i < n; i++) {
          try {
            yield* pause()
          } catch (error) {
            hit(i)
            throw error
          }
        }
      }
      const other = function* () {
        for (let i = 0; i < n; i++) yield* pause()
      }
      yield* wait([createTask(job, { name: 'job' }), createTask(other)])
    }

  test('by default the last of 40 places has its turn like the first, where not all schedules can be run', () => {
    const hits = new Map<number, number>()
    const report = checkSync(large(40, (at) => hits.set(at, (hits.get(at) ?? 0) + 1)), { cancel: 'job', schedules: 1000 })
    expect(report).toMatchObject({ failures: 0, dimensions: { cancellations: { coverage: 'sampled', places: 40, tried: 40 } } })
    // Half of 1000 schedules are 12 for each place, but for those in which the estimate draws.
    expect(Math.min(...hits.values())).toBeGreaterThanOrEqual(5)
  })

  test('half of the schedules are left undisturbed, for what only an order brings about', () => {
    let disturbed = 0
    checkSync(large(40, () => disturbed++), { cancel: 'job', schedules: 1000 })
    expect(disturbed).toBeGreaterThan(400)
    expect(disturbed).toBeLessThan(600)
  })

  test('where ready tasks keep their order, a task is cancelled early or once its wait is over', async () => {
    const seen = new Set<string>()
    const body = async () => {
      const log: string[] = []
      const job = async () => {
        try {
          await pause('mine')
        } catch (error) {
          log.push('cancelled')
          throw error
        }
      }
      const other = async () => {
        await pause('other')
        log.push('other')
      }
      await wait([createTask(job, { name: 'job' }), createTask(other)])
      seen.add(log.join(', '))
    }
    expect((await every(body, { cancel: 'job', permute: 'io' })).failures).toBe(0)
    expect(seen).toEqual(new Set(['other', 'cancelled, other', 'other, cancelled']))
  })

  test.each([['a'], ['a', 'b']])('dpor comes to every end that all schedules come to (%j)', (...cancel) => {
    const endsUnder = (strategy: 'exhaustive' | 'dpor'): Set<string> => {
      const ends = new Set<string>()
      const body = function* () {
        const queue = new Queue<number>()
        const got = shared('', 'got')
        const save = io((x: number) => { got.value += x }, { faults: { rejectBefore: true } })
        const consumer = function* () {
          try {
            for (let i = 0; i < 2; i++) yield* save(yield* queue.get())
          } catch (error) {
            got.value += '!'
            throw error
          }
        }
        const producer = function* () {
          yield* queue.put(1)
          yield* pause()
          yield* queue.put(2)
        }
        const tasks = [createTask(consumer, { name: 'a' }), createTask(producer, { name: 'b' })]
        yield* wait(tasks, { timeout: 5 })
        ends.add(`${got.value} ${queue.qsize()} ${tasks.map((t) => String(t).replaceAll(/ .*/g, '') + t.cancelled()).join()}`)
        for (const t of tasks) t.cancel()
        yield* wait(tasks)
        for (const t of tasks) if (!t.cancelled()) t.exception()
      }
      everySync(body, { strategy, cancel, assume: 'tracked' })
      return ends
    }
    const all = endsUnder('exhaustive')
    expect(all.size).toBeGreaterThan(5)
    expect(endsUnder('dpor')).toEqual(all)
  })
})

describe('tokens', () => {
  const body = function* () {
    const lock = new Lock({ name: 'l' })
    yield* lock.acquire()
    yield* io(() => {}, { label: 'save', faults: true })()
    lock.release()
  }

  test('carry which tasks are cancelled, and how many faults there are', async () => {
    const options: ExploreOptions = { cancel: ['z', 'Task-1', 'z'], faults: { max: 0 } }
    const { failure } = checkSync(body, options)
    const token = failure?.token as string
    expect(decodeToken(token).shape).toMatchObject({ cancel: ['Task-1', 'z'], faults: 0 })
    expect((await replay(body, token)).failure?.error).toBeInstanceOf(LeftoverError)
    const plain = checkSync(body, { faults: { max: 3 } }).failure?.token as string
    expect(decodeToken(plain).shape).toMatchObject({ cancel: null, faults: 3 })
    expect(String((await replay(body, plain)).failure?.error)).toMatch(/^IoError: the (request|answer) was lost$/)
  })

  test('an order by names reaches the fault, and the picture shows it and no place where nothing went wrong', () => {
    const twice = function* () {
      const save = io(() => {}, { label: 'save', faults: true })
      yield* save()
      yield* save()
    }
    const strategy = sequencer(['save goes well is option 1', 'save: its answer is lost is option 3'])
    const { failure } = checkSync(twice, { strategy, schedules: 1 })
    expect(String(failure?.error)).toBe('IoError: the answer was lost')
    expect(String(failure)).toContain('save: its answer is lost\n')
    expect(String(failure)).not.toMatch(/^ +\d+ +\d.*goes well/m)
  })

  test('wrong options are told of', () => {
    expect(() => checkSync(body, { cancel: 5 as never })).toThrow(TypeError)
    expect(() => checkSync(body, { cancel: [5] as never })).toThrow(TypeError)
    expect(() => checkSync(body, { cancel: {} as never })).toThrow(TypeError)
  })
})
