import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  check,
  checkSync,
  createTask,
  type ExploreOptions,
  external,
  explore,
  Future,
  gather,
  getRunningLoop,
  InterleavingError,
  pause,
  ReplayMismatchError,
  replay,
  run,
  type ScenarioBody,
  sleep,
  type Strategy,
} from '../../src/index.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'

const two = () =>
  function* () {
    let n = 0
    function* increment() {
      const before = n
      yield* sleep(0)
      n = before + 1
    }
    yield* gather([increment(), increment()])
    if (n !== 2) throw new Error('lost update')
  }

const fine = function* () {
  yield* gather([sleep(0), sleep(0), sleep(0)])
}

/** Far too many schedules to run them all. */
const endless = function* () {
  yield* gather(Array.from({ length: 8 }, () => (function* () {
    for (let i = 0; i < 8; i++) yield* sleep(0)
  })()))
}

describe('the report', () => {
  test('of an exhausted exploration is a proof', () => {
    const report = checkSync(fine, { strategy: 'exhaustive' })
    expect(report).toMatchObject({
      exhausted: true,
      stopped: 'exhausted',
      cut: 0,
      failures: 0,
      strategy: 'exhaustive',
      sometimes: {},
    })
    expect(report.failure).toBeUndefined()
    expect(report.elapsed).toBeGreaterThanOrEqual(0)
    expect(report.steps).toBeGreaterThanOrEqual(report.schedules)
  })

  test('counts schedules, steps and choice points', () => {
    // Two tasks of two steps: each schedule has the main task's two steps and the four.
    const report = checkSync(two(), { strategy: 'exhaustive', bail: false })
    expect(report).toMatchObject({ schedules: 6, steps: 36, failures: 4, stopped: 'exhausted' })
    // Of the four steps the last is forced, and so is the third where one task has ended: AABB, BBAA.
    expect(report.choicePoints).toBe(4 * 3 + 2 * 2)
  })

  test('stops at the first failure, or with bail: false not at all', () => {
    const bailed = checkSync(two(), { strategy: 'exhaustive' })
    expect(bailed).toMatchObject({ stopped: 'failure', failures: 1, exhausted: false })
    expect(bailed.failure?.schedule).toBe(bailed.schedules)
    const all = checkSync(two(), { strategy: 'exhaustive', bail: false })
    expect(all.failure?.schedule).toBe(bailed.schedules)
    expect(all.failure?.firstToken).toBe(bailed.failure?.firstToken)
  })

  test('stops at its number of schedules', () => {
    for (const schedules of [1, 2, 5]) {
      expect(checkSync(fine, { strategy: 'random', schedules })).toMatchObject({ schedules, stopped: 'schedules', exhausted: false })
    }
    // Exactly as many as there are is a proof all the same.
    expect(checkSync(two(), { strategy: 'exhaustive', bail: false, schedules: 6 })).toMatchObject({ exhausted: true })
    expect(checkSync(two(), { strategy: 'exhaustive', bail: false, schedules: 5 })).toMatchObject({ exhausted: false, stopped: 'schedules' })
  })

  test('stops at its time limit', async () => {
    for (const report of [
      checkSync(endless, { strategy: 'random', schedules: 1e9, timeLimit: 30 }),
      await check(endless, { strategy: 'random', schedules: 1e9, timeLimit: 30 }),
    ]) {
      expect(report).toMatchObject({ stopped: 'time', failures: 0, exhausted: false })
      expect(report.elapsed).toBeGreaterThanOrEqual(30)
      expect(report.elapsed).toBeLessThan(2000)
    }
  })

  test('minimising ends with the time limit too', () => {
    const report = checkSync(function* () {
      const log: string[] = []
      yield* gather(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => (function* () {
        for (let i = 0; i < 40; i++) {
          log.push(name)
          yield* sleep(0)
        }
      })()))
      if (!log.join('').includes('ffffffa')) throw new Error('order')
    }, { strategy: 'random', schedules: 1e9, timeLimit: 100 })
    expect(report.failures).toBe(1)
    expect(report.elapsed).toBeLessThan(1000)
  })

  test('carries the seed, derived from the name where there is one', () => {
    const seedOf = (options: ExploreOptions): number => checkSync(fine, { schedules: 1, ...options }).seed
    expect(seedOf({ seed: 42 })).toBe(42)
    expect(seedOf({ seed: Number.MAX_SAFE_INTEGER })).toBe(Number.MAX_SAFE_INTEGER)
    expect(seedOf({ name: 'a' })).toBe(seedOf({ name: 'a' }))
    expect(seedOf({ name: 'a' })).not.toBe(seedOf({ name: 'b' }))
    expect(seedOf({})).toBe(seedOf({}))
  })

  test('says when there was nothing to choose', () => {
    expect(checkSync(function* () {
      yield* sleep(1)
    })).toMatchObject({ schedules: 1, choicePoints: 0, exhausted: true })
  })
})

describe('a signal', () => {
  test('that was aborted before ends the exploration without a schedule', async () => {
    expect(await check(fine, { signal: AbortSignal.abort() })).toMatchObject({ schedules: 0, stopped: 'signal', exhausted: false, failures: 0 })
  })

  test.each([
    ['generators', endless as ScenarioBody],
    ['native', async () => {
      await gather(Array.from({ length: 6 }, () => async () => {
        for (let i = 0; i < 6; i++) await pause()
      }))
    }],
  ])('ends it with the report so far (%s)', async (_, body) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 300)
    const report = await check(body, { strategy: 'random', schedules: 1e9, signal: controller.signal, timeLimit: 20_000 })
    expect(report).toMatchObject({ stopped: 'signal', exhausted: false })
    expect(report.schedules).toBeGreaterThan(0)
  })

  test('cuts a schedule short that would go on for long, and says so', async () => {
    const controller = new AbortController()
    let ended = false
    setTimeout(() => controller.abort(), 50)
    const report = await check(async () => {
      try {
        for (;;) await pause()
      } finally {
        ended = true
      }
    }, { maxSteps: Number.POSITIVE_INFINITY, signal: controller.signal })
    expect(report).toMatchObject({ stopped: 'signal', schedules: 0, cut: 1, failures: 0, exhausted: false })
    // It is cancelled like what else is left of a run.
    expect(ended).toBe(true)
    expect(await check(fine)).toMatchObject({ failures: 0, cut: 0 })
  })

  test('from inside a native body too ends it after that schedule', async () => {
    const controller = new AbortController()
    let runs = 0
    const report = await check(async () => {
      if (++runs === 3) controller.abort()
      await Promise.all([pause(), pause(), pause()])
    }, { strategy: 'random', signal: controller.signal })
    expect(report).toMatchObject({ schedules: 3, cut: 0, stopped: 'signal' })
  })

  test('from inside the body ends it after that schedule', () => {
    const controller = new AbortController()
    let runs = 0
    const report = checkSync(function* () {
      if (++runs === 3) controller.abort()
      yield* gather([sleep(0), sleep(0), sleep(0)])
    }, { strategy: 'random', signal: controller.signal })
    expect(report).toMatchObject({ schedules: 3, stopped: 'signal' })
  })
})

describe('setup and what it returns', () => {
  test('run before and after each schedule, whatever becomes of it', async () => {
    const log: string[] = []
    let open = 0
    const options: ExploreOptions = {
      strategy: 'exhaustive',
      bail: false,
      setup: () => {
        expect(open).toBe(0)
        open++
        log.push('up')
        return () => {
          open--
          log.push('down')
        }
      },
    }
    const report = checkSync(two(), options)
    expect(open).toBe(0)
    // The six schedules, and those of minimising.
    expect(log.length).toBeGreaterThanOrEqual(2 * report.schedules)
    expect(log.filter((x) => x === 'up').length).toBe(log.length / 2)

    log.length = 0
    await check(async () => {
      await new Future()
    }, options)
    expect(open).toBe(0)
    expect(log.length).toBeGreaterThanOrEqual(2)
  })

  test('an arrow function that returns what it assigned is no teardown', () => {
    let n = 1
    const setup = (() => (n = 0)) as unknown as () => void
    expect(checkSync(fine, { setup, schedules: 2 }).failures).toBe(0)
    expect(n).toBe(0)
  })

  test('must be synchronous', async () => {
    const setup = (async () => {}) as unknown as () => void
    await expect(check(fine, { setup })).rejects.toThrow(/synchronous/)
    expect(() => checkSync(fine, { setup })).toThrow(TypeError)
  })

  test('its own errors are thrown as they are, and the next exploration is unharmed', async () => {
    await expect(check(fine, {
      setup: () => {
        throw new RangeError('no database')
      },
    })).rejects.toThrow(RangeError)
    await expect(check(fine, {
      setup: () => () => {
        throw new RangeError('cannot close')
      },
    })).rejects.toThrow('cannot close')
    expect((await check(fine)).failures).toBe(0)
  })

  test('teardown runs after a strategy error too', () => {
    let down = 0
    expect(() => checkSync(fine, {
      strategy: { name: 'bad', begin: () => true, pick: () => 99 },
      setup: () => () => {
        down++
      },
    })).toThrow()
    expect(down).toBe(1)
  })
})

describe('a strategy of one\'s own', () => {
  test('is told of each schedule, asked at each choice, and told of the end', () => {
    const log: string[] = []
    const last: Strategy = {
      name: 'last',
      begin: ({ schedule, seed }) => {
        log.push(`begin ${schedule} ${seed}`)
        return schedule <= 2
      },
      pick: (point) => {
        expect(point.options.length).toBeGreaterThanOrEqual(2)
        return point.options.length - 1
      },
      end: ({ failed, steps }) => log.push(`end ${failed} ${steps}`),
    }
    const report = checkSync(fine, { strategy: last, seed: 7 })
    expect(report).toMatchObject({ strategy: 'last', schedules: 2, exhausted: true })
    expect(log).toEqual(['begin 1 7', 'end false 8', 'begin 2 7', 'end false 8', 'begin 3 7'])
  })

  const BAD: [string, Partial<Strategy>, RegExp][] = [
    ['picks too high', { pick: (p) => p.options.length }, /strategy bad picked 3 of 3/],
    ['picks below 0', { pick: () => -1 }, /picked -1/],
    ['picks a fraction', { pick: () => 0.5 }, /picked 0.5/],
    ['picks NaN', { pick: () => Number.NaN }, /picked NaN/],
    ['picks nothing', { pick: () => undefined as unknown as number }, /picked undefined/],
    ['picks a string', { pick: () => '0' as unknown as number }, /picked 0/],
    ['throws in pick', { pick: () => { throw new Error('boom') } }, /failed in pick.*boom/],
    ['throws null in pick', { pick: () => { throw null } }, /failed in pick.*null/],
    ['throws in begin', { begin: () => { throw new Error('boom') } }, /failed in begin.*boom/],
    ['throws in end', { end: () => { throw new Error('boom') } }, /failed in end.*boom/],
  ]

  test.each(BAD)('that %s is a StrategyError, and no failure of the test', async (_, parts, message) => {
    const strategy: Strategy = { name: 'bad', begin: () => true, pick: () => 0, ...parts }
    for (const attempt of [() => check(fine, { strategy }), async () => checkSync(fine, { strategy }), () => explore(fine, { strategy })]) {
      const error = await attempt().then(() => undefined, (e: unknown) => e)
      expect(error).toMatchObject({ name: 'StrategyError', message: expect.stringMatching(message) as string })
    }
    // Also where the body would catch it, and at a value.
    expect((await check(fine, { strategy: 'exhaustive' })).exhausted).toBe(true)
  })

  test('its error passes the body by, and what the body has open is closed', async () => {
    const { choose } = await import('../../src/index.ts')
    let closed = 0
    const attempt = check(async () => {
      try {
        choose(3)
      } catch {
        // A body that catches everything.
      }
      try {
        await pause()
      } finally {
        closed++
      }
    }, { strategy: { name: 'bad', begin: () => true, pick: () => 3 } })
    await expect(attempt).rejects.toMatchObject({ name: 'StrategyError' })
    expect(closed).toBe(1)
  })
})

describe('wrong options are named', () => {
  const WRONG: [unknown, new (m: string) => Error, RegExp][] = [
    [{ strategy: 'fifi' }, TypeError, /fifi.*fifo/],
    [{ strategy: {} }, TypeError, /strategy/],
    [{ strategy: 5 }, TypeError, /strategy/],
    [{ strategy: null }, TypeError, /strategy|options/],
    [{ schedules: 0 }, RangeError, /schedules/],
    [{ schedules: 1.5 }, RangeError, /schedules/],
    [{ schedules: Number.NaN }, RangeError, /schedules/],
    [{ schedules: '5' }, RangeError, /schedules/],
    [{ maxSteps: -1 }, RangeError, /maxSteps/],
    [{ seed: -1 }, RangeError, /seed/],
    [{ seed: 0.5 }, RangeError, /seed/],
    [{ seed: 2 ** 53 }, RangeError, /seed/],
    [{ timeLimit: 0 }, RangeError, /timeLimit/],
    [{ timeLimit: '1' }, RangeError, /timeLimit/],
    [{ permute: 'all' }, TypeError, /permute/],
    [{ leaks: 'warn' }, TypeError, /leaks/],
    [{ name: 5 }, TypeError, /name/],
    [{ bail: 'no' }, TypeError, /bail/],
    [{ setup: 5 }, TypeError, /setup/],
    [{ signal: {} }, TypeError, /signal/],
    [{ signal: 5 }, TypeError, /signal/],
    [{ onProgress: true }, TypeError, /onProgress/],
    [{ replay: 5 }, TypeError, /replay/],
    [5, TypeError, /options/],
    [null, TypeError, /options/],
  ]

  test.each(WRONG.map(([options, type, message]) => ({ options, type, message })))('$options', async ({ options, type, message }) => {
    if (options !== null && typeof options === 'object' && (options as ExploreOptions).strategy === null) {
      // null stands for the default, as undefined does.
      return
    }
    const wrong = options as ExploreOptions
    await expect(check(fine, wrong)).rejects.toThrow(type)
    await expect(check(fine, wrong)).rejects.toThrow(message)
    await expect(explore(fine, wrong)).rejects.toThrow(type)
    expect(() => checkSync(fine, wrong)).toThrow(type)
  })

  test.each([undefined, null, 5, 'body', {}, fine()])('a body that is %s is a TypeError', async (body) => {
    const wrong = body as unknown as typeof fine
    await expect(check(wrong)).rejects.toThrow(/body .*function/)
    await expect(check(wrong)).rejects.toThrow(TypeError)
    await expect(explore(wrong)).rejects.toThrow(TypeError)
    expect(() => checkSync(wrong)).toThrow(TypeError)
    const { failure } = await roundtripSync(two())
    await expect(replay(wrong, failure.token)).rejects.toThrow(/body .*function/)
  })

  test('a body that returns at once is fine', async () => {
    expect(await check(() => {})).toMatchObject({ schedules: 1, failures: 0, exhausted: true })
    expect(await check(() => 5)).toMatchObject({ failures: 0 })
  })

  test('checkSync refuses a native body with the way out, and never calls it a deadlock', () => {
    const native = (async () => {
      await sleep(1)
    }) as unknown as typeof fine
    expect(() => checkSync(native)).toThrow(TypeError)
    expect(() => checkSync(native)).toThrow(/use check/)
    expect(checkSync(fine).failures).toBe(0)
  })
})

describe('whatever is thrown is a failure', () => {
  const odd = Object.create(null) as object
  const cases: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['a string', 'text'],
    ['an empty string', ''],
    ['zero', 0],
    ['false', false],
    ['a symbol', Symbol('s')],
    ['a bigint', 10n],
    ['a function', () => {}],
    ['an object without a prototype', odd],
    ['an object', { code: 5 }],
    ['an error whose message is no text', Object.assign(new Error('x'), { message: 5 })],
    ['an error without a constructor', Object.assign(new Error('x'), { constructor: undefined })],
    ['an AggregateError', new AggregateError([new Error('a')], 'many')],
  ]

  test.each(cases)('%s', async (_, value) => {
    const bodies: ScenarioBody[] = [
      function* () {
        yield* sleep(0)
        throw value
      },
      async () => {
        await sleep(0)
        throw value
      },
      () => {
        throw value
      },
      function* () {
        yield* gather([(function* () {
          yield* sleep(0)
          throw value
        })()])
      },
      function* () {
        yield* external('op', () => {
          throw value
        })
      },
    ]
    for (const body of bodies) {
      const { failure } = await roundtrip(body)
      expect(failure.kind).toBe('error')
      expect(failure.error).toBe(value)
      expect(String(failure)).toContain('token')
      const error = await explore(body).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(InterleavingError)
      expect('cause' in (error as object)).toBe(true)
      expect((error as InterleavingError).cause).toBe(value)
    }
  })

  test('in a callback it is an unhandled exception', async () => {
    for (const value of [null, undefined, 'text', new Error('x')]) {
      const { failure } = await roundtripSync(function* () {
        getRunningLoop().callSoon(() => {
          throw value
        })
        yield* sleep(1)
      })
      expect(failure).toMatchObject({ kind: 'unhandled' })
      expect(failure.error).toBe(value)
    }
  })
})

describe('InterleavingError', () => {
  test('has the report, the cause, and the picture as its message', async () => {
    const error = await explore(two(), { name: 'deposits' }).catch((e: unknown) => e as InterleavingError)
    if (!(error instanceof InterleavingError)) throw new Error('nothing was thrown')
    expect(error.name).toBe('InterleavingError')
    expect(error.report.failure?.error).toBe(error.cause)
    expect((error.cause as Error).message).toBe('lost update')
    expect(error.message).toBe(String(error.report.failure))
    expect(error.message).toContain(error.report.failure?.token)
  })

  test('is not thrown without a failure: explore gives the report', async () => {
    expect(await explore(fine)).toMatchObject({ failures: 0 })
  })
})

describe('what a schedule leaves behind', () => {
  test('a task is a leak, by name and by what it waits for', async () => {
    const body = function* () {
      createTask(function* () {
        yield* sleep(100)
      }, { name: 'poller' })
      yield* sleep(1)
    }
    const { failure } = await roundtripSync(body)
    expect(failure.kind).toBe('leak')
    expect(String(failure.error)).toMatch(/poller.*sleep\(100\)/)
    expect(checkSync(body, { leaks: 'ignore' }).failures).toBe(0)
  })

  test('a leak is found in the orders that have it only', () => {
    const report = checkSync(function* () {
      const task = createTask(function* () {
        yield* sleep(0)
      })
      yield* sleep(0)
      yield* sleep(0)
      if (task.done()) yield* task
    }, { strategy: 'exhaustive', bail: false })
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
  })

  test('a cancelled task that has not ended yet is none', () => {
    expect(checkSync(function* () {
      const task = createTask(function* () {
        yield* sleep(100)
      })
      yield* sleep(0)
      task.cancel()
    }).failures).toBe(0)
  })

  test('externals and timers under way are none, and the next run starts clean', () => {
    let late = 0
    const report = checkSync(function* () {
      external('never', () => late++)
      getRunningLoop().callLater(50, () => late++)
      yield* sleep(1)
    }, { strategy: 'random', schedules: 20 })
    expect(report.failures).toBe(0)
    expect(late).toBeLessThan(20)
  })

  test('an exception that nobody retrieves is unhandled', async () => {
    const body = function* () {
      createTask(function* () {
        throw new Error('in the background')
      })
      yield* sleep(1)
    }
    const { failure } = await roundtripSync(body)
    expect(failure.kind).toBe('unhandled')
    expect(String(failure.error)).toContain('in the background')
    expect(checkSync(body, { leaks: 'ignore' }).failures).toBe(0)
  })

  test('tasks left are cancelled, their cleanup runs, in native code too', async () => {
    let cleaned = 0
    await check(async () => {
      createTask(async () => {
        try {
          await sleep(100)
        } finally {
          cleaned++
        }
      })
      await sleep(1)
    }, { leaks: 'ignore', strategy: 'fifo' })
    expect(cleaned).toBe(1)
  })

  test('a loop that the body stops is a failure, not a crash', async () => {
    const { failure } = await roundtripSync(function* () {
      getRunningLoop().stop()
      yield* sleep(5)
    })
    expect(failure.kind).toBe('error')
    expect(String(failure.error)).toContain('stopped before')
  })

  test('a main task that is cancelled is a failure', async () => {
    const { failure } = await roundtripSync(function* () {
      const { currentTask } = yield* (function* () {
        return { currentTask: getRunningLoop().current }
      })()
      currentTask?.cancel('enough')
      yield* sleep(1)
    })
    expect(failure).toMatchObject({ kind: 'error', error: { name: 'CancelledError', message: 'enough' } })
  })
})

describe('explorations among each other', () => {
  test('one inside another is refused', async () => {
    for (const inner of [() => check(fine), () => explore(fine), async () => checkSync(fine), () => replay(fine, 'h1.')]) {
      const { failure } = await roundtrip(async () => {
        await inner()
      })
      expect(String(failure.error)).toMatch(/cannot begin inside a run|running event loop/)
    }
    await expect(run(async () => {
      checkSync(fine)
    })).rejects.toThrow(/inside a run/)
  })

  test('two at once take turns', async () => {
    const log: string[] = []
    const body = (name: string) => async () => {
      log.push(name)
      await gather([pause(), pause()])
      log.push(name)
    }
    const reports = await Promise.all(['a', 'b', 'c'].map((name) => check(body(name), { strategy: 'exhaustive' })))
    expect(reports.map((r) => r.exhausted)).toEqual([true, true, true])
    expect(log.join('')).toMatch(/^a+b+c+$/)
  })

  test('one that fails to begin does not hold up the next', async () => {
    const bad: Strategy = { name: 'bad', begin: () => true, pick: () => 99 }
    const [first, second] = await Promise.allSettled([check(fine, { strategy: bad }), check(fine)])
    expect([first?.status, second?.status]).toEqual(['rejected', 'fulfilled'])
  })
})

describe('HEDDLE_REPLAY', () => {
  afterEach(() => {
    vi.unstubAllEnvs()
  })

  test('replays its schedule in the test that it names, and in no other', async () => {
    const { failure } = await roundtripSync(two(), { name: 'deposits' })
    vi.stubEnv('HEDDLE_REPLAY', failure.token)
    for (const report of [checkSync(two(), { name: 'deposits' }), await check(two(), { name: 'deposits' })]) {
      expect(report).toMatchObject({ schedules: 1, strategy: 'replay', failures: 1 })
      expect(report.failure?.token).toBe(failure.token)
    }
    await expect(explore(two(), { name: 'deposits' })).rejects.toThrow(InterleavingError)
    expect(checkSync(two(), { name: 'other', strategy: 'exhaustive', bail: false }).schedules).toBe(6)
    expect(checkSync(two(), { strategy: 'exhaustive', bail: false }).schedules).toBe(6)
  })

  test('a damaged one is said to be that variable', async () => {
    vi.stubEnv('HEDDLE_REPLAY', 'h1.nonsense')
    await expect(check(fine, { name: 'deposits' })).rejects.toThrow(/HEDDLE_REPLAY/)
    vi.stubEnv('HEDDLE_REPLAY', '')
    expect((await check(fine)).failures).toBe(0)
  })

  test('the option replay does the same', async () => {
    const { failure } = await roundtripSync(two(), { name: 'deposits' })
    await expect(explore(two(), { replay: failure.token })).rejects.toThrow('lost update')
    await expect(check(fine, { replay: failure.token })).rejects.toThrow(ReplayMismatchError)
  })

  test('a name of any characters goes through its token', async () => {
    for (const name of ['täglich ✓ 日本', '\uFEFFbom', 'a'.repeat(300_000), 'line\nbreak', '🧵']) {
      const { failure } = await roundtripSync(two(), { name })
      vi.stubEnv('HEDDLE_REPLAY', failure.token)
      expect(checkSync(two(), { name }).strategy).toBe('replay')
      vi.unstubAllEnvs()
    }
  })
})

describe('what differs between two runs of the same choices', () => {
  test('is nondeterminism, with the failure that was seen as its cause', async () => {
    let runs = 0
    const report = checkSync(function* () {
      runs++
      yield* gather([sleep(0), sleep(0)])
      if (runs === 1) throw new Error('only once')
    })
    expect(report.failure?.kind).toBe('nondeterminism')
    expect(report.failure?.error).toMatchObject({
      message: expect.stringContaining('setup') as string,
      cause: { message: 'only once' },
    })
  })

  test('also where the number of options changes', () => {
    let runs = 0
    const report = checkSync(function* () {
      runs++
      yield* gather(Array.from({ length: 2 + (runs % 2) }, () => sleep(0)))
    }, { strategy: 'exhaustive' })
    expect(report.failure?.kind).toBe('nondeterminism')
  })
})

test('progress is told while it goes on', () => {
  const told: number[] = []
  checkSync(endless, { strategy: 'random', schedules: 1e9, timeLimit: 350, onProgress: (p) => told.push(p.schedules) })
  expect(told.length).toBeGreaterThanOrEqual(1)
  expect(told.toSorted((a, b) => a - b)).toEqual(told)
})
