import { afterEach, describe, expect, test } from 'vitest'
import { check, checkSync, gather, pause, shared, type Strategy } from '../../src/index.ts'
import { runOnceSync } from '../../src/explore/explore.ts'

/* `npm run soak -- callbacks` has a hundred kinds more. */

const rejections: unknown[] = []
const listen = (reason: unknown): void => void rejections.push(reason)
afterEach(() => {
  process.off('unhandledRejection', listen)
})

describe('a callback that fails', () => {
  test('an asynchronous setup that rejects is refused, and does no harm to the next exploration', async () => {
    process.on('unhandledRejection', listen)
    const body = async (): Promise<void> => void (await gather([pause('a'), pause('b')]))
    const setup = (async () => {
      throw new Error('late')
    }) as unknown as () => void
    await expect(check(body, { setup })).rejects.toThrow(/option setup must be synchronous/)
    const next = await check(body, { strategy: 'exhaustive' })
    expect([next.failures, next.exhausted]).toEqual([0, true])
    await new Promise((resolve) => setImmediate(resolve))
    expect(rejections).toEqual([])
  })

  test('a prepareStackTrace that throws leaves the limit of stacks as it was', async () => {
    const before = Error.stackTraceLimit
    const own = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
    const body = async (): Promise<void> => {
      Error.prepareStackTrace = () => {
        throw new TypeError('no stack')
      }
      try {
        await gather([pause('a'), pause('b')])
        throw new Error('failed')
      } finally {
        if (own === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
        else Object.defineProperty(Error, 'prepareStackTrace', own)
      }
    }
    const { failure } = await check(body)
    expect(failure?.kind).toBe('error')
    expect(Error.stackTraceLimit).toBe(before)
  })
})

test('a run of one schedule tells the strategy of accesses, as an exploration does', () => {
  const told = { exploration: 0, once: 0 }
  const counting = (which: keyof typeof told): Strategy => ({
    name: 'counting',
    watches: true,
    begin: ({ schedule }) => schedule === 1,
    pick: () => 0,
    step: () => {},
    access: () => void told[which]++,
  })
  const body = function* () {
    const cell = shared(0)
    yield* gather([cell.write(1), cell.read()])
  }
  checkSync(body, { strategy: counting('exploration') })
  runOnceSync(body, { strategy: counting('once') })
  expect(told).toEqual({ exploration: 2, once: 2 })
})
