import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from '../../../src/index.ts'
import { type Loaded, withPlugin } from './load.ts'

type Bank = typeof import('../../../fixtures/plugin/bank.ts')

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

describe('a class with three plain awaits', () => {
  const twoDeposits = async (): Promise<() => Promise<void>> => {
    const { Account } = await vite.load<Bank>('bank.ts')
    return async () => {
      const account = new Account()
      await Promise.all([account.deposit(1), account.deposit(2)])
      if (account.balance !== 3) throw new Error(`lost update: ${account.balance}`)
    }
  }

  test('shows its lost update, with the lines of its awaits', async () => {
    const report = await check(await twoDeposits())
    expect(report.failure?.kind).toBe('error')
    const words = String(report.failure)
    expect(words).toContain('bank.ts:15 deposit')
    expect(words).toContain('bank.ts:16 deposit')
    expect(words).toContain(
      '`this.balance` was read at bank.ts:7 by Task-1·2, written at bank.ts:11 by Task-1, ' +
        'and written from the stale read at bank.ts:11 by Task-1·2.',
    )
  })
})
