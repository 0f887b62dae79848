// A job is about to start; a new one drops it, since the queue is full, and is itself taken out of the queue in its place.
import Bottleneck from 'bottleneck'
import { report, sleep, within } from './support.mjs'

for (let attempt = 1; attempt <= 100; attempt++) {
  const limiter = new Bottleneck({ maxConcurrent: 1, minTime: 100, highWater: 1, strategy: Bottleneck.strategy.LEAK })
  limiter.on('error', () => {})
  const ran = []
  const job = (name, ms) => within(400, limiter.schedule(async () => {
    ran.push(name)
    await sleep(ms)
  }).then(() => 'done', (error) => error.message))
  const first = job('first', 20)
  await sleep(10)
  const waiting = job('waiting', 1)
  await sleep(8 + attempt % 10)
  const fresh = job('fresh', 1)
  const outcomes = await Promise.all([first, waiting, fresh])
  if (outcomes[2] !== 'nothing') continue
  const next = await job('another', 1)
  report(next === 'nothing', `attempt ${attempt}: first ${outcomes[0]}; waiting: ${outcomes[1]}; fresh: ${outcomes[2]}; another, later: ${next}`)
}
report(false, 'it did not happen')
