import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPool } from 'generic-pool'

test('drain() waits for clients of every priority', async () => {
  const pool = createPool({ create: async () => ({}), destroy: async () => {} }, {
    max: 1, priorityRange: 2, acquireTimeoutMillis: 40,
  })
  const first = await pool.acquire()
  const low = pool.acquire(1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const high = pool.acquire(0)
  const drained = pool.drain()
  await assert.rejects(low)
  await pool.release(first)
  const resource = await high
  let done = false
  void drained.then(() => (done = true))
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(done, false, 'drained while a resource is in use')
  await pool.release(resource)
  await drained
})
