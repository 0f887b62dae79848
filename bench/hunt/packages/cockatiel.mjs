import { pause } from 'heddle'
import { bulkhead, circuitBreaker, ConsecutiveBreaker, handleAll, retry, ConstantBackoff, timeout, TimeoutStrategy } from 'cockatiel'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'cockatiel',
  properties: [
    {
      name: 'bulkhead: what was queued is executed',
      promise: 'Queues the function for execution and returns its results when it runs',
      trophy: 'cockatiel-bulkhead',
      body: async () => {
        const policy = bulkhead(1, 1)
        let request
        const load = () => (request ??= (async () => {
          await pause('request')
        })())
        const first = policy.execute(load)
        const queued = policy.execute(async () => 'ran').catch((error) => error.message)
        assert(policy.queueSlots === 0, 'it is not queued')
        // Another part waits for the same request, and then makes two calls.
        const other = async () => {
          await pause('the other part')
          await load()
          const calls = [policy.execute(async () => {}), policy.execute(async () => {})]
          await Promise.allSettled(calls)
        }
        await Promise.all([first, other()])
        assert((await queued) === 'ran', `the queued call was refused: ${await queued}`)
      },
    },
    {
      name: 'bulkhead: never more than the limit at once',
      promise: 'limits the number of concurrent calls',
      body: async () => {
        const policy = bulkhead(2, 3)
        let running = 0
        const call = async () => {
          await pause('asked')
          await policy.execute(async () => {
            assert(++running <= 2, `${running} at once`)
            await pause('request')
            running--
          })
        }
        await Promise.all([call(), call(), call(), call()])
        assert(policy.executionSlots === 2 && policy.queueSlots === 3, 'a slot is lost')
      },
    },
    {
      name: 'circuit breaker: one trial while half open, and its outcome decides',
      promise: 'when the circuit is half open, one request is allowed',
      body: async () => {
        const policy = circuitBreaker(handleAll, { halfOpenAfter: 100, breaker: new ConsecutiveBreaker(1) })
        await policy.execute(() => Promise.reject(new Error('down'))).catch(() => {})
        await sleep(101)
        let running = 0
        const call = async () => {
          await pause('asked')
          await policy.execute(async () => {
            const trial = policy.state === 2
            running++
            assert(!trial || running === 1, `${running} at once while half open`)
            await pause('request')
            running--
          })
        }
        await Promise.all([call(), call(), call()])
        assert(policy.state === 0, `state ${policy.state}`)
      },
    },
    {
      name: 'retry: nothing is tried after an abort',
      promise: 'If the function doesn\'t succeed before the backoff ceases or cancellation is requested, the last error thrown will be bubbled up',
      trophy: 'cockatiel-retry',
      body: async () => {
        const user = new AbortController()
        let late = 0
        const policy = retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(100) })
        const charge = async () => {
          if (user.signal.aborted) late++
          await pause('request')
          throw new Error('down')
        }
        const leave = async () => {
          await pause('the user leaves')
          user.abort()
        }
        await Promise.all([policy.execute(charge, user.signal).catch(() => {}), leave()])
        assert(late === 0, 'tried after the user had left')
      },
    },
    {
      name: 'timeout: no result later than the time',
      promise: 'aggressive: immediately throw an error once the timeout passes',
      body: async () => {
        const policy = timeout(100, TimeoutStrategy.Aggressive)
        const began = Date.now()
        await policy.execute(async () => {
          await pause('request')
        }).catch(() => {})
        assert(Date.now() - began <= 100, `after ${Date.now() - began} ms`)
      },
    },
  ],
}
