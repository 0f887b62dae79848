// A reader has read the second layer; a writer sets both layers; the reader puts what it has read into the first.
import { Cacheable, Keyv } from 'cacheable'
import { report, sleep } from './support.mjs'

const map = new Map()
const store = {
  async get(key) {
    const value = map.get(key)
    await sleep(30)
    return value
  },
  async set(key, value) {
    await sleep(5)
    map.set(key, value)
    return true
  },
  async delete(key) {
    return map.delete(key)
  },
  async clear() {
    map.clear()
  },
  async has(key) {
    return map.has(key)
  },
}

const cache = new Cacheable({ secondary: new Keyv({ store }) })
await cache.secondary.set('k', 'old')
const reader = cache.get('k')
await sleep(5)
await cache.set('k', 'new')
await reader
await sleep(100)
const first = await cache.get('k')
const second = await cache.secondary.get('k')
report(first === 'old' && second === 'new', `set to new; the second layer has ${second}, and the cache gives ${first}`)
