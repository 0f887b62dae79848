import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import memoize from 'memoizee'
import { deferred } from './support.mjs'

test('a rejection is not kept, though a call that was deleted has succeeded meanwhile', async () => {
  const answers = [deferred(), deferred(), deferred()]
  let calls = 0
  const load = memoize(() => answers[calls++].promise, { promise: true, primitive: true })
  load()
  load.delete()
  const second = load()
  answers[0].resolve('old')
  await turn()
  answers[1].reject(new Error('down'))
  await assert.rejects(second)
  await turn()
  answers[2].resolve('fresh')
  assert.equal(await load(), 'fresh')
})
