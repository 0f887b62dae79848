import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConstantBackoff, handleAll, retry } from 'cockatiel'

test('nothing is tried after an abort during the backoff', async () => {
  const user = new AbortController()
  let tries = 0
  const policy = retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(1) })
  policy.onRetry(() => user.abort()) // it is told of before the backoff
  await assert.rejects(policy.execute(() => {
    tries++
    throw new Error('down')
  }, user.signal))
  assert.equal(tries, 1)
})
