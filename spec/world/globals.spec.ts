import * as timers from 'node:timers'
import { setTimeout as namedTimeout } from 'node:timers'
import { setTimeout as wait, setImmediate as soon, setInterval as every, scheduler } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { check, explore, external, pause, replay, sleep } from '../../src/index.ts'

/** What a body returns, by one FIFO schedule. */
async function once<T>(body: () => Promise<T>): Promise<T> {
  let value: T | undefined
  await check(async () => {
    value = await body()
  }, { schedules: 1, strategy: 'fifo' }).then((report) => {
    if (report.failure !== undefined) throw report.failure.error
  })
  return value as T
}

/** Every outcome of a body, over all its schedules. */
async function outcomes(body: () => Promise<string>, options = {}): Promise<string[]> {
  const seen = new Set<string>()
  const report = await check(async () => void seen.add(await body()), { strategy: 'exhaustive', schedules: 10_000, ...options })
  if (report.failure !== undefined) throw report.failure.error
  expect(report.exhausted).toBe(true)
  return [...seen].toSorted()
}

/** Arms both, and gives the order in which they fire. */
function order(arm: (note: (what: string) => void) => void, count: number): () => Promise<string> {
  return () =>
    new Promise((resolve) => {
      let said = ''
      arm((what) => {
        said += what
        if (said.length === count) resolve(said)
      })
    })
}

describe('the clock', () => {
  test('Date starts in 2020, performance at 1, and both follow the timers exactly', async () => {
    const seen = await once(async () => {
      const before = [Date.now(), performance.now(), new Date().toISOString()]
      await new Promise((r) => setTimeout(r, 1500.25))
      return [...before, Date.now() - Date.UTC(2020, 0, 1), performance.now(), process.hrtime(), process.hrtime.bigint()]
    })
    expect(seen).toEqual([
      Date.UTC(2020, 0, 1), 1, '2020-01-01T00:00:00.000Z',
      1500, 1501.25, [1, 501_250_000], 1_501_250_000n,
    ])
  })

  test('every schedule starts at the same moment', async () => {
    const starts = new Set<number>()
    await check(async () => {
      starts.add(Date.now()).add(performance.now())
      await Promise.all([sleep(1), sleep(1), pause()])
    }, { schedules: 20, strategy: 'random' })
    expect([...starts]).toEqual([Date.UTC(2020, 0, 1), 1])
  })

  test('an hour takes no time', async () => {
    const began = Date.now()
    await once(() => wait(3_600_000))
    expect(Date.now() - began).toBeLessThan(3_600_000)
  })

  test('process.hrtime gives differences, also backwards', async () => {
    const [there, back] = await once(async () => {
      const start = process.hrtime()
      await wait(250.5)
      return [process.hrtime(start), process.hrtime([2, 0])]
    })
    expect(there).toEqual([0, 250_500_000])
    expect(back).toEqual([-2, 251_500_000])
  })

  test('a delay below 1 is 1, as in Node, and what is above stays exact', async () => {
    const at = async (ms: number | undefined): Promise<number> => {
      const start = performance.now()
      await new Promise((r) => setTimeout(r, ms))
      return performance.now() - start
    }
    expect(await once(async () => [await at(0), await at(-5), await at(undefined), await at(Number.NaN)])).toEqual([1, 1, 1, 1])
    const seen = await once(async () => [await at(0.25), await at(1.5), await at(2 ** 31)])
    for (const [i, ms] of [1, 1.5, 1].entries()) expect(seen[i]).toBeCloseTo(ms, 6)
  })
})

describe('timers', () => {
  test('arguments, clearing, refs and numbers', async () => {
    const seen: unknown[] = []
    await once(async () => {
      setTimeout((...args: unknown[]) => seen.push(args), 5, 1, 'two')
      const dropped = setTimeout(() => seen.push('dropped'), 1)
      clearTimeout(dropped)
      const byNumber = setTimeout(() => seen.push('by number'), 1)
      clearTimeout(Number(byNumber))
      const byInterval = setTimeout(() => seen.push('by clearInterval'), 1)
      clearInterval(byInterval)
      const immediate = setImmediate(() => seen.push('immediate'))
      clearImmediate(immediate)
      clearTimeout(undefined)
      const held = setTimeout(() => seen.push('closed'), 1)
      seen.push(held.hasRef(), held.unref().hasRef(), held.ref().hasRef())
      held.close()
      await wait(10)
    })
    expect(seen).toEqual([true, false, true, [1, 'two']])
  })

  test('an interval goes on until it is cleared, from within too, and refresh starts anew', async () => {
    const times: number[] = []
    await once(async () => {
      const interval = setInterval(() => {
        times.push(performance.now() - 1)
        if (times.length === 3) clearInterval(interval)
      }, 10)
      await wait(100)
      const later = setTimeout(() => times.push(performance.now() - 1), 10)
      await wait(5)
      later.refresh()
      await wait(20)
      later.refresh()
      await wait(20)
    })
    expect(times).toEqual([10, 20, 30, 115, 135])
  })

  test('a callback must be a function, and the error is the host’s', async () => {
    const arm = (): unknown => setTimeout('code' as never, 1)
    await expect(once(async () => arm())).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' })
  })

  test('named imports of node:timers, node:timers/promises and util.promisify are on virtual time', async () => {
    const began = Date.now()
    const seen = await once(async () => {
      const start = performance.now()
      const at = (): number => performance.now() - start
      const times = [await wait(1000, 'a'), at()]
      await new Promise<void>((r) => namedTimeout(r, 1000))
      times.push(at())
      await new Promise<void>((r) => timers.setTimeout(r, 1000))
      times.push(at(), await promisify(setTimeout)(1000, 'b'), at(), await soon('c'), at())
      await scheduler.wait(1000)
      times.push(at())
      for await (const tick of every(500, 'tick')) {
        times.push(tick, at())
        if (at() > 6000) break
      }
      return times
    })
    expect(seen).toEqual(['a', 1000, 2000, 3000, 'b', 4000, 'c', 4000, 5000, 'tick', 5500, 'tick', 6000, 'tick', 6500])
    expect(Date.now() - began).toBeLessThan(5000)
  })

  test('promised timers listen to their signal', async () => {
    const seen = await once(async () => {
      const c = new AbortController()
      const waiting = wait(1000, undefined, { signal: c.signal }).catch((e: Error) => e.name)
      setTimeout(() => c.abort(), 10)
      const first = await waiting
      return [first, performance.now(), await wait(5, undefined, { signal: c.signal }).catch((e: Error) => e.name)]
    })
    expect(seen).toEqual(['AbortError', 11, 'AbortError'])
  })

  test('AbortSignal.timeout is on virtual time', async () => {
    const seen = await once(async () => {
      const signal = AbortSignal.timeout(60_000)
      await new Promise((r) => signal.addEventListener('abort', r))
      return [(signal.reason as Error).name, performance.now() - 1, AbortSignal.any([signal]).aborted]
    })
    expect(seen).toEqual(['TimeoutError', 60_000, true])
  })
})

describe('orders at one instant', () => {
  test('setTimeouts of equal delay keep their order', async () => {
    const body = order((note) => {
      for (const name of 'abc') setTimeout(() => note(name), 10)
    }, 3)
    expect(await outcomes(body)).toEqual(['abc'])
  })

  test('equal deadlines reached by different delays are a choice', async () => {
    const body = order((note) => {
      setTimeout(() => setTimeout(() => note('b'), 20), 10)
      setTimeout(() => note('a'), 30)
    }, 2)
    expect(await outcomes(body)).toEqual(['ab', 'ba'])
  })

  test('deadlines that differ are none, by a microsecond neither', async () => {
    const body = order((note) => {
      setTimeout(() => note('b'), 10.001)
      setTimeout(() => note('a'), 10)
    }, 2)
    expect(await outcomes(body)).toEqual(['ab'])
  })

  test('setImmediates keep their order, and come before any time passes', async () => {
    const body = order((note) => {
      setTimeout(() => note('t'), 0)
      setImmediate(() => note('a'))
      setImmediate(() => note('b'))
    }, 3)
    expect(await outcomes(body)).toEqual(['abt'])
  })

  test('a timer against an external is a choice', async () => {
    const body = (): Promise<string> =>
      Promise.race([external('answer', () => 'answer') as PromiseLike<string>, wait(1000, 'timeout') as Promise<string>])
    expect(await outcomes(body)).toEqual(['answer', 'timeout'])
  })

  test('two messages to one port keep their order, those to two ports do not', async () => {
    const body = order((note) => {
      const one = new MessageChannel()
      const two = new MessageChannel()
      one.port1.addEventListener('message', (e: Event) => note((e as MessageEvent).data as string))
      one.port1.start()
      two.port1.on('message', (data: string) => note(data))
      one.port2.postMessage('a')
      one.port2.postMessage('b')
      two.port2.postMessage('x')
    }, 3)
    expect(await outcomes(body)).toEqual(['abx', 'axb', 'xab'])
  })
})

describe('randomness', () => {
  test('is the same in every schedule, and has its forms', async () => {
    const seen = new Set<string>()
    await check(async () => {
      const numbers = [Math.random(), Math.random()]
      seen.add(JSON.stringify([numbers, crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]]))
      for (const n of numbers) if (!(n >= 0 && n < 1)) throw new Error(`${n} is out of range`)
      await Promise.all([pause(), pause()])
    }, { schedules: 10, strategy: 'random' })
    expect(seen.size).toBe(1)
    const [numbers, uuid] = JSON.parse([...seen][0] as string) as [number[], string]
    expect(numbers[0]).not.toBe(numbers[1])
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})

describe('what is put back', () => {
  const names = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'Date', 'MessageChannel'] as const
  const replaced = (): unknown[] => [
    ...names.map((n) => globalThis[n]), Math.random, performance.now, process.hrtime, AbortSignal.timeout,
    crypto.randomUUID, crypto.getRandomValues, timers.setTimeout, wait, soon, every, scheduler.wait, namedTimeout,
  ]
  const now = (): unknown[] => [...replaced(), ...process.listeners('unhandledRejection'), ...process.listeners('uncaughtException')]

  test.each<[string, () => unknown, object]>([
    ['a pass', async () => pause(), {}],
    ['a failure', async () => Promise.reject(new Error('no')), {}],
    ['a throw', () => { throw new Error('no') }, {}],
    ['a deadlock', () => new Promise(() => {}), {}],
    ['a set-up that throws', async () => {}, { setup: () => { throw new Error('no') } }],
    ['a strategy that throws', async () => Promise.all([pause(), pause()]), { strategy: { name: 'bad', begin: () => true, pick: () => 7 } }],
    ['a program that replaces them itself', async () => { globalThis.setTimeout = (() => 0) as never }, {}],
  ])('everything, after %s', async (_, body, options) => {
    const before = now()
    await check(body, { schedules: 3, ...options }).catch(() => {})
    expect(now()).toEqual(before)
    for (const [i, f] of now().entries()) expect(f).toBe(before[i])
  })

  test('globals: false leaves them alone, and so do bodies that are generators', async () => {
    const before = replaced()
    let inside: unknown[] = []
    await check(async () => void (inside = replaced()), { schedules: 1, globals: false })
    expect(inside).toEqual(before)
    await check(function* () { inside = replaced() }, { schedules: 1 })
    expect(inside).toEqual(before)
    await check(async () => void (inside = replaced()), { schedules: 1 })
    expect(inside).not.toEqual(before)
  })

  test('parts can be left out', async () => {
    const real = Date
    let inside: unknown
    await check(async () => void (inside = Date), { schedules: 1, globals: { clock: false } })
    expect(inside).toBe(real)
    await expect(check(async () => {}, { globals: { timer: true } as never })).rejects.toThrow(/globals has no part timer.*timers/)
  })
})

describe('others who want the same', () => {
  test('vitest’s fake timers are refused, with what to do', async () => {
    vi.useFakeTimers()
    try {
      await expect(explore(async () => {})).rejects.toThrow(/vi\.useRealTimers\(\)/)
    } finally {
      vi.useRealTimers()
    }
  })

  test('two explorations at once take turns', async () => {
    const one = check(async () => { await Promise.all([pause(), pause()]); return Date.now() }, { schedules: 5 })
    const two = check(async () => { await Promise.all([pause(), pause()]); return Date.now() }, { schedules: 5 })
    expect((await Promise.all([one, two])).map((r) => r.failures)).toEqual([0, 0])
  })

  test('one that begins beside a run waits for it; one inside a run is refused', async () => {
    const started: Promise<unknown>[] = []
    const first = check(async () => { for (let i = 0; i < 200; i++) await pause() }, { schedules: 200, strategy: 'random' })
    await new Promise((r) => setTimeout(r, 5))
    started.push(check(async () => pause(), { schedules: 1 }))
    await Promise.all([first, ...started])
    const report = await check(async () => check(async () => {}))
    expect(String(report.failure?.error)).toMatch(/cannot begin inside a run/)
  })
})

test('what a timer throws is a failure of its schedule, which replays', async () => {
  const body = async (): Promise<void> => {
    let ready = false
    setTimeout(() => { if (!ready) throw new Error('too early') }, 10)
    await pause('get ready')
    ready = true
    await wait(20)
  }
  const report = await check(body, { schedules: 50 })
  expect(report.failure?.kind).toBe('unhandled')
  expect(String(report.failure?.error)).toBe('Error: too early')
  const again = await replay(body, report.failure?.token as string)
  expect(again.failure?.kind).toBe('unhandled')
})

describe('intervals that never end', () => {
  test('do not make the schedules endless: three beats in a row while something is under way, and the report says so', async () => {
    const seen = new Set<number>()
    const report = await check(async () => {
      let beats = 0
      const interval = setInterval(() => beats++, 1000)
      await pause('io')
      seen.add(beats)
      clearInterval(interval)
    }, { strategy: 'exhaustive' })
    expect(report.failure).toBeUndefined()
    expect(report.exhausted).toBe(true)
    expect(report.bound).toMatch(/intervals fire at most 3 times in a row/)
    expect([...seen].toSorted()).toEqual([0, 1, 2, 3])
  })

  test('do not hold back a timeout behind them', async () => {
    const body = async (): Promise<string> => {
      const interval = setInterval(() => {}, 10)
      const winner = await Promise.race([external('answer', () => 'answer'), wait(1000, 'timeout')])
      clearInterval(interval)
      return winner as string
    }
    const seen = new Set<string>()
    const report = await check(async () => void seen.add(await body()), { strategy: 'exhaustive' })
    expect(report.exhausted).toBe(true)
    expect(report.schedules).toBeLessThan(50)
    expect(report.failure).toBeUndefined()
    expect([...seen].toSorted()).toEqual(['answer', 'timeout'])
  })

  test('are a deadlock where nothing else is left, and no leak where the body ends', async () => {
    const stuck = await check(async () => {
      setInterval(() => {}, 1000)
      await new Promise(() => {})
    })
    expect(stuck.failure?.kind).toBe('deadlock')
    expect(String(stuck.failure?.error)).toMatch(/only intervals are armed, which wake nobody/)
    const fine = await check(async () => {
      setInterval(() => {}, 1000)
      setTimeout(() => {}, 1e9)
      await Promise.all([pause(), pause()])
    })
    expect(fine.failure).toBeUndefined()
    expect(fine.exhausted).toBe(true)
  })
})

describe('what nobody catches', () => {
  test.each([
    ['a detached timer', () => setTimeout(() => { throw new Error('detached') }, 1)],
    ['process.nextTick', () => process.nextTick(() => { throw new Error('detached') })],
    ['queueMicrotask', () => queueMicrotask(() => { throw new Error('detached') })],
    ['a promise', () => void Promise.reject(new Error('detached'))],
  ])('%s: a failure of the schedule, after which the exploration goes on', async (_, detach) => {
    const report = await check(async () => {
      let saved = false
      const save = async (): Promise<void> => { await pause('save'); saved = true }
      const load = async (): Promise<void> => { await pause('load'); if (!saved) detach() }
      await Promise.all([save(), load()])
      await wait(10)
    }, { strategy: 'exhaustive', bail: false })
    expect(report.exhausted).toBe(true)
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
    expect(report.failure?.kind).toBe('unhandled')
    expect(String(report.failure?.error)).toBe('Error: detached')
  })
})

test('code beside a run keeps the host’s timers and clock', async () => {
  const exploring = check(async () => { for (let i = 0; i < 300; i++) await pause() }, { schedules: 300, strategy: 'random' })
  const year = (): number => new Date().getFullYear()
  const beside = (async () => {
    for (let i = 0; i < 5; i++) await new Promise((r) => setTimeout(r, 5))
    return year()
  })()
  expect(await beside).toBeGreaterThan(2020)
  await exploring
  expect(year()).toBeGreaterThan(2020)
})
