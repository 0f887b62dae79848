import { describe, expect, test } from 'vitest'
import { check, checkSync, gather, pause, replay, type ScenarioBody, sleep } from '../../src/index.ts'
import { endless, fine } from './bodies.ts'

describe('a signal', () => {
  test('that was aborted before ends the exploration without a schedule', async () => {
    expect(await check(fine, { signal: AbortSignal.abort() })).toMatchObject({ schedules: 0, stopped: 'signal', exhausted: false, failures: 0 })
  })

  test.each([
    ['generators', endless as ScenarioBody],
    ['native', async () => {
      await gather(Array.from({ length: 6 }, () => async () => {
        for (let i = 0; i < 6; i++) await pause()
      }))
    }],
  ])('ends it with the report so far (%s)', async (_, body) => {
    const controller = new AbortController()
    const hosts = setTimeout
    let begun = 0
    const setup = (): void => {
      if (++begun === 20) hosts(() => controller.abort())
    }
    const report = await check(body, { strategy: 'random', schedules: 1e9, signal: controller.signal, setup })
    expect(report).toMatchObject({ stopped: 'signal', exhausted: false })
    expect(report.schedules).toBeGreaterThanOrEqual(19)
  })

  test('cuts a schedule short that would go on for long, and says so', async () => {
    const controller = new AbortController()
    let ended = false
    let pauses = 0
    const report = await check(async () => {
      try {
        for (;;) {
          await pause()
          if (++pauses === 10) controller.abort()
        }
      } finally {
        ended = true
      }
    }, { maxSteps: Number.POSITIVE_INFINITY, signal: controller.signal })
    expect(report).toMatchObject({ stopped: 'signal', schedules: 0, cut: 1, failures: 0, exhausted: false })
    // It is cancelled like what else is left of a run.
    expect(ended).toBe(true)
    expect(await check(fine)).toMatchObject({ failures: 0, cut: 0 })
  })

  test('that comes in the schedule that fails changes nothing about the failure', async () => {
    const locked = (controller: AbortController) => async (): Promise<void> => {
      await pause()
      controller.abort()
      await new Promise(() => {})
    }
    const controller = new AbortController()
    const { failure, stopped } = await check(locked(controller), { signal: controller.signal })
    expect([failure?.kind, stopped]).toEqual(['deadlock', 'failure'])
    const again = await replay(locked(new AbortController()), failure?.token ?? '')
    expect([again.failure?.kind, again.failure?.token]).toEqual(['deadlock', failure?.token])
  })

  test('from inside a native body too ends it after that schedule', async () => {
    const controller = new AbortController()
    let runs = 0
    const report = await check(async () => {
      if (++runs === 3) controller.abort()
      await Promise.all([pause(), pause(), pause()])
    }, { strategy: 'random', signal: controller.signal })
    expect(report).toMatchObject({ schedules: 3, cut: 0, stopped: 'signal' })
  })

  test('from inside the body ends it after that schedule', () => {
    const controller = new AbortController()
    let runs = 0
    const report = checkSync(function* () {
      if (++runs === 3) controller.abort()
      yield* gather([sleep(0), sleep(0), sleep(0)])
    }, { strategy: 'random', signal: controller.signal })
    expect(report).toMatchObject({ schedules: 3, stopped: 'signal' })
  })
})
