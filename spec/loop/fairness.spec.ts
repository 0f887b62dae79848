import { describe, expect, test } from 'vitest'
import {
  check,
  checkSync,
  createTask,
  external,
  gather,
  pause,
  runSync,
  sleep,
  type Strategy,
} from '../../src/index.ts'

/** Always the option at this place, from the front or (negative) from the back. */
function always(place: number): Strategy {
  return {
    name: `always ${place}`,
    begin: ({ schedule }) => schedule === 1,
    pick: (point) => (place < 0 ? point.options.length + place : Math.min(place, point.options.length - 1)),
  }
}

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

  /** How often in a row each option was there and another one was picked, at most. */
  function counting(inner: Strategy): { strategy: Strategy; passed: Map<string, number> } {
    const passed = new Map<string, number>()
    const now = new Map<string, number>()
    const strategy: Strategy = {
      name: 'counting',
      begin: (run) => inner.begin(run),
      pick(point) {
        const k = inner.pick(point)
        for (const [i, o] of point.options.entries()) {
          const name = `${o.kind} ${o.task ?? ''}`
          const n = i === k ? 0 : (now.get(name) ?? 0) + 1
          now.set(name, n)
          passed.set(name, Math.max(n, passed.get(name) ?? 0))
        }
        return k
      },
    }
    return { strategy, passed }
  }

  test.each(['tasks', 'io'] as const)('not earlier: an external waits 1,000 picks where a task spins (permute: %s)', (permute) => {
    const { strategy, passed } = counting(always(0))
    checkSync(function* () {
      const outside = createTask(function* () {
        yield* pause()
      }, { name: 'outside' })
      while (!outside.done()) yield* sleep(0)
    }, { strategy, permute })
    expect(passed.get('external outside')).toBe(1000)
  })

  test('a task waits 1,000 picks where others spin', () => {
    const { strategy, passed } = counting(always(-1))
    checkSync(function* () {
      let turns = 0
      const spin = function* () {
        for (turns = 0; turns < 5000; turns++) yield* sleep(0)
      }
      const calm = createTask(function* () {
        yield* sleep(0)
      }, { name: 'calm' })
      yield* gather([calm, createTask(spin(), { name: 'spin' })])
    }, { strategy })
    expect(passed.get('handle calm')).toBe(1000)
  })

  test('an external waits 1,000 picks where others come and go, and so does the clock', () => {
    for (const who of ['external first', 'clock ']) {
      const { strategy, passed } = counting({
        ...always(0),
        // The start of `first`; then whatever is not its own.
        pick: ({ options }) => options.findIndex((o) => o.kind === 'handle' || (o.kind === 'external' && o.task !== 'first')),
      })
      checkSync(function* () {
        // What completed before there was a choice does not count.
        for (let i = 0; i < 1500; i++) yield* pause()
        const first = createTask(function* () {
          yield* who === 'clock ' ? sleep(1) : pause()
        }, { name: 'first' })
        while (!first.done()) yield* pause()
      }, { strategy })
      expect([who, passed.get(who)]).toEqual([who, 1000])
    }
  })
})
