import { check, InterleavingError, explore, replay } from 'heddle'
import { describe, expect, test } from 'vitest'
import { scenarios as mutex } from '../examples/async-mutex.ts'
import { scenarios as zustand } from '../examples/zustand.ts'

const racy = { 'async-mutex 0.3.2': mutex['async-mutex 0.3.2'], 'zustand 5.0.9': zustand['zustand 5.0.9'] }
const fixed = { 'async-mutex 0.4.0': mutex['async-mutex 0.4.0'], 'zustand 5.0.10': zustand['zustand 5.0.10'] }

function withoutNumbers(error: unknown): string {
  return String(error).replaceAll(/\d+/g, '#')
}

describe.each(Object.entries(racy))('%s', (name, body) => {
  test('its race is found by default within 100 schedules, and not by FIFO', async () => {
    const report = await check(body, { name })
    expect(report.failure?.kind).toBe('error')
    expect(report.failure?.schedule).toBeLessThanOrEqual(100)
    expect(await check(body, { name, strategy: 'fifo', schedules: 1 })).toMatchObject({ failures: 0 })
  })

  test('its token replays the failure, and its first token the one that was found', async () => {
    const { failure } = await check(body, { name })
    expect(failure).toBeDefined()
    if (failure === undefined) return
    const again = (await replay(body, failure.token)).failure
    expect(again?.kind).toBe(failure.kind)
    expect(String(again?.error)).toBe(String(failure.error))
    expect(again?.trace).toEqual(failure.trace)
    // Minimising keeps a failure the same up to the numbers in its message.
    const first = (await replay(body, failure.firstToken)).failure
    expect(first?.kind).toBe(failure.kind)
    expect(withoutNumbers(first?.error)).toBe(withoutNumbers(failure.error))
  })

  test('the real runtime can produce it: only I/O is reordered', async () => {
    const report = await check(body, { name, permute: 'io', bail: false })
    expect(report.exhausted).toBe(true)
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
  })

  test('explore throws the picture, with the scenario\'s own error as cause', async () => {
    const error: unknown = await explore(body, { name }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(InterleavingError)
    const { message, cause, report } = error as InterleavingError
    expect(message).toBe(String(report.failure))
    expect(cause).toBe(report.failure?.error)
    // The replay line is to be copied, whatever its length.
    for (const line of message.split('\n')) if (!line.startsWith('  replay')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('two explorations of it are equal', async () => {
    const [a, b] = [await check(body, { name }), await check(body, { name })]
    expect(b.failure?.token).toBe(a.failure?.token)
    expect(String(b.failure)).toBe(String(a.failure))
  })
})

describe.each(Object.entries(fixed))('%s', (name, body) => {
  test.each(['tasks', 'io'] as const)('passes every schedule (permute: %s)', async (permute) => {
    const report = await check(body, { name, permute })
    expect(String(report.failure ?? '')).toBe('')
    expect(report).toMatchObject({ exhausted: true, stopped: 'exhausted', failures: 0, cut: 0 })
    expect(report.schedules).toBeGreaterThan(1)
    expect(report.choicePoints).toBeGreaterThan(0)
  })
})
