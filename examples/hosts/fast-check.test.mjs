// node --test fast-check.test.mjs
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { schedules } from 'heddle/fast-check'
import { Account } from './account.mjs'

test('never lends, whatever is withdrawn', async () => {
  const property = fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }), schedules(), async (amounts, s) => {
    const account = new Account()
    await s.run(() => Promise.all(amounts.map((n) => account.withdraw(n))))
    assert.ok(account.balance >= 0, `the balance is ${account.balance}`)
  })
  await fc.assert(property, { numRuns: 100 })
})
