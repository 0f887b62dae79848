// The trial of a half open breaker is under way at shutdown(), and fails after it: the breaker is open, and no longer shut down.
import CircuitBreaker from 'opossum'
import { report, sleep } from './support.mjs'

let ran = 0
const breaker = new CircuitBreaker(async () => {
  ran++
  await sleep(20)
  throw new Error('down')
}, { resetTimeout: 50 })
const fire = () => breaker.fire().catch((error) => error.message)

await Promise.all([fire(), fire()])
await sleep(100)
const trial = fire()
breaker.shutdown()
const before = breaker.isShutdown
await trial
const trials = ran
const answer = await fire()
report(ran > trials, `isShutdown was ${before} and is ${breaker.isShutdown}; the next call ${ran > trials ? 'ran' : 'did not run'} (${answer})`)
