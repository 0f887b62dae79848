import { describe, expect, test } from 'vitest'
import {
  check,
  checkSync,
  type ExploreOptions,
  explore,
  gather,
  pause,
  type Progress,
  replay,
  run,
  sleep,
  type Strategy,
} from '../../src/index.ts'
import { roundtrip } from '../support/roundtrip.ts'
import { endless, fine, two } from './bodies.ts'

describe('the report', () => {
  test('of an exhausted exploration is a proof', () => {
    const report = checkSync(fine, { strategy: 'exhaustive' })
    expect(report).toMatchObject({
      exhausted: true,
      stopped: 'exhausted',
      cut: 0,
      failures: 0,
      strategy: 'exhaustive',
      sometimes: {},
    })
    expect(report.failure).toBeUndefined()
    expect(report.elapsed).toBeGreaterThanOrEqual(0)
    expect(report.steps).toBeGreaterThanOrEqual(report.schedules)
  })

  test('counts schedules, steps and choice points', () => {
    // Two tasks of two steps: each schedule has the main task's two steps and the four.
    const report = checkSync(two(), { strategy: 'exhaustive', bail: false })
    expect(report).toMatchObject({ schedules: 6, steps: 36, failures: 4, stopped: 'exhausted' })
    // Of the four steps the last is forced, and so is the third where one task has ended: AABB, BBAA.
    expect(report.choicePoints).toBe(4 * 3 + 2 * 2)
  })

  test('stops at the first failure, or with bail: false not at all', () => {
    const bailed = checkSync(two(), { strategy: 'exhaustive' })
    expect(bailed).toMatchObject({ stopped: 'failure', failures: 1, exhausted: false })
    expect(bailed.failure?.schedule).toBe(bailed.schedules)
    const all = checkSync(two(), { strategy: 'exhaustive', bail: false })
    expect(all.failure?.schedule).toBe(bailed.schedules)
    expect(all.failure?.firstToken).toBe(bailed.failure?.firstToken)
  })

  test('stops at its number of schedules', () => {
    for (const schedules of [1, 2, 5]) {
      expect(checkSync(fine, { strategy: 'random', schedules })).toMatchObject({ schedules, stopped: 'schedules', exhausted: false })
    }
    // Exactly as many as there are is a proof all the same.
    expect(checkSync(two(), { strategy: 'exhaustive', bail: false, schedules: 6 })).toMatchObject({ exhausted: true })
    expect(checkSync(two(), { strategy: 'exhaustive', bail: false, schedules: 5 })).toMatchObject({ exhausted: false, stopped: 'schedules' })
  })

  test('counts executions that are equivalent to others by themselves, and stops at as many as schedules are asked for', () => {
    const strategy = (again: (n: number) => boolean): Strategy & { readonly again: boolean } => {
      let n = 0
      return {
        name: 'one again and again',
        begin: () => {
          n++
          return n <= 100
        },
        pick: () => 0,
        get again() {
          return again(n)
        },
      }
    }
    expect(checkSync(fine, { strategy: strategy((n) => n % 3 === 0) })).toMatchObject({ schedules: 67, equivalent: 33, exhausted: true })
    const cut = checkSync(fine, { strategy: strategy((n) => n % 3 !== 1), schedules: 20 })
    expect(cut).toMatchObject({ schedules: 10, equivalent: 20, exhausted: false, stopped: 'schedules' })
    // What is told of the rest is told of the ten only.
    expect(cut.steps).toBe(10 * checkSync(fine, { schedules: 1 }).steps)
  })

  test('stops at its time limit', async () => {
    for (const report of [
      checkSync(endless, { strategy: 'random', schedules: 1e9, timeLimit: 30 }),
      await check(endless, { strategy: 'random', schedules: 1e9, timeLimit: 30 }),
    ]) {
      expect(report).toMatchObject({ stopped: 'time', failures: 0, exhausted: false })
      expect(report.elapsed).toBeGreaterThanOrEqual(30)
    }
  })

  test('minimising ends with the time limit too', () => {
    let runs = 0
    const body = function* () {
      runs++
      const log: string[] = []
      yield* gather(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => (function* () {
        for (let i = 0; i < 40; i++) {
          log.push(name)
          yield* sleep(0)
        }
      })()))
      if (!log.join('').includes('ffffffa')) throw new Error('order')
    }
    const runsWithin = (limit: ExploreOptions): number => {
      runs = 0
      expect(checkSync(body, { strategy: 'random', ...limit }).failures).toBe(1)
      return runs
    }
    // Of the runs that minimising this takes a millisecond is not enough for a tenth.
    expect(runsWithin({ timeLimit: 1 })).toBeLessThan(runsWithin({}) / 10)
  })

  test('carries the seed, derived from the name where there is one', () => {
    const seedOf = (options: ExploreOptions): number => checkSync(fine, { schedules: 1, ...options }).seed
    expect(seedOf({ seed: 42 })).toBe(42)
    expect(seedOf({ seed: Number.MAX_SAFE_INTEGER })).toBe(Number.MAX_SAFE_INTEGER)
    expect(seedOf({ name: 'a' })).toBe(seedOf({ name: 'a' }))
    expect(seedOf({ name: 'a' })).not.toBe(seedOf({ name: 'b' }))
    expect(seedOf({})).toBe(seedOf({}))
  })

  test('says when there was nothing to choose', () => {
    expect(checkSync(function* () {
      yield* sleep(1)
    })).toMatchObject({ schedules: 1, choicePoints: 0, exhausted: true })
  })
})

describe('explorations among each other', () => {
  test('one inside another is refused', async () => {
    for (const inner of [() => check(fine), () => explore(fine), async () => checkSync(fine), () => replay(fine, 'h1.')]) {
      const { failure } = await roundtrip(async () => {
        await inner()
      })
      expect(String(failure.error)).toMatch(/cannot begin inside a run|running event loop/)
    }
    await expect(run(async () => {
      checkSync(fine)
    })).rejects.toThrow(/inside a run/)
  })

  test('two at once take turns', async () => {
    const log: string[] = []
    const body = (name: string) => async () => {
      log.push(name)
      await gather([pause(), pause()])
      log.push(name)
    }
    const reports = await Promise.all(['a', 'b', 'c'].map((name) => check(body(name), { strategy: 'exhaustive' })))
    expect(reports.map((r) => r.exhausted)).toEqual([true, true, true])
    expect(log.join('')).toMatch(/^a+b+c+$/)
  })

  test('one that fails to begin does not hold up the next', async () => {
    const bad: Strategy = { name: 'bad', begin: () => true, pick: () => 99 }
    const [first, second] = await Promise.allSettled([check(fine, { strategy: bad }), check(fine)])
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled'])
  })
})

test('progress is told while it goes on', () => {
  const controller = new AbortController()
  const told: number[] = []
  const onProgress = (p: Progress): void => {
    if (told.push(p.schedules) === 3) controller.abort()
  }
  checkSync(endless, { strategy: 'random', schedules: 1e9, signal: controller.signal, onProgress })
  expect(told.length).toBe(3)
  expect(told.toSorted((a, b) => a - b)).toEqual(told)
})
