import { abortAnywhere, pause } from 'heddle'
import pMap, { pMapIterable, pMapSkip } from 'p-map'
import { assert } from '../support.mjs'

async function* source(n) {
  for (let i = 0; i < n; i++) {
    await pause(`item ${i}`)
    yield i
  }
}

export default {
  package: 'p-map',
  properties: [
    {
      name: 'never more than concurrency at once, and the results in order',
      promise: 'concurrency: Number of concurrently pending promises returned by `mapper`.',
      body: async () => {
        let running = 0
        const results = await pMap(source(4), async (item) => {
          assert(++running <= 2, `${running} at once`)
          await pause(`map ${item}`)
          running--
          return item === 1 ? pMapSkip : item
        }, { concurrency: 2 })
        assert(results.join() === '0,2,3', `results ${results}`)
      },
    },
    {
      name: 'nothing is mapped after an abort',
      promise: 'signal: You can abort the promises using `AbortController`.',
      body: async () => {
        const user = abortAnywhere(new AbortController(), { label: 'the user' })
        await pMap(source(3), async (item) => {
          assert(!user.signal.aborted, `mapped ${item} after the abort`)
          await pause(`map ${item}`)
        }, { concurrency: 2, signal: user.signal }).catch((error) => assert(error.name === 'AbortError', error.message))
      },
    },
    {
      name: 'pMapIterable: in order, never more than concurrency at once, nor than backpressure ahead',
      promise: 'backpressure: Maximum number of promises returned by `mapper` that have resolved but not yet collected by the consumer.',
      body: async () => {
        let running = 0
        let mapped = 0
        const seen = []
        for await (const item of pMapIterable(source(4), async (i) => {
          assert(++running <= 2, `${running} at once`)
          assert(++mapped - seen.length <= 3, `${mapped - seen.length} ahead`)
          await pause(`map ${i}`)
          running--
          return i
        }, { concurrency: 2, backpressure: 3 })) {
          seen.push(item)
        }
        assert(seen.join() === '0,1,2,3', `seen ${seen}`)
      },
    },
    {
      name: 'pMapIterable: nothing is mapped after the consumer has left',
      promise: 'a consumer that leaves the loop stops the mapping',
      body: async () => {
        let left = false
        for await (const item of pMapIterable(source(4), async (i) => {
          assert(!left, `mapped ${i} after the consumer had left`)
          await pause(`map ${i}`)
          return i
        }, { concurrency: 2 })) {
          if (item === 1) break
        }
        left = true
        await pause('later')
        await pause('later still')
      },
    },
    {
      name: 'pMapIterable without order: each once, and an error reaches the consumer',
      promise: 'preserveOrder: false gives results as they are ready',
      body: async () => {
        const seen = []
        try {
          for await (const item of pMapIterable(source(4), async (i) => {
            await pause(`map ${i}`)
            if (i === 2) throw new Error('bad item')
            return i
          }, { concurrency: 2, preserveOrder: false })) {
            seen.push(item)
          }
          assert(false, `no error, seen ${seen}`)
        } catch (error) {
          assert(error.message === 'bad item', error.message)
        }
        assert(new Set(seen).size === seen.length, `seen ${seen}`)
      },
    },
  ],
}
