// vitest run vitest.test.mjs --reporter default --reporter heddle/vitest/reporter
import { pause } from 'heddle'
import { test } from 'heddle/vitest'
import { expect } from 'vitest'
import { Account } from './account.mjs'

test.explore('never lends', async () => {
  const account = new Account()
  const later = async () => {
    await pause('log in')
    await account.withdraw(7)
  }
  await Promise.all([account.withdraw(4), later()])
  expect(account.balance).toBeGreaterThanOrEqual(0)
})
