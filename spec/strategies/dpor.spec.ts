import { describe, expect, it } from 'vitest'
import { ROWS } from '../../fixtures/dpor/index.ts'
import { checkSync } from '../../src/index.ts'

describe('dpor runs one execution for each trace of the published programs', () => {
  for (const { program, n, traces, slow, body } of ROWS) {
    if (slow === true) continue
    it(`${program} ${n}: ${traces}`, () => {
      const report = checkSync(body, {
        strategy: 'dpor',
        assume: 'tracked',
        bail: false,
        leaks: 'ignore',
        schedules: 2 * traces + 100,
      })
      expect({ schedules: report.schedules, exhausted: report.exhausted }).toEqual({ schedules: traces, exhausted: true })
    })
  }
})
