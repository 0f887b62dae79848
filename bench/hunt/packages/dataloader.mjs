import { pause } from 'heddle'
import DataLoader from 'dataloader'
import { assert } from '../support.mjs'

export default {
  package: 'dataloader',
  properties: [
    {
      name: 'what was primed by force is what a load gives',
      promise: 'To forcefully prime the cache, clear the key first with loader.clear(key).prime(key, value)',
      trophy: 'dataloader-prime',
      body: async () => {
        let requests = 0
        const users = new DataLoader(async () => {
          requests++
          await pause('query')
          throw new Error('down')
        })
        const reader = users.load(1).catch(() => {})
        await pause('a change')
        users.clear(1).prime(1, 'changed')
        await reader
        assert((await users.load(1).catch((error) => error.message)) === 'changed', `asked ${requests} times in spite of the primed value`)
      },
    },
    {
      name: 'a key is loaded once',
      promise: 'After .load() is called once with a given key, the resulting value is cached to eliminate redundant loads.',
      body: async () => {
        let asked = 0
        const users = new DataLoader(async (keys) => {
          asked += keys.length
          await pause('query')
          return keys
        })
        const ask = async (key) => {
          await pause('request')
          assert((await users.load(key)) === key, 'something else')
        }
        await Promise.all([ask(1), ask(1), ask(2)])
        assert(asked === 2, `${asked} keys asked for`)
      },
    },
    {
      name: 'after a clear the value is loaded anew',
      promise: 'Clears the value at `key` from the cache, if it exists.',
      body: async () => {
        let name = 'old'
        const users = new DataLoader(async (keys) => {
          const read = name
          await pause('query')
          return keys.map(() => read)
        })
        const reader = users.load(1)
        await pause('a change')
        name = 'new'
        users.clear(1)
        await pause('later')
        const [, now] = await Promise.all([reader, users.load(1)])
        assert(now === 'new', now)
      },
    },
  ],
}
