import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  allTasks,
  check,
  checkSync,
  Connection,
  currentTask,
  type Faults,
  gather,
  getRunningLoop,
  io,
  type IoOptions,
  IoError,
  ioFetch,
  ioObject,
  type IoResult,
  Lock,
  pause,
  run,
  sleep,
  TimeoutError,
} from '../../src/index.ts'
import { every, everySync } from '../support/count.ts'

/** What one call can come to: what the caller gets, when, and how often the effect had happened by then. */
async function outcomesOf(faults: Faults | boolean) {
  const seen = new Set<string>()
  const report = await every(async () => {
    let effects = 0
    const call = io(async () => `answer ${++effects}`, { faults })
    let got: string
    try {
      got = await call()
    } catch (error) {
      got = `${(error as Error).name}: ${(error as Error).message}`
    }
    seen.add(`${got}, ${effects} at ${getRunningLoop().time()}`)
  })
  return { seen: [...seen].toSorted(), report }
}

describe('io: orders', () => {
  // Each task has 5 events: its start, and two for each of two calls; C(10, 5) ways to mix two such rows.
  test.each(['async', 'sync', 'generator'] as const)('a call starts and completes, each as a choice (%s function)', async (kind) => {
    const report = await every(async () => {
      let n = 0
      const read = { async: io(async () => n), sync: io(() => n), generator: io(function* () { return n }) }[kind]
      const write = io(async (v: number) => { n = v })
      const increment = async () => write((await read()) + 1)
      await gather([() => increment(), () => increment()])
      if (n !== 2) throw new Error('lost update')
    })
    expect(report.schedules).toBe(252)
    expect(report.failures).toBeGreaterThan(0)
  })

  test('generator bodies give the same 252', () => {
    const report = everySync(function* () {
      let n = 0
      const read = io(() => n)
      const write = io((v: number) => { n = v })
      function* increment() {
        yield* write((yield* read()) + 1)
      }
      yield* gather([increment(), increment()])
    })
    expect(report).toMatchObject({ schedules: 252, failures: 0 })
  })

  test('the call begins at once, and nothing of it happens before the caller suspends', async () => {
    await run(async () => {
      const log: string[] = []
      const call = io(() => log.push('effect'))
      const answer = call()
      expect(log).toEqual([])
      await pause()
      expect(log).toEqual(['effect'])
      await answer
    })
  })

  test('what is still under way at the end is no leak, and no task of the program', async () => {
    const report = await every(async () => {
      const call = io(() => pause('inside'))
      void call()
      void call()
      await pause()
      expect(allTasks()).toEqual(new Set([currentTask()]))
    })
    expect(report.failures).toBe(0)
  })

  test('a rejection that nobody waits for is unhandled', async () => {
    const call = io(async () => {
      throw new Error('refused')
    })
    const body = async () => {
      void call()
      await pause()
      await pause()
    }
    expect((await check(body)).failure).toMatchObject({ kind: 'unhandled', error: { message: 'refused' } })
  })

  test('its function may wait for things of ours', async () => {
    const report = await every(async () => {
      const lock = new Lock()
      let inside = 0
      const call = io(() =>
        lock.with(async () => {
          if (++inside > 1) throw new Error('two at once')
          await sleep(1)
          inside--
        }),
      )
      await Promise.all([call(), call()])
      expect(getRunningLoop().time()).toBe(2)
    })
    expect(report.failures).toBe(0)
    expect(report.schedules).toBeGreaterThan(2)
  })

  test('outside a run it is the function', async () => {
    const add = io(async (a: number, b: number) => a + b, { faults: true })
    expectTypeOf(add).toEqualTypeOf<(a: number, b: number) => IoResult<number>>()
    expect(await add(1, 2)).toBe(3)
    expect(await io(function* () { return 4 })()).toBe(4)
    await expect(io(() => { throw new Error('no') })()).rejects.toThrow('no')
  })

  test('this and the arguments reach the function; it is a promise to whoever asks', async () => {
    const object = { factor: 2, times: io(function (this: unknown, n: number) { return n * (this as { factor: number }).factor }) }
    await run(async () => {
      expect(await object.times(21).then((n) => n).finally(() => {})).toBe(42)
      const caught = await io(() => { throw new Error('no') })().catch((e: unknown) => String(e))
      expect(caught).toBe('Error: no')
    })
  })
})

describe('io: latency', () => {
  test('calls come back in the order of their times, and take them', async () => {
    const report = await every(async () => {
      const log: string[] = []
      const call = io(async (name: string, seconds: number) => { log.push(`effect ${name}`, ...(seconds > 9 ? ['late'] : [])) }, { latency: (_, seconds) => seconds })
      const one = async (name: string, seconds: number) => {
        await call(name, seconds)
        log.push(`${name} at ${getRunningLoop().time()}`)
      }
      await Promise.all([one('slow', 4), one('fast', 1)])
      expect(log).toEqual(['effect fast', 'fast at 1', 'effect slow', 'slow at 4'])
    })
    expect(report).toMatchObject({ schedules: 1, failures: 0 })
  })

  test('equal times are a choice', async () => {
    const orders = new Set<string>()
    await every(async () => {
      const log: string[] = []
      const call = io(async (name: string) => { log.push(name) }, { latency: 2 })
      await Promise.all([call('a'), call('b')])
      orders.add(log.join(''))
    })
    expect(orders).toEqual(new Set(['ab', 'ba']))
  })
})

describe('io: ordered', () => {
  async function orders(options: IoOptions<[string]>, permute: 'tasks' | 'io' = 'tasks') {
    const seen = new Set<string>()
    await every(async () => {
      const log: string[] = []
      const call = io(async (name: string) => { log.push(name.toUpperCase()) }, options)
      const one = async (name: string) => {
        await call(name)
        log.push(name)
      }
      await Promise.all([one('a'), one('b')])
      seen.add(log.join(''))
    }, { permute })
    return seen
  }

  test('effects and answers come in any order, or in that of the calls', async () => {
    // 4 events of which each answer follows its effect: 4! / (2 · 2).
    expect((await orders({})).size).toBe(6)
    expect(await orders({ ordered: true })).toEqual(new Set(['ABab', 'AaBb']))
    expect(await orders({ connection: new Connection() })).toEqual(new Set(['ABab', 'AaBb']))
  })

  test('a quick one waits for a slow one before it', async () => {
    const options = { ordered: true, latency: (name: string) => (name === 'a' ? 10 : 1) }
    expect(await orders(options, 'io')).toEqual(new Set(['ABab']))
    // Both answers are there at 10, and which of the two goes on first is a choice like any other.
    expect(await orders(options)).toEqual(new Set(['ABab', 'ABba']))
  })

  test('a lost one holds up nobody', async () => {
    const report = await every(async () => {
      const call = io(async () => {}, { ordered: true, faults: { rejectBefore: true, rejectAfter: true, timeout: 5 } })
      await Promise.all([call().catch(() => {}), call().catch(() => {})])
    })
    expect(report.failures).toBe(0)
  })
})

describe('io: faults', () => {
  test('the request is lost: no effect, and an error', async () => {
    const { seen, report } = await outcomesOf({ rejectBefore: true })
    expect(seen).toEqual(['IoError: the request was lost, 0 at 0', 'answer 1, 1 at 0'])
    expect(report.schedules).toBe(2)
  })

  test('the answer is lost: the effect, and an error', async () => {
    const { seen } = await outcomesOf({ rejectAfter: new RangeError('reset') })
    expect(seen).toEqual(['RangeError: reset, 1 at 0', 'answer 1, 1 at 0'])
  })

  test('errors may be many, and made anew for each call', async () => {
    const { seen } = await outcomesOf({ rejectBefore: [() => new TypeError('a'), new RangeError('b')] })
    expect(seen).toEqual(['RangeError: b, 0 at 0', 'TypeError: a, 0 at 0', 'answer 1, 1 at 0'])
  })

  test('it is delivered twice: a second effect before the answer, or later', async () => {
    const { seen, report } = await outcomesOf({ duplicate: true })
    expect(seen).toEqual(['answer 1, 1 at 0', 'answer 1, 2 at 0'])
    // Nothing goes wrong; the second delivery before the answer; or after it, and so after the end.
    expect(report.schedules).toBe(3)
  })

  test('it times out, with the effect or without', async () => {
    const { seen, report } = await outcomesOf({ timeout: 5 })
    expect(seen).toEqual(['TimeoutError: io timed out, 0 at 5', 'TimeoutError: io timed out, 1 at 5', 'answer 1, 1 at 0'])
    expect(report.schedules).toBe(3)
  })

  test('it never answers, with the effect or without', async () => {
    const effects: number[] = []
    let n = 0
    const setup = () => {
      n = 0
      return () => void effects.push(n)
    }
    const once = io(async () => { n++ }, { faults: { neverAnswers: true } })
    const report = await check(async () => once(), { strategy: 'exhaustive', bail: false, setup })
    expect(report).toMatchObject({ schedules: 3, failures: 2 })
    // The failing one is run again and again to be explained, and always without an effect.
    expect([...new Set(effects)].toSorted()).toEqual([0, 1])
    const alone = await check(async () => io(() => {}, { label: 'load', faults: { neverAnswers: true } })(), { bail: false })
    expect(alone).toMatchObject({ failures: 2, failure: { kind: 'deadlock' } })
    expect(String(alone.failure?.error)).toContain('load')
  })

  test('true is a lost request and a lost answer, nothing is nothing', async () => {
    expect((await outcomesOf(true)).report.schedules).toBe(3)
    expect((await outcomesOf(false)).report.schedules).toBe(1)
    expect((await outcomesOf({})).report.schedules).toBe(1)
  })

  // Two calls, of which each may fail: 2^2 ways, of which 1 has no fault and 2 have one.
  test.each([
    [undefined, 3],
    [{ max: 1 }, 3],
    [{}, 3],
    [{ max: 2 }, 4],
    [{ max: 0 }, 1],
    [false, 1],
  ] as const)('a schedule has at most so many: %j gives %i schedules', async (faults, schedules) => {
    const body = async () => {
      const call = io(async () => {}, { faults: { rejectBefore: true } })
      for (let i = 0; i < 2; i++) await call().catch(() => {})
    }
    const report = await every(body, faults === undefined ? {} : { faults })
    expect(report.schedules).toBe(schedules)
    const [places, coverage] = schedules === 1 ? [0, 'none'] : [2, 'exhausted']
    expect(report.dimensions.faults).toEqual({ coverage, places, tried: places })
  })

  test('FIFO meets none', async () => {
    const report = await check(async () => io(async () => {}, { faults: true })(), { strategy: 'fifo', schedules: 1 })
    expect(report).toMatchObject({ failures: 0, dimensions: { faults: { coverage: 'sampled', places: 2, tried: 0 } } })
  })

  test('wrong options are told of at once', () => {
    expect(() => io(() => {}, { faults: { reject: true } as Faults })).toThrow(TypeError)
    expect(() => io(() => {}, { faults: { timeout: Number.NaN } })).toThrow(RangeError)
    expect(() => io(() => {}, { latency: -1 })).toThrow(RangeError)
    expect(() => io(5 as never)).toThrow(TypeError)
    expect(() => checkSync(function* () {}, { faults: { max: -1 } })).toThrow(RangeError)
    expect(() => checkSync(function* () {}, { faults: true as never })).toThrow(TypeError)
    expect(new IoError('x')).toMatchObject({ name: 'IoError', message: 'x' })
    expect(new TimeoutError()).toBeInstanceOf(Error)
  })
})

describe('ioObject', () => {
  class Base {
    async inherited() {
      return 'inherited'
    }
  }

  class Store extends Base {
    readonly #rows = new Map<string, number>()
    count = 0

    get size() {
      return this.#rows.size
    }

    async put(key: string, value: number): Promise<number> {
      this.#rows.set(key, value)
      return this.get(key)
    }

    async get(key: string): Promise<number> {
      this.count++
      return this.#rows.get(key) ?? 0
    }
  }

  test('each method is an operation, on the object itself; getters and data are untouched', async () => {
    const report = await every(async () => {
      const raw = new Store()
      const store = ioObject(raw)
      expectTypeOf(store.put).returns.resolves.toEqualTypeOf<number>()
      expectTypeOf(store.size).toEqualTypeOf<number>()
      const asStore: Pick<Store, 'put' | 'get' | 'size'> = store
      const answer = asStore.put('a', 1)
      expect(store.size).toBe(0)
      expect(await answer).toBe(1)
      expect([store.size, store.count]).toEqual([1, 1])
      store.count = 7
      expect(raw.count).toBe(7)
      expect(await store.inherited()).toBe('inherited')
      expect(store.get).toBe(store.get)
      expect(store).toBeInstanceOf(Store)
    })
    expect(report).toMatchObject({ schedules: 1, failures: 0 })
  })

  test('in order where asked, methods of their own options, names in the trace', async () => {
    const { failure } = await check(async () => {
      const map = ioObject(new Map<string, number>(), { ordered: true, methods: { get: { faults: { rejectBefore: true } } } })
      await Promise.all([map.set('a', 1), map.set('a', 2)])
      expect(await map.get('a')).toBe(2)
    })
    expect(failure?.error).toBeInstanceOf(IoError)
    const labels = failure?.trace.steps.map((s) => s.label)
    expect(labels).toContain('Map.set starts')
    expect(labels).toContain('Map.get: its request is lost')
  })
})

describe('ioFetch', () => {
  const page = async (request: Request) => new Response(`${request.method} ${request.url} ${await request.text()}`)

  test('answers with what the handler says', async () => {
    await run(async () => {
      const fetch = ioFetch(page)
      const response = await fetch('https://example.org/a?b', { method: 'POST', body: 'body' })
      expect([response.status, await response.text()]).toEqual([200, 'POST https://example.org/a?b body'])
      expect(await (await fetch(new Request('https://example.org/'))).text()).toBe('GET https://example.org/ ')
    })
  })

  test('an abort rejects with its reason, before and during the call, and leaves no listener', async () => {
    await run(async () => {
      const fetch = ioFetch(page)
      const controller = new AbortController()
      const answer = fetch('https://example.org/', { signal: controller.signal })
      const reason = new Error('enough')
      controller.abort(reason)
      await expect(answer).rejects.toBe(reason)
      await expect(fetch('https://example.org/', { signal: controller.signal })).rejects.toBe(reason)
    })
  })

  test('what is lost is a failed fetch', async () => {
    const body = async () => ioFetch(page, { faults: true })('https://example.org/list')
    const report = await check(body, { bail: false })
    expect(report).toMatchObject({ schedules: 3, failures: 2 })
    expect(report.failure?.error).toEqual(new TypeError('fetch failed'))
    expect(report.failure?.trace.steps.map((s) => s.label)).toContain('GET /list: its request is lost')
  })
})
