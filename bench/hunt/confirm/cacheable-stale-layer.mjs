// A reader has read the second layer; a writer sets both layers; the reader puts what it has read into the first.
import { Cacheable, Keyv } from 'cacheable'
import { report, sleep, slowStore } from './support.mjs'

const store = slowStore(() => 30, 5)

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
