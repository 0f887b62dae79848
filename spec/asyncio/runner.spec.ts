import { afterEach, expect, test, vi } from 'vitest'
import {
  ContextVar,
  createTask,
  type EventLoop,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  Runner,
  run,
  runSync,
  setEventLoop,
  sleep,
  ValueError,
} from '../../src/index.ts'
import { inWords } from './both.ts'

afterEach(() => {
  setEventLoop(null)
  vi.restoreAllMocks()
})

test('R273 R273b without a running loop: one is made, with a warning, until one was set [PolicyTests.test_get_event_loop_calls_set_event_loop]', async () => {
  // The only place where nothing was ever set: a fresh copy of the library.
  vi.resetModules()
  const fresh = await import('../../src/index.ts')
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const made = fresh.getEventLoop()
  expect(made).toBeInstanceOf(fresh.EventLoop)
  expect(fresh.getEventLoop()).toBe(made)
  expect(warn.mock.calls).toEqual([['DeprecationWarning: There is no current event loop']])
  fresh.setEventLoop(null)
  expect(() => fresh.getEventLoop()).toThrow("There is no current event loop in thread 'MainThread'.")
})

test('R273 the loop that was set; none after a run', () => {
  const l = newEventLoop()
  setEventLoop(l)
  expect(getEventLoop()).toBe(l)
  runSync(function* () {
    expect(getEventLoop()).toBe(getRunningLoop())
  })
  expect(() => getEventLoop()).toThrow("There is no current event loop in thread 'MainThread'.")
})

test('R275 getRunningLoop', () => {
  expect(() => getRunningLoop()).toThrow('no running event loop')
  newEventLoop()
  expect(() => getRunningLoop()).toThrow('no running event loop')
})

test('R270 run inside a run, and of no coroutine', async () => {
  await run(async () => {
    expect(() => runSync(sleep(0))).toThrow('asyncio.run() cannot be called from a running event loop')
    await expect(run(sleep(0))).rejects.toThrow('asyncio.run() cannot be called from a running event loop')
    await expect(new Runner().run(sleep(0))).rejects.toThrow('Runner.run() cannot be called from a running event loop')
  })
  for (const wrong of [5, newEventLoop().createTask(sleep(0))]) {
    await expect(run(wrong as never)).rejects.toThrow(ValueError)
    expect(() => runSync(wrong as never)).toThrow(/^a coroutine was expected, got /)
  }
})

for (const sync of [true, false]) {
  const front = sync ? 'generators' : 'async'
  const play = async <T>(runner: Runner, body: () => T): Promise<unknown> =>
    sync ? runner.runSync(body) : await runner.run(body)
  const end = async (runner: Runner): Promise<void> => (sync ? runner.closeSync() : await runner.close())

  test(`R271 what is left is cancelled and waited for; the loop is closed (${front})`, async () => {
    const log: unknown[] = []
    const runner = new Runner()
    const result = await play(runner, function* () {
      createTask(function* () {
        try {
          yield* sleep(99)
        } finally {
          yield* sleep(0)
          log.push('cleaned up')
        }
      })
      yield* sleep(0)
      return 'main result'
    })
    const l = runner.getLoop()
    expect(getEventLoop()).toBe(l)
    await end(runner)
    expect([result, log, l.isClosed()]).toEqual(['main result', ['cleaned up'], true])
    expect(() => runner.getLoop()).toThrow('Runner is closed')
    expect(() => getEventLoop()).toThrow('no current event loop')
  })

  test(`R272 a task that fails during that (${front})`, async () => {
    const told: unknown[] = []
    const runner = new Runner()
    await play(runner, function* () {
      getRunningLoop().setExceptionHandler((_, c) => told.push([c.message, inWords(c.exception), c.task !== undefined]))
      createTask(function* () {
        try {
          yield* sleep(99)
        } catch {
          throw new ValueError('late')
        }
      })
      yield* sleep(0)
    })
    await end(runner)
    expect(told).toEqual([['unhandled exception during asyncio.run() shutdown', 'ValueError:late', true]])
  })

  test(`R276 several runs on one loop, in one context (${front})`, async () => {
    const v = new ContextVar<number>('v', { default: 0 })
    const loops = new Set<EventLoop>()
    const seen: number[] = []
    const runner = new Runner()
    for (let i = 1; i <= 3; i++) {
      await play(runner, function* () {
        loops.add(getRunningLoop())
        seen.push(v.get())
        v.set(i)
        yield* sleep(0)
      })
    }
    await end(runner)
    expect([loops.size, seen, v.get()]).toEqual([1, [0, 1, 2], 0])
  })
}

test('R277 a loop of one’s own: the current loop is not touched', async () => {
  const current = newEventLoop()
  setEventLoop(current)
  const mine = newEventLoop()
  const inside = await run(async () => getRunningLoop() === mine && getRunningLoop().getDebug(), {
    loopFactory: () => mine,
    debug: true,
  })
  expect([inside, mine.isClosed(), getEventLoop() === current]).toEqual([true, true, true])
})

test('a runner without a run closes quietly', async () => {
  await new Runner().close()
  {
    await using runner = new Runner()
    expect(await runner.run(async () => 3)).toBe(3)
  }
})
