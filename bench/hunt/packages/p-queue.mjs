import { abortAnywhere, pause } from 'heddle'
import PQueue from 'p-queue'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'p-queue',
  properties: [
    {
      name: 'never more than concurrency at once; onIdle() resolves when all have run',
      promise: 'concurrency: Concurrency limit. onIdle: guarantees that all work from the queue has finished',
      body: async () => {
        const queue = new PQueue({ concurrency: 2 })
        let running = 0
        let left = 4
        const add = async (priority) => {
          await pause('asked')
          void queue.add(async () => {
            assert(++running <= 2, `${running} at once`)
            await pause('job')
            running--
            left--
          }, { priority })
        }
        await Promise.all([add(0), add(1), add(2), add(3)])
        await queue.onIdle()
        assert(left === 0, `${left} left`)
      },
    },
    {
      name: 'an abort rejects at once and frees the slot',
      promise: 'signal: AbortSignal for cancellation of the operation. When aborted, it will be removed from the queue and the `queue.add()` call will reject',
      body: async () => {
        const queue = new PQueue({ concurrency: 1 })
        const user = abortAnywhere(new AbortController(), { label: 'the user' })
        const job = async () => void (await pause('job'))
        const first = queue.add(job, { signal: user.signal }).catch((error) => assert(error.name === 'AbortError', error.message))
        const second = queue.add(job, { signal: user.signal }).catch((error) => assert(error.name === 'AbortError', error.message))
        const third = queue.add(job)
        await Promise.all([first, second, third])
        await queue.onIdle()
        assert(queue.size === 0 && queue.pending === 0, `${queue.size} waiting, ${queue.pending} running`)
      },
    },
    {
      name: 'onSizeLessThan() resolves whatever makes the queue short',
      promise: 'settles when the queue size is less than the given limit',
      body: async () => {
        const queue = new PQueue({ concurrency: 1, autoStart: false })
        let waiter
        // The job goes on when the producer does.
        void queue.add(async () => void (await waiter))
        const producer = async () => {
          await pause('the producer')
          waiter = queue.onSizeLessThan(1)
          await waiter
        }
        const starter = async () => {
          await pause('the start')
          queue.start()
        }
        await Promise.all([producer(), starter()])
        await queue.onIdle()
      },
    },
    {
      name: 'no more than intervalCap in an interval',
      promise: 'intervalCap: The max number of runs in the given interval of time.',
      body: async () => {
        const queue = new PQueue({ intervalCap: 1, interval: 100 })
        const starts = []
        const add = async (ms) => {
          await sleep(ms)
          await queue.add(async () => {
            starts.push(Date.now())
            await pause('job')
          })
        }
        await Promise.all([add(1), add(50), add(100), add(150)])
        for (let i = 1; i < starts.length; i++) assert(starts[i] - starts[i - 1] >= 99, `${starts[i] - starts[i - 1]} ms between two`)
      },
    },
    {
      name: 'strict: no more than intervalCap in any interval',
      promise: 'strict: uses a sliding window, so that no more than intervalCap run in any interval',
      body: async () => {
        const queue = new PQueue({ intervalCap: 2, interval: 100, strict: true, concurrency: 2 })
        const starts = []
        const add = async (ms) => {
          await sleep(ms)
          await queue.add(async () => {
            starts.push(Date.now())
            await pause('job')
          })
        }
        await Promise.all([add(1), add(90), add(110), add(110), add(190)])
        for (let i = 2; i < starts.length; i++) assert(starts[i] - starts[i - 2] >= 100, `three within ${starts[i] - starts[i - 2]} ms`)
      },
    },
    {
      name: 'clear() settles what waits, and onIdle() comes',
      promise: 'The promises returned by `.add()` for the removed tasks reject with an `AbortError`',
      body: async () => {
        const queue = new PQueue({ concurrency: 1 })
        const outcomes = []
        const add = async () => {
          await pause('asked')
          await queue.add(async () => void (await pause('job'))).then(() => outcomes.push('ran'), () => outcomes.push('cleared'))
        }
        const jobs = Promise.all([add(), add(), add()])
        await pause('clear')
        queue.clear()
        await queue.onIdle()
        await jobs
        assert(outcomes.length === 3, `${outcomes}`)
      },
    },
    {
      name: 'timeout: the slot is free for the next one',
      promise: 'timeout: Per-operation timeout in milliseconds.',
      body: async () => {
        const queue = new PQueue({ concurrency: 1, timeout: 100 })
        const outcomes = []
        const add = (ms) => queue.add(async () => {
          await sleep(ms)
          await pause('job')
        }).then(() => outcomes.push('ran'), (error) => outcomes.push(error.name))
        await Promise.all([add(100), add(50), add(1)])
        await queue.onIdle()
        assert(outcomes.length === 3 && queue.pending === 0, `${outcomes}; ${queue.pending} running`)
      },
    },
  ],
}
