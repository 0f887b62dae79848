import assert from 'node:assert/strict'
import { test } from 'node:test'
import DataLoader from 'dataloader'
import { deferred } from './support.mjs'

test('a batch that fails leaves what was primed after it alone', async () => {
  const query = deferred()
  const users = new DataLoader(() => query.promise)
  const reader = users.load(1)
  await new Promise((resolve) => setImmediate(resolve))
  users.clear(1).prime(1, 'changed')
  query.reject(new Error('down'))
  await assert.rejects(reader)
  assert.equal(await users.load(1), 'changed')
})
