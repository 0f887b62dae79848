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
          })
          sum += report.schedules
          exhausted &&= report.exhausted
        }
        return { sum, exhausted }
      })
      expect(counted).toEqual(SHARDS.map(() => ({ sum: traces, exhausted: true })))
    })
  }
})

describe('the work of dpor is split', () => {
  // Two steps that conflict in some executions and not in others tell no share from the other where they don't.
  it.each([['wcas', 9], ['dispatcher', 53]] as const)('by conflicts that all executions have: %s %i', (program, n) => {
    const row = ROWS.find((r) => r.program === program && r.n === n)
    if (row === undefined) throw new Error(`${program} ${n} is gone`)
    let runs = 0
    for (const index of [1, 2]) {
      checkSync(row.body, { strategy: 'dpor', assume: 'tracked', bail: false, shard: { index, count: 2 }, setup: () => void runs++, schedules: 10_000 })
    }
    const trials = 2 * 500
    expect(runs - trials).toBeLessThan(1.2 * row.traces)
  })

  it('among two and among seven shards', () => {
    // Seven tasks take one lock each: 7! orders. Two of the tasks come in either order in as many of them; of more pairs some
    // orders have more than others. Each shard runs a tenth of the whole first, to see what is to be split.
    const row = ROWS.find((r) => r.program === 'lockinc' && r.n === 7)
    if (row === undefined) throw new Error('lockinc 7 is gone')
    for (const [shards, most] of [[2, 0.7], [7, 0.4]] as const) {
      for (let index = 1; index <= shards; index++) {
        let runs = 0
        const setup = (): void => void runs++
        checkSync(row.body, { strategy: 'dpor', assume: 'tracked', bail: false, shard: { index, count: shards }, setup, schedules: 10_000 })
        expect(runs).toBeLessThan(most * row.traces)
      }
    }
  })
})
