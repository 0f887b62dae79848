import { expect } from 'vitest'
import { check } from '../../src/index.ts'

/** What a body returns, by one FIFO schedule. */
export async function once<T>(body: () => Promise<T>): Promise<T> {
  let value: T | undefined
  await check(async () => {
    value = await body()
  }, { schedules: 1, strategy: 'fifo' }).then((report) => {
    if (report.failure !== undefined) throw report.failure.error
  })
  return value as T
}

/** Every outcome of a body, over all its schedules. */
export async function outcomes(body: () => Promise<string>, options = {}): Promise<string[]> {
  const seen = new Set<string>()
  const report = await check(async () => void seen.add(await body()), { strategy: 'exhaustive', schedules: 10_000, ...options })
  if (report.failure !== undefined) throw report.failure.error
  expect(report.exhausted).toBe(true)
  return [...seen].toSorted()
}
