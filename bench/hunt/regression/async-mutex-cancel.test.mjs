import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Semaphore } from 'async-mutex'

test('cancel() tells those who can have the semaphore now', async () => {
  const semaphore = new Semaphore(2)
  await semaphore.acquire(1)
  const heavy = semaphore.acquire(2)
  let told = false
  void semaphore.waitForUnlock(1).then(() => (told = true))
  semaphore.cancel()
  await assert.rejects(heavy)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(told, true)
})
