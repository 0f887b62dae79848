import { describe, expect, it } from 'vitest'
import { reorder } from '../../fixtures/sct/reorder.ts'
import { check, checkSync, createTask, gather, replay, shared } from '../../src/index.ts'
import {
  auto,
  delay,
  exhaustive,
  pct,
  portfolio,
  pos,
  preemption,
  race,
  random,
  type Strategy,
  surw,
  urw,
} from '../../src/strategies/index.ts'
import { runsOf } from './runs.ts'
import { copies, straight } from './straight.ts'

const SEEDED: [string, () => Strategy][] = [
  ['random', random],
  ['pct', () => pct({ depth: 3 })],
  ['pos', pos],
  ['urw', urw],
  ['surw', surw],
  ['race', race],
  ['random preemptions', () => preemption({ bound: 2, random: true })],
  ['random delays', () => delay({ bound: 2, random: true })],
  ['portfolio', () => portfolio()],
  ['auto', () => auto({ schedules: 200 })],
]

const ALL: [string, () => Strategy][] = [
  ...SEEDED,
  ['exhaustive', exhaustive],
  ['preemption', () => preemption()],
  ['delay', () => delay()],
]

const large = straight(copies(4, 'Rx Wx Ry Wy'))

function schedules(strategy: Strategy, seed: number): string[] {
  return [...runsOf(large, strategy, { seed, most: 60 })].map((r) => r.picks)
}

describe('every strategy', () => {
  it.each(ALL)('%s: the same seed gives the same schedules, with a new instance and with a used one', (_, make) => {
    const used = make()
    const first = schedules(used, 7)
    expect(schedules(make(), 7)).toEqual(first)
    expect(schedules(used, 7)).toEqual(first)
  })

  it.each(SEEDED)('%s: another seed gives others', (_, make) => {
    expect(schedules(make(), 7)).not.toEqual(schedules(make(), 8))
  })

  it.each(ALL)('%s: finds a bug, whose tokens replay', async (_, make) => {
    const body = (): ReturnType<typeof reorder> => reorder(2, 1)
    const { failure } = await check(body, { strategy: make(), schedules: 5000 })
    expect(failure?.kind).toBe('error')
    for (const token of [failure?.firstToken ?? '', failure?.token ?? '']) {
      const again = await replay(body, token)
      expect(again.failure?.error).toEqual(new Error('the checker saw a without b'))
    }
  })

  it.each(ALL)('%s: any schedule can be had by its number alone', (_, make) => {
    /** The orders of all runs, those included that only prepare. */
    let orders: string[] = []
    const body = function* () {
      const order: number[] = []
      const [x, y] = [shared(0), shared(0)]
      yield* gather(
        [0, 1, 2, 3].map((who) =>
          createTask(function* () {
            for (const cell of [x, y, x]) {
              yield* cell.update((v) => v + 1)
              order.push(who)
            }
          }),
        ),
      )
      orders.push(order.join(''))
    }
    // The hundredth would be run twice, to see whether both are the same.
    checkSync(body, { strategy: make(), seed: 7, schedules: 99 })
    const all = orders
    expect(all.length).toBe(99)
    for (const first of [1, 2, 9, 34, 81, 99]) {
      orders = []
      const report = checkSync(body, { strategy: make(), seed: 7, first, schedules: 1 })
      expect(report.schedules).toBe(1)
      expect(orders.at(-1)).toBe(all[first - 1])
    }
  })

  it('a failure of such a schedule has its number', () => {
    const body = (): ReturnType<typeof reorder> => reorder(2, 1)
    const { failure } = checkSync(body, { strategy: pct({ depth: 3 }), schedules: 5000 })
    const first = failure?.schedule ?? 0
    expect(first).toBeGreaterThan(8)
    const again = checkSync(body, { strategy: pct({ depth: 3 }), first, schedules: 1 })
    expect(again.failure).toMatchObject({ schedule: first, firstToken: failure?.firstToken })
    expect(checkSync(body, { strategy: pct({ depth: 3 }), first: first - 1, schedules: 1 }).failure).toBeUndefined()
  })

  it.each([0, -1, 1.5, Number.NaN])('there is no schedule %s', (first) => {
    expect(() => checkSync(large, { first })).toThrow('option first must be a whole number')
  })

  it.each([
    ['random', random],
    ['pos', pos],
    ['pct of a known length', () => pct({ depth: 3, steps: 20 })],
  ])('%s: a schedule depends on nothing but its number', (_, make) => {
    const all = schedules(make(), 7)
    const strategy = make()
    expect(strategy.prologue).toBe(0)
    // From the fortieth on, without those before.
    const skipping: Strategy = {
      ...strategy,
      name: strategy.name,
      watches: strategy.watches === true,
      begin: (run) => strategy.begin({ ...run, schedule: run.schedule + 39 }),
      pick: (point) => strategy.pickOf?.(point.count) ?? strategy.pick(point),
      step: (option) => strategy.step?.(option),
      access: (access) => strategy.access?.(access),
    }
    delete skipping.pickOf
    expect([...runsOf(large, skipping, { seed: 7, most: 21 })].map((r) => r.picks)).toEqual(all.slice(39))
  })

  it.each(['random', 'pct', 'pos', 'surw', 'urw', 'race', 'delay', 'preemption', 'portfolio', 'auto'] as const)(
    '%s goes by its name',
    (name) => {
      expect(checkSync(large, { strategy: name, schedules: 20 })).toMatchObject({ strategy: name, schedules: 20, failures: 0 })
    },
  )
})

describe('a portfolio', () => {
  it('takes turns, and lets a member with a bound drop out', () => {
    const body = straight(copies(2, 'Rx Wx'))
    const within = [...runsOf(body, preemption({ bound: 1 }))].map((r) => r.picks)
    const runs = [...runsOf(body, portfolio([preemption({ bound: 1 }), 'random']), { most: 3 * within.length })]
    const turns = runs.map((r) => r.picks).filter((_, i) => i % 2 === 0)
    expect(turns.slice(0, within.length)).toEqual(within)
    expect(runs).toHaveLength(3 * within.length)
  })

  it('ends with a member that has run everything', () => {
    const body = straight(copies(2, 'Rx Wx'), { flat: true })
    const report = checkSync(body, { strategy: portfolio([exhaustive(), random()]) })
    expect(report).toMatchObject({ exhausted: true, schedules: 12 })
    const bounded = checkSync(body, { strategy: portfolio([preemption({ bound: 1 })]) })
    expect(bounded).toMatchObject({ exhausted: true, bound: '1 preemption' })
  })

  it('gives its members what they need', () => {
    const body = straight(copies(2, 'Rx Wx'))
    const report = checkSync(body, { strategy: portfolio(['dpor', 'surw']), assume: 'tracked' })
    // Four traces, and a schedule of the other member after each.
    expect(report).toMatchObject({ exhausted: true, schedules: 8 })
  })

  it('refuses to be empty', () => {
    expect(() => portfolio([])).toThrow(TypeError)
  })
})

describe('auto', () => {
  it.each([
    ['6 schedules', straight(copies(2, 'Rx Wx'), { flat: true }), 6],
    ['90 schedules', straight(copies(3, 'Rx Wx'), { flat: true }), 90],
    ['2520 schedules', straight(copies(4, 'Rx Wx'), { flat: true }), 2520],
  ])('%s: runs each once, and ends in a proof', (_, body, total) => {
    const runs = [...runsOf(body, auto({ schedules: 5000 }), { most: 5000 })].map((r) => r.picks)
    expect(runs).toHaveLength(total)
    expect(new Set(runs).size).toBe(total)
  })

  it('begins with FIFO', () => {
    expect(runsOf(large, auto()).next().value?.picks).toMatch(/^0( 0)*$/)
  })

  it('goes on to the last of many schedules, depth first, where the budget allows', () => {
    // 8! orders of eight tasks with a single step.
    const body = straight(copies(8, 'Ux'), { flat: true })
    const report = checkSync(body, { strategy: 'auto', schedules: 50_000 })
    expect(report).toMatchObject({ exhausted: true, schedules: 40_320 })
  })

  it('does not try to where it does not', () => {
    const report = checkSync(large, { strategy: 'auto', schedules: 1000 })
    expect(report).toMatchObject({ exhausted: false, stopped: 'schedules', schedules: 1000 })
  })
})
