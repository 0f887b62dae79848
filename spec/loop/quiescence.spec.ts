import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { afterQuiescence, isArming, isIn } from '../../src/loop/quiescence.ts'
import { heapUsed } from '../support/heap.ts'

type Quiescence = typeof import('../../src/loop/quiescence.ts')

type HostProcess = { getBuiltinModule?: unknown }
const HOSTS = ['immediates', 'immediates of node:timers', 'message ports', 'timeouts'] as const

/** The module as such a host has it: it looks for what there is when it is loaded, and when it is first used. */
async function on(host: (typeof HOSTS)[number]): Promise<Quiescence['afterQuiescence']> {
  if (host === 'immediates') return afterQuiescence
  const url: string = `../../src/loop/quiescence.ts?host-with-${host.replaceAll(' ', '-')}=.ts`
  const { process } = globalThis as { process: HostProcess }
  const { getBuiltinModule } = process
  vi.stubGlobal('setImmediate', undefined)
  if (host === 'timeouts') vi.stubGlobal('MessageChannel', undefined)
  if (host !== 'immediates of node:timers') process.getBuiltinModule = undefined
  try {
    return ((await import(url)) as Quiescence).afterQuiescence
  } finally {
    process.getBuiltinModule = getBuiltinModule
    vi.unstubAllGlobals()
  }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

type Armed = readonly [type: string, known: boolean]

/** What the host arms meanwhile, and whether it is known as armed for borders. */
async function armedDuring(what: () => Promise<void>): Promise<Armed[]> {
  const armed: Armed[] = []
  const hook = createHook({ init: (_id, type) => void (/Immediate|Timeout/.test(type) && armed.push([type, isArming()])) }).enable()
  await what()
  hook.disable()
  return armed
}

/** So many, one after the other. */
async function borders(count: number, after = afterQuiescence): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => after(resolve))
}

test('a border is made of the best that there is', async () => {
  const kinds: string[][] = []
  for (const host of HOSTS) {
    const after = await on(host)
    // More than may be armed already.
    const armed = await armedDuring(() => borders(40, after))
    kinds.push([...new Set(armed.map(([type]) => type))])
  }
  // A message makes nothing: its port is there.
  expect(kinds).toEqual([['Immediate'], ['Immediate'], [], ['Timeout']])
})

test('immediates are armed in batches, none before the last is used up', async () => {
  // The batch grows to 32 meanwhile; then nothing of it is left.
  await borders(200)
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
  const armed = await armedDuring(async () => {
    await Promise.all(Array.from({ length: 100 }, () => borders(1)))
  })
  expect(armed.length).toBe(4 * 32)
})

test('immediates are armed in batches that are used up, and known from others', async () => {
  const armed = await armedDuring(async () => {
    setImmediate(() => {})
    await borders(3200)
    setImmediate(() => {})
  })
  expect([armed.at(0), armed.at(-1)]).toEqual([['Immediate', false], ['Immediate', false]])
  const ours = armed.slice(1, -1)
  expect(ours.every(([, known]) => known)).toBe(true)
  expect(ours.length).toBeGreaterThan(3200 - 32)
  expect(ours.length).toBeLessThanOrEqual(3200 + 32)
})

describe.each(HOSTS)('a border comes when every microtask has run (%s)', (host) => {
  test('also those that microtasks queue', async () => {
    const after = await on(host)
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
    const after = await on(host)
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

test('what says that it is in certain surroundings is in them, whoever else asks for borders', async () => {
  const store = new AsyncLocalStorage<object>()
  const [here, there] = [{}, {}]
  const found: [said: object | undefined, was: object | undefined][] = []
  const border = (wanted: object): Promise<void> =>
    new Promise((resolve) => {
      afterQuiescence(() => {
        found.push([[here, there].find((p) => isIn(p)), store.getStore()])
        resolve()
      }, wanted)
    })
  for (let more = 0; more < 40; more++) {
    // Until nothing of what was armed before is left.
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
    // In the host's next turn, among its borders, somebody else asks for one.
    await store.run(here, async () => {
      await border(here)
      const other = new Promise<void>((resolve) => {
        setImmediate(() => store.run(there, () => void border(there).then(resolve)))
      })
      for (let i = 0; i < more % 8; i++) await border(here)
      await other
    })
  }
  for (const [said, was] of found) if (said !== undefined) expect(said === was).toBe(true)
  for (const place of [here, there]) expect(found.some(([said]) => said === place)).toBe(true)
})

test('what has been called is let go of', async () => {
  const refs: WeakRef<object>[] = []
  await new Promise<void>((resolve) => {
    const asking = (left: number): void => {
      const held = {}
      refs.push(new WeakRef(held))
      afterQuiescence(() => (left > 0 && held !== refs ? asking(left - 1) : resolve()))
    }
    asking(9)
  })
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
  heapUsed()
  expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([])
})
