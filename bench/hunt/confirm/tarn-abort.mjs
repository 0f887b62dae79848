// An acquire is aborted a moment after the resource for it was released: it rejects, and the resource is in use by nobody.
import { Pool } from 'tarn'
import { report, sleep } from './support.mjs'

const pool = new Pool({ create: async () => ({}), destroy: () => {}, min: 0, max: 1, acquireTimeoutMillis: 200 })
const withConnection = async (use) => {
  const connection = await pool.acquire().promise
  try {
    return await use(connection)
  } finally {
    pool.release(connection)
  }
}
const read = async () => withConnection(() => sleep(20))

const first = read()
const spare = pool.acquire()
const outcome = spare.promise.then(() => 'acquired', (error) => error.message)
await first
spare.abort() // not needed any more
const what = await outcome
await sleep(50)
const next = await pool.acquire().promise.then(() => 'acquired', (error) => error.message)
report(pool.numUsed() === 1 && next !== 'acquired', `${what}; ${pool.numUsed()} of 1 in use, by nobody; the next acquire: ${next}`)
