import { describe, expect, test } from 'vitest'
import { PROGRAMS } from '../../fixtures/sct/index.ts'
import { lateWindow } from '../../fixtures/sct/late-window.ts'
import { checkSync, type ExploreOptions, type Failure, type GeneratorBody } from '../../src/index.ts'
import { roundtripSync } from '../support/roundtrip.ts'

/**
 * The smallest number of preemptions with which each program of SCTBench fails at all, with a main task that makes the
 * others: found by running every schedule within each bound, in another implementation of the model. Of the large ones it
 * follows from the small: one task comes between two steps of another, and all the rest before or after it.
 */
const SMALLEST: Readonly<Record<string, number>> = {
  'CS/reorder_3': 1,
  'CS/reorder_4': 1,
  'CS/reorder_5': 1,
  'CS/reorder_20': 1,
  'CS/reorder_100': 1,
  'CS/twostage': 1,
  'CS/twostage_20': 1,
  'CS/twostage_100': 1,
  'CS/wronglock_3': 1,
  'CS/wronglock': 1,
  'CS/account': 0,
  'CS/lazy01': 0,
  'CS/deadlock01': 1,
  'CS/bluetooth_driver': 1,
  'CS/din_phil2': 0,
}

describe('published programs come out at their smallest number of preemptions', () => {
  test.each(Object.entries(SMALLEST))('%s: %i', async (name, preemptions) => {
    const switches: number[] = []
    const body = PROGRAMS[name] as GeneratorBody
    // The large ones have thousands of steps in a run: once is enough, and replays are shown by the small.
    const large = /_\d\d/.test(name)
    const seeds = large ? [1] : [1, 2, 3]
    for (const seed of seeds) {
      const options: ExploreOptions = { strategy: 'surw', seed, schedules: 20_000 }
      const failure = (large ? checkSync(body, options) : (await roundtripSync(body, options)).report).failure as Failure
      switches.push(failure.switches)
      expect(failure.trace.steps.filter((s) => s.preemption)).toHaveLength(failure.switches)
      const { before, after } = failure.file
      expect(after.switches).toBe(failure.switches)
      expect(before.switches).toBeGreaterThanOrEqual(after.switches)
    }
    expect(switches).toEqual(seeds.map(() => preemptions))
  })

  // Random failing schedules of 22 tasks, from which taking away and merging alone come to 2.
  test.each([2, 15])('from where no single change is smaller: CS/twostage_20, seed %i', (seed) => {
    const body = PROGRAMS['CS/twostage_20'] as GeneratorBody
    const { failure } = checkSync(body, { strategy: 'random', seed: seed * 7919, schedules: 20_000 })
    expect(failure?.switches).toBe(1)
  })

  test.each([8, 12])('the late window of k = %i: 1', async (k) => {
    for (const seed of [1, 2, 3]) {
      const { failure } = await roundtripSync(() => lateWindow(k), { strategy: 'pct', seed, schedules: 20_000 })
      expect(failure.switches).toBe(1)
    }
  })
})
