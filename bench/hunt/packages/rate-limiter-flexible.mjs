import { pause } from 'heddle'
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'rate-limiter-flexible',
  properties: [
    {
      name: 'no more points than allowed in a window',
      promise: 'points: Maximum number of points can be consumed over duration',
      body: async () => {
        const limiter = new RateLimiterMemory({ points: 2, duration: 1 })
        const consumed = []
        const ask = async (ms) => {
          await sleep(ms)
          await pause('request')
          await limiter.consume('user').then(() => consumed.push(Date.now()), () => {})
        }
        await Promise.all([ask(1), ask(500), ask(900), ask(1001), ask(1100)])
        for (let i = 4; i < consumed.length; i++) assert(consumed[i] - consumed[i - 4] >= 1000, 'five within two windows')
      },
    },
    {
      name: 'a queue serves all, first in first out',
      promise: 'RateLimiterQueue: FIFO queue of requests',
      body: async () => {
        const queue = new RateLimiterQueue(new RateLimiterMemory({ points: 1, duration: 1 }))
        const served = []
        const asked = []
        const ask = async (n) => {
          await pause('request')
          asked.push(n)
          await queue.removeTokens(1)
          served.push(n)
        }
        await Promise.all([ask(1), ask(2), ask(3)])
        assert(served.join() === asked.join(), `asked ${asked}, served ${served}`)
      },
    },
  ],
}
