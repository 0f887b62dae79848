// A reader finds an entry that has expired; before it deletes it a writer sets the key anew, for good; the reader deletes that.
import Keyv from 'keyv'
import { report, sleep } from './support.mjs'

const map = new Map()
/** A store at the other end of a wire: 10 ms each way. */
const store = {
  async get(key) {
    await sleep(10)
    const value = map.get(key)
    await sleep(10)
    return value
  },
  async set(key, value) {
    await sleep(10)
    map.set(key, value)
    await sleep(10)
    return true
  },
  async delete(key) {
    await sleep(10)
    return map.delete(key)
  },
  async clear() {
    map.clear()
  },
  async has(key) {
    return map.has(key)
  },
}

const keyv = new Keyv({ store })
await keyv.set('token', 'old', 30)
await sleep(50)
const reader = keyv.get('token')
await sleep(5)
await keyv.set('token', 'new') // no TTL
const between = [...map.values()].some((value) => String(value).includes('new'))
await reader
await sleep(20)
const now = await keyv.get('token')
report(now === undefined, `set to 'new' without a TTL${between ? ' (it was there)' : ''}; now it is ${now}`)
