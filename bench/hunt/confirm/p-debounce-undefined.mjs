// With `before`, a second call is answered when the time is over, whether the first one has an answer or not.
import pDebounce from 'p-debounce'
import { report, sleep } from './support.mjs'

const load = pDebounce(async () => {
  await sleep(60)
  return 'loaded'
}, 20, { before: true })

const [first, second] = await Promise.all([load(), load()])
report(second === undefined, `the first call got ${first}, the second ${second}`)
