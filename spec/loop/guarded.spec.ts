import { describe, expect, test } from 'vitest'
import { check, checkSync, createTask, gather, run, runSync, shared, sleep } from '../../src/index.ts'
import { roundtrip } from '../support/roundtrip.ts'

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
