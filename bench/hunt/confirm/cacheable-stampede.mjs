// The second request has looked for the value before the first one has stored it, and is told so after: it calls again.
import { Cacheable, Keyv } from 'cacheable'
import { report, sleep, slowStore } from './support.mjs'

const answers = [5, 60] // one answer of the store takes longer than another
const store = slowStore(() => answers.shift() ?? 5)

let calls = 0
const load = new Cacheable({ secondary: new Keyv({ store }) }).wrap(async (id) => {
  calls++
  await sleep(10)
  return `user ${id}`
}, { ttl: '1h', keyPrefix: 'user' })
await Promise.all([load(1), load(1)])
report(calls === 2, `two requests at the same time: ${calls} calls`)
