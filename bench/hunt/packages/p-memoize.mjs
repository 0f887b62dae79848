import { pause } from 'heddle'
import pMemoize, { pMemoizeClear } from 'p-memoize'
import { assert } from '../support.mjs'

/** A cache that is somewhere else. */
function remote() {
  const map = new Map()
  const wait = (f) => async (...args) => {
    await pause('cache')
    return f(...args)
  }
  return { has: wait((k) => map.has(k)), get: wait((k) => map.get(k)), set: wait((k, v) => map.set(k, v)), clear: () => map.clear() }
}

export default {
  package: 'p-memoize',
  properties: [
    {
      name: 'one call for all that ask while it is under way, also with a remote cache',
      promise: 'Memoize promise-returning & async functions',
      body: async () => {
        let calls = 0
        const load = pMemoize(async (id) => {
          calls++
          await pause('load')
          return id
        }, { cache: remote() })
        const ask = async () => {
          await pause('request')
          assert((await load(1)) === 1, 'something else')
        }
        await Promise.all([ask(), ask()])
        assert(calls === 1, `${calls} calls`)
      },
    },
    {
      name: 'nothing read before a clear is given to who asks after it',
      promise: 'pMemoizeClear: Clear all cached data of a memoized function.',
      body: async () => {
        let name = 'old'
        const load = pMemoize(async () => {
          const read = name
          await pause('load')
          return read
        })
        const reader = load()
        await pause('a change')
        name = 'new'
        pMemoizeClear(load)
        const during = await load()
        await reader
        assert(during === 'new' && (await load()) === 'new', `${during}, then ${await load()}`)
      },
    },
    {
      name: 'a rejection is not kept',
      promise: 'rejections are not cached',
      body: async () => {
        let up = false
        const load = pMemoize(async () => {
          const answer = up
          await pause('load')
          if (!answer) throw new Error('down')
          return 'fresh'
        })
        const first = load().catch(() => {})
        await pause('later')
        up = true
        pMemoizeClear(load)
        const second = load()
        await Promise.all([first, second])
        assert((await load()) === 'fresh', 'stale')
      },
    },
  ],
}
