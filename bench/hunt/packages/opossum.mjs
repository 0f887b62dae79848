import { pause } from 'heddle'
import CircuitBreaker from 'opossum'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'opossum',
  properties: [
    {
      name: 'after shutdown() every call fails',
      promise: 'Shuts down this circuit breaker. All subsequent calls to the circuit will fail, returning a rejected promise.',
      trophy: 'opossum-shutdown',
      body: async () => {
        let ran = 0
        const breaker = new CircuitBreaker(async () => {
          ran++
          await pause('request')
          throw new Error('down')
        }, { timeout: false, resetTimeout: 100 })
        const fire = () => breaker.fire().catch(() => {})
        await Promise.all([fire(), fire()])
        await sleep(100)
        const trial = fire()
        const stop = async () => {
          await pause('SIGTERM')
          breaker.shutdown()
        }
        await Promise.all([trial, stop()])
        const before = ran
        await fire()
        assert(ran === before, 'a call ran after shutdown()')
      },
    },
    {
      name: 'never more than capacity at once',
      promise: 'capacity: the number of concurrent requests allowed',
      body: async () => {
        let running = 0
        const breaker = new CircuitBreaker(async (fails) => {
          assert(++running <= 2, `${running} at once`)
          await pause('request')
          running--
          if (fails) throw new Error('down')
        }, { timeout: false, capacity: 2, errorThresholdPercentage: 100 })
        const fire = async (fails) => {
          await pause('asked')
          await breaker.fire(fails).catch((error) => assert(/down|locked/.test(error.message), error.message))
        }
        await Promise.all([fire(true), fire(false), fire(true), fire(false)])
        breaker.shutdown()
      },
    },
    {
      name: 'coalesce: one call for all that ask while it is under way',
      promise: 'coalesce: calls made while one with the same key is under way get the same promise',
      body: async () => {
        let running = 0
        const breaker = new CircuitBreaker(async () => {
          assert(++running <= 1, `${running} at once`)
          await pause('request')
          running--
        }, { timeout: false, coalesce: true })
        const fire = async () => {
          await pause('asked')
          await breaker.fire('key')
        }
        await Promise.all([fire(), fire(), fire()])
        breaker.shutdown()
      },
    },
    {
      name: 'half open: one call tries',
      promise: 'the next call will execute; if it fails the circuit is open again, if it succeeds closed',
      body: async () => {
        let ran = 0
        let up = false
        const breaker = new CircuitBreaker(async () => {
          ran++
          const answer = up
          await pause('request')
          if (!answer) throw new Error('down')
        }, { timeout: false, resetTimeout: 100, volumeThreshold: 1 })
        await breaker.fire().catch(() => {})
        assert(breaker.opened, 'not open')
        await sleep(100)
        up = true
        ran = 0
        const fire = () => breaker.fire().catch(() => {})
        const [first, second] = [fire(), fire()]
        assert(ran === 1, `${ran} ran`)
        await Promise.all([first, second])
        assert(breaker.closed, 'not closed')
        breaker.shutdown()
      },
    },
  ],
}
