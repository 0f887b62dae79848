import { check, replay, type FailureKind } from 'heddle'
import { describe, expect, test } from 'vitest'
import { scenarios as fastq } from '../examples/races/fastq.ts'
import { scenarios as genericPool } from '../examples/races/generic-pool.ts'
import { scenarios as i18next } from '../examples/races/i18next.ts'
import { scenarios as lruCache } from '../examples/races/lru-cache.ts'
import { scenarios as pMap } from '../examples/races/p-map.ts'
import { scenarios as rwlock } from '../examples/races/rwlock.ts'

/** By package: the scenario with the version that has the race, then with the one that hasn't; and how it shows. */
const races = {
  fastq: [fastq, 'error'],
  'generic-pool': [genericPool, 'deadlock'],
  i18next: [i18next, 'error'],
  'lru-cache': [lruCache, 'error'],
  'p-map': [pMap, 'unhandled'],
  rwlock: [rwlock, 'deadlock'],
} satisfies Record<string, [Record<string, () => Promise<unknown>>, FailureKind]>

describe.each(Object.entries(races))('%s', (_package, [scenarios, kind]) => {
  const [[name, racy], [fixedName, fixed]] = Object.entries(scenarios) as [Scenario, Scenario]

  test(`${name}: its race is found by default within 100 schedules, and its tokens bring it back`, async () => {
    const { failure } = await check(racy, { name })
    expect(failure?.kind).toBe(kind)
    if (failure === undefined) return
    expect(failure.schedule).toBeLessThanOrEqual(100)
    const again = (await replay(racy, failure.token)).failure
    expect(again?.kind).toBe(kind)
    expect(String(again?.error)).toBe(String(failure.error))
    expect(again?.trace).toEqual(failure.trace)
    expect((await replay(racy, failure.firstToken)).failure?.kind).toBe(kind)
  })

  test(`${name}: the real runtime can produce it: with I/O alone reordered it is found too`, async () => {
    expect((await check(racy, { name, permute: 'io' })).failure?.kind).toBe(kind)
  })

  test.each(['tasks', 'io'] as const)(`${fixedName}: passes every schedule (permute: %s)`, async (permute) => {
    const report = await check(fixed, { name: fixedName, permute, schedules: 20_000 })
    expect(String(report.failure ?? '')).toBe('')
    expect(report).toMatchObject({ exhausted: true, failures: 0, cut: 0 })
    expect(report.schedules).toBeGreaterThan(1)
  })
})

type Scenario = [name: string, body: () => Promise<unknown>]
