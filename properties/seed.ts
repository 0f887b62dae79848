import { randomInt } from 'node:crypto'

/** What every run draws, so that a machine that refuses a change does so for the change. */
const FIXED = 20_250_101

/**
 * The seed of every property and of every spec that draws: fixed, unless HEDDLE_PROPERTY_SEED names another, or is
 * `random`. Whatever fails tells the seed that it failed with.
 */
export const SEED = seedOf(process.env['HEDDLE_PROPERTY_SEED'])

function seedOf(named: string | undefined): number {
  if (named === undefined || named === '') return FIXED
  if (named === 'random') return randomInt(2 ** 31)
  const seed = Number(named)
  if (!Number.isInteger(seed) || Math.abs(seed) >= 2 ** 31) throw new RangeError(`HEDDLE_PROPERTY_SEED is neither 'random' nor an integer of 32 bits: ${named}`)
  return seed
}
