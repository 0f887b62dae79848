import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkSync, createTask, Event, type ExploreOptions, io, Lock, pause, replay, Semaphore, sleep, wait } from '../src/index.ts'
import { SEED } from './seed.ts'

const OPERATIONS = ['pause', 'sleep', 'yield', 'lock', 'semaphore', 'event', 'io'] as const
type Operation = (typeof OPERATIONS)[number]

/** Tasks that give back what they take, however they end. */
function program(jobs: readonly (readonly Operation[])[], leaky = false) {
  return function* () {
    const lock = new Lock({ name: 'lock' })
    const semaphore = new Semaphore(1, { name: 'semaphore' })
    const event = new Event()
    const call = io(() => {}, { label: 'call', faults: { rejectBefore: true } })
    const job = function* (operations: readonly Operation[]) {
      for (const operation of operations) {
        switch (operation) {
          case 'pause':
            yield* pause()
            break
          case 'sleep':
            yield* sleep(1)
            break
          case 'yield':
            yield* sleep(0)
            break
          case 'lock':
            yield* lock.with(() => pause())
            break
          case 'semaphore':
            if (leaky) {
              yield* semaphore.acquire()
              yield* pause()
              semaphore.release()
            } else yield* semaphore.with(() => pause())
            break
          case 'event':
            event.set()
            yield* event.wait()
            break
          case 'io':
            try {
              yield* call()
            } catch (error) {
              if (!(error instanceof Error) || error.name !== 'IoError') throw error
            }
        }
      }
    }
    const tasks = jobs.map((operations, i) => createTask(() => job(operations), { name: `job-${i}` }))
    yield* wait(tasks)
  }
}

const operations = fc.array(fc.constantFrom(...OPERATIONS), { minLength: 1, maxLength: 3 })
const programs = fc.tuple(operations, operations)
const WHOLE: ExploreOptions = { strategy: 'exhaustive', schedules: 20_000, bail: false }

test('every place is tried, and costs no more schedules than there are orders for each step; what gives back what it takes passes', () => {
  fc.assert(
    fc.property(programs, fc.constantFrom<NonNullable<ExploreOptions['cancel']>>('job-0', ['job-0', 'job-1']), (jobs, cancel) => {
      const orders = checkSync(program(jobs), { ...WHOLE, faults: false })
      const swept = checkSync(program(jobs), { ...WHOLE, faults: false, cancel })
      fc.pre(orders.exhausted && swept.exhausted)
      expect(String(swept.failure ?? '')).toBe('')
      const { places, tried, coverage } = swept.dimensions.cancellations
      expect([tried, coverage]).toEqual([places, places === 0 ? 'none' : 'exhausted'])
      expect(swept.schedules).toBeGreaterThanOrEqual(orders.schedules + places)
      // A step ends in a wait, or with its task: what is cancelled there goes on among the others where it used to wait.
      const steps = orders.steps / orders.schedules
      expect(swept.schedules).toBeLessThanOrEqual((1 + steps) * orders.schedules)
    }),
    { numRuns: 100, seed: SEED },
  )
})

test('so is every fault', () => {
  fc.assert(
    fc.property(programs, (jobs) => {
      const orders = checkSync(program(jobs), { ...WHOLE, faults: false })
      const swept = checkSync(program(jobs), WHOLE)
      fc.pre(orders.exhausted && swept.exhausted)
      const { places, tried } = swept.dimensions.faults
      const calls = jobs.flat().filter((o) => o === 'io').length
      expect([places, tried]).toEqual([calls, calls])
      expect(swept.failures).toBe(0)
      expect(swept.schedules).toBeGreaterThanOrEqual(orders.schedules + places)
      expect(swept.schedules).toBeLessThanOrEqual((1 + places) * orders.schedules)
    }),
    { numRuns: 100, seed: SEED },
  )
})

test('a permit that is not given back is told of, and the token alone brings it about again', async () => {
  await fc.assert(
    fc.asyncProperty(programs, async (jobs) => {
      const body = program([['semaphore', ...jobs[0]], jobs[1]], true)
      const { failure } = checkSync(body, { ...WHOLE, bail: true, cancel: 'job-0' })
      // Whoever wants it afterwards waits for ever.
      expect(String(failure?.error)).toMatch(/1 of the permits of Semaphore 'semaphore' is out|Semaphore 'semaphore' held by job-0/)
      expect(String((await replay(body, failure?.token as string)).failure?.error)).toBe(String(failure?.error))
    }),
    { numRuns: 20, seed: SEED },
  )
})
