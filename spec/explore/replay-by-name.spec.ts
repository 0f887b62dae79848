import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { check, checkSync, explore, InterleavingError, ReplayMismatchError } from '../../src/index.ts'
import { roundtripSync } from '../support/roundtrip.ts'
import { fine, two } from './bodies.ts'

describe('HEDDLE_REPLAY', () => {
  const before = process.env['HEDDLE_REPLAY']
  const set = (token: string | undefined): void => {
    if (token === undefined) Reflect.deleteProperty(process.env, 'HEDDLE_REPLAY')
    else process.env['HEDDLE_REPLAY'] = token
  }
  beforeEach(() => set(undefined))
  afterEach(() => set(before))

  test('replays its schedule in the test that it names, and in no other', async () => {
    const { failure } = await roundtripSync(two(), { name: 'deposits' })
    set(failure.token)
    for (const report of [checkSync(two(), { name: 'deposits' }), await check(two(), { name: 'deposits' })]) {
      expect(report).toMatchObject({ schedules: 1, strategy: 'replay', failures: 1 })
      expect(report.failure?.token).toBe(failure.token)
    }
    await expect(explore(two(), { name: 'deposits' })).rejects.toThrow(InterleavingError)
    expect(checkSync(two(), { name: 'other', strategy: 'exhaustive', bail: false }).schedules).toBe(6)
    expect(checkSync(two(), { strategy: 'exhaustive', bail: false }).schedules).toBe(6)
  })

  test('a damaged one is said to be that variable', async () => {
    set('h1.nonsense')
    await expect(check(fine, { name: 'deposits' })).rejects.toThrow(/^HEDDLE_REPLAY: this is not a valid replay token/)
    // It may be meant for this test, and it may not: nobody knows.
    expect(() => checkSync(fine, { name: 'other' })).toThrow(/^HEDDLE_REPLAY: /)
    expect(checkSync(fine).failures).toBe(0)
    set('')
    expect((await check(fine)).failures).toBe(0)
  })

  test('the option replay does the same', async () => {
    const { failure } = await roundtripSync(two(), { name: 'deposits' })
    await expect(explore(two(), { replay: failure.token })).rejects.toThrow('lost update')
    await expect(check(fine, { replay: failure.token })).rejects.toThrow(ReplayMismatchError)
  })

  test('a name of any characters goes through its token', async () => {
    for (const name of ['täglich ✓ 日本', '\uFEFFbom', 'a'.repeat(300_000), 'line\nbreak', '🧵']) {
      const { failure } = await roundtripSync(two(), { name })
      set(failure.token)
      expect(checkSync(two(), { name }).strategy).toBe('replay')
      set(undefined)
    }
  })
})
