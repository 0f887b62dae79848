import { pause } from 'heddle'
import async from 'async'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'async',
  properties: [
    {
      name: 'queue: never more than the concurrency at once; drain when the last has returned',
      promise: 'drain: a function that sets a callback that is called when the last item from the queue has returned from the worker',
      body: async () => {
        let running = 0
        let left = 3
        const queue = async.queue(async () => {
          assert(++running <= 2, `${running} at once`)
          await pause('job')
          running--
          left--
        }, 2)
        const drained = queue.drain()
        await Promise.all([queue.pushAsync(1), queue.pushAsync(2), queue.pushAsync(3)])
        await drained
        assert(left === 0, `${left} left`)
      },
    },
    {
      name: 'queue: pause() and resume() at any time lose nothing',
      promise: 'pause: a function that pauses the processing of tasks until `resume()` is called',
      body: async () => {
        const queue = async.queue(async () => void (await pause('job')), 1)
        const manager = async () => {
          await pause('pause')
          queue.pause()
          await pause('resume')
          queue.resume()
        }
        await Promise.all([queue.pushAsync(1), queue.pushAsync(2), manager()])
        assert(queue.idle(), 'not idle')
      },
    },
    {
      name: 'memoize: one call for all that ask while it is under way',
      promise: 'Caches the results of an async function.',
      body: async () => {
        let calls = 0
        const load = async.memoize((id, callback) => {
          calls++
          setTimeout(() => callback(null, id), 10)
        })
        const ask = async () => {
          await pause('request')
          assert((await new Promise((resolve) => load(1, (_, id) => resolve(id)))) === 1, 'something else')
        }
        await Promise.all([ask(), ask(), ask()])
        assert(calls === 1, `${calls} calls`)
      },
    },
    {
      name: 'timeout: called back once, in time',
      promise: 'timeout: Sets a time limit on an asynchronous function.',
      body: async () => {
        const limited = async.timeout(async () => {
          await sleep(100)
          await pause('request')
          return 'done'
        }, 100)
        const began = Date.now()
        let called = 0
        await new Promise((resolve) => limited(() => {
          called++
          resolve()
        }))
        const took = Date.now() - began
        await sleep(200)
        assert(called === 1 && took <= 100, `called ${called} times, after ${took} ms`)
      },
    },
  ],
}
