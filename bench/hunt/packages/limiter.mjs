import { pause } from 'heddle'
import { RateLimiter, TokenBucket } from 'limiter'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'limiter',
  properties: [
    {
      name: 'never more tokens in an interval than it gives, twice at a border',
      promise: 'Maximum number of tokens that can be removed at any given moment and over the course of one interval.',
      body: async () => {
        const limiter = new RateLimiter({ tokensPerInterval: 2, interval: 100 })
        const removed = []
        const ask = async (ms) => {
          await sleep(ms)
          await pause('request')
          await limiter.removeTokens(1)
          removed.push(Date.now())
        }
        await Promise.all([ask(1), ask(50), ask(60), ask(120), ask(130)])
        for (let i = 4; i < removed.length; i++) assert(removed[i] - removed[i - 4] >= 99, `five within ${removed[i] - removed[i - 4]} ms`)
      },
    },
    {
      name: 'a bucket and its parent serve all, in the order of the asking',
      promise: 'Remove the requested number of tokens. … the removal will happen when enough tokens become available.',
      body: async () => {
        const parent = new TokenBucket({ bucketSize: 2, tokensPerInterval: 2, interval: 100 })
        const bucket = new TokenBucket({ bucketSize: 2, tokensPerInterval: 2, interval: 50, parentBucket: parent })
        const order = []
        const ask = async (n) => {
          await bucket.removeTokens(1)
          order.push(n)
        }
        const other = async () => {
          await pause('another child')
          await parent.removeTokens(1)
        }
        await Promise.all([ask(1), ask(2), ask(3), other()])
        assert(order.join() === '1,2,3', `${order}`)
      },
    },
  ],
}
