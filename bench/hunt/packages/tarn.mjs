import { pause } from 'heddle'
import { Pool } from 'tarn'
import { assert, sleep } from '../support.mjs'

/** Longer than anything takes; where time passes all the same, a timeout is in order. */
const LONG = 1e9
const patient = { acquireTimeoutMillis: LONG, createTimeoutMillis: LONG, destroyTimeoutMillis: LONG }
const tooLate = () => Date.now() - Date.UTC(2020, 0) >= LONG

const pool = (options) => new Pool({
  create: async () => {
    await pause('connect')
    return {}
  },
  destroy: () => {},
  min: 0,
  max: 1,
  ...patient,
  ...options,
})

export default {
  package: 'tarn',
  properties: [
    {
      name: 'an acquire that was aborted holds no resource',
      promise: 'acquire can be aborted using the abort method.',
      trophy: 'tarn-abort',
      body: async () => {
        // A hedged read: whichever connection answers first; the other request is taken back.
        const connections = pool({})
        const withConnection = async (use) => {
          const connection = await connections.acquire().promise
          try {
            return await use(connection)
          } finally {
            connections.release(connection)
          }
        }
        const read = async () => withConnection(() => pause('read'))
        const hedged = async () => {
          const first = read()
          const spare = connections.acquire()
          spare.promise.then((connection) => connections.release(connection), () => {})
          await first
          spare.abort()
        }
        await hedged().catch((error) => {
          if (!tooLate()) throw error
        })
        await sleep(1000)
        assert(connections.numUsed() === 0, `${connections.numUsed()} in use, by nobody`)
      },
    },
    {
      name: 'never more than max at once, and every acquire is served',
      promise: 'max: 10 // maximum size',
      body: async () => {
        let open = 0
        const connections = new Pool({
          create: async () => {
            await pause('connect')
            assert(++open <= 2, `${open} open`)
            return {}
          },
          validate: async () => {
            await pause('ping')
            return true
          },
          destroy: () => void open--,
          min: 0,
          max: 2,
          ...patient,
        })
        const use = async () => {
          const connection = await connections.acquire().promise
          await pause('query')
          connections.release(connection)
        }
        await Promise.all([use(), use(), use()]).catch((error) => {
          if (!tooLate()) throw error
        })
        await connections.destroy()
        assert(open === 0 || tooLate(), `${open} open after destroy()`)
      },
    },
    {
      name: 'destroy() waits for what is in use, and then nothing is open',
      promise: '// Disconnect all resources. If there are still acquired resources, wait for them',
      body: async () => {
        let open = 0
        const connections = pool({
          create: async () => {
            await pause('connect')
            open++
            return {}
          },
          destroy: async () => {
            await pause('close')
            open--
          },
          max: 2,
        })
        const use = async () => {
          try {
            const connection = await connections.acquire().promise
            await pause('query')
            connections.release(connection)
          } catch (error) {
            assert(error.message === 'aborted' || tooLate(), error.message)
          }
        }
        const work = Promise.all([use(), use()])
        await pause('until the end')
        await connections.destroy()
        assert(open === 0 || tooLate(), `${open} open after destroy()`)
        await work
      },
    },
  ],
}
