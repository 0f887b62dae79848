import { check, type Report } from 'heddle'
import { expect } from 'vitest'

/** Explores a scenario at the version with the race, where it must be found, and at the one without it. */
export async function foundOnlyIn(buggy: () => Promise<void>, fixed: () => Promise<void>, name: string): Promise<Report> {
  const report = await check(buggy, { name })
  expect(report.failure, 'the version with the race').toBeDefined()
  const after = await check(fixed, { name })
  expect(String(after.failure ?? ''), 'the version that mended it').toBe('')
  expect(after.choicePoints).toBeGreaterThan(0)
  // JavaScript's own order hides it.
  expect((await check(buggy, { name, strategy: 'fifo', schedules: 1 })).failures).toBe(0)
  return report
}
