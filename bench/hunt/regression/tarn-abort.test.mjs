import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pool } from 'tarn'

test('a resource is not lost to an acquire that is aborted while it is being given', async () => {
  for (let ticks = 0; ticks < 10; ticks++) {
    const pool = new Pool({ create: async () => ({}), destroy: () => {}, min: 0, max: 1, acquireTimeoutMillis: 100 })
    const resource = await pool.acquire().promise
    const waiting = pool.acquire()
    const outcome = waiting.promise.then((given) => pool.release(given), () => {})
    pool.release(resource)
    for (let i = 0; i < ticks; i++) await Promise.resolve()
    waiting.abort()
    await outcome
    await new Promise((resolve) => setImmediate(resolve))
    const used = pool.numUsed()
    void pool.destroy()
    assert.equal(used, 0, `aborted ${ticks} microtasks after the release`)
  }
})
