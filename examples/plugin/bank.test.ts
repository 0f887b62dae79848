import { check } from 'heddle'
import { expect, test } from 'vitest'
import { Account } from './bank.ts'

test('two deposits both count', async () => {
  const report = await check(async () => {
    const account = new Account()
    await Promise.all([account.deposit(1), account.deposit(2)])
    expect(account.balance).toBe(3)
  })
  expect(report.failure?.kind).toBe('error')
  // The lines of the two awaits between which the other deposit came.
  expect(String(report.failure)).toContain('bank.ts:15 deposit')
  expect(String(report.failure)).toContain('bank.ts:16 deposit')
  // The stack of the failed assertion leads to the line as it is written here.
  expect(String(report.failure?.error instanceof Error && report.failure.error.stack)).toMatch(/bank\.test\.ts:9:29/)
  expect(String(report.failure)).toContain(
    '`this.balance` was read at bank.ts:7 by Task-1·2, written at bank.ts:11 by Task-1, ' +
      'and written from the stale read at bank.ts:11 by Task-1·2.',
  )
})
