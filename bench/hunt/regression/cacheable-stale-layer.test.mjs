import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Cacheable, Keyv } from 'cacheable'
import { heldStore } from './support.mjs'

test('a reader of the second layer does not undo a set()', async () => {
  const store = heldStore()
  const cache = new Cacheable({ secondary: new Keyv({ store }) })
  await cache.secondary.set('k', 'old')
  const answer = store.hold()
  const reader = cache.get('k')
  await new Promise((resolve) => setImmediate(resolve))
  await cache.set('k', 'new')
  answer()
  await reader
  assert.equal(await cache.get('k'), 'new')
})
