import { pause } from 'heddle'
import memoizee from 'memoizee'
import { assert } from '../support.mjs'

export default {
  package: 'memoizee',
  properties: [
    {
      name: 'promise: a rejection is not kept',
      promise: 'in case when promise was rejected with exception, the result is immediately removed from memoize cache',
      trophy: 'memoizee-rejection',
      body: async () => {
        let up = true
        const load = memoizee(async () => {
          const answer = up
          await pause(answer ? 'an answer' : 'a failure')
          if (!answer) throw new Error('down')
          return 'fresh'
        }, { promise: true, primitive: true })
        const before = load()
        up = false
        load.delete()
        const during = load().catch(() => {})
        await Promise.all([before, during])
        await pause('later')
        up = true
        assert((await load().catch((error) => error.message)) === 'fresh', 'everybody gets the rejection from now on')
      },
    },
    {
      name: 'promise: one call for all that ask while it is under way',
      promise: 'memoized(3, 7); // Cache hit',
      body: async () => {
        let calls = 0
        const load = memoizee(async (id) => {
          calls++
          await pause('load')
          return id
        }, { promise: true })
        const ask = async () => {
          await pause('request')
          assert((await load(1)) === 1, 'something else')
        }
        await Promise.all([ask(), ask(), ask()])
        assert(calls === 1, `${calls} calls`)
      },
    },
    {
      name: 'promise, maxAge: nothing older is given',
      promise: 'maxAge: cache for given call is cleared after predefined period of time',
      body: async () => {
        const load = memoizee(async () => {
          await pause('load')
          return Date.now()
        }, { promise: true, maxAge: 100 })
        const ask = async () => {
          await new Promise((resolve) => setTimeout(resolve, 60))
          const loaded = await load()
          assert(Date.now() - loaded <= 100, `${Date.now() - loaded} ms old`)
        }
        await Promise.all([load(), ask().then(ask)])
      },
    },
  ],
}
