import { describe, expect, it } from 'vitest'
import { ROWS } from '../../fixtures/dpor/index.ts'
import { checkSync } from '../../src/index.ts'
import { DporBeginnings } from '../../src/strategies/shards/dpor-beginnings.ts'
import { Watched } from './watched.ts'

/** Those that a share would split so if there were more of them. */
const LARGE = ROWS.filter(({ traces, slow }) => slow !== true && traces >= 40 && traces <= 400)

describe('a search that is split by how its executions begin', () => {
  it.each([3, 7])('counts each trace of the published programs once, and hardly as many executions for nothing: %i shards', (count) => {
    const found: [string, number, boolean][] = []
    let [traces, runs] = [0, 0]
    for (const row of LARGE) {
      let counted = 0
      let exhausted = true
      for (let index = 1; index <= count; index++) {
        const watched = new Watched(new DporBeginnings({ index, count }))
        const report = checkSync(row.body, { strategy: watched, assume: 'tracked', bail: false, leaks: 'ignore', schedules: 2 * row.traces })
        counted += report.schedules
        exhausted &&= report.exhausted
        runs += watched.runs
      }
      found.push([row.program, counted, exhausted])
      traces += row.traces
    }
    expect(found).toEqual(LARGE.map((row) => [row.program, row.traces, true]))
    expect(runs).toBeLessThan(2 * traces)
  })
})
