import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cacheable, Keyv } from 'cacheable'
import { heldStore } from './support.mjs'

test('wrap: a request whose look-up is slow does not call again', async () => {
  const store = heldStore()
  let calls = 0
  const load = new Cacheable({ secondary: new Keyv({ store }) }).wrap(async (id) => {
    calls++
    return `user ${id}`
  }, { ttl: '1h', keyPrefix: 'user' })
  const answer = store.hold()
  const slow = load(1)
  await new Promise((resolve) => setImmediate(resolve))
  await load(1)
  answer()
  assert.equal(await slow, 'user 1')
  assert.equal(calls, 1)
})
