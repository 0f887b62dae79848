// A batch is under way; a change clears and primes its key; the batch fails, and takes the primed value with it.
import DataLoader from 'dataloader'
import { report, sleep } from './support.mjs'

let requests = 0
const users = new DataLoader(async () => {
  requests++
  await sleep(20)
  throw new Error('down')
})
const reader = users.load(1).catch((error) => error.message)
await sleep(5)
users.clear(1).prime(1, 'changed')
const before = await users.load(1)
await reader
const after = await users.load(1).catch((error) => error.message)
report(before === 'changed' && after === 'down', `primed: ${before}; when the old batch has failed: ${after} (${requests} requests)`)
