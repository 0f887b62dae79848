import assert from 'node:assert/strict'
import { test } from 'node:test'
import pDebounce from 'p-debounce'
import { deferred } from './support.mjs'

test('a call made in the instant in which the one before it ends is run', async () => {
  const first = deferred()
  let runs = 0
  const save = pDebounce.promise(() => (++runs === 1 ? first.promise : Promise.resolve()), { after: true })
  const one = save()
  const two = first.promise.then(() => save())
  first.resolve()
  await one
  await two
  assert.equal(runs, 2)
})
