import { describe, expect, test } from 'vitest'
import { check, pause, replay } from '../../src/index.ts'

/**
 * Programs as unmodified packages are: native, with waits at pauses only and nothing recorded, so that `auto` knows lanes and
 * no accesses. A random walk needs some 2^k schedules for a window that is open between two of k waits of one lane.
 *
 * The budget: a preemption-bounded or delay-bounded sampler draws the one place that matters with a chance of about 1/(k+1),
 * and takes at least every fourth turn; after 100 schedules the chance to have missed it is (1 - 1/13)^25 = 14 % for each of
 * them alone, and with the pct, pos and exact-duplicate avoidance of `auto` (which never runs a schedule twice, and a lane of
 * k waits against one of 1 has k + 1 schedules in all) it is 0 for two lanes. Seeds are fixed, so that what passes stays so.
 */
const BUDGET = 100

/** One lane of k waits, and one that is to wait until so many of them have passed. */
function lateWindow(k: number, open: number, order: 'window first' | 'window last') {
  return async (): Promise<void> => {
    let passed = 0
    let hit = false
    const long = async (): Promise<void> => {
      for (let i = 1; i <= k; i++) {
        await pause(`step ${i}`)
        passed = i
      }
    }
    const short = async (): Promise<void> => {
      await pause('look')
      hit = passed === open
    }
    await Promise.all(order === 'window first' ? [short(), long()] : [long(), short()])
    if (hit) throw new Error(`between ${open} and ${open + 1}`)
  }
}

describe.each([4, 8, 12])('a window in a chain of %i waits is found, wherever it is', (k) => {
  test.each(['window first', 'window last'] as const)('%s', async (order) => {
    for (let open = 0; open <= k; open++) {
      const body = lateWindow(k, open, order)
      const report = await check(body, { name: `${k} ${open} ${order}`, schedules: BUDGET })
      expect(report.failure, `open after ${open}`).toBeDefined()
      // The lane that began first is left once to let the other go before, and once more to come back in between.
      expect(report.failure?.switches).toBeLessThanOrEqual(order === 'window first' ? 2 : 1)
      expect(String((await replay(body, report.failure?.token as string)).failure?.error)).toBe(`Error: between ${open} and ${open + 1}`)
    }
  })
})

test('two windows, the second behind the first, and lanes that only disturb', async () => {
  for (let seed = 0; seed < 10; seed++) {
    const report = await check(async () => {
      let passed = 0
      let first = false
      let both = false
      const long = async (): Promise<void> => {
        for (let i = 1; i <= 8; i++) {
          await pause(`step ${i}`)
          passed = i
        }
      }
      const short = async (): Promise<void> => {
        await pause('look')
        first = passed === 3
        await pause('look again')
        both = first && passed === 7
      }
      await Promise.all([long(), short()])
      if (both) throw new Error('both')
    }, { seed, schedules: BUDGET })
    expect(report.failure, `seed ${seed}`).toBeDefined()
  }
})
