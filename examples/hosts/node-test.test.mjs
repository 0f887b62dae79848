// node --test node-test.test.mjs
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explore, pause } from 'heddle'
import { Account } from './account.mjs'

test('never lends', async () => {
  await explore(
    async () => {
      const account = new Account()
      const later = async () => {
        await pause('log in')
        await account.withdraw(7)
      }
      await Promise.all([account.withdraw(4), later()])
      assert.ok(account.balance >= 0, `the balance is ${account.balance}`)
    },
    { name: 'never lends' },
  )
})
