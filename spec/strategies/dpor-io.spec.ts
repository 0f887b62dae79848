import { describe, expect, test } from 'vitest'
import { createTask, type ExploreOptions, gather, Lock, pause, type Suspension, sleep } from '../../src/index.ts'
import { every, everySync } from '../support/count.ts'

/** What `permute: 'io'` leaves to choose is no order of ready handles, so that there is nothing to reverse: every schedule is run. */
describe("dpor with permute: 'io'", () => {
  type Step = () => Generator<Suspension, void>
  const nothing: Step = function* () {}
  const completes: Step = function* () {
    yield* pause()
  }
  const steps: Step = function* () {
    yield* sleep(0)
  }
  const completesAndSteps: Step = function* () {
    yield* pause()
    yield* sleep(0)
  }
  const sleeps: Step = function* () {
    yield* sleep(1)
    yield* pause()
  }
  const makes: Step = function* () {
    const task = createTask(steps)
    yield* pause()
    yield* task
  }

  const same: ExploreOptions = { permute: 'io', assume: 'tracked', schedules: 500 }

  test.each<[string, readonly Step[]]>([
    ['two that do nothing', [nothing, nothing]],
    ['two completions', [completes, completes]],
    ['a completion among steps', [steps, completes, steps]],
    ['three completions, each with a step behind it', [completesAndSteps, completesAndSteps, completes]],
    ['the clock', [sleeps, completes, sleeps]],
    ['tasks of tasks', [makes, makes]],
  ])('runs what exhaustive does: %s', (_, tasks) => {
    const seen = { exhaustive: new Set<string>(), dpor: new Set<string>() }
    const [all, some] = (['exhaustive', 'dpor'] as const).map((strategy) =>
      everySync(function* () {
        const order: number[] = []
        yield* gather(tasks.map((step, i) => (function* () {
          yield* step()
          order.push(i)
        })()))
        seen[strategy].add(order.join(''))
      }, { ...same, strategy }),
    )
    expect(some).toMatchObject({ schedules: all?.schedules, exhausted: true, equivalent: 0 })
    expect(seen.dpor).toEqual(seen.exhaustive)
  })

  test('native functions, and what shards run together', async () => {
    const body = async (): Promise<void> => {
      const lock = new Lock()
      await gather([0, 1, 2].map(() => async () => {
        await lock.acquire()
        await pause()
        lock.release()
        await pause()
      }))
    }
    const { schedules } = await every(body, same)
    expect(schedules).toBeGreaterThan(3)
    expect(await every(body, { ...same, strategy: 'dpor' })).toMatchObject({ schedules, equivalent: 0 })
    const shards = await Promise.all([1, 2].map((index) => every(body, { ...same, strategy: 'dpor', shard: { index, count: 2 } })))
    expect(shards.reduce((sum, s) => sum + s.schedules, 0)).toBe(schedules)
  })
})
