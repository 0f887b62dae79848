import { pause } from 'heddle'
import Keyv from 'keyv'
import { assert, sleep } from '../support.mjs'

/** A store at the other end of a wire. */
export class RemoteMap {
  #map = new Map()
  constructor(map = new Map()) {
    this.#map = map
  }

  async get(key) {
    const value = this.#map.get(key)
    await pause(`get ${key}`)
    return value
  }

  async set(key, value) {
    await pause(`set ${key}`)
    this.#map.set(key, value)
    return true
  }

  async delete(key) {
    await pause(`delete ${key}`)
    return this.#map.delete(key)
  }

  async clear() {
    this.#map.clear()
  }

  async has(key) {
    return (await this.get(key)) !== undefined
  }
}

export default {
  package: 'keyv',
  properties: [
    {
      name: 'what was set without a TTL stays',
      promise: 'By default keys are persistent.',
      trophy: 'keyv-expired',
      body: async () => {
        const keyv = new Keyv({ store: new RemoteMap() })
        await keyv.set('token', 'old', 100)
        await sleep(101)
        const reader = async () => {
          await pause('a reader')
          await keyv.get('token')
        }
        const writer = async () => {
          await pause('a writer')
          await keyv.set('token', 'new')
        }
        await Promise.all([reader(), writer()])
        const now = await keyv.get('token')
        assert(now === 'new', `the token is ${now}`)
      },
    },
    {
      name: 'get() gives nothing that has expired',
      promise: 'get: Returns a promise which resolves to the retrieved value, or `undefined` if the key does not exist or is expired.',
      body: async () => {
        const keyv = new Keyv({ store: new RemoteMap() })
        let written = 0
        const writer = async () => {
          await sleep(10)
          written = Date.now()
          await keyv.set('k', 1, 100)
        }
        const reader = async () => {
          await sleep(100)
          const asked = Date.now()
          const value = await keyv.get('k')
          assert(value === undefined || written === 0 || asked - written <= 100, `${asked - written} ms old`)
        }
        await Promise.all([writer(), reader(), reader()])
      },
    },
  ],
}
