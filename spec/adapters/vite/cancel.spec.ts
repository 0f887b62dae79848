import { afterAll, beforeAll, expect, test } from 'vitest'
import { check, createTask, LeftoverError, Lock, wait } from '../../../src/index.ts'
import { every } from '../../support/count.ts'
import { type Loaded, withPlugin } from './load.ts'

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

test('each await of untouched code is a place for a cancellation', async () => {
  const { steps } = await vite.evaluate<{ steps(n: number): Promise<number> }>(
    'steps.js',
    'export async function steps(n) { let i = 0; while (i < n) { await null; i++ } return i }',
  )
  for (const n of [1, 4]) {
    const report = await every(async () => {
      await wait([createTask(async () => steps(n), { name: 'job' })])
    }, { cancel: 'job' })
    expect(report.failures).toBe(0)
    expect(report.dimensions.cancellations).toEqual({ coverage: 'exhausted', places: n, tried: n })
    expect(report.schedules).toBe(n + 1)
  }
})

test('a lock that untouched code does not give back is told of', async () => {
  const { save } = await vite.evaluate<{ save(lock: Lock, write: () => Promise<void>): Promise<void> }>(
    'save.js',
    'export async function save(lock, write) { await lock.acquire(); await write(); lock.release() }',
  )
  const report = await check(async () => {
    const lock = new Lock({ name: 'file' })
    await wait([createTask(async () => save(lock, async () => {}), { name: 'job' })])
  }, { cancel: 'job' })
  expect(report.failure?.error).toBeInstanceOf(LeftoverError)
})
