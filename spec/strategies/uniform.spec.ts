import { describe, expect, it } from 'vitest'
import { exhaustive, random, surw, urw } from '../../src/strategies/index.ts'
import { type Run, runsOf, tally } from './runs.ts'
import { chiSquare, oneInAMillion } from './statistics.ts'
import { copies, straight } from './straight.ts'

/** Thirty expected in each category: Pearson's statistic is then close to its limit distribution. */
const EACH = 30

function uniformOver(values: Set<string>): Map<string, number> {
  return new Map([...values].map((v) => [v, 1 / values.size]))
}

describe('urw makes all interleavings equally likely', () => {
  it.each([
    ['binc(2)', straight(copies(2, 'Ux Uy'), { flat: true }), 6],
    ['inc(3)', straight(copies(3, 'Rx Wx'), { flat: true }), 90],
    ['CoRR2', straight(['Wx', 'Wx', 'Rx Rx', 'Rx Rx'], { flat: true }), 180],
    ['lanes of different lengths, with their first steps', straight(['Wx Wy Wx', 'Rx', 'Ry Rx']), 1260],
  ])('%s', (_, body, schedules) => {
    const all = new Set([...runsOf(body, exhaustive())].map((r) => r.picks))
    expect(all.size).toBe(schedules)
    // The first schedule counts.
    const [, ...runs] = [...runsOf(body, urw(), { most: 1 + EACH * schedules })]
    const statistic = chiSquare(tally(runs.map((r) => r.picks)), uniformOver(all))
    expect(statistic).toBeLessThan(oneInAMillion(schedules))
  })
})

describe('surw makes all orders of the accesses to one object equally likely', () => {
  it.each([
    ['inc(2)', straight(copies(2, 'Rx Wx')), 6],
    ['inc(3)', straight(copies(3, 'Rx Wx')), 90],
    ['CoRR2', straight(['Wx', 'Wx', 'Rx Rx', 'Rx Rx']), 180],
    ['other steps don’t matter', straight(['Rx Wa Wa Wa Wx', 'Wx Rx']), 6],
  ])('%s', (_, body, orders) => {
    const orderOfX = (r: Run): string => r.orders.get(1) ?? ''
    const all = new Set([...runsOf(body, exhaustive())].map(orderOfX))
    expect(all.size).toBe(orders)
    const [, ...runs] = [...runsOf(body, surw(), { most: 1 + EACH * orders })]
    expect(chiSquare(tally(runs.map(orderOfX)), uniformOver(all))).toBeLessThan(oneInAMillion(orders))
  })

  it('and a random walk does not', () => {
    const body = straight(['Rx Wa Wa Wa Wx', 'Wx Rx'])
    const orderOfX = (r: Run): string => r.orders.get(1) ?? ''
    const runs = [...runsOf(body, random(), { most: 600 })].map(orderOfX)
    expect(chiSquare(tally(runs), uniformOver(new Set(runs)))).toBeGreaterThan(oneInAMillion(6))
  })
})
