import { describe, expect, test } from 'vitest'
import { check, pause } from '../../src/index.ts'

describe('what a package keeps between calls until an unref\'d timeout puts it away', () => {
  // The time of day for a second, as caches and loggers have it.
  const kept: { now?: number } = {}
  const now = (): number => {
    if (kept.now === undefined) {
      kept.now = Date.now()
      setTimeout(() => delete kept.now, 1000).unref()
    }
    return kept.now
  }

  test('is put away at the end of each schedule, so that the next one finds it as the first did', async () => {
    const body = async () => {
      const use = async (name: string) => {
        await pause(name)
        now()
        await pause(`${name} again`)
      }
      now()
      await Promise.all([use('a'), use('b')])
    }
    expect(await check(body)).toMatchObject({ failures: 0, exhausted: true })
    expect(kept).toEqual({})
  })

  test('so that time begins anew', async () => {
    const seen = new Set<number>()
    await check(async () => {
      await new Promise((r) => setTimeout(r, 1500))
      seen.add(now())
      await Promise.all([pause('a'), pause('b')])
    })
    expect([...seen]).toEqual([Date.UTC(2020, 0, 1) + 1500])
  })
})

test('requests that a failed schedule had under way end before the next one begins', async () => {
  const underWay = new Map<string, Promise<void>>()
  const once = (key: string, f: () => Promise<void>): Promise<void> => {
    const known = underWay.get(key) ?? f().finally(() => underWay.delete(key))
    underWay.set(key, known)
    return known
  }
  const report = await check(async () => {
    let ready = false
    const load = async () => {
      await once('config', async () => {
        await pause('query')
        await pause('parse')
      })
      ready = true
    }
    const use = async () => {
      await pause('click')
      await pause('render')
      if (!ready) throw new Error('not ready')
    }
    await Promise.all([load(), use()])
  })
  expect(report.failure).toMatchObject({ kind: 'error', error: new Error('not ready') })
  expect(underWay.size).toBe(0)
})

test('what begins something new for ever behind a failure is let go on a hundred times, and left alone', async () => {
  let polls = 0
  const poll = async (): Promise<never> => {
    for (;;) {
      await pause('poll')
      polls++
    }
  }
  const report = await check(async () => {
    polls = 0
    void poll()
    await pause('work')
    throw new Error('lost')
  }, { strategy: 'fifo' })
  expect(report.failure).toMatchObject({ kind: 'error', error: new Error('lost') })
  // In the schedule that was run last; a few of them before it failed.
  expect(polls).toBeGreaterThanOrEqual(100)
  expect(polls).toBeLessThan(110)
})

test('a timeout that the program would have waited for is abandoned, and so is one that was cleared', async () => {
  const ran: string[] = []
  await check(async () => {
    setTimeout(() => ran.push('referenced'), 1000)
    setTimeout(() => ran.push('again'), 1000).unref().ref()
    clearTimeout(setTimeout(() => ran.push('cleared'), 1000).unref())
    const repeated = setInterval(() => ran.push('interval'), 1000)
    repeated.unref()
    await Promise.all([pause('a'), pause('b')].map((p) => p.then(() => {})))
    ran.length = 0
  }, { schedules: 1, strategy: 'fifo' })
  expect(ran).toEqual([])
})

test('what goes wrong in it is no failure of the schedule, which was over', async () => {
  const report = await check(async () => {
    setTimeout(() => {
      throw new Error('too late')
    }, 1000).unref()
    setTimeout(async () => Promise.reject(new Error('too late')), 1000).unref()
    await pause('a')
  }, { schedules: 1, strategy: 'fifo' })
  expect(report.failures).toBe(0)
})
