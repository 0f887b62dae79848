import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concurrentModelRun, type Schedule, scheduleOf, schedules } from '../../src/adapters/fast-check/index.ts'
import {
  choose,
  createTask,
  DeadlockError,
  gather,
  Lock,
  pause,
  ReplayMismatchError,
  replay,
  sleep,
} from '../../src/index.ts'

const OPERATIONS = 20

const anyArray = fc.array(fc.nat(OPERATIONS - 1), { maxLength: OPERATIONS, size: 'max' })
const inOrder = fc.subarray(Array.from({ length: OPERATIONS }, (_, i) => i))

type Property = (operations: number[], s: Schedule) => Promise<void>

/** Lanes of one task, with labels: 7 is done before 3. */
const overtaking: Property = async (operations, s) => {
  const log: number[] = []
  await s.run(() =>
    Promise.all(
      operations.map(async (n) => {
        await pause(`operation ${n}`)
        log.push(n)
      }),
    ),
  )
  if (log.includes(3) && log.includes(7) && log.indexOf(7) < log.indexOf(3)) throw new Error('7 before 3')
}

/** Tasks without names or labels: all of 7 falls between the first and the second step of 3. */
const within: Property = async (operations, s) => {
  const log: string[] = []
  const operation = async (n: number): Promise<void> => {
    log.push(`${n}a`)
    await pause()
    log.push(`${n}b`)
    await pause()
    log.push(`${n}c`)
  }
  await s.run(async () => {
    await gather(operations.map((n) => createTask(() => operation(n))))
  })
  const at = (what: string): number => log.indexOf(what)
  if (at('3a') >= 0 && at('3a') < at('7a') && at('7c') < at('3b') && at('7a') >= 0) throw new Error('7 within 3')
}

/** Generators: 7 looks while 3 is at work. */
const looking: Property = async (operations, s) => {
  let atWork = false
  function* operation(n: number) {
    yield* sleep(0)
    if (n === 3) atWork = true
    yield* sleep(0)
    if (n === 7 && atWork) throw new Error('7 saw 3 at work')
    yield* sleep(0)
    if (n === 3) atWork = false
  }
  await s.run(function* () {
    yield* gather(operations.map((n) => createTask(operation(n))))
  })
}

function failing<T>(details: fc.RunDetails<T>): T {
  if (details.counterexample === null) throw new Error('no counterexample')
  return details.counterexample
}

/** What holds under every version of fast-check, for each of these seeds. */
export function fastCheckSuite(seeds: readonly number[]): void {
  describe('inputs and schedule shrink together', () => {
    const PROPERTIES: [string, Property][] = [
      ['lanes with labels', overtaking],
      ['tasks without labels', within],
      ['generators', looking],
    ]
    for (const [name, property] of PROPERTIES) {
      test(`${name}: two operations of twenty, and one or two switches`, async () => {
        for (const seed of seeds) {
          let tried = 0
          const counted: Property = async (given, s) => {
            tried++
            await property(given, s)
          }
          const details = await fc.check(fc.asyncProperty(inOrder, schedules(), counted), { seed, numRuns: 500 })
          const [operations, schedule] = failing(details)
          expect(operations, `seed ${seed}`).toEqual([3, 7])
          expect([1, 2]).toContain(schedule.switches)
          // Shrinking is quick: the array alone has 20 places, and each takes a few attempts.
          expect(tried - details.numRuns).toBeLessThan(50 * OPERATIONS)
        }
      })

      test(`${name}: the same among arbitrary arrays, in which FIFO may do`, async () => {
        for (const seed of seeds) {
          const details = await fc.check(fc.asyncProperty(anyArray, schedules(), property), { seed, numRuns: 500 })
          const [operations, schedule] = failing(details)
          expect(operations.toSorted((a, b) => a - b), `seed ${seed}`).toEqual([3, 7])
          expect(schedule.switches).toBeLessThanOrEqual(2)
        }
      })
    }

    test('clients with a list of operations each: where in the lists the two stand does not matter', async () => {
      const given = fc.array(fc.record({ client: fc.nat(1), id: fc.nat(OPERATIONS - 1) }), { maxLength: OPERATIONS, size: 'max' })
      const property = fc.asyncProperty(given, schedules(), async (operations, s) => {
        let reading = false
        const client = async (n: number): Promise<void> => {
          for (const { id } of operations.filter((o) => o.client === n)) {
            await pause(`read ${id}`)
            if (id === 3) reading = true
            await pause(`write ${id}`)
            if (id === 3) reading = false
            if (id === 7 && reading) throw new Error('7 wrote what 3 had read')
          }
        }
        await s.run(() => Promise.all([client(0), client(1)]))
      })
      for (const seed of seeds) {
        const [operations, schedule] = failing(await fc.check(property, { seed, numRuns: 3000 }))
        expect(operations.map((o) => o.id).toSorted((a, b) => a - b), `seed ${seed}`).toEqual([3, 7])
        expect([1, 2]).toContain(schedule.switches)
      }
    })

    test('a long operation, which a short one must meet at one step', async () => {
      const property = fc.asyncProperty(anyArray, schedules(), async (operations, s) => {
        let at = 0
        const operation = async (id: number): Promise<void> => {
          await pause()
          if (id === 7 && at === 4) throw new Error('7 met step 4 of 3')
          if (id !== 3) return
          for (at = 1; at < 5; at++) await pause()
        }
        await s.run(() => Promise.all(operations.map(operation)))
      })
      for (const seed of seeds) {
        const [operations, schedule] = failing(await fc.check(property, { seed, numRuns: 3000 }))
        expect(operations.toSorted((a, b) => a - b), `seed ${seed}`).toEqual([3, 7])
        expect([1, 2]).toContain(schedule.switches)
      }
    })

    test('a value among many: the others become 0', async () => {
      const property = fc.asyncProperty(schedules(), async (s) => {
        const values = await s.run(function* () {
          const drawn: number[] = []
          for (let i = 0; i < 10; i++) drawn.push(choose(4, 'fault'))
          yield* sleep(0)
          return drawn
        })
        if (values[6] !== 0) throw new Error(`drawn ${values.filter((v) => v !== 0).length}`)
      })
      for (const seed of seeds) expect((await fc.check(property, { seed })).errorInstance).toMatchObject({ message: 'drawn 1' })
    })
  })

  describe('what a value is', () => {
    const property = fc.asyncProperty(inOrder, schedules(), within)

    test('seed and path replay it, picture and all', async () => {
      for (const seed of seeds) {
        const found = await fc.check(property, { seed, numRuns: 500 })
        const path = found.counterexamplePath as string
        const again = await fc.check(property, { seed, path, endOnFailure: true })
        expect(again.numRuns).toBe(1)
        expect(again.numShrinks).toBe(0)
        expect(fc.stringify(failing(again))).toBe(fc.stringify(failing(found)))
      }
    })

    test('generation is a pure function of the seed, and the seeds differ', () => {
      const words = (seed: number): string[] => fc.sample(schedules(), { seed, numRuns: 30 }).map(String)
      expect(words(1)).toEqual(words(1))
      expect(words(1)).not.toEqual(words(2))
      expect(new Set(words(1)).size).toBeGreaterThan(8)
    })

    test('shrinking ends, whichever way it goes, and never gives the same again', async () => {
      const arbitrary = schedules()
      for (const way of ['first', 'last', 'middle'] as const) {
        for (const seed of seeds) {
          const random = new fc.Random(fakeGenerator(seed))
          let value = arbitrary.generate(random, undefined)
          for (let depth = 0; ; depth++) {
            expect(depth).toBeLessThan(1000)
            const smaller = [...arbitrary.shrink(value.value_, value.context)]
            const own = String(value.value_)
            expect(smaller.map((v) => String(v.value_))).not.toContain(own)
            const next = smaller[way === 'first' ? 0 : way === 'last' ? smaller.length - 1 : smaller.length >> 1]
            if (next === undefined) break
            value = next
          }
          expect(String(value.value_)).toBe('schedule: the oldest first')
        }
      }
    })

    test('it runs the body once, and gives what it returns', async () => {
      const [s] = fc.sample(schedules(), { seed: 1, numRuns: 1 }) as [Schedule]
      let runs = 0
      expect(await s.run(async () => {
        runs++
        await pause()
        return 'done'
      })).toBe('done')
      expect(s.runSync(function* () {
        runs++
        yield* sleep(1)
        return 5
      })).toBe(5)
      expect(runs).toBe(2)
    })

    test("the body's own failure is thrown, and every other verdict", async () => {
      const [s] = fc.sample(schedules(), { seed: 1, numRuns: 1 }) as [Schedule]
      const own = new Error('its own')
      await expect(s.run(async () => Promise.reject(own))).rejects.toBe(own)
      const stuck = function* () {
        const lock = new Lock()
        yield* lock.acquire()
        yield* lock.acquire()
      }
      await expect(s.run(stuck)).rejects.toBeInstanceOf(DeadlockError)
      expect(() => s.runSync(stuck)).toThrow(DeadlockError)
      const leaving = function* () {
        createTask(sleep(1))
        yield* sleep(0)
      }
      await expect(s.run(leaving)).rejects.toThrow('left pending')
      const [lenient] = fc.sample(schedules({ leaks: 'ignore' }), { seed: 1, numRuns: 1 }) as [Schedule]
      await lenient.run(leaving)
    })

    test('a wrong option is refused at once', () => {
      expect(() => schedules({ maxSteps: 0 })).toThrow(RangeError)
    })
  })

  describe('a counterexample', () => {
    const body = () => {
      const log: string[] = []
      const one = async (name: string): Promise<void> => {
        await pause(`read ${name}`)
        log.push(name)
      }
      return async () => {
        await Promise.all([one('a'), one('b')])
        if (log[0] === 'b') throw new Error('b before a')
      }
    }
    const property = (make: typeof body) => fc.asyncProperty(schedules(), (s) => s.run(make()))

    test('prints the picture and the token, and the token replays it', async () => {
      const details = await fc.check(property(body), { seed: 1 })
      const [schedule] = failing(details)
      const error = await fc.assert(property(body), { seed: 1 }).then(() => undefined, (e: unknown) => e as Error)
      expect(error?.message).toContain('read b')
      expect(error?.message).toContain('* a switch: the lane before could have gone on')
      expect(error?.message).toContain(`token   ${schedule.token}`)
      const report = await replay(body(), schedule.token as string)
      expect(report.failure?.error).toMatchObject({ message: 'b before a' })
    })

    test('becomes an example, which fast-check runs first', async () => {
      const details = await fc.check(property(body), { seed: 1 })
      const token = failing(details)[0].token as string
      const first = await fc.check(property(body), { examples: [[scheduleOf(token)]], seed: 1 })
      expect(first).toMatchObject({ failed: true, numRuns: 1, numShrinks: 0 })
      const changed = () => async () => {
        await Promise.all([pause('x'), pause('y'), pause('z')])
      }
      const other = await fc.check(property(changed), { examples: [[scheduleOf(token)]], seed: 1 })
      expect(other.errorInstance).toBeInstanceOf(ReplayMismatchError)
    })

    test('two runs in one property: the one that failed is shown', async () => {
      const two = fc.asyncProperty(schedules(), async (s) => {
        let failed: unknown
        await s.run(body()).catch((e: unknown) => (failed = e))
        await s.run(async () => pause('afterwards'))
        if (failed !== undefined) throw failed
      })
      const [schedule] = failing(await fc.check(two, { seed: 1 }))
      expect(String(schedule)).toContain('read b')
      expect(String(schedule)).not.toContain('afterwards')
    })
  })

  describe('orders that need more than ready tasks', () => {
    test('the clock may pass before an operation of the outside completes', async () => {
      const property = fc.asyncProperty(schedules(), async (s) => {
        const winner = await s.run(() =>
          Promise.race([pause('answer').then(() => 'answer'), sleep(5).then(() => 'timeout')]),
        )
        if (winner === 'timeout') throw new Error('it took too long')
      })
      const found = await fc.check(fc.asyncProperty(schedules({ leaks: 'ignore' }), async (s) => {
        const winner = await s.run(async () => {
          const answer = pause('answer').then(() => 'answer')
          return Promise.race([answer, sleep(5).then(() => 'timeout')])
        })
        if (winner === 'timeout') throw new Error('it took too long')
      }), { seed: 1 })
      expect(found.failed).toBe(true)
      expect((await fc.check(property, { seed: 2 })).failed).toBe(true)
    })

    test("permute 'io' finds only what the real runtime can do", async () => {
      const property = (permute: 'io' | 'tasks') =>
        fc.asyncProperty(schedules({ permute }), async (s) => {
          const log: string[] = []
          await s.run(function* () {
            yield* gather(['a', 'b'].map((n) => createTask((function* () { log.push(n); yield* sleep(0) })())))
          })
          if (log[0] === 'b') throw new Error('b began first')
        })
      expect((await fc.check(property('io'), { seed: 1, numRuns: 300 })).failed).toBe(false)
      expect((await fc.check(property('tasks'), { seed: 1, numRuns: 300 })).failed).toBe(true)
    })
  })

  describe('a model run with a task for each command', () => {
    interface Model { size: number }
    class Counter {
      value = 0
      async add(n: number): Promise<void> {
        const before = this.value
        await pause(`read ${before}`)
        this.value = before + n
      }
    }
    class Add implements fc.AsyncCommand<Model, Counter> {
      readonly n: number
      constructor(n: number) { this.n = n }
      check(): boolean { return true }
      async run(model: Model, real: Counter): Promise<void> {
        await real.add(this.n)
        model.size += this.n
        expect(real.value).toBe(model.size)
      }
      toString(): string { return `add(${this.n})` }
    }
    class Never extends Add {
      override check(): boolean { return false }
      override run(): Promise<void> { throw new Error('check said no') }
    }
    const commands = fc.commands([fc.integer({ min: 1, max: 9 }).map((n) => new Add(n)), fc.constant(new Never(0))], { maxCommands: 10 })
    const setup = () => ({ model: { size: 0 }, real: new Counter() })

    test('the race of two commands is found, and comes down to them', async () => {
      const details = await fc.check(
        fc.asyncProperty(commands, schedules(), (cmds, s) => concurrentModelRun(s, setup, cmds)),
        { seed: 3 },
      )
      const [cmds, schedule] = failing(details)
      // fast-check adds the path that replays the commands.
      expect(String(cmds).split(' /*')[0]).toBe('add(1),add(1)')
      expect(String(schedule)).toContain('add(1)')
      expect(String(details.errorInstance)).toContain('AssertionError')
    })

    test('one after the other the same commands are right', async () => {
      await fc.assert(fc.asyncProperty(commands, (cmds) => fc.asyncModelRun(setup, cmds)), { seed: 3 })
    })
  })
}

/** A generator of the kind that both versions of fast-check take. */
function fakeGenerator(seed: number): ConstructorParameters<typeof fc.Random>[0] {
  let state = seed | 0
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return state
  }
  const generator = {
    clone: () => fakeGenerator(state),
    next: (): [number, unknown] => [next(), generator],
    unsafeNext: next,
    min: () => -0x80000000,
    max: () => 0x7fffffff,
    getState: () => [state],
  }
  return generator as unknown as ConstructorParameters<typeof fc.Random>[0]
}
