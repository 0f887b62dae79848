import assert from 'node:assert/strict'
import { test } from 'node:test'
import Keyv from 'keyv'
import { heldStore } from './support.mjs'

test('a reader that finds an expired entry does not delete what was set since', async (t) => {
  t.mock.timers.enable({ apis: ['Date'] })
  const store = heldStore()
  const keyv = new Keyv({ store })
  await keyv.set('token', 'old', 100)
  t.mock.timers.tick(101)
  const answer = store.hold()
  const reader = keyv.get('token')
  await new Promise((resolve) => setImmediate(resolve))
  await keyv.set('token', 'new')
  answer()
  await reader
  assert.equal(await keyv.get('token'), 'new')
})
