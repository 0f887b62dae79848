// A slot is free, the queued call has left the queue and has not begun: two other calls take the slot and the place in the queue.
import { bulkhead } from 'cockatiel'
import { report, sleep } from './support.mjs'

const policy = bulkhead(1, 1)
const request = sleep(20)
const first = policy.execute(() => request)
const queued = policy.execute(async () => 'ran').catch((error) => error.message)
const slots = policy.queueSlots
await request // as the first call does
const others = [policy.execute(async () => {}), policy.execute(async () => {})]
await Promise.allSettled([first, ...others])
const outcome = await queued
report(outcome !== 'ran', `accepted (${slots} places left in the queue), and then: ${outcome}`)
