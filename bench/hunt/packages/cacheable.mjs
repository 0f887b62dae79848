import { pause } from 'heddle'
import { Cacheable, Keyv } from 'cacheable'
import { assert } from '../support.mjs'
import { RemoteMap } from './keyv.mjs'

let instances = 0
const cache = (data) => new Cacheable({ secondary: new Keyv({ store: new RemoteMap(data) }), cacheId: `cache ${instances++}` })

export default {
  package: 'cacheable',
  properties: [
    {
      name: 'wrap: one call for requests at the same time',
      promise: 'a `Promise` based call will only be called once if multiple requests of the same are executed at the same time',
      trophy: 'cacheable-stampede',
      body: async () => {
        let calls = 0
        const load = cache().wrap(async (id) => {
          calls++
          await pause('load')
          return `user ${id}`
        }, { ttl: '1h', keyPrefix: 'user' })
        assert((await Promise.all([load(1), load(1)])).join() === 'user 1,user 1', 'something else')
        assert(calls === 1, `${calls} calls`)
      },
    },
    {
      name: 'after set() get() gives what was set',
      promise: 'set: Sets a value in the cache. get: Gets a value from the cache.',
      trophy: 'cacheable-stale-layer',
      body: async () => {
        const writer = cache()
        await writer.secondary.set('k', 'old')
        const read = async () => {
          await pause('a reader')
          await writer.get('k')
        }
        const write = async () => {
          await pause('a writer')
          await writer.set('k', 'new')
        }
        await Promise.all([read(), write()])
        const now = await writer.get('k')
        assert(now === 'new', `it gives ${now}`)
      },
    },
    {
      name: 'after delete() get() gives nothing',
      promise: 'delete: Deletes a value from the cache.',
      trophy: 'cacheable-stale-layer',
      body: async () => {
        const layers = cache()
        await layers.secondary.set('k', 'old')
        const read = async () => {
          await pause('a reader')
          await layers.get('k')
        }
        const remove = async () => {
          await pause('a delete')
          await layers.delete('k')
        }
        await Promise.all([read(), remove()])
        const now = await layers.get('k')
        assert(now === undefined, `it gives ${now}`)
      },
    },
  ],
}
