import assert from 'node:assert/strict'
import { test } from 'node:test'
import pDebounce from 'p-debounce'
import { deferred } from './support.mjs'

test('before: a second call gets the answer, however long it takes', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const answer = deferred()
  const load = pDebounce(() => answer.promise, 100, { before: true })
  const first = load()
  const second = load()
  t.mock.timers.tick(100)
  await Promise.resolve()
  answer.resolve('loaded')
  assert.deepEqual(await Promise.all([first, second]), ['loaded', 'loaded'])
})
