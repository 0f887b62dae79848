import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  check,
  checkSync,
  createTask,
  DeadlockError,
  external,
  Future,
  gather,
  getRunningLoop,
  pause,
  run,
  runSync,
  shared,
  sleep,
  StepLimitError,
  type Strategy,
} from '../../src/index.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'

/** Always the option at this place, from the front or (negative) from the back. */
function always(place: number): Strategy {
  return {
    name: `always ${place}`,
    begin: ({ schedule }) => schedule === 1,
    pick: (point) => (place < 0 ? point.options.length + place : Math.min(place, point.options.length - 1)),
  }
}

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

describe('fairness: what was passed over 1,000 picks in a row comes first', () => {
  const STRATEGIES: [string, Strategy][] = [
    ['always the first', always(0)],
    ['always the second', always(1)],
    ['always the last', always(-1)],
  ]

  test.each(STRATEGIES)('a spinning task starves no external (%s)', async (_, strategy) => {
    for (const permute of ['tasks', 'io'] as const) {
      let spins = 0
      const report = await check(async () => {
        spins = 0
        const outside = createTask(async () => {
          await pause()
        })
        while (!outside.done()) {
          spins++
          await sleep(0)
        }
      }, { strategy, permute })
      expect(report).toMatchObject({ failures: 0, schedules: 1 })
      expect(spins).toBeLessThanOrEqual(1010)
    }
  })

  test('nor under FIFO without a strategy', () => {
    expect(runSync(function* () {
      const outside = external('work', () => 'done')
      const task = createTask(function* () {
        return yield* outside
      })
      let spins = 0
      while (!task.done()) {
        spins++
        yield* sleep(0)
      }
      return spins
    })).toBeLessThanOrEqual(1010)
  })

  test.each(STRATEGIES)('spinning tasks starve no other task (%s)', (_, strategy) => {
    let turns = 0
    const report = checkSync(function* () {
      let stop = false
      turns = 0
      const spin = function* () {
        // oxlint-disable-next-line no-unmodified-loop-condition
        while (!stop) {
          turns++
          yield* sleep(0)
        }
      }
      yield* gather([spin(), spin(), spin(), (function* () {
        for (let i = 0; i < 3; i++) yield* sleep(0)
        stop = true
      })()])
    }, { strategy })
    expect(report.failures).toBe(0)
    expect(turns).toBeLessThanOrEqual(5 * 1010)
  })

  test.each(STRATEGIES)('externals starve no timer (%s)', (_, strategy) => {
    let turns = 0
    const report = checkSync(function* () {
      turns = 0
      const late = createTask(function* () {
        yield* sleep(1)
      })
      while (!late.done()) {
        turns++
        yield* pause()
      }
    }, { strategy })
    expect(report.failures).toBe(0)
    expect(turns).toBeLessThanOrEqual(2020)
  })

  test('nor under FIFO without a strategy: the clock moves', () => {
    expect(runSync(function* () {
      const late = createTask(function* () {
        yield* sleep(1)
      })
      let turns = 0
      while (!late.done()) {
        turns++
        yield* pause()
      }
      return turns
    })).toBeLessThanOrEqual(1010)
  })

  test('a long queue: every one of 300 tasks has its turn', () => {
    const report = checkSync(function* () {
      let seen = 0
      const spin = function* () {
        yield* sleep(0)
        seen++
        // oxlint-disable-next-line no-unmodified-loop-condition
        while (seen < 300) yield* sleep(0)
      }
      yield* gather(Array.from({ length: 300 }, () => spin()))
    }, { strategy: always(-1), maxSteps: 2_000_000 })
    expect(report.failures).toBe(0)
  })
})

describe('a deadlock is exact', () => {
  test('and says who waits for what', async () => {
    const body = function* () {
      const never = new Future()
      const cell = shared(0, 'credit')
      createTask(function* () {
        yield* never
      }, { name: 'waiter' })
      createTask(function* () {
        yield* cell.update((n) => n - 1, { when: (n) => n > 0 })
      }, { name: 'taker' })
      yield* gather([never])
    }
    const { failure } = await roundtripSync(body)
    expect(failure.kind).toBe('deadlock')
    expect(failure.error).toBeInstanceOf(DeadlockError)
    expect((failure.error as Error).message).toMatch(/Task-1 waits for gather/)
    expect((failure.error as Error).message).toMatch(/waiter waits for a future/)
    expect((failure.error as Error).message).toMatch(/taker waits for write credit/)
  })

  test('in a native body too, without any delay', async () => {
    const began = performance.now()
    const { failure } = await roundtrip(async () => {
      await new Future()
    })
    expect(failure.kind).toBe('deadlock')
    expect((failure.error as Error).message).toMatch(/Task-1 waits for a future/)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('a promise that nobody will settle is named as such', async () => {
    const { failure } = await roundtrip(async () => {
      await new Promise(() => {})
    })
    expect(failure.kind).toBe('deadlock')
    expect((failure.error as Error).message).toMatch(/Task-1 waits for a promise/)
  })

  test('found where only some orders have it', async () => {
    const { report } = await roundtripSync(function* () {
      const a = shared(1, 'a')
      const b = shared(1, 'b')
      const take = (x: typeof a) => x.update((n) => n - 1, { when: (n) => n > 0 })
      const give = (x: typeof a) => x.update((n) => n + 1)
      const both = function* (x: typeof a, y: typeof a) {
        yield* take(x)
        yield* take(y)
        yield* give(y)
        yield* give(x)
      }
      yield* gather([both(a, b), both(b, a)])
    }, { strategy: 'exhaustive', bail: false })
    expect(report.exhausted).toBe(true)
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
    expect(report.failure?.kind).toBe('deadlock')
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

describe('guarded operations', () => {
  const take = (cell: ReturnType<typeof shared<number>>) => cell.update((n) => n - 1, { when: (n) => n > 0 })

  test('one that is disabled again leaves the queue, wherever it stood', async () => {
    const body = async () => {
      const cell = shared(1, 'credit')
      const one = async () => {
        await take(cell)
        await sleep(1)
        await cell.update((n) => n + 1)
      }
      await gather([one, one, one])
      if (cell.value !== 1) throw new Error(`${cell.value}`)
    }
    await run(body)
    for (const strategy of ['fifo', 'exhaustive'] as const) {
      expect(await check(body, { strategy, schedules: 3000 })).toMatchObject({ failures: 0 })
    }
  })

  test('with nothing else ready', () => {
    const body = function* () {
      const cell = shared(1, 'credit')
      const one = function* () {
        yield* take(cell)
        yield* sleep(1)
        yield* cell.update((n) => n + 1)
      }
      createTask(one())
      createTask(one())
      yield* sleep(5)
    }
    runSync(body)
    expect(checkSync(body, { strategy: 'exhaustive', bail: false })).toMatchObject({ failures: 0, exhausted: true })
  })

  test('one that is cancelled while it is enabled is cancelled, also if its condition fails meanwhile', () => {
    const report = checkSync(function* () {
      const cell = shared(1, 'credit')
      const taker = createTask(function* () {
        yield* take(cell)
      })
      yield* sleep(0)
      taker.cancel()
      cell.value = 0
      try {
        yield* taker
      } catch (error) {
        if ((error as Error).name !== 'CancelledError') throw error
      }
    }, { strategy: 'exhaustive', bail: false })
    expect(report).toMatchObject({ failures: 0, exhausted: true })
  })

  test('an operation is awaited once', async () => {
    const { failure } = await roundtrip(async () => {
      const read = shared(1).read()
      await read
      await read
    })
    expect(String(failure.error)).toContain('already awaited')
  })
})
