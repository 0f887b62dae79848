import { describe, expect, test } from 'vitest'
import { check, checkSync, type ExploreOptions, explore, replay, sleep } from '../../src/index.ts'
import { roundtripSync } from '../support/roundtrip.ts'
import { fine, two } from './bodies.ts'

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
