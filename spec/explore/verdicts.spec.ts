import { afterEach, describe, expect, test, vi } from 'vitest'
import { runOnce, runOnceSync } from '../../src/explore/explore.ts'
import { host, provideHost } from '../../src/explore/host.ts'
import type { Fault } from '../../src/explore/execution.ts'
import { CancelledError, check, checkSync, createTask, explore, type ExploreOptions, Future, gather, getRunningLoop, KeyboardInterrupt, Lock, pause, type Progress, run, type ScenarioBody, sleep } from '../../src/index.ts'

/** What a run is judged to be, in the words that the user reads; and what an exploration says beside its report. */

const fifo: ExploreOptions = { strategy: 'fifo' }
let turns = 0
const turn = () => (turns++, sleep(0))

async function faultOf(body: ScenarioBody, options: ExploreOptions = fifo): Promise<Fault | null> {
  const { failure } = await check(body, options)
  return failure === undefined ? null : { kind: failure.kind, error: failure.error }
}

describe('the verdict on a run', () => {
  test.each<[string, ScenarioBody, Partial<Fault> & { error: object }]>([
    ['that is stopped', () => (getRunningLoop().stop(), sleep(1)), { kind: 'error', error: { name: 'RuntimeError', message: 'Event loop stopped before Future completed.' } }],
    ['whose main task is cancelled', async () => {
      throw new CancelledError('enough')
    }, { kind: 'error', error: { name: 'CancelledError', message: 'enough' } }],
    ['that is interrupted', async () => {
      await sleep(1)
      throw new KeyboardInterrupt('^C')
    }, { kind: 'error', error: { name: 'KeyboardInterrupt', message: '^C' } }],
    ['that leaves a task', async () => {
      createTask(async () => sleep(100), { name: 'poller' })
      await sleep(1)
    }, { kind: 'leak', error: { name: 'LeakError', message: 'left pending when the main task ended: poller (waits for sleep(100)); await or cancel it' } }],
    ['that leaves several, one with two lanes and one that has not begun', async () => {
      const lock = new Lock({ name: 'l' })
      await lock.acquire()
      createTask(async () => Promise.all([sleep(100), lock.acquire()]), { name: 'both' })
      await sleep(1)
      createTask(async () => {}, { name: 'late' })
    }, { kind: 'leak', error: { message: "left pending when the main task ended: both (waits for sleep(100) and Lock 'l' held by Task-1), late; await or cancel them" } }],
    ['in which a callback throws', async () => {
      setTimeout(() => {
        throw new Error('in a timer')
      }, 1)
      await sleep(2)
    }, { kind: 'unhandled', error: { message: 'in a timer' } }],
    ['in which two do: the first is what has to be mended', async () => {
      for (const n of [1, 2]) {
        setTimeout(() => {
          throw new Error(`timer ${n}`)
        }, n)
      }
      await sleep(3)
    }, { kind: 'unhandled', error: { message: 'timer 1' } }],
    ['that waits for ever because a callback threw', async () => {
      await new Promise((resolve) =>
        setTimeout(() => {
          resolve(JSON.parse('{'))
        }, 1),
      )
    }, { kind: 'unhandled', error: { name: 'SyntaxError' } }],
    ['that fails by itself, though a callback threw before', async () => {
      setTimeout(() => {
        throw new Error('in a timer')
      }, 1)
      await sleep(2)
      throw new RangeError('of its own')
    }, { kind: 'error', error: { message: 'of its own' } }],
    ['that leaves a task besides an error that nobody saw', async () => {
      void Promise.reject(new Error('nobody saw it'))
      createTask(async () => sleep(100))
      await sleep(1)
    }, { kind: 'unhandled', error: { message: 'nobody saw it' } }],
    ['in which the loop’s handler is told of an exception', async () => {
      const loop = getRunningLoop()
      loop.callExceptionHandler({ message: 'it went wrong', exception: new RangeError('thrown') })
      loop.callExceptionHandler({ message: 'again', exception: new TypeError('later') })
      await sleep(1)
    }, { kind: 'unhandled', error: { message: 'thrown' } }],
    ['in which it is told of something that has none', async () => {
      getRunningLoop().callExceptionHandler({ message: 'it went wrong' })
      await sleep(1)
    }, { kind: 'unhandled', error: { message: 'it went wrong' } }],
    ['that rejects a promise as cancelled, unseen', async () => {
      void Promise.reject(new CancelledError('mine'))
      await sleep(1)
    }, { kind: 'unhandled', error: { message: 'mine' } }],
  ])('%s', async (_, body, expected) => {
    expect(await faultOf(body)).toMatchObject(expected)
  })

  test('an exception that was never looked at is one, if what is left behind counts', async () => {
    const body = async (): Promise<void> => {
      createTask(async () => {
        throw new RangeError('unseen')
      })
      await sleep(1)
    }
    expect(await faultOf(body)).toMatchObject({ kind: 'unhandled', error: { message: 'unseen' } })
    expect(await faultOf(body, { ...fifo, leaks: 'ignore' })).toBeNull()
  })

  test('what is cancelled at the end is nobody’s failure', async () => {
    const stubborn = async (): Promise<void> => {
      const never = new Future<void>()
      const left = createTask(async () => never)
      void (async () => left)()
      await sleep(1)
    }
    expect(await faultOf(stubborn, { ...fifo, leaks: 'ignore' })).toBeNull()
    const cleaned: string[] = []
    expect(
      checkSync(function* () {
        createTask(function* () {
          try {
            yield* sleep(100)
          } finally {
            yield* sleep(5)
            cleaned.push('cleaned')
          }
        })
        yield* sleep(1)
      }, { ...fifo, leaks: 'ignore' }).failures,
    ).toBe(0)
    expect(cleaned).toEqual(['cleaned'])
  })

  test.each([
    ['generators', function* () {
      createTask(function* () {
        try {
          yield* sleep(100)
        } finally {
          for (;;) yield* turn()
        }
      })
      yield* sleep(1)
    }],
    ['native', async () => {
      createTask(async () => {
        try {
          await sleep(100)
        } finally {
          for (;;) await turn()
        }
      })
      await sleep(1)
    }],
  ] as [string, ScenarioBody][])('a cleanup without an end is left alone (%s)', async (_, body) => {
    turns = 0
    expect((await check(body, { ...fifo, leaks: 'ignore' })).failures).toBe(0)
    // It has ten thousand steps for each run.
    expect(turns).toBeGreaterThan(5000)
    expect(turns).toBeLessThan(20_001)
  })
})

describe('what is no exploration at all is refused', () => {
  const fine = function* () {
    yield* sleep(0)
  }
  test('in words that say the way out', async () => {
    const native = (async () => sleep(1)) as unknown as typeof fine
    expect(() => checkSync(native)).toThrow('checkSync runs generator functions only, and this body waits for a promise; use check')
    expect(() => checkSync(fine, { isolate: () => fine })).toThrow('option isolate may take its time, and checkSync can not wait: use check')
    const setup = (async () => {}) as unknown as () => void
    expect(() => checkSync(fine, { setup })).toThrow('option setup must be synchronous: it returned a promise')
    await expect(check(5 as never)).rejects.toThrow('a body to explore must be a function, not 5')
    await expect(run(async () => void checkSync(fine))).rejects.toThrow('an exploration cannot begin inside a run')
    for (const once of [runOnce, runOnceSync] as const) await expect(async () => once(5 as never, {})).rejects.toThrow('a body to explore must be a function, not 5')
  })
})

describe('explore', () => {
  const before = host()
  const warnings: unknown[] = []
  afterEach(() => {
    provideHost(before)
    vi.restoreAllMocks()
    warnings.length = 0
  })
  const listen = (): void => void vi.spyOn(console, 'warn').mockImplementation((line) => void warnings.push(line))
  const one = async (): Promise<void> => void (await sleep(1))
  const two = async (): Promise<void> => void (await gather([pause('a'), pause('b')]))

  test('warns of a test in which nothing can be reordered, by its name', async () => {
    listen()
    const rest =
      ' had 0 choice points: there was nothing to explore, so that it passed says nothing about orderings. ' +
      'Its tasks must overlap at a wait of Heddle\'s: pause(), external(), sleep(), a lock, a queue …; or let the plugin heddle/vite make points of the awaits of your own code.'
    await explore(one)
    await explore(one, { name: 'pays "once"' })
    expect(warnings).toEqual([`heddle: an exploration${rest}`, `heddle: "pays \\"once\\""${rest}`])
  })

  test('and of no other', async () => {
    listen()
    await explore(two, { schedules: 2 })
    await check(one)
    await expect(
      explore(async () => {
        throw new Error('at once')
      }),
    ).rejects.toThrow('at once')
    expect(warnings).toEqual([])
  })

  test('shows how far it is to whoever waits for it, and tells the test as well', async () => {
    const told: string[] = []
    provideHost({ ...before, progress: (name, schedules) => ({ tell: (p) => told.push(`${name} ${p.schedules > 0} of ${schedules}`), end: () => told.push('end') }) })
    const seen: Progress[] = []
    const controller = new AbortController()
    const onProgress = (p: Progress): void => {
      seen.push(p)
      controller.abort()
    }
    const options: ExploreOptions = { name: 'waits', strategy: 'random', schedules: 1e9, signal: controller.signal, onProgress }
    await explore(two, options)
    expect(told).toEqual(['waits true of 1000000000', 'end'])
    expect(seen).toMatchObject([{ failures: 0 }])
    expect(seen[0]?.steps).toBeGreaterThanOrEqual(seen[0]?.schedules as number)
    expect(seen[0]?.elapsed).toBeGreaterThanOrEqual(100)
    told.length = 0
    await expect(explore(() => { throw new Error('x') })).rejects.toThrow('x')
    await check(two, { schedules: 2 })
    // That somebody waits is so for a test that fails, too; nobody waits for check().
    expect(told).toEqual(['end'])
  })
})

describe('a single run', () => {
  const lost = function* () {
    let n = 0
    const add = function* () {
      const seen = n
      yield* pause('save')
      n = seen + 1
    }
    yield* gather([add(), add()])
    if (n !== 2) throw new Error('lost')
    return n
  }

  test('is told as it ran: its end, its steps, its token', async () => {
    const ended: unknown[] = []
    const strategy = { name: 'own', begin: ({ schedule, seed }: { schedule: number; seed: number }) => (ended.push([schedule, seed]), true), pick: () => 0, end: (o: object) => ended.push(o) }
    const sync = runOnceSync(lost, { strategy, seed: 7 })
    expect(sync).toMatchObject({ fault: { kind: 'error', error: { message: 'lost' } }, value: undefined, switches: 2 })
    const steps = sync.trace.steps.at(-1)?.step as number
    expect([sync.choicePoints, steps]).toEqual([sync.trace.steps.filter((s) => s.choice !== undefined).length, 6])
    expect(ended).toEqual([[1, 7], { failed: true, steps: expect.any(Number) as number }])
    const native = await runOnce(lost, { strategy, seed: 7 })
    expect([native.token, native.trace]).toEqual([sync.token, sync.trace])
    const again = runOnceSync(lost, { replay: sync.token })
    expect([again.token, again.trace, again.fault?.kind]).toEqual([sync.token, sync.trace, 'error'])
  })

  test('gives what the body returned', () => {
    const passing = runOnceSync(function* () {
      yield* sleep(0)
      return 5
    }, fifo)
    expect(passing).toMatchObject({ fault: null, value: 5, choicePoints: 0, switches: 0 })
  })

  test('of a token takes what shapes it from there, and refuses another program', () => {
    const limited = runOnceSync(lost, { maxSteps: 3 })
    expect(limited.fault?.kind).toBe('step-limit')
    expect(runOnceSync(lost, { replay: limited.token }).fault?.kind).toBe('step-limit')
    expect(() => runOnceSync(function* () {}, { replay: limited.token })).toThrow("the run ends here, and the token's run went on")
  })
})
