import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  check,
  checkSync,
  createTask,
  DeadlockError,
  Future,
  gather,
  getRunningLoop,
  pause,
  run,
  runSync,
  shield,
  sleep,
  StepLimitError,
  wait,
} from '../../src/index.ts'
import { VirtualLoop } from '../../src/loop/loop.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'
import { SEED } from '../../properties/seed.ts'

describe('virtual time', () => {
  test('is exact: a timer finds the moment that it was armed for', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 }), (moments) => {
        const seen: number[] = []
        runSync(function* () {
          const loop = getRunningLoop()
          for (const m of moments) loop.callAt(m, () => seen.push(loop.time()))
          yield* sleep(2e6)
          expect(loop.time()).toBe(2e6)
        })
        // Moments within a nanosecond fire at the first of them.
        const sorted = moments.toSorted((a, b) => a - b)
        expect(seen).toHaveLength(sorted.length)
        for (const [i, at] of seen.entries()) expect(Math.abs(at - (sorted[i] as number))).toBeLessThan(1e-9)
        expect(seen[0]).toBe(sorted[0])
      }),
      { seed: SEED },
    )
  })

  test('computing takes none, waiting what it says', async () => {
    const times = await run(async () => {
      const loop = getRunningLoop()
      const seen = [loop.time()]
      for (let i = 0; i < 1000; i++) await sleep(0)
      seen.push(loop.time())
      await sleep(2.5)
      seen.push(loop.time())
      return seen
    })
    expect(times).toEqual([0, 0, 2.5])
  })

  test('a thousand years cost no time', () => {
    const year = 365 * 24 * 3600
    expect(runSync(function* () {
      yield* sleep(1000 * year)
      return getRunningLoop().time()
    })).toBe(1000 * year)
    expect(runSync(function* () {
      yield* sleep(Number.MAX_VALUE)
      return getRunningLoop().time()
    })).toBe(Number.MAX_VALUE)
  })

  test('waiting for ever is a deadlock', async () => {
    const { failure } = await roundtripSync(function* () {
      yield* sleep(Number.POSITIVE_INFINITY)
    })
    expect(failure.kind).toBe('deadlock')
    expect(String(failure.error)).toContain('sleep(Infinity)')
    // With something outside, that comes first.
    expect(checkSync(function* () {
      getRunningLoop().callLater(Number.POSITIVE_INFINITY, () => {})
      yield* pause()
    })).toMatchObject({ failures: 0, exhausted: true, schedules: 1 })
  })

  test('a deadline that is no number is refused at once', () => {
    expect(() => runSync(function* () {
      getRunningLoop().callAt(Number.NaN, () => {})
      yield* sleep(1)
    })).toThrow(/NaN/)
  })
})

describe('iterations', () => {
  test('R013 a wait takes one more for each whole day that it is longer than a day, whenever it begins', () => {
    const day = 24 * 3600
    const iterations = runSync(function* () {
      const loop = getRunningLoop()
      const found: number[] = []
      for (const delay of [1, 0.9 * day, 0.9 * day, day, 1.5 * day, 3 * day, 1]) {
        const before = loop.tick
        yield* sleep(delay)
        found.push(loop.tick - before)
      }
      return found.map((n) => n - (found[0] ?? 0))
    })
    expect(iterations).toEqual([0, 0, 0, 0, 1, 2, 0])
  })

  test('run what was ready when they began; what is queued meanwhile runs in the next', () => {
    const log: string[] = []
    runSync(function* () {
      const loop = getRunningLoop()
      const start = loop.tick
      loop.callSoon(() => {
        log.push(`a${loop.tick - start}`)
        loop.callSoon(() => log.push(`c${loop.tick - start}`))
      })
      loop.callSoon(() => log.push(`b${loop.tick - start}`))
      yield* sleep(0)
      yield* sleep(0)
      yield* sleep(0)
    })
    expect(log).toEqual(['a1', 'b1', 'c2'])
  })

  test('a timer is due within a nanosecond before its moment, and no earlier', () => {
    const order = (when: number): string => {
      const log: string[] = []
      runSync(function* () {
        const loop = getRunningLoop()
        loop.callAt(when, () => log.push('timer'))
        yield* sleep(0)
        yield* sleep(0)
        log.push('task')
        yield* sleep(1)
      })
      return log.join(' ')
    }
    expect([0, 0.9e-9, 1e-9, 2e-9].map(order)).toEqual(['timer task', 'timer task', 'task timer', 'task timer'])
  })

  test('due timers join at the border, at the end of the queue, also while others are ready', () => {
    const log: string[] = []
    runSync(function* () {
      const loop = getRunningLoop()
      loop.callLater(0, () => log.push('timer'))
      loop.callSoon(() => {
        log.push('soon')
        loop.callSoon(() => log.push('later'))
      })
      yield* sleep(0)
      yield* sleep(0)
    })
    expect(log).toEqual(['soon', 'timer', 'later'])
  })

  test('the clock stands still while anything is ready', () => {
    const times: number[] = []
    runSync(function* () {
      const loop = getRunningLoop()
      loop.callLater(1, () => times.push(loop.time()))
      for (let i = 0; i < 100; i++) {
        yield* sleep(0)
        times.push(loop.time())
      }
      yield* sleep(2)
    })
    expect(times).toEqual([...Array<number>(100).fill(0), 1])
  })
})

describe('a native step ends when the microtask queue is empty', () => {
  test('a chain of 1,000 hops settles within one step', async () => {
    const order: string[] = []
    await run(async () => {
      const chain = async () => {
        // oxlint-disable-next-line unicorn/no-unnecessary-await
        for (let i = 0; i < 1000; i++) await null
        order.push('chain')
      }
      const other = async () => {
        order.push('other')
      }
      await gather([chain, other])
    })
    expect(order).toEqual(['chain', 'other'])
  })

  test('so do nextTick, queueMicrotask and promises that they make', async () => {
    const order: string[] = []
    const report = await check(async () => {
      order.length = 0
      const deep = (n: number): Promise<void> =>
        n === 0
          ? Promise.resolve()
          : new Promise((resolve) => {
              process.nextTick(() => queueMicrotask(() => resolve(deep(n - 1))))
            })
      const chain = async () => {
        await deep(100)
        order.push('chain')
      }
      await gather([chain, async () => {
        order.push('other')
      }])
      if (order.length !== 2) throw new Error('somebody did not settle')
    }, { strategy: 'exhaustive', bail: false })
    expect(report).toMatchObject({ schedules: 2, failures: 0, exhausted: true })
  })

  test('a step of the trace holds the whole chain: 1,000 hops are one step', async () => {
    const { failure } = await roundtrip(async () => {
      await sleep(0)
      // oxlint-disable-next-line unicorn/no-unnecessary-await
      for (let i = 0; i < 1000; i++) await null
      throw new Error('end')
    })
    expect(failure.trace.steps).toHaveLength(2)
  })
})

describe('the step limit', () => {
  test('is a failure of its own kind, and replays', async () => {
    const { failure } = await roundtripSync(function* () {
      for (;;) yield* sleep(0)
    }, { maxSteps: 50 })
    expect(failure.kind).toBe('step-limit')
    expect(failure.error).toBeInstanceOf(StepLimitError)
    expect((failure.error as Error).message).toContain('50')
  })

  test('for native bodies too', async () => {
    const { failure } = await roundtrip(async () => {
      for (;;) await sleep(0)
    }, { maxSteps: 50 })
    expect(failure.kind).toBe('step-limit')
  })

  test('a run of exactly that many steps passes', () => {
    const body = function* () {
      for (let i = 0; i < 9; i++) yield* sleep(0)
    }
    expect(checkSync(body, { maxSteps: 10 }).failures).toBe(0)
    expect(checkSync(body, { maxSteps: 9 }).failure?.kind).toBe('step-limit')
  })
})

describe('the fifo strategy', () => {
  test('takes the iterations that no strategy takes, also where externals complete', () => {
    const log = (ran: (...what: unknown[]) => void) =>
      function* () {
        const loop = getRunningLoop()
        const at = (name: string): void => ran(name, loop.tick, loop.time())
        const one = function* (name: string, steps: number) {
          for (let i = 0; i < steps; i++) {
            yield* pause()
            at(name)
            yield* sleep(0)
          }
          yield* sleep(1)
          at(`${name} ends`)
        }
        yield* gather([one('a', 1), one('b', 2)])
        at('gathered')
        yield* wait([createTask(() => pause()), createTask(() => pause())])
        at('waited')
        yield* gather([shield(createTask(() => pause())), gather([createTask(() => pause())])])
        at('all')
      }
    const [none, fifo]: unknown[][] = [[], []]
    runSync(log((...what) => none?.push(what)))
    expect(checkSync(log((...what) => fifo?.push(what)), { strategy: 'fifo' }).failures).toBe(0)
    expect(fifo).toEqual(none)
  })
})

test('a generator may be woken by a promise that nobody has told the loop of', async () => {
  const woken = await run(function* () {
    const f = new Future<string>()
    void Promise.resolve().then(() => f.setResult('woken'))
    return yield* f
  })
  expect(woken).toBe('woken')
})

test('a loop that knows of no tasks says what it knows of a deadlock', () => {
  expect(() => new VirtualLoop().runForeverSync()).toThrow(
    new DeadlockError('nothing is ready, no timer is armed and nothing is under way outside'),
  )
})

test('the errors of the loop have their names', () => {
  expect([new StepLimitError(7), new DeadlockError('x')].map(String)).toEqual([
    'StepLimitError: the run reached its limit of 7 steps without an end (option maxSteps)',
    'DeadlockError: x',
  ])
})
