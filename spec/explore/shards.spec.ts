import { describe, expect, it } from 'vitest'
import { check, checkSync, choose, createTask, gather, pause, shared, type ExploreOptions, type Strategy, type Suspension } from '../../src/index.ts'
import { auto, delay, dpor, exhaustive, pct, portfolio, pos, preemption, race, random, surw, urw } from '../../src/strategies/index.ts'
import { sharded } from '../../src/strategies/shards/sharded.ts'
import { Watched } from '../strategies/watched.ts'

type Body = () => Generator<Suspension, void, unknown>

/** Tasks of different lengths, which pause, and choose: a lopsided tree. */
const lopsided: Body = function* () {
  const cell = shared(0)
  yield* gather(
    [0, 3, 1].map((n) =>
      createTask(function* () {
        for (let i = 0; i < n; i++) yield* cell.update((v) => v * 3 + n)
        if (n === 0 && choose(3) === 1) yield* pause()
      }),
    ),
  )
}

const twoOrders: Body = function* () {
  yield* gather([pause(), pause()])
}

const straight: Body = function* () {
  yield* pause()
}

/** Ten tasks: many options at the first choice. */
const wide: Body = function* () {
  yield* gather(
    Array.from({ length: 10 }, (_, i) =>
      createTask(function* () {
        if (i < 5) yield* pause()
      }),
    ),
  )
}

function explored(body: Body, strategy: Strategy, options: ExploreOptions = {}) {
  const watched = new Watched(strategy)
  const report = checkSync(body, { strategy: watched, bail: false, leaks: 'ignore', schedules: 100_000, ...options })
  expect(report.schedules).toBe(watched.counted.length)
  return { report, watched, counted: watched.counted }
}

function shares(body: Body, make: () => Strategy, count: number, schedules = 100_000, options: ExploreOptions = {}) {
  return Array.from({ length: count }, (_, i) =>
    explored(body, sharded(make(), { index: i + 1, count }, schedules), { schedules, ...options }),
  )
}

const SHARDS = [1, 2, 3, 7]
const BODIES = { lopsided, twoOrders, straight, wide }
const SEARCHES = { exhaustive, preemption: () => preemption({ bound: 1 }), delay: () => delay({ bound: 2 }), dpor }

describe('the shards of a search are the whole, each schedule once', () => {
  for (const [strategy, make] of Object.entries(SEARCHES)) {
    for (const [name, body] of Object.entries(BODIES)) {
      // There are too many.
      if (name === 'wide' && strategy !== 'delay') continue
      it.each(SHARDS)(`${strategy}, ${name}, %i shards`, (count) => {
        const whole = explored(body, make(), { schedules: 2000 })
        const parts = shares(body, make, count, 2000)
        expect(whole.report.exhausted).toBe(true)
        expect(parts.every((p) => p.report.exhausted)).toBe(true)
        const all = parts.flatMap((p) => p.counted)
        // dpor's order is its own; without `assume` its schedules are all there are, so that they can be compared.
        expect(all.toSorted()).toEqual(whole.counted.toSorted())
        expect(new Set(all).size).toBe(all.length)
      })
    }
  }

  it('splits the work: no shard has all of it, and few schedules are run for nothing', () => {
    const whole = explored(lopsided, exhaustive())
    expect(whole.counted.length).toBeGreaterThan(200)
    for (const count of [2, 3, 7]) {
      for (const part of shares(lopsided, exhaustive, count)) {
        expect(part.counted.length).toBeLessThan((2 * whole.counted.length) / count)
        expect(part.watched.runs - part.counted.length).toBeLessThan(16 * count)
      }
    }
  })
})

const SAMPLERS = { random, pct, pos, surw, urw, race, portfolio, 'preemption, random': () => preemption({ bound: 1, random: true }) }

describe('the shards of a random exploration split its schedule numbers', () => {
  for (const [strategy, make] of Object.entries(SAMPLERS)) {
    it(`${strategy}: each number once, and up to the budget`, () => {
      const parts = shares(lopsided, make, 3, 50)
      expect(parts.map((p) => p.watched.numbers.slice(0, 3))).toEqual([[1, 4, 7], [2, 5, 8], [3, 6, 9]])
      expect(parts.map((p) => p.report.schedules)).toEqual([17, 17, 16])
      expect(parts.every((p) => p.report.stopped === 'schedules')).toBe(true)
    })
  }

  it.each(Object.entries(SAMPLERS))('%s: a schedule is the same as without shards', (_, make) => {
    const whole = explored(lopsided, make(), { schedules: 120 }).counted
    for (const [i, part] of shares(lopsided, make, 3, 120).entries()) {
      expect(part.counted).toEqual(whole.filter((__, n) => n % 3 === i))
    }
  })
})

describe('the shards of auto', () => {
  it('end in a proof together where the program is small, and run each schedule once', () => {
    const parts = shares(twoOrders, auto, 2, 1000)
    expect(parts.every((p) => p.report.exhausted)).toBe(true)
    expect(parts.flatMap((p) => p.counted).toSorted()).toEqual(explored(twoOrders, exhaustive()).counted.toSorted())
  })

  it('search the whole tree after a sample where it fits the budget', () => {
    const parts = shares(lopsided, auto, 2, 20_000)
    expect(parts.every((p) => p.report.exhausted)).toBe(true)
    expect(new Set(parts.flatMap((p) => p.counted)).size).toBe(explored(lopsided, exhaustive()).counted.length)
    expect(parts.flatMap((p) => p.watched.numbers).length).toBeGreaterThanOrEqual(100)
  })

  it('split the numbers where it does not', () => {
    const parts = shares(wide, auto, 3, 300)
    expect(parts.map((p) => p.report.schedules)).toEqual([100, 100, 100])
    expect(parts.flatMap((p) => p.watched.numbers).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1))
  })
})

/** Fails in 2 of its orders, with two different messages. */
function* failing() {
  const order: string[] = []
  yield* gather(
    ['a', 'b', 'c'].map((name) =>
      createTask(function* () {
        yield* pause()
        order.push(name)
      }),
    ),
  )
  if (order.join('') === 'cba') throw new Error('backwards')
  if (order.join('') === 'bca') throw new TypeError('turned')
}

describe('option shard', () => {
  it('finds in the shards together what there is, each failure in one of them', async () => {
    const found = (await Promise.all([1, 2, 3].map((index) => check(failing, { strategy: 'exhaustive', bail: false, shard: { index, count: 3 } })))).map(
      (r) => r.failures,
    )
    const whole = checkSync(failing, { strategy: 'exhaustive', bail: false })
    expect(whole.distinct.map((d) => String(d.failure.error))).toEqual(expect.arrayContaining(['Error: backwards', 'TypeError: turned']))
    expect(whole.distinct.reduce((sum, d) => sum + d.count, 0)).toBe(whole.failures)
    expect(found.reduce((a, b) => a + b)).toBe(whole.failures)
  })

  it('gives a failing schedule the number that it has without shards, so that it can be found again', () => {
    const whole = checkSync(failing, { strategy: 'random', schedules: 100 })
    const number = whole.failure?.schedule as number
    expect(number).toBeGreaterThan(1)
    const index = ((number - 1) % 4) + 1
    const part = checkSync(failing, { strategy: 'random', schedules: 100, shard: { index, count: 4 } })
    expect(part.failure).toMatchObject({ schedule: number, token: whole.failure?.token, firstToken: whole.failure?.firstToken })
  })

  it.each([{ index: 0, count: 2 }, { index: 3, count: 2 }, { index: 1.5, count: 2 }, { index: 1, count: 0 }, null, '1/2'])('refuses %j', (shard) => {
    expect(() => checkSync(failing, { shard: shard as never })).toThrow(/option shard must be \{ index, count \}/)
  })
})
