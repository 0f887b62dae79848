import { pause } from 'heddle'
import { PromisePool } from '@supercharge/promise-pool'
import { assert } from '../support.mjs'

async function* items(n) {
  for (let i = 0; i < n; i++) {
    await pause(`item ${i}`)
    yield i
  }
}

export default {
  package: '@supercharge/promise-pool',
  properties: [
    {
      name: 'an error thrown by handleError() rejects process()',
      promise: 'allows you to exit the promise pool early by throwing inside the error handler function',
      trophy: 'promise-pool-unhandled',
      body: async () => {
        const processing = PromisePool.withConcurrency(2).for(items(2)).handleError((error) => {
          throw error
        }).process(async (item) => {
          await pause(`process ${item}`)
          if (item === 0) throw new Error('bad item')
        })
        const outcome = await processing.then(() => 'resolved', (error) => error.message)
        assert(outcome === 'bad item', outcome)
      },
    },
    {
      name: 'never more than the concurrency at once, and all are processed',
      promise: 'the promise pool processes as many at once as `withConcurrency` says',
      body: async () => {
        let running = 0
        const { results } = await PromisePool.withConcurrency(2).for(items(4)).process(async (item) => {
          assert(++running <= 2, `${running} at once`)
          await pause(`process ${item}`)
          running--
          return item
        })
        assert(results.sort().join() === '0,1,2,3', `results ${results}`)
      },
    },
    {
      name: 'stop() starts nothing more',
      promise: 'You can stop the processing of a promise pool',
      body: async () => {
        let stopped = false
        await PromisePool.withConcurrency(2).for([0, 1, 2, 3]).process(async (item, _, pool) => {
          assert(!stopped, `${item} began after stop()`)
          await pause(`process ${item}`)
          if (item === 1) {
            stopped = true
            pool.stop()
          }
        }).then(({ errors }) => assert(errors.length === 0, errors[0]?.message))
      },
    },
  ],
}
