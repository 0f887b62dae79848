// A call waits for its turn while an earlier one runs; the earlier one's end takes the abort listener away.
import pDebounce from 'p-debounce'
import { report, sleep, within } from './support.mjs'

const user = new AbortController()
const ran = []
const search = pDebounce(async (text) => {
  ran.push(text)
  await sleep(40)
}, 60, { signal: user.signal })

const first = search('a')
await sleep(70) // it runs
const second = search('b').then(() => 'resolved', () => 'rejected')
await first
user.abort()
const outcome = await within(500, second)
report(outcome === 'resolved' && ran.includes('b'), `aborted while 'b' waited: it ${outcome}, having run ${ran.join(' and ')}`)
