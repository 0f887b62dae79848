import { AsyncLocalStorage } from 'node:async_hooks'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { afterQuiescence, isIn } from '../../src/loop/quiescence.ts'

type Quiescence = typeof import('../../src/loop/quiescence.ts')

/** The module as a host without immediates has it: it looks for them when it is loaded. */
async function withoutImmediates(): Promise<Quiescence> {
  const url: string = '../../src/loop/quiescence.ts?host-without-immediates=.ts'
  vi.stubGlobal('setImmediate', undefined)
  try {
    return (await import(url)) as Quiescence
  } finally {
    vi.unstubAllGlobals()
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe.each(['immediates', 'message ports'])('a border comes when every microtask has run (%s)', (host) => {
  const load = async (): Promise<Quiescence['afterQuiescence']> =>
    host === 'immediates' ? afterQuiescence : (await withoutImmediates()).afterQuiescence

  test('also those that microtasks queue', async () => {
    const after = await load()
    const log: string[] = []
    const chain = async (name: string, length: number): Promise<void> => {
      for (let i = 0; i < length; i++) await Promise.resolve()
      log.push(name)
    }
    await new Promise<void>((resolve) => {
      void chain('long', 500)
      after(() => {
        log.push('border')
        resolve()
      })
      void chain('short', 5)
    })
    expect(log).toEqual(['short', 'long', 'border'])
  })

  test('several come in the order in which they were asked for, each with its microtasks before the next', async () => {
    const after = await load()
    const log: string[] = []
    await new Promise<void>((resolve) => {
      for (let i = 0; i < 100; i++) {
        after(() => {
          log.push(`border ${i}`)
          void Promise.resolve().then(() => log.push(`microtask ${i}`))
          if (i === 99) after(resolve)
        })
      }
    })
    expect(log).toEqual(Array.from({ length: 100 }, (_, i) => [`border ${i}`, `microtask ${i}`]).flat())
  })
})

test('what says that it is in certain surroundings is in them, whoever has asked for borders before', async () => {
  const store = new AsyncLocalStorage<object>()
  const places = [{}, {}, {}]
  const found: [said: object | undefined, was: object | undefined][] = []
  for (let i = 0; i < 60; i++) {
    const here = places[i % 3] as object
    await store.run(here, async () => {
      // More borders than one at a time, so that batches grow and are used up at different times.
      for (let j = 0; j <= i % 5; j++) {
        await new Promise<void>((resolve) => {
          afterQuiescence(() => {
            found.push([places.find((p) => isIn(p)), store.getStore()])
            resolve()
          }, here)
        })
      }
    })
  }
  for (const [said, was] of found) if (said !== undefined) expect(said).toBe(was)
  expect(found.filter(([said]) => said !== undefined).length).toBeGreaterThan(found.length / 4)
})
