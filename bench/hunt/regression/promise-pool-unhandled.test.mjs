import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PromisePool } from '@supercharge/promise-pool'
import { deferred } from './support.mjs'

test('an error thrown by handleError() while the next item is waited for rejects process()', async () => {
  const next = deferred()
  async function* items() {
    yield 'a'
    await next.promise
  }
  const processing = PromisePool.withConcurrency(2).for(items()).handleError((error) => {
    throw error
  }).process(async () => {
    throw new Error('bad item')
  })
  const rejected = assert.rejects(processing, /bad item/)
  // Long enough for Node to say that nobody has handled it, which fails the test.
  await new Promise((resolve) => setTimeout(resolve, 20))
  next.resolve()
  await rejected
})
