import { describe, expect, test } from 'vitest'
import {
  check,
  checkSync,
  createTask,
  Event,
  type Failure,
  Future,
  gather,
  type GeneratorBody,
  Lock,
  pause,
  Queue,
  replay,
  type ScenarioBody,
  Semaphore,
  shared,
  shield,
  sleep,
  TaskGroup,
  timeout,
  track,
  wait,
  waitFor,
} from '../../src/index.ts'
import { marksIn } from '../support/marks.ts'

const line = marksIn(import.meta.url)

function waitsOf(failure: Failure | undefined): Record<string, number | undefined> {
  expect(failure?.kind).toBe('deadlock')
  for (const w of failure?.file.waits ?? []) if (w.waitsAt) expect(w.waitsAt.file).toMatch(/sites\.spec\.ts$/)
  return Object.fromEntries((failure?.file.waits ?? []).map((w) => [w.task, w.waitsAt?.line]))
}

describe('a deadlock says the line at which each task waits', () => {
  const native: Record<string, ScenarioBody> = {
    lock: async () => {
      const lock = new Lock()
      await lock.acquire()
      await lock.acquire() // native lock
    },
    'lock.with': async () => {
      const lock = new Lock()
      await lock.acquire()
      await lock.with(async () => {}) // native lock.with
    },
    event: async () => {
      await new Event().wait() // native event
    },
    queue: async () => {
      const queue = new Queue<number>()
      const take = async () => queue.get() // native queue
      await take()
    },
    semaphore: async () => {
      const permits = new Semaphore(0)
      await sleep(1)
      await permits.acquire() // native semaphore
    },
    future: async () => {
      const future = new Future<void>()
      await pause('before')
      await future // native future
    },
    task: async () => {
      const stuck = createTask(async () => new Future<void>(), { name: 'other' })
      await pause('before')
      await stuck // native task
    },
    gather: async () => {
      const never = new Future<void>()
      const all = gather([never, sleep(1)])
      await all // native gather
    },
    'all of two': async () => {
      const never = new Future<void>()
      await Promise.all([never, sleep(1)]) // native all of two
    },
    shared: async () => {
      const cell = shared(0, 'cell')
      await cell.read({ when: (n) => n === 1 }) // native shared
    },
    shield: async () => {
      await shield(new Future<void>()) // native shield
    },
    wait: async () => {
      await wait([new Future<void>()]) // native wait
    },
    'in a helper': async () => {
      const deep = async () => {
        await pause('deep')
        await new Future<void>() // native in a helper
      }
      const middle = async () => deep()
      await middle()
    },
  }
  test.each(Object.entries(native))('await: %s', async (name, body) => {
    const { failure } = await check(body, { schedules: 20 })
    expect(waitsOf(failure)['Task-1']).toBe(line(`native ${name}`))
  })

  const generators: Record<string, GeneratorBody> = {
    lock: function* () {
      const lock = new Lock()
      yield* lock.acquire()
      yield* lock.acquire() // generator lock
    },
    'lock.with': function* () {
      const lock = new Lock()
      yield* lock.acquire()
      yield* lock.with(function* () {}) // generator lock.with
    },
    queue: function* () {
      const queue = new Queue<number>()
      yield* sleep(1)
      yield* queue.get() // generator queue
    },
    future: function* () {
      yield* sleep(0)
      yield* new Future<void>() // generator future
    },
    gather: function* () {
      yield* gather([new Future<void>()]) // generator gather
    },
    'task group': function* () {
      yield* new TaskGroup().run(function* (group) { // generator task group
        group.createTask(function* () {
          yield* new Future<void>()
        })
        yield* sleep(0)
      })
    },
    shared: function* () {
      const cell = shared(0, 'cell')
      yield* cell.update((n) => n + 1, { when: (n) => n === 1 }) // generator shared
    },
    'in a helper': function* () {
      function* deep() {
        yield* sleep(1)
        yield* new Future<void>() // generator in a helper
      }
      yield* deep()
    },
  }
  test.each(Object.entries(generators))('yield*: %s', (name, body) => {
    const { failure } = checkSync(body, { schedules: 20 })
    expect(waitsOf(failure)['Task-1']).toBe(line(`generator ${name}`))
  })

  test('two tasks that wait for one thing, each at its line', async () => {
    const { failure } = await check(async () => {
      const both = new Future<void>()
      const one = async () => {
        await both // first of two
      }
      const other = async () => {
        await both // second of two
      }
      await gather([createTask(one, { name: 'one' }), createTask(other, { name: 'other' })])
    })
    expect(waitsOf(failure)).toMatchObject({ one: line('first of two'), other: line('second of two') })
  })
})

test.each([
  ['a sleep', () => sleep(100)],
  ['a future that is waited for', () => waitFor(new Future<void>(), 100)],
] as const)('a task of the library’s own code waits at no line of the program’s, and is told by where it was made: %s', async (_, make) => {
  const { failure } = await check(async () => {
    createTask(make(), { name: 'left' }) // made with nothing else
    await sleep(1)
  }, { strategy: 'fifo' })
  expect(failure?.kind).toBe('leak')
  expect(failure?.file.waits).toMatchObject([{ task: 'left', waitsAt: undefined, createdAt: { line: line('made with nothing else') } }])
})

describe('time limits', () => {
  const stuck = async (limit: (lock: Lock) => PromiseLike<unknown>) => {
    const { failure } = await check(async () => {
      const lock = new Lock({ name: 'busy' })
      createTask(() => lock.with(() => sleep(60)), { name: 'holder' })
      await sleep(1)
      await limit(lock)
    }, { leaks: 'ignore', strategy: 'fifo' })
    return failure?.file.timeouts
  }

  test('timeout() says which await was stuck', async () => {
    const timeouts = await stuck((lock) =>
      timeout(5, async () => {
        await pause('first')
        await lock.acquire() // stuck in timeout
      }),
    )
    expect(timeouts).toMatchObject([{ task: 'Task-1', time: 6, waitsFor: "Lock 'busy' held by holder", waitsAt: { line: line('stuck in timeout') } }])
  })

  test('waitFor() too', async () => {
    const timeouts = await stuck((lock) => waitFor(lock.acquire(), 5)) // stuck in waitFor
    expect(timeouts).toMatchObject([{ time: 6, waitsFor: "Lock 'busy' held by holder" }])
  })
})

describe('shared values', () => {
  test('are recorded with the step that touched them, as they were after it', () => {
    const { failure } = checkSync(function* () {
      const cell = shared(1, 'cell')
      const state = track({ total: 0, parts: { left: [1] } })
      yield* sleep(0)
      yield* cell.update((n) => n + 1) // update
      state.total = cell.value + 5
      state.parts.left.push(7)
      yield* sleep(0)
      throw new Error('look')
    })
    const { values, steps } = (failure as Failure).file.failing
    const seen = values.map((v) => [v.name, v.kind, v.value])
    expect(seen).toContainEqual(['cell', 'write', '2'])
    expect(seen).toContainEqual(['cell', 'read', '2'])
    expect(seen).toContainEqual(['total', 'write', '7'])
    expect(seen).toContainEqual(['parts.left.1', 'write', '7'])
    const update = values.find((v) => v.name === 'cell' && v.kind === 'write')
    expect(steps[update?.entry ?? -1]?.label).toBe('write cell')
    expect(update?.at?.line).toBe(line('update'))
  })
})

describe('what an instrumented run leaves behind', () => {
  test('is nothing: the awaitables are as they were', async () => {
    const prototypes = [Future.prototype, Object.getPrototypeOf(sleep(1)) as object, Object.getPrototypeOf(sleep(0)) as object]
    const keys = ['then', Symbol.iterator] as const
    const state = () =>
      prototypes.flatMap((p) => keys.map((key) => Object.getOwnPropertyDescriptor(p, key))).map((d) => [d?.value as unknown, d?.get, d?.enumerable, d?.writable])
    const before = state()
    await check(async () => {
      await pause()
      throw new Error('x')
    })
    checkSync(function* () {
      yield* sleep(0)
      throw new Error('x')
    })
    for (const [i, now] of state().entries()) for (const [j, x] of now.entries()) expect(x).toBe(before[i]?.[j])
    expect(before.every(([value, get]) => typeof value === 'function' && get === undefined)).toBe(true)
  })

  test('does not change the schedule: the same steps, in the same order, as without it', async () => {
    const runs: string[] = []
    const body = async () => {
      const log: string[] = []
      const lock = new Lock()
      const work = async (name: string) => {
        await lock.with(async () => {
          await sleep(1)
          log.push(name)
        })
        await pause(name)
        log.push(name)
      }
      await gather([() => work('a'), () => work('b'), () => work('c')])
      runs.push(log.join(''))
      throw new Error('look')
    }
    for (const seed of [1, 2, 3, 4, 5]) {
      runs.length = 0
      const { failure } = await check(body, { strategy: 'random', seed })
      const [plain] = runs
      runs.length = 0
      await replay(body, (failure as Failure).firstToken)
      expect(runs).toEqual([plain])
    }
  })
})
