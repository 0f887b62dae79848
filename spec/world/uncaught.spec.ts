import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { check, pause } from '../../src/index.ts'

describe('what nobody catches', () => {
  test.each([
    ['a detached timer', () => setTimeout(() => { throw new Error('detached') }, 1)],
    ['process.nextTick', () => process.nextTick(() => { throw new Error('detached') })],
    ['queueMicrotask', () => queueMicrotask(() => { throw new Error('detached') })],
    ['a promise', () => void Promise.reject(new Error('detached'))],
  ])('%s: a failure of the schedule, after which the exploration goes on', async (_, detach) => {
    const report = await check(async () => {
      let saved = false
      const save = async (): Promise<void> => { await pause('save'); saved = true }
      const load = async (): Promise<void> => { await pause('load'); if (!saved) detach() }
      await Promise.all([save(), load()])
      await wait(10)
    }, { strategy: 'exhaustive', bail: false })
    expect(report.exhausted).toBe(true)
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
    expect(report.failure?.kind).toBe('unhandled')
    expect(String(report.failure?.error)).toBe('Error: detached')
  })
})
