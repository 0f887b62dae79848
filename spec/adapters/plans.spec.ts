import { describe, expect, test } from 'vitest'
import { ALL_VALUES, classesIn, NO_VALUES, type Order, type Plan, planInWords } from '../../src/adapters/fast-check/plan.ts'
import { PlanStrategy } from '../../src/adapters/fast-check/plan-strategy.ts'
import { KINDS, simplerPlans } from '../../src/adapters/fast-check/simpler-plans.ts'
import { checkSync, choose, createTask, gather, pause, sleep } from '../../src/index.ts'

const [serial, oneClass, twoPhases, cycles, rotations, threePhases] = KINDS as readonly (readonly Order[])[]
const plan = (order: Order, more: Partial<Plan> = {}): Plan => ({ seed: 1, order, clock: 'last', values: NO_VALUES, ...more })

/** The order in which steps run of tasks with so many each, as `a1b1a2…`; `more` are others around them. */
function ordered(p: Plan, lengths: Record<string, number>, labelled = false): string {
  let log = ''
  checkSync(function* () {
    log = ''
    const task = (name: string, steps: number) =>
      function* () {
        for (let i = 1; i <= steps; i++) {
          if (i > 1 || labelled) yield* pause(labelled ? `${name}${i}` : undefined)
          log += `${name}${i}`
        }
      }
    yield* gather(Object.entries(lengths).map(([name, steps]) => createTask(task(name, steps)(), labelled ? { name } : {})))
  }, { strategy: new PlanStrategy(p), schedules: 1 })
  return log
}

const only = (log: string, names: string): string => (log.match(/[a-z]\d/g) ?? []).filter((s) => names.includes(s[0] as string)).join('')

describe('phases', () => {
  const SIX = ['a1a2b1b2', 'a1b1a2b2', 'a1b1b2a2', 'b1a1a2b2', 'b1a1b2a2', 'b1b2a1a2']
  const orders = [...(serial as Order[]), ...(twoPhases as Order[])]

  test('give two operations of two steps each of their six orders', () => {
    const seen = new Set(orders.map((order) => ordered(plan(order), { a: 2, b: 2 })))
    expect([...seen].toSorted()).toEqual(SIX)
  })

  test('and the same ones whatever else there is', () => {
    for (const order of orders) {
      const alone = ordered(plan(order), { a: 2, b: 2 })
      const among = ordered(plan(order), { x: 3, a: 2, y: 1, z: 2, b: 2, w: 4 })
      expect(only(among, 'ab'), planInWords(plan(order))).toBe(alone)
    }
  })

  test('three phases reach what two do not', () => {
    const two = new Set(orders.map((order) => ordered(plan(order), { a: 3, b: 3 })))
    const three = new Set((threePhases as Order[]).map((order) => ordered(plan(order), { a: 3, b: 3 })))
    expect(two.has('a1b1b2a2a3b3')).toBe(false)
    expect(three.has('a1b1b2a2a3b3')).toBe(true)
  })
})

test('a cycle keeps lanes at pace, however long they are', () => {
  const pace = plan({ kind: 'cycle', every: 1, ranks: ['oldest', 'oldest'] })
  expect(ordered(pace, { a: 4, b: 4 })).toBe('a1b1a2b2a3b3a4b4')
  expect(cycles).toContainEqual(pace.order)
  expect(ordered(plan({ kind: 'cycle', every: 1, ranks: ['oldest', 'newest'] }), { a: 4, b: 4 })).toBe('a1b1b2a2a3b3b4a4')
})

test('a rotation never stays where it could', () => {
  const log = ordered(plan((rotations as Order[])[0] as Order), { a: 4, b: 4 }, true)
  expect(log).toHaveLength(16)
  expect(log).not.toMatch(/a\da|b\db/)
})

test('each label can be the one that is deferred', () => {
  const last = new Set((oneClass as Order[]).map((order) => ordered(plan(order), { a: 1, b: 1, c: 1 }, true).slice(-2)))
  expect([...last].toSorted()).toEqual(['a1', 'b1', 'c1'])
})

test('random orders reach every order, and a lane keeps its rank when another goes away', () => {
  const random = (seed: number): Plan => plan({ kind: 'phases', phases: [{ from: 0, rank: 'random' }] }, { seed })
  const seeds = Array.from({ length: 100 }, (_, i) => i)
  expect(new Set(seeds.map((seed) => ordered(random(seed), { a: 2, b: 2 }, true))).size).toBe(6)
  const mixed = (seed: number): Plan => plan({ kind: 'phases', phases: [{ from: 0, rank: 'mixed' }] }, { seed })
  for (const seed of seeds) {
    const all = ordered(mixed(seed), { a: 2, b: 2, c: 2 }, true)
    expect(only(all, 'ac')).toBe(ordered(mixed(seed), { a: 2, c: 2 }, true))
  }
})

test('values: all, none, or those of a window', () => {
  const drawn = (values: Plan['values']): number[] => {
    let got: number[] = []
    checkSync(function* () {
      got = Array.from({ length: 8 }, () => choose(1000))
      yield* sleep(0)
    }, { strategy: new PlanStrategy(plan((serial as Order[])[0] as Order, { values })), schedules: 1 })
    return got
  }
  const all = drawn(ALL_VALUES)
  expect(new Set(all).size).toBeGreaterThan(5)
  expect(drawn(NO_VALUES)).toEqual(Array(8).fill(0))
  expect(drawn([2, 4])).toEqual(all.map((v, i) => (i === 2 || i === 3 ? v : 0)))
})

test('the clock passes last, first, or now and then', () => {
  const winner = (clock: Plan['clock'], seed: number): string => {
    let first = ''
    checkSync(function* () {
      first = ''
      const race = function* (name: string, wait: () => ReturnType<typeof pause>) {
        yield* wait()
        first ||= name
      }
      yield* gather([race('answer', () => pause()), race('timeout', () => sleep(1))])
    }, { strategy: new PlanStrategy(plan((serial as Order[])[1] as Order, { clock, seed })), schedules: 1 })
    return first
  }
  expect(winner('last', 1)).toBe('answer')
  expect(winner('first', 1)).toBe('timeout')
  expect(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((seed) => winner('random', seed))).size).toBe(2)
})

test('every kind of plan has words of its own, and only simpler ones below it', () => {
  const first = KINDS.map((orders) => plan(orders.at(-1) as Order))
  const chance = plan({ kind: 'defer', classes: 0b1010, rank: 'mixed' }, { clock: 'random', values: ALL_VALUES })
  for (const p of [...first, chance]) {
    const below = [...simplerPlans(p)]
    expect(below.length).toBeGreaterThan(0)
    expect(new Set(below.map(planInWords)).has(planInWords(p))).toBe(false)
  }
  expect(new Set([...first, chance].map(planInWords)).size).toBe(first.length + 1)
  expect(classesIn(0b1010)).toEqual([1, 3])
})
