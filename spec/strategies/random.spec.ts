import { describe, expect, it } from 'vitest'
import { bluetooth } from '../../fixtures/sct/bluetooth.ts'
import { reorder } from '../../fixtures/sct/reorder.ts'
import type { GeneratorBody } from '../../src/index.ts'
import { exhaustive, random } from '../../src/strategies/index.ts'
import { type Run, runsOf, tally } from './runs.ts'
import { chiSquare, fiveSigma, oneInAMillion } from './statistics.ts'
import { copies, straight } from './straight.ts'

/** All schedules of a body, each with the probability that a random walk takes it. */
function exactly(body: GeneratorBody): { all: Run[]; probabilities: Map<string, number>; buggy: number } {
  const all = [...runsOf(body, exhaustive())]
  const probabilities = new Map(all.map((r) => [r.picks, 1 / r.product]))
  const buggy = all.reduce((sum, r) => sum + (r.failed ? 1 / r.product : 0), 0)
  return { all, probabilities, buggy }
}

describe('random takes each schedule with the product of 1 / options', () => {
  it.each([
    ['lost update', straight(copies(2, 'Rx Wx'))],
    ['store buffering', straight(['Wx Ry', 'Wy Rx'])],
    ['three tasks', straight(['Wx', 'Rx Ry', 'Wy'], { flat: true })],
  ])('%s', (_, body) => {
    const { probabilities } = exactly(body)
    expect([...probabilities.values()].reduce((a, b) => a + b)).toBeCloseTo(1, 12)
    // Each category is expected at least 30 times, so that Pearson's statistic is close to its limit.
    const most = Math.ceil(30 / Math.min(...probabilities.values()))
    const counts = tally([...runsOf(body, random(), { most })].map((r) => r.picks))
    expect(chiSquare(counts, probabilities)).toBeLessThan(oneInAMillion(probabilities.size))
  })

  it.each([
    ['reorder_3', () => reorder(2, 1)],
    ['bluetooth_driver', bluetooth],
  ])('%s fails as often as the brute force says', (_, body) => {
    const { buggy } = exactly(body)
    const most = 20_000
    const hits = [...runsOf(body, random(), { most })].filter((r) => r.failed).length
    expect(Math.abs(hits - most * buggy)).toBeLessThan(fiveSigma(most, buggy))
  })
})
