import { pause } from 'heddle'
import { createStorage } from 'unstorage'
import { assert } from '../support.mjs'

function remote() {
  const map = new Map()
  return {
    name: 'remote',
    hasItem: async (key) => map.has(key),
    getItem: async (key) => {
      await pause(`get ${key}`)
      return map.get(key) ?? null
    },
    setItem: async (key, value) => {
      await pause(`set ${key}`)
      map.set(key, value)
    },
    removeItem: async (key) => {
      await pause(`remove ${key}`)
      map.delete(key)
    },
    getKeys: async () => [...map.keys()],
    clear: async () => map.clear(),
  }
}

export default {
  package: 'unstorage',
  properties: [
    {
      name: 'what was set is what is got, of several keys at once',
      promise: 'setItem: Add/Update a value to the storage. getItems: Gets the value of several keys in storage in parallel.',
      body: async () => {
        const storage = createStorage({ driver: remote() })
        await storage.setItems([{ key: 'a', value: 1 }, { key: 'b', value: 2 }])
        const items = await storage.getItems(['a', 'b'])
        assert(items.map((i) => i.value).join() === '1,2', JSON.stringify(items))
      },
    },
    {
      name: 'a mount that comes and goes leaves the keys of others alone',
      promise: 'mount: By default, everything is stored in memory; we can mount additional storage space in a Unix-like fashion.',
      body: async () => {
        const storage = createStorage({ driver: remote() })
        const other = async () => {
          await pause('mount')
          storage.mount('cache', remote())
          await storage.setItem('cache:x', 1)
          await storage.unmount('cache')
        }
        const mine = async () => {
          await storage.setItem('mine', 1)
          assert((await storage.getItem('mine')) === 1, 'lost')
        }
        await Promise.all([other(), mine()])
      },
    },
  ],
}
