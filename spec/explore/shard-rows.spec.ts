import { describe, expect, it } from 'vitest'
import { ROWS } from '../../fixtures/dpor/index.ts'
import { checkSync } from '../../src/index.ts'

const SHARDS = [2, 3, 7]
/** Larger ones take seconds each. */
const MOST = 400

describe('the shards of dpor count each trace of the published programs once', () => {
  for (const { program, n, traces, slow, body } of ROWS) {
    if (slow === true || traces > MOST) continue
    it(`${program} ${n}: ${traces}`, () => {
      let runs = 0
      const counted = SHARDS.map((shards) => {
        let sum = 0
        let exhausted = true
        for (let index = 1; index <= shards; index++) {
          const report = checkSync(body, {
            strategy: 'dpor',
            assume: 'tracked',
            bail: false,
            leaks: 'ignore',
            schedules: 2 * traces + 100,
            shard: { index, count: shards },
            setup: () => {
              runs++
            },
          })
          sum += report.schedules
          exhausted &&= report.exhausted
        }
        return { sum, exhausted }
      })
      expect(counted).toEqual(SHARDS.map(() => ({ sum: traces, exhausted: true })))
      // What the split costs: beginnings of other shards, and executions that are equivalent to another shard's.
      expect(runs).toBeLessThan(SHARDS.length * 1.25 * traces + 300)
    })
  }
})
