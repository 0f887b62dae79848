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
})
