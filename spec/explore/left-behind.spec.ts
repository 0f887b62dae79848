import { describe, expect, test } from 'vitest'
import { check, checkSync, createTask, external, getRunningLoop, pause, sleep } from '../../src/index.ts'
import { roundtripSync } from '../support/roundtrip.ts'

describe('what a schedule leaves behind', () => {
  test('a task is a leak, by name and by what it waits for', async () => {
    const body = function* () {
      createTask(function* () {
        yield* sleep(100)
      }, { name: 'poller' })
      yield* sleep(1)
    }
    const { failure } = await roundtripSync(body)
    expect(failure.kind).toBe('leak')
    expect(String(failure.error)).toMatch(/poller.*sleep\(100\)/)
    expect(checkSync(body, { leaks: 'ignore' }).failures).toBe(0)
  })

  test('a task that could go on still waits, and is no new one', () => {
    const waitsFor = (steps: number): string | undefined => {
      const body = function* (): Generator<unknown, void, unknown> {
        createTask(function* () {
          for (let i = 0; i < 9; i++) yield* sleep(0)
        })
        for (let i = 0; i < steps; i++) yield* sleep(0)
      }
      return checkSync(body, { strategy: 'fifo' }).failure?.file.waits?.[0]?.waitsFor
    }
    expect([waitsFor(0), waitsFor(1), waitsFor(2)]).toEqual(['its turn to start', 'its turn', 'its turn'])
  })

  test('a task that waits for a promise of the host’s is no new one beside one that is', async () => {
    const { failure } = await check(async () => {
      createTask(async () => new Promise<void>(() => {}), { name: 'stuck' })
      await sleep(1)
      createTask(async () => {}, { name: 'new' })
    }, { strategy: 'fifo' })
    expect(failure?.file.waits?.map((w) => [w.task, w.waitsFor])).toEqual([['stuck', 'a native promise'], ['new', 'its turn to start']])
  })

  test('of very many tasks a hundred are written down', () => {
    const leaving = (n: number) =>
      function* () {
        for (let i = 0; i < n; i++) createTask(sleep(100), { name: `t${i}` })
        yield* sleep(1)
      }
    const waitsOf = (n: number): (string | undefined)[] | undefined => checkSync(leaving(n), { strategy: 'fifo' }).failure?.file.waits?.map((w) => w.task)
    expect(waitsOf(2)).toEqual(['t0', 't1'])
    expect(waitsOf(101)).toEqual(Array.from({ length: 100 }, (_, i) => `t${i}`))
  })

  test('a leak is found in the orders that have it only', () => {
    const report = checkSync(function* () {
      const task = createTask(function* () {
        yield* sleep(0)
      })
      yield* sleep(0)
      yield* sleep(0)
      if (task.done()) yield* task
    }, { strategy: 'exhaustive', bail: false })
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
  })

  test('a cancelled task that has not ended yet is none', () => {
    expect(checkSync(function* () {
      const task = createTask(function* () {
        yield* sleep(100)
      })
      yield* sleep(0)
      task.cancel()
    }).failures).toBe(0)
  })

  test('externals and timers under way are none, and the next run starts clean', () => {
    let late = 0
    const report = checkSync(function* () {
      external('never', () => late++)
      getRunningLoop().callLater(50, () => late++)
      yield* sleep(1)
    }, { strategy: 'random', schedules: 20 })
    expect(report.failures).toBe(0)
    expect(late).toBeLessThan(20)
  })

  test('an exception that nobody retrieves is unhandled', async () => {
    const body = function* () {
      createTask(function* () {
        throw new Error('in the background')
      })
      yield* sleep(1)
    }
    const { failure } = await roundtripSync(body)
    expect(failure.kind).toBe('unhandled')
    expect(String(failure.error)).toContain('in the background')
    expect(checkSync(body, { leaks: 'ignore' }).failures).toBe(0)
  })

  test('tasks left are cancelled, their cleanup runs, in native code too', async () => {
    let cleaned = 0
    await check(async () => {
      createTask(async () => {
        try {
          await sleep(100)
        } finally {
          cleaned++
        }
      })
      await sleep(1)
    }, { leaks: 'ignore', strategy: 'fifo' })
    expect(cleaned).toBe(1)
  })

  test('a loop that the body stops is a failure, not a crash', async () => {
    const { failure } = await roundtripSync(function* () {
      getRunningLoop().stop()
      yield* sleep(5)
    })
    expect(failure.kind).toBe('error')
    expect(String(failure.error)).toContain('stopped before')
  })

  test('a main task that is cancelled is a failure', async () => {
    const { failure } = await roundtripSync(function* () {
      const { currentTask } = yield* (function* () {
        return { currentTask: getRunningLoop().current }
      })()
      currentTask?.cancel('enough')
      yield* sleep(1)
    })
    expect(failure).toMatchObject({ kind: 'error', error: { name: 'CancelledError', message: 'enough' } })
  })

  test('I/O that a failed schedule has left goes on after it, and what begins more for ever does so a hundred times', async () => {
    let [executions, begun, late] = [0, 0, 0]
    const forever = async (): Promise<void> => {
      for (;;) {
        begun++
        await pause()
      }
    }
    const { failure } = await check(async () => {
      void forever()
      throw new Error('meanwhile')
    }, { setup: () => void executions++, strategy: 'fifo', schedules: 1 })
    expect(String(failure?.error)).toBe('Error: meanwhile')
    // Once in the schedule itself.
    expect(begun).toBe(executions * 101)
    // Where nothing is outside, nothing goes on.
    await check(async () => {
      getRunningLoop().callSoon(() => late++)
      throw new Error('at once')
    }, { strategy: 'fifo', schedules: 1 })
    expect(late).toBe(0)
  })
})
