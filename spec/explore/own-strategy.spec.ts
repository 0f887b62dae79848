import { describe, expect, test } from 'vitest'
import { check, checkSync, choose, explore, pause, type Strategy } from '../../src/index.ts'
import { fine } from './bodies.ts'

describe('a strategy of one\'s own', () => {
  test('is told of each schedule, asked at each choice, and told of the end', () => {
    const log: string[] = []
    const last: Strategy = {
      name: 'last',
      begin: ({ schedule, seed }) => {
        log.push(`begin ${schedule} ${seed}`)
        return schedule <= 2
      },
      pick: (point) => {
        expect(point.options.length).toBeGreaterThanOrEqual(2)
        return point.options.length - 1
      },
      end: ({ failed, steps }) => log.push(`end ${failed} ${steps}`),
    }
    const report = checkSync(fine, { strategy: last, seed: 7 })
    expect(report).toMatchObject({ strategy: 'last', schedules: 2, exhausted: true })
    expect(log).toEqual(['begin 1 7', 'end false 8', 'begin 2 7', 'end false 8', 'begin 3 7'])
  })

  const BAD: [string, Partial<Strategy>, RegExp][] = [
    ['picks too high', { pick: (p) => p.options.length }, /strategy bad picked 3 of 3/],
    ['picks below 0', { pick: () => -1 }, /picked -1/],
    ['picks a fraction', { pick: () => 0.5 }, /picked 0.5/],
    ['picks NaN', { pick: () => Number.NaN }, /picked NaN/],
    ['picks nothing', { pick: () => undefined as unknown as number }, /picked undefined/],
    ['picks a string', { pick: () => '0' as unknown as number }, /picked 0/],
    ['throws in pick', { pick: () => { throw new Error('boom') } }, /failed in pick.*boom/],
    ['throws null in pick', { pick: () => { throw null } }, /failed in pick.*null/],
    ['throws in begin', { begin: () => { throw new Error('boom') } }, /failed in begin.*boom/],
    ['throws in end', { end: () => { throw new Error('boom') } }, /failed in end.*boom/],
  ]

  test.each(BAD)('that %s is a StrategyError, and no failure of the test', async (_, parts, message) => {
    const strategy: Strategy = { name: 'bad', begin: () => true, pick: () => 0, ...parts }
    for (const attempt of [() => check(fine, { strategy }), async () => checkSync(fine, { strategy }), () => explore(fine, { strategy })]) {
      const error = await attempt().then(() => undefined, (e: unknown) => e)
      expect(error).toMatchObject({ name: 'StrategyError', message: expect.stringMatching(message) as string })
    }
    // Also where the body would catch it, and at a value.
    expect((await check(fine, { strategy: 'exhaustive' })).exhausted).toBe(true)
  })

  test('its error passes the body by, and what the body has open is closed', async () => {
    let closed = 0
    const attempt = check(async () => {
      try {
        choose(3)
      } catch {
        // A body that catches everything.
      }
      try {
        await pause()
      } finally {
        closed++
      }
    }, { strategy: { name: 'bad', begin: () => true, pick: () => 3 } })
    await expect(attempt).rejects.toMatchObject({ name: 'StrategyError' })
    expect(closed).toBe(1)
  })
})
