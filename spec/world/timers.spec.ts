import * as timers from 'node:timers'
import { setTimeout as namedTimeout } from 'node:timers'
import { setTimeout as wait, setImmediate as soon, setInterval as every, scheduler } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { check, external, pause, replay } from '../../src/index.ts'
import { once, outcomes } from './outcomes.ts'

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
