// The user leaves while the policy waits for its next try; it tries all the same.
import { ConstantBackoff, handleAll, retry } from 'cockatiel'
import { report, sleep } from './support.mjs'

const user = new AbortController()
const tries = []
const running = retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(50) }).execute(async ({ signal }) => {
  tries.push(signal.aborted ? 'after the abort' : 'before it')
  throw new Error('down')
}, user.signal).catch(() => {})
await sleep(20)
user.abort()
await running
report(tries.includes('after the abort'), `tried: ${tries.join(', ')}`)
