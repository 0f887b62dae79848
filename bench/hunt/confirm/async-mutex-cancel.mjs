// Who waits for one permit stands behind a job for two; the job is cancelled, the permit is there, and nobody is told.
import { Semaphore } from 'async-mutex'
import { report, within } from './support.mjs'

const semaphore = new Semaphore(2)
await semaphore.acquire(1)
const heavy = semaphore.acquire(2).catch((error) => error.message)
const watcher = semaphore.waitForUnlock(1).then(() => 'told')
semaphore.cancel()
const outcome = await within(300, watcher)
report(outcome === 'nothing', `${await heavy}; ${semaphore.getValue()} permit is free, and after 300 ms the watcher is ${outcome === 'told' ? '' : 'not '}told`)
