import { pause } from 'heddle'
import pRetry from 'p-retry'
import { assert } from '../support.mjs'

export default {
  package: 'p-retry',
  properties: [
    {
      name: 'nothing is tried after an abort, and the reason is what it rejects with',
      promise: 'You can abort retrying using `AbortController`.',
      body: async () => {
        const user = new AbortController()
        const leave = async () => {
          await pause('the user leaves')
          user.abort(new Error('left'))
        }
        const run = pRetry(async () => {
          assert(!user.signal.aborted, 'tried after the abort')
          await pause('request')
          throw new Error('down')
        }, { retries: 2, minTimeout: 100, signal: user.signal })
        const [error] = await Promise.all([run.then(() => null, (e) => e), leave()])
        assert(/left|down/.test(error.message), error.message)
      },
    },
    {
      name: 'no more than retries times, and the last error',
      promise: 'retries: The maximum amount of times to retry the operation.',
      body: async () => {
        let tries = 0
        const run = async () => {
          await pRetry(async () => {
            const n = ++tries
            await pause('request')
            throw new Error(`down ${n}`)
          }, { retries: 1, minTimeout: 10 })
        }
        const errors = await Promise.allSettled([run(), run()])
        assert(tries === 4 && errors.every((e) => e.status === 'rejected'), `${tries} tries`)
      },
    },
  ],
}
