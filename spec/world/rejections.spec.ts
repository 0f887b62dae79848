import { afterEach, expect, test } from 'vitest'
import { check, pause } from '../../src/index.ts'

const warnings: string[] = []
const note = (warning: Error): void => void warnings.push(warning.name)
afterEach(() => {
  process.off('warning', note)
})

test('a rejection that is caught too late is a failure, and no warning of the host beside it', async () => {
  process.on('warning', note)
  const report = await check(async () => {
    const part = async (n: number): Promise<number> => {
      await pause(`part ${n}`)
      if (n === 2) throw new Error('410 Gone')
      return n
    }
    const [first, second] = [part(1), part(2)]
    await first
    await pause('render')
    await second.catch(() => 'missing')
  }, { bail: false, strategy: 'exhaustive' })
  expect(report.exhausted).toBe(true)
  // Where the second part comes last, it is caught in time.
  expect(report.failures).toBeGreaterThan(0)
  expect(report.failures).toBeLessThan(report.schedules)
  expect(report.failure).toMatchObject({ kind: 'unhandled', error: { message: '410 Gone' } })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(warnings).toEqual([])
  expect(process.listenerCount('rejectionHandled')).toBe(0)
})
