import { pause } from 'heddle'
import { createPool } from 'generic-pool'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'generic-pool',
  properties: [
    {
      name: 'after drain() and clear() nothing is open',
      promise: 'resolve once all waiting clients have acquired and return resources, and any available resources have been destroyed',
      trophy: 'generic-pool-drain',
      body: async () => {
        let open = 0
        const pool = createPool({
          create: async () => {
            open++
            return {}
          },
          destroy: async () => void open--,
        }, { max: 1, priorityRange: 2, acquireTimeoutMillis: 100 })
        const use = async (priority, ms) => {
          let resource
          try {
            resource = await pool.acquire(priority)
          } catch (error) {
            assert(error.name === 'TimeoutError', error.message)
            return
          }
          await sleep(ms)
          await pool.release(resource)
        }
        const first = use(0, 120)
        const low = use(1, 10)
        await sleep(60)
        const high = use(0, 10)
        await pause('SIGTERM')
        await pool.drain()
        await pool.clear()
        assert(open === 0 && pool.pending === 0, `${open} open and ${pool.pending} waiting after drain() and clear()`)
        await Promise.all([first, low, high])
      },
    },
    {
      name: 'never more than max, and every acquire is served',
      promise: 'max: maximum number of resources to create at any given time',
      body: async () => {
        let open = 0
        const pool = createPool({
          create: async () => {
            await pause('connect')
            assert(++open <= 2, `${open} open`)
            return {}
          },
          validate: async () => {
            await pause('ping')
            return true
          },
          destroy: async () => void open--,
        }, { max: 2, testOnBorrow: true })
        await Promise.all([0, 1, 2].map(() => pool.use(async () => void (await pause('query')))))
        await pool.drain()
        await pool.clear()
        assert(open === 0, `${open} open at the end`)
      },
    },
    {
      name: 'who timed out gets nothing, and nothing is lost',
      promise: 'acquireTimeoutMillis: max milliseconds an `acquire` call will wait for a resource before timing out',
      body: async () => {
        const pool = createPool({
          create: async () => ({}),
          destroy: async () => {},
        }, { max: 1, acquireTimeoutMillis: 100 })
        const use = async (ms) => {
          const resource = await pool.acquire().catch(() => null)
          if (resource === null) return
          await sleep(ms)
          await pause('query')
          await pool.release(resource)
        }
        await Promise.all([use(100), use(10), use(10)])
        assert(pool.borrowed === 0 && pool.available === 1, `${pool.borrowed} borrowed, ${pool.available} available`)
      },
    },
  ],
}
