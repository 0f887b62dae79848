import { describe, expect, it } from 'vitest'
import { reorder } from '../../fixtures/sct/reorder.ts'
import { twostage } from '../../fixtures/sct/twostage.ts'
import { checkSync, type GeneratorBody } from '../../src/index.ts'
import { delay, exhaustive, preemption } from '../../src/strategies/index.ts'
import { BoundedSearch, type CostModel } from '../../src/strategies/bounded-search.ts'
import { values } from './points.ts'
import { runsOf } from './runs.ts'
import { copies, straight } from './straight.ts'

/** Traces that have a schedule within bound 0, 1, 2 … */
function tracesByBound(body: GeneratorBody, make: typeof preemption, bounds: number): number[] {
  return Array.from({ length: bounds }, (_, bound) => {
    return new Set([...runsOf(body, make({ bound }))].map((r) => r.trace)).size
  })
}

// GenMC, tests/correct/**/expected.cb.in: complete traces with at most 0, 1, 2 … preemptions.
const BY_PREEMPTIONS: [string, string[], number[]][] = [
  ['ainc(4)', copies(4, 'Ux'), [24]],
  ['binc(2)', copies(2, 'Ux Uy'), [2, 4]],
  ['binc(3)', copies(3, 'Ux Uy'), [6, 24, 36]],
  ['cinc(2)', copies(2, 'Ux Uy Uz'), [2, 6, 8]],
  ['cinc(3)', copies(3, 'Ux Uy Uz'), [6, 42, 120, 192, 216]],
  ['inc(3)', copies(3, 'Rx Wx'), [6, 24, 36]],
  ['readers(2)', ['Wx', 'Rx', 'Rx'], [4]],
  ['N-writers-a-reader(4)', ['Rx', ...copies(5, 'Wx')], [720]],
  ['SB', ['Wx Ry', 'Wy Rx'], [2, 3]],
  ['MP', ['Wx Wy', 'Ry Rx'], [2, 3]],
  ['LB', ['Ry Wx', 'Rx Wy'], [2, 3]],
  ['2+2W', ['Wx Wy', 'Wy Wx'], [2, 3]],
  ['CoRR', ['Wx Wx', 'Rx Rx'], [2, 4, 6]],
  ['CoRR2', ['Wx', 'Wx', 'Rx Rx', 'Rx Rx'], [18, 54, 72]],
  ['W+RRR+W', ['Wx', 'Rx Rx Rx', 'Wx'], [6, 18, 20]],
  ['fr+w+w+w+reads', [...copies(3, 'Wx'), 'Rx Rx Rx Rx'], [24, 132, 204, 210]],
  ['RWC+syncs', ['Wx', 'Rx Ry', 'Wy Rx'], [6, 7]],
  ['inc2w', ['Ux', 'Wx', 'Ux'], [6]],
]

// Concuerror, tests/suites/bounding_tests: traces with at most 0, 1, 2 … delays, round robin.
const BY_DELAYS: [string, string[], number[]][] = [
  ['writers(6)', copies(6, 'Wx'), [1, 6, 20, 49, 98, 169, 259, 360]],
  ['readers_2(6)', [...copies(6, 'Rx'), 'Wx'], [1, 7, 22, 42, 57, 63, 64]],
  ['readers(6)', ['Wx', ...[...'abcdef'].map((k) => `R${k} Rx`)], [1, 2, 8, 23, 43, 58, 64]],
  ['readers_compare(3)', ['Wx', ...[...'abc'].map((k) => `R${k} Rx`)], [1, 2, 5, 8]],
]

describe('the traces within each bound are those that are published', () => {
  it.each(BY_PREEMPTIONS)('%s, by preemptions', (_, tasks, published) => {
    expect(tracesByBound(straight(tasks), preemption, published.length)).toEqual(published)
  })

  it.each(BY_DELAYS)('%s, by delays', (_, tasks, published) => {
    expect(tracesByBound(straight(tasks, { flat: true }), delay, published.length)).toEqual(published)
  })
})

describe('a bounded search', () => {
  const bodies: [string, GeneratorBody][] = [
    ['lost update of three', straight(copies(3, 'Rx Wx'), { flat: true })],
    ['reorder_3', () => reorder(2, 1)],
    ['twostage', () => twostage(1, 1)],
  ]

  it.each(bodies)('%s: is all schedules with so many preemptions, none twice, in their order', (_, body) => {
    const all = [...runsOf(body, exhaustive())]
    for (const bound of [0, 1, 2]) {
      const runs = [...runsOf(body, preemption({ bound }))]
      const within = all.filter((r) => r.preemptions <= bound).map((r) => r.picks)
      expect(runs.map((r) => r.picks).sort()).toEqual(within.sort())
      expect(runs.map((r) => r.preemptions)).toEqual(runs.map((r) => r.preemptions).sort())
    }
  })

  it.each(bodies)('%s: without a bound it ends with everything', (_, body) => {
    const all = [...runsOf(body, exhaustive())].map((r) => r.picks).sort()
    expect([...runsOf(body, preemption())].map((r) => r.picks).sort()).toEqual(all)
    expect([...runsOf(body, delay())].map((r) => r.picks).sort()).toEqual(all)
  })

  it('gives a certificate', () => {
    const passes = () => reorder(1, 0)
    const complete = checkSync(passes, { strategy: preemption({ bound: 2 }) })
    expect(complete).toMatchObject({ exhausted: true, stopped: 'exhausted', bound: '2 preemptions' })
    const one = checkSync(straight(copies(3, 'Rx Wx')), { strategy: delay({ bound: 1 }) })
    expect(one).toMatchObject({ exhausted: true, bound: '1 delay' })
    // Six schedules have no preemption. Stopped in the middle of the next bound, it vouches for the one before.
    const cut = checkSync(straight(copies(3, 'Rx Wx')), { strategy: preemption(), schedules: 20 })
    expect(cut).toMatchObject({ exhausted: false, stopped: 'schedules', bound: '0 preemptions' })
    const all = checkSync(straight(copies(2, 'Rx Wx')), { strategy: preemption() })
    expect(all.exhausted).toBe(true)
    expect(all).not.toHaveProperty('bound')
  })

  it('refuses a bound that is no whole number', () => {
    expect(() => preemption({ bound: -1 })).toThrow(new RangeError('bound must be a whole number of at least 0, not -1'))
    expect(() => delay({ bound: 0.5 })).toThrow(RangeError)
  })
})

describe('a bounded search whose memory is full', () => {
  /** The schedules of four choices of which the second option costs 1, with so much memory, and how far they are complete. */
  function searched(memory: number): [schedules: number, bound: string | undefined] {
    const dear: CostModel = { unit: 'thing', price: (_, costs) => void costs.splice(0, 2, 0, 1) }
    const search = new BoundedSearch('dear', dear, 4, memory)
    let schedule = 0
    while (search.begin({ schedule: schedule + 1, seed: 1 })) {
      schedule++
      for (let i = 0; i < 4; i++) search.pick(values(2))
    }
    return [schedule, search.bound]
  }

  it('ends with the present cost, and says so', () => {
    // Of the 16 schedules 1, 4, 6, 4 and 1 cost 0 to 4. While those of one cost run, those of the next are kept, and no others.
    expect([6, 5, 4, 3].map(searched)).toEqual([
      [16, '4 things'],
      [5, '1 thing'],
      [5, '1 thing'],
      [1, '0 things'],
    ])
  })
})

describe('a bounded sampler', () => {
  it.each([0, 1, 2])('stays within %i preemptions, and reaches every schedule there', (bound) => {
    const body = straight(copies(2, 'Rx Wx'))
    const within = new Set([...runsOf(body, preemption({ bound }))].map((r) => r.picks))
    const runs = [...runsOf(body, preemption({ bound, random: true }), { most: 2000 })]
    expect(runs.every((r) => r.preemptions <= bound)).toBe(true)
    expect(new Set(runs.map((r) => r.picks))).toEqual(within)
  })

  it.each([0, 1, 2])('stays within %i delays, and reaches every schedule there', (bound) => {
    const body = straight(copies(3, 'Ux'), { flat: true })
    const within = new Set([...runsOf(body, delay({ bound }))].map((r) => r.picks))
    const runs = [...runsOf(body, delay({ bound, random: true }), { most: 2000 })]
    for (const r of runs) expect(within).toContain(r.picks)
    expect(runs.length).toBe(2000)
  })
})
