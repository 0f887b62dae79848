import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SEED } from '../../properties/seed.ts'
import { CountedSlots } from '../../src/loop/counted-slots.ts'

const FROM_FULL = [0, 1, 31, 32, 33, 63, 64, 65, 192, 1000, 1024, 1025]

describe('slots, counted', () => {
  test.each(FROM_FULL)('%i taken: there is room for as many again, and not for four times as many', (taken) => {
    const { capacity } = new CountedSlots(taken)
    expect(capacity).toBeGreaterThanOrEqual(2 * taken)
    expect(capacity).toBeLessThan(Math.max(65, 4 * taken))
    expect(capacity % 32).toBe(0)
  })

  test.each(FROM_FULL)('%i taken: the k-th is slot k, and nothing lies behind them', (taken) => {
    const slots = new CountedSlots(taken)
    for (let k = 0; k < taken; k++) expect(slots.select(k)).toBe(k)
    const last = slots.capacity - 1
    slots.add(last)
    expect(slots.select(taken)).toBe(last)
  })

  test('the same where there are words of words of words', () => {
    const taken = 40_000
    const slots = new CountedSlots(taken)
    const model = Array.from({ length: taken }, (_, i) => i)
    for (let i = 0; i < 2_000; i++) {
      const k = (i * 7919) % model.length
      expect(slots.take(k)).toBe(model.splice(k, 1)[0])
    }
    for (let k = 0; k < model.length; k += 97) expect(slots.select(k)).toBe(model[k])
    slots.takeFirst(33_000)
    for (let k = 0; k < 33_000; k += 31) expect(slots.select(k)).toBe(k)
    expect(slots.take(32_999)).toBe(32_999)
  })

  test('as a sorted list of numbers does, in any order of adding and taking', () => {
    const scripts = fc.array(fc.record({ add: fc.boolean(), n: fc.nat({ max: 100_000 }) }), { maxLength: 300 })
    fc.assert(
      fc.property(fc.nat({ max: 300 }), scripts, (taken, script) => {
        const slots = new CountedSlots(taken)
        const model = Array.from({ length: taken }, (_, i) => i)
        for (const { add, n } of script) {
          const slot = n % slots.capacity
          if (add && !model.includes(slot)) {
            slots.add(slot)
            model.push(slot)
            model.sort((a, b) => a - b)
          } else if (model.length > 0) {
            const k = n % model.length
            expect(slots.select(k)).toBe(model[k])
            expect(slots.take(k)).toBe(model.splice(k, 1)[0])
          }
        }
        for (const [k, slot] of model.entries()) expect(slots.select(k)).toBe(slot)
      }),
      { numRuns: 100, seed: SEED },
    )
  })
})
