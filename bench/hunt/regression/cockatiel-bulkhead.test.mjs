import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bulkhead } from 'cockatiel'
import { deferred } from './support.mjs'

test('a call that was queued is executed, whatever comes in the instant in which it leaves the queue', async () => {
  const request = deferred()
  const policy = bulkhead(1, 1)
  const first = policy.execute(() => request.promise)
  const queued = policy.execute(() => 'ran')
  const others = request.promise.then(() => Promise.allSettled([policy.execute(() => 1), policy.execute(() => 2)]))
  request.resolve()
  const [outcome] = await Promise.allSettled([queued, first, others])
  assert.deepEqual(outcome, { status: 'fulfilled', value: 'ran' })
})
