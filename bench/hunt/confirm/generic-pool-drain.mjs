// drain() waits for the last client of the lowest priority. That one times out first; a later, more urgent one still waits.
import { createPool } from 'generic-pool'
import { report, sleep } from './support.mjs'

let open = 0
const pool = createPool({
  create: async () => {
    open++
    return {}
  },
  destroy: async () => void open--,
}, { max: 1, priorityRange: 2, acquireTimeoutMillis: 100 })

const first = await pool.acquire()
const low = pool.acquire(1).catch((error) => error.message)
await sleep(60)
const high = pool.acquire(0)
setTimeout(() => pool.release(first), 60) // low has timed out, high has not
await pool.drain()
await pool.clear()
const after = open
const resource = await high
await pool.release(resource)
await sleep(200)
report(after === 1 && open === 1, `low: ${await low}; after drain() and clear() ${after} is open, in use; it is released, and ${open} stays open`)
