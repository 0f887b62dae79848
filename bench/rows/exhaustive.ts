import { checkSync, gather, sleep } from '../../src/index.ts'
import { bareOrders } from '../peers/bare-generators.ts'
import { type RateRow, type Rival, timed } from '../row.ts'
import { lostUpdate } from './lost-update.ts'

function* spin(times: number) {
  for (let i = 0; i < times; i++) yield* sleep(0)
}

function* threeSpinners() {
  yield* gather([spin(3), spin(3), spin(3)])
}

/** Runs every schedule of a body, again and again. */
function enumerate(body: () => Generator<unknown, void, unknown>, times: number, expected: number): number {
  let schedules = 0
  for (let i = 0; i < times; i++) {
    const report = checkSync(body, { strategy: 'exhaustive', schedules: Number.POSITIVE_INFINITY, bail: false })
    if (!report.exhausted || report.schedules !== expected) {
      throw new Error(`${report.schedules} schedules, not ${expected}: ${report.stopped}`)
    }
    schedules += report.schedules
  }
  return schedules
}

const race = lostUpdate(3, () => {})

/** Generators of so many steps each, in every order, by the same way of going back: from the start. */
function bare(steps: number, expected: number): Rival {
  return {
    id: 'floor',
    name: 'floor: bare generators, depth first',
    run: (size) =>
      timed(() => {
        let orders = 0
        for (let i = 0; i < size; i++) orders += bareOrders(3, steps)
        if (orders !== size * expected) throw new Error(`${orders} orders, not ${size * expected}`)
        return orders
      }),
  }
}

export const exhaustive: readonly RateRow[] = [
  {
    id: 'exhaustive-90',
    title: 'all 90 schedules of a lost update of 3 tasks',
    unit: 'schedules',
    ours: { name: 'heddle', run: (size) => timed(() => enumerate(race, size, 90)) },
    rivals: [bare(2, 90)],
    goalRate: 300_000,
    meaning: 'a proof about a small program takes a fraction of a millisecond',
  },
  {
    id: 'exhaustive-34650',
    title: 'all 34,650 schedules of 3 tasks of 4 steps',
    unit: 'schedules',
    ours: { name: 'heddle', run: (size) => timed(() => enumerate(threeSpinners, size, 34_650)) },
    rivals: [bare(4, 34_650)],
    goalRate: 300_000,
    meaning: 'and about a larger one a fraction of a second',
  },
]
