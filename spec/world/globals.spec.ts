import * as timers from 'node:timers'
import { setTimeout as namedTimeout } from 'node:timers'
import { setTimeout as wait, setImmediate as soon, setInterval as every, scheduler } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { check, explore, pause, sleep } from '../../src/index.ts'
import { once } from './outcomes.ts'

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
