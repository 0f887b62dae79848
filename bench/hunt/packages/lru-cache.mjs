import { abortAnywhere, pause } from 'heddle'
import { LRUCache } from 'lru-cache'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'lru-cache',
  properties: [
    {
      name: 'fetch: one call for all that ask while it is under way',
      promise: 'fetch: Make an asynchronous cached fetch',
      body: async () => {
        let calls = 0
        const cache = new LRUCache({
          max: 2,
          fetchMethod: async (key) => {
            calls++
            await pause('fetch')
            return key.toUpperCase()
          },
        })
        const ask = async () => {
          await pause('request')
          assert((await cache.fetch('a')) === 'A', 'something else')
        }
        await Promise.all([ask(), ask(), ask()])
        assert(calls === 1, `${calls} calls`)
      },
    },
    {
      name: 'fetch: what is set meanwhile stays',
      promise: 'set: Add a value to the cache.',
      body: async () => {
        const cache = new LRUCache({
          max: 2,
          fetchMethod: async () => {
            await pause('fetch')
            return 'fetched'
          },
        })
        const reader = cache.fetch('a').catch(() => {})
        await pause('a change')
        cache.set('a', 'set')
        await reader
        assert(cache.get('a') === 'set', cache.get('a'))
      },
    },
    {
      name: 'fetch: an abort rejects, and the next fetch is not harmed',
      promise: 'signal: an AbortSignal to abort the fetch',
      // A listener stays on the signal of who fetched; that is a leak and no race.
      options: { leaks: 'ignore' },
      body: async () => {
        const cache = new LRUCache({
          max: 2,
          fetchMethod: async (key) => {
            await pause('fetch')
            return key.toUpperCase()
          },
        })
        const user = abortAnywhere(new AbortController(), { label: 'the user' })
        const first = cache.fetch('a', { signal: user.signal }).catch((error) => assert(error.name === 'AbortError', error.message))
        await pause('another one')
        await first
        assert((await cache.fetch('a')) === 'A', 'something else')
      },
    },
    {
      name: 'ttl: nothing staler than the ttl without allowStale',
      promise: 'ttl: Max time in milliseconds for items to live in cache before they are considered stale.',
      body: async () => {
        const cache = new LRUCache({
          max: 2,
          ttl: 100,
          perf: { now: () => Date.now() },
          ttlResolution: 0,
          fetchMethod: async () => {
            await pause('fetch')
            return Date.now()
          },
        })
        const ask = async (ms) => {
          await sleep(ms)
          const asked = Date.now()
          assert(asked - (await cache.fetch('a')) <= 100, 'stale')
        }
        await Promise.all([ask(1), ask(60), ask(110), ask(180)])
      },
    },
  ],
}
