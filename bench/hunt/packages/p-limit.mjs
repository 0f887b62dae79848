import { pause } from 'heddle'
import pLimit from 'p-limit'
import { assert } from '../support.mjs'

export default {
  package: 'p-limit',
  properties: [
    {
      name: 'never more than concurrency at once, and all run',
      promise: 'concurrency: Concurrency limit.',
      body: async () => {
        const limit = pLimit(2)
        let running = 0
        const job = async (name) => {
          await pause('asked')
          return limit(async () => {
            assert(++running <= 2, `${running} at once`)
            await pause('job')
            running--
            return name
          })
        }
        const ran = await Promise.all([job('a'), job('b'), job('c'), job('d')])
        assert(ran.join() === 'a,b,c,d' && limit.activeCount <= 2, `ran ${ran}`)
      },
    },
    {
      name: 'a limit that changes holds for what starts after it',
      promise: 'limit.concurrency: Get or set the concurrency limit.',
      body: async () => {
        const limit = pLimit(2)
        let running = 0
        let since = 0
        const job = () => limit(async () => {
          if (since > 0) assert(running < limit.concurrency, `${running + 1} at once, of ${limit.concurrency}`)
          running++
          await pause('job')
          running--
        })
        const change = async () => {
          await pause('fewer')
          limit.concurrency = 1
          since++
          await pause('more')
          limit.concurrency = 3
        }
        await Promise.all([job(), job(), job(), job(), change()])
      },
    },
    {
      name: 'clearQueue() with rejectOnClear settles what waits, and nothing of it runs',
      promise: 'rejectOnClear: Reject pending promises with an `AbortError` when `clearQueue()` is called.',
      body: async () => {
        const limit = pLimit({ concurrency: 1, rejectOnClear: true })
        const outcomes = []
        const job = async () => {
          let ran = false
          await pause('asked')
          await limit(async () => {
            ran = true
            await pause('job')
          }).then(() => outcomes.push('ran'), () => {
            assert(!ran, 'it ran, and was rejected')
            outcomes.push('cleared')
          })
        }
        const jobs = Promise.all([job(), job(), job()])
        await pause('clear')
        limit.clearQueue()
        await jobs
        assert(outcomes.length === 3, `${outcomes}`)
      },
    },
  ],
}
