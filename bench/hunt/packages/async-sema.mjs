import { pause } from 'heddle'
import { RateLimit, Sema } from 'async-sema'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'async-sema',
  properties: [
    {
      name: 'never more than the number at once, and drain() has them all',
      promise: 'drain: Drains the semaphore and returns all the initialized tokens in an array.',
      body: async () => {
        const sema = new Sema(2)
        let running = 0
        const job = async () => {
          await pause('asked')
          await sema.acquire()
          assert(++running <= 2, `${running} at once`)
          await pause('job')
          running--
          sema.release()
        }
        const drain = async () => {
          await pause('drain')
          const tokens = await sema.drain()
          assert(running === 0 && tokens.length === 2, `${running} run, ${tokens.length} tokens`)
          for (const _ of tokens) sema.release()
        }
        await Promise.all([job(), job(), job(), drain()])
      },
    },
    {
      name: 'RateLimit: no more than so many in a second',
      promise: 'rps: number of tasks per second',
      body: async () => {
        const limit = RateLimit(2)
        const starts = []
        const job = async (ms) => {
          await sleep(ms)
          await limit()
          starts.push(Date.now())
        }
        await Promise.all([job(1), job(500), job(700), job(1000), job(1001)])
        for (let i = 2; i < starts.length; i++) assert(starts[i] - starts[i - 2] >= 1000, `three within ${starts[i] - starts[i - 2]} ms`)
      },
    },
  ],
}
