import assert from 'node:assert/strict'
import { test } from 'node:test'
import CircuitBreaker from 'opossum'
import { deferred } from './support.mjs'

test('a breaker that was shut down stays so when a call that was under way fails', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const calls = []
  const breaker = new CircuitBreaker(() => {
    calls.push(deferred())
    return calls.at(-1).promise
  }, { timeout: false, resetTimeout: 100 })
  const opening = [breaker.fire(), breaker.fire()]
  for (const call of calls) call.reject(new Error('down'))
  await Promise.allSettled(opening)
  t.mock.timers.tick(100)
  assert.equal(breaker.halfOpen, true)
  const trial = breaker.fire()
  breaker.shutdown()
  calls[2].reject(new Error('down'))
  await assert.rejects(trial)
  assert.equal(breaker.isShutdown, true)
})
