import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import { auto, delay, exhaustive, pct, pos, preemption, race, random, surw, urw } from '../src/strategies/index.ts'
import { runsOf } from '../spec/strategies/runs.ts'
import { straight } from '../spec/strategies/straight.ts'
import { SEED } from './seed.ts'

const operation = fc.tuple(fc.constantFrom('R', 'W', 'U'), fc.constantFrom('x', 'y')).map(([k, v]) => k + v)
const task = fc.array(operation, { minLength: 1, maxLength: 3 }).map((ops) => ops.join(' '))
const program = fc.record({
  tasks: fc.array(task, { minLength: 2, maxLength: 3 }).filter((tasks) => tasks.join('').length <= 14),
  flat: fc.boolean(),
})

const FINITE = { preemption, delay, auto: () => auto({ schedules: 100_000 }) }
const SAMPLERS = {
  random,
  pct: () => pct({ depth: 3 }),
  pos,
  urw,
  surw,
  race,
  preemption: () => preemption({ bound: 2, random: true }),
  delay: () => delay({ bound: 2, random: true }),
}

describe('for random programs', () => {
  test.each(Object.entries(FINITE))('%s ends with every schedule, and none twice', (_, make) => {
    fc.assert(
      fc.property(program, fc.nat(), ({ tasks, flat }, seed) => {
        const body = straight(tasks, { flat })
        const all = [...runsOf(body, exhaustive())].map((r) => r.picks).sort()
        const runs = [...runsOf(body, make(), { seed })].map((r) => r.picks).sort()
        return runs.join() === all.join()
      }),
      { numRuns: 40, seed: SEED },
    )
  })

  test.each(Object.entries(SAMPLERS))('%s gives the same schedules for the same seed, and only such as there are', (_, make) => {
    fc.assert(
      fc.property(program, fc.nat(), ({ tasks, flat }, seed) => {
        const body = straight(tasks, { flat })
        const all = new Set([...runsOf(body, exhaustive())].map((r) => r.picks))
        const once = [...runsOf(body, make(), { seed, most: 20 })].map((r) => r.picks)
        const again = [...runsOf(body, make(), { seed, most: 20 })].map((r) => r.picks)
        return once.join() === again.join() && once.every((picks) => all.has(picks))
      }),
      { numRuns: 40, seed: SEED },
    )
  })
})
