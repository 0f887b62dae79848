import { pause } from 'heddle'
import Bottleneck from 'bottleneck'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'bottleneck',
  properties: [
    {
      name: 'LEAK: a job is dropped or it runs',
      promise: 'if the queue length reaches `highWater`, drop the oldest job with the lowest priority',
      trophy: 'bottleneck-leak',
      known: 'published as a symptom: SGrondin/bottleneck#189, #152',
      body: async () => {
        const limiter = new Bottleneck({ maxConcurrent: 1, minTime: 100, highWater: 1, strategy: Bottleneck.strategy.LEAK })
        const settled = []
        const job = (name, work) => limiter.schedule(work).then(() => settled.push(name), () => settled.push(name))
        job('running', async () => void (await sleep(20)))
        await sleep(10)
        job('waiting', async () => {})
        await pause('another request')
        job('new', async () => {})
        await sleep(10_000)
        assert(settled.length === 3, `after ten seconds only these have run or been dropped: ${settled.join(', ')}`)
      },
    },
    {
      name: 'never more than maxConcurrent at once, and all run',
      promise: 'maxConcurrent: How many jobs can be executing at the same time',
      body: async () => {
        const limiter = new Bottleneck({ maxConcurrent: 2 })
        let running = 0
        const job = async (name, priority) => {
          await pause(`asked for ${name}`)
          return limiter.schedule({ priority }, async () => {
            assert(++running <= 2, `${running} at once`)
            await pause(name)
            running--
            return name
          })
        }
        const ran = await Promise.all([job('a', 5), job('b', 1), job('c', 9)])
        assert(ran.join() === 'a,b,c', `ran ${ran}`)
      },
    },
    {
      name: 'stop() waits for what executes, and drops the rest',
      promise: '`stop()` returns a promise that resolves once all the `EXECUTING` jobs have completed and all others have been dropped',
      body: async () => {
        const limiter = new Bottleneck({ maxConcurrent: 1 })
        let running = 0
        const outcomes = []
        const job = async (name) => {
          await pause(`asked for ${name}`)
          await limiter.schedule(async () => {
            running++
            await pause(name)
            running--
          }).then(() => outcomes.push('ran'), () => outcomes.push('dropped'))
        }
        const jobs = Promise.all([job('a'), job('b')])
        await pause('SIGTERM')
        await limiter.stop()
        assert(running === 0, `${running} still executing`)
        await jobs
        assert(outcomes.length === 2, `${outcomes}`)
      },
    },
    {
      name: 'minTime passes between the starts of two jobs',
      promise: 'minTime: How long to wait after launching a job before launching another one.',
      body: async () => {
        const limiter = new Bottleneck({ minTime: 100 })
        const starts = []
        const job = async (ms) => {
          await sleep(ms)
          await limiter.schedule(async () => void starts.push(Date.now()))
        }
        await Promise.all([job(1), job(50), job(100)])
        for (let i = 1; i < starts.length; i++) assert(starts[i] - starts[i - 1] >= 99, `${starts[i] - starts[i - 1]} ms between two`)
      },
    },
  ],
}
