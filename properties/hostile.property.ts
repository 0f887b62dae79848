import { describe, expect, test } from 'vitest'
import { Chance } from './hostile-input.ts'
import { corpusTarget, failureFileTarget, GROWING, growth, inherited, MOST_GROWTH, pathTarget, resultsTarget, type Target, tokenTarget } from './hostile-targets.ts'
import { SEED } from './seed.ts'

/* `npm run soak -- hostile` makes 100,000 attempts of each. */
const ATTEMPTS = 1000

const before = inherited()

describe.each<[string, () => Target]>([
  ['tokens', () => tokenTarget],
  ['failure files', () => failureFileTarget],
  ['results files', () => resultsTarget],
  ['corpus files', corpusTarget],
  ['scenario paths', () => pathTarget],
])('%s', (_, open) => {
  test('of any kind are taken or refused with the error that is meant for them', () => {
    const target = open()
    const seen = { accepted: 0, refused: 0 }
    try {
      for (let i = 0; i < ATTEMPTS; i++) seen[target.attempt(new Chance(SEED, i))]++
    } finally {
      target.close?.()
    }
    expect(inherited()).toBe(before)
    // The fuzzer must get past the first checks, and not always.
    expect(seen.refused).toBeGreaterThan(ATTEMPTS / 20)
    if (target !== pathTarget) expect(seen.accepted).toBeGreaterThan(ATTEMPTS / 20)
  })
})

test.each(Object.entries(GROWING))('the time for %s grows no faster than what there is of it', (_, work) => {
  // A machine with other work to do gets three attempts.
  const ratios = []
  for (let i = 0; i < 3 && (ratios.at(-1) ?? Infinity) > MOST_GROWTH; i++) ratios.push(growth(work).ratio)
  expect(Math.min(...ratios)).toBeLessThan(MOST_GROWTH)
})
