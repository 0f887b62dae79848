// A call, a delete, a call: the first one's success is taken for the second one's, whose failure is then kept for ever.
import memoize from 'memoizee'
import { report, sleep } from './support.mjs'

let up = true
let calls = 0
const load = memoize(async () => {
  calls++
  const answer = up
  await sleep(answer ? 20 : 40)
  if (!answer) throw new Error('down')
  return 'fresh'
}, { promise: true, primitive: true })

const before = load()
up = false
load.delete()
const during = load().catch(() => {})
await Promise.all([before, during])
up = true
await sleep(50)
const outcomes = []
for (let i = 0; i < 3; i++) outcomes.push(await load().catch((error) => error.message))
report(outcomes.every((o) => o === 'down'), `the backend is up again, and three calls get: ${outcomes.join(', ')} (${calls} calls made)`)
