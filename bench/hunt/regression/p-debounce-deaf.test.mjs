import assert from 'node:assert/strict'
import { test } from 'node:test'
import pDebounce from 'p-debounce'
import { deferred } from './support.mjs'

test('an abort reaches a call that was made while an earlier one ran', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const user = new AbortController()
  const running = deferred()
  const ran = []
  const search = pDebounce((text) => {
    ran.push(text)
    return running.promise
  }, 100, { signal: user.signal })
  const first = search('a')
  t.mock.timers.tick(100)
  const second = search('b')
  running.resolve()
  await first
  user.abort()
  t.mock.timers.tick(100)
  await assert.rejects(second, { name: 'AbortError' })
  assert.deepEqual(ran, ['a'])
})
