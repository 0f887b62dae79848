import { pause } from 'heddle'
import pThrottle from 'p-throttle'
import { assert, sleep } from '../support.mjs'

const within = (times, limit, interval) => {
  for (let i = limit; i < times.length; i++) {
    assert(times[i] - times[i - limit] >= interval, `${limit + 1} within ${times[i] - times[i - limit]} ms`)
  }
}

export default {
  package: 'p-throttle',
  properties: [
    {
      name: 'strict: the limit holds in any interval',
      promise: 'ensuring the limit is not exceeded for any interval',
      body: async () => {
        const starts = []
        const call = pThrottle({ limit: 2, interval: 100, strict: true })(async () => void starts.push(Date.now()))
        const ask = async (ms) => {
          await sleep(ms)
          await pause('request')
          await call()
        }
        await Promise.all([ask(1), ask(60), ask(90), ask(110), ask(190)])
        within(starts, 2, 100)
      },
    },
    {
      name: 'strict, weight: the limit holds in any interval',
      promise: 'weight: the total weight of calls in an interval does not exceed the limit',
      body: async () => {
        const starts = []
        const call = pThrottle({ limit: 3, interval: 100, strict: true, weight: (w) => w })(async (w) => void starts.push([Date.now(), w]))
        const ask = async (ms, w) => {
          await sleep(ms)
          await pause('request')
          await call(w)
        }
        await Promise.all([ask(1, 2), ask(30, 1), ask(50, 3), ask(110, 2)])
        for (const [at] of starts) {
          const weight = starts.filter(([t]) => t >= at && t < at + 100).reduce((sum, [, w]) => sum + w, 0)
          assert(weight <= 3, `${weight} within 100 ms`)
        }
      },
    },
    {
      name: 'an abort rejects what waits, and nothing of it runs',
      promise: 'Abort pending executions. When aborted, all unresolved promises are rejected with `signal.reason`.',
      body: async () => {
        const user = new AbortController()
        let aborted = false
        const call = pThrottle({ limit: 1, interval: 100, signal: user.signal })(async () => assert(!aborted, 'ran after the abort'))
        const calls = [call(), call(), call()].map((p) => p.catch((error) => assert(error === user.signal.reason, error.message)))
        await pause('the user leaves')
        aborted = true
        user.abort()
        await Promise.all(calls)
      },
    },
  ],
}
