import { describe, expect, test } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  check,
  checkSync,
  createTask,
  type ExploreOptions,
  Future,
  gather,
  getRunningLoop,
  pause,
  shared,
  shield,
  sleep,
  TaskGroup,
  wait,
  waitFor,
} from '../../src/index.ts'
import { interleavings } from '../support/count.ts'
import { comesToEveryOutcome, ends, EVERY, type Make, REDUCED, step, together } from './reduction.ts'

const programs: Record<string, Make> = {
  'a future that is settled, and asked whether it is done': () => {
    const f = new Future<number>()
    return together(step(() => f.setResult(1)), step(() => f.done()))
  },
  'a future that is cancelled, and asked whether it is': () => {
    const f = new Future<number>()
    return together(step(() => f.cancel()), step(() => f.cancelled()))
  },
  'a future whose result is asked for': () => {
    const f = new Future<number>()
    return together(step(() => f.setResult(1)), step(() => f.result()))
  },
  'a future whose exception is asked for': () => {
    const f = new Future<number>()
    return together(step(() => f.setResult(1)), step(() => f.exception()))
  },
  'two that settle one future': () => {
    const f = new Future<number>()
    return together(step(() => f.setResult(1)), step(() => f.setResult(2)), () => f)
  },
  'a future that is settled or cancelled, whichever comes first': () => {
    const f = new Future<number>()
    return together(step(() => f.setResult(1)), step(() => f.cancel()))
  },
  'a task that is asked whether it is done': function* () {
    const other = createTask(step(() => 1))
    return yield* ends([other, createTask(step(() => other.done()))])
  },
  'a task that is cancelled before or after its step': function* () {
    const other = createTask(step(() => 1))
    return yield* ends([other, createTask(step(() => other.cancel()))])
  },
  'a task that is cancelled between its steps': function* () {
    const other = createTask(function* () {
      try {
        yield* sleep(0)
        return 'went on'
      } catch {
        return 'caught it'
      }
    })
    return yield* ends([other, createTask(step(() => other.cancel()))])
  },
  'the first of two errors that a gather meets': () => {
    const failing = (word: string) => step(() => { throw new RangeError(word) })
    return (function* () {
      try {
        yield* gather([failing('a'), failing('b')])
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    })()
  },
  'the first that wait() meets': function* () {
    const tasks = [createTask(step(() => 1)), createTask(step(() => 2))]
    const [done] = yield* wait(tasks, { returnWhen: 'FIRST_COMPLETED' })
    return tasks.map((t) => done.has(t))
  },
  'the first error that wait() meets': function* () {
    const failing = step(() => { throw new RangeError() })
    const tasks = [createTask(step(() => 1)), createTask(failing), createTask(failing)]
    const [done] = yield* wait(tasks, { returnWhen: 'FIRST_EXCEPTION' })
    return tasks.map((t) => done.has(t) && t.exception() !== null)
  },
  'what is done when wait() has no more time': function* () {
    const tasks = [createTask(() => sleep(1)), createTask(() => sleep(1))]
    const [done] = yield* wait(tasks, { timeout: 1 })
    return tasks.map((t) => done.has(t))
  },
  'what comes first as it is completed': function* () {
    const found: unknown[] = []
    for (const next of asCompleted([step(() => 'a'), step(() => 'b')])) found.push(yield* next)
    return found
  },
  'a group whose tasks fail': function* () {
    const failing = (word: string) => step(() => { throw new RangeError(word) })
    try {
      yield* new TaskGroup().run(function* (group) {
        group.createTask(failing('a'))
        group.createTask(failing('b'))
      })
      return []
    } catch (error) {
      return (error as AggregateError).errors.map((e: Error) => e.message)
    }
  },
  'a time limit that ends with what it limits': () =>
    together(function* () {
      return yield* waitFor(sleep(1, 'in time'), 1)
    }),
  'two that sleep equally long, of which one cancels the other': function* () {
    const other = createTask(() => sleep(1, 'slept'))
    return yield* ends([other, createTask(function* () {
      yield* sleep(1)
      return other.cancel()
    })])
  },
  'a gather that is cancelled before or after its end': function* () {
    const both = gather([step(() => 1), step(() => 2)])
    return yield* ends([createTask(step(() => both.cancel())), createTask(() => gather([both], { returnExceptions: true }))])
  },
}

describe('a reduction comes to every outcome', () => {
  test.each(Object.keys(programs))('%s', (name) => comesToEveryOutcome(programs[name] as Make))

  test('native lanes of one task, which share its variables', async () => {
    const found = async (options: ExploreOptions): Promise<string[]> => {
      const seen = new Set<string>()
      const report = await check(async () => {
        const order: string[] = []
        const chain = async (name: string): Promise<void> => {
          for (let i = 1; i <= 2; i++) {
            await pause()
            order.push(`${name}${i}`)
          }
        }
        await Promise.all([chain('a'), chain('b')])
        seen.add(order.join(' '))
      }, options)
      expect(report).toMatchObject({ exhausted: true, failures: 0 })
      return [...seen].toSorted()
    }
    const every = await found(EVERY)
    expect(every).toHaveLength(interleavings(2, 2))
    expect(await found(REDUCED)).toEqual(every)
  })

  test('where cancelling a shield that has ended is only a look at it', () => {
    const schedules = (look: (outer: Future<number>) => unknown): number => {
      const report = checkSync(function* () {
        const inner = new Future<number>()
        const outer = shield(inner)
        inner.setResult(1)
        yield* sleep(1)
        yield* together(step(() => look(outer)), step(() => 1), step(() => 2))
      }, REDUCED)
      expect(report).toMatchObject({ exhausted: true, failures: 0 })
      return report.schedules
    }
    expect(schedules((outer) => outer.cancel())).toBe(schedules((outer) => outer.done()))
  })

  test('where the first of one is that one', () => {
    const schedules = (way: (f: Future<number>) => Awaitable<unknown>): number => {
      const report = checkSync(function* () {
        const f = new Future<number>()
        yield* together(function* () { return yield* way(f) }, step(() => f.setResult(1)), step(() => 1), step(() => 2))
      }, REDUCED)
      expect(report).toMatchObject({ exhausted: true, failures: 0 })
      return report.schedules
    }
    const [alone, first] = [schedules((f) => gather([f])), schedules((f) => [...asCompleted([f])][0] ?? f)]
    expect(first).toBe(alone)
  })

  test('native callbacks that wait, each for itself, and belong to no task', async () => {
    const found = async (options: ExploreOptions): Promise<string[]> => {
      const seen = new Set<string>()
      const report = await check(async () => {
        const order = shared('')
        for (const name of ['a', 'b']) {
          getRunningLoop().callSoon(async () => {
            await sleep(1)
            order.value += name
          })
        }
        await sleep(2)
        seen.add(order.value)
      }, options)
      expect(report).toMatchObject({ exhausted: true, failures: 0 })
      return [...seen].toSorted()
    }
    expect(await found(EVERY)).toEqual(['ab', 'ba'])
    expect(await found(REDUCED)).toEqual(['ab', 'ba'])
  })
})
