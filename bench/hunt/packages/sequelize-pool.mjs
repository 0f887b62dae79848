import { pause } from 'heddle'
import { Pool } from 'sequelize-pool'
import { assert, sleep } from '../support.mjs'

const LONG = 1e9
const tooLate = () => Date.now() - Date.UTC(2020, 0) >= LONG

const pool = (max) => {
  const seen = { open: 0 }
  seen.pool = new Pool({
    create: async () => {
      await pause('connect')
      seen.open++
      return {}
    },
    destroy: async () => {
      await pause('close')
      seen.open--
    },
    validate: () => true,
    min: 0,
    max,
    acquireTimeoutMillis: LONG,
    idleTimeoutMillis: LONG,
    reapIntervalMillis: LONG,
  })
  return seen
}

export default {
  package: 'sequelize-pool',
  properties: [
    {
      name: 'never more than max, and every acquire is served',
      promise: 'max: maximum size of the pool',
      body: async () => {
        const seen = pool(2)
        let used = 0
        const use = async () => {
          const connection = await seen.pool.acquire()
          assert(++used <= 2 && seen.open <= 2, `${used} in use, ${seen.open} open`)
          await pause('query')
          used--
          seen.pool.release(connection)
        }
        await Promise.all([use(), use(), use()]).catch((error) => {
          if (!tooLate()) throw error
        })
      },
    },
    {
      name: 'after drain() and destroyAllNow() nothing is open',
      promise: 'pool.drain().then(() => pool.destroyAllNow());',
      body: async () => {
        const seen = pool(2)
        const use = async () => {
          await pause('request')
          try {
            const connection = await seen.pool.acquire()
            await pause('query')
            seen.pool.release(connection)
          } catch (error) {
            assert(/draining/.test(error.message) || tooLate(), error.message)
          }
        }
        const work = Promise.all([use(), use(), use()])
        await pause('SIGTERM')
        await seen.pool.drain()
        await seen.pool.destroyAllNow()
        assert(seen.open === 0 || tooLate(), `${seen.open} open`)
        await work
      },
    },
    {
      name: 'destroyAllNow() leaves what is in use alone',
      promise: '(none: the documentation shows it after drain() only)',
      known: 'not promised',
      body: async () => {
        const closed = new Set()
        const connections = new Pool({
          create: async () => ({}),
          destroy: async (connection) => {
            await sleep(5)
            closed.add(connection)
          },
          validate: () => true,
          min: 0,
          max: 2,
        })
        const [a, b] = await Promise.all([connections.acquire(), connections.acquire()])
        connections.release(a)
        connections.release(b)
        const all = connections.destroyAllNow()
        const mine = await connections.acquire()
        await all
        assert(!closed.has(mine), 'a connection in use was closed')
      },
    },
  ],
}
