import { check, type ExploreOptions, replay, type ScenarioBody } from 'heddle'
import { describe, expect, test } from 'vitest'
import * as cachedRejection from '../examples/faults/cached-rejection.ts'
import * as deduplicatedAbort from '../examples/faults/deduplicated-abort.ts'
import * as forgottenExceptions from '../examples/faults/forgotten-exceptions.ts'
import * as gatherSibling from '../examples/faults/gather-sibling.ts'
import * as lockWithoutFinally from '../examples/faults/lock-without-finally.ts'
import * as lostPermit from '../examples/faults/lost-permit.ts'
import * as retriedEffect from '../examples/faults/retried-effect.ts'
import * as sameInstantTimeout from '../examples/faults/same-instant-timeout.ts'
import * as shutdownDropsItem from '../examples/faults/shutdown-drops-item.ts'

interface Example {
  readonly scenarios: { readonly buggy: ScenarioBody; readonly repaired: ScenarioBody }
  readonly options?: ExploreOptions
}

/** By example: what fails, and the disturbance that is left after minimising. */
const EXAMPLES: readonly (readonly [string, Example, RegExp, RegExp])[] = [
  ['a gather whose sibling goes on writing', gatherSibling, /half an article/, /^save \w+: its request is lost$/],
  ['a gather whose exceptions nobody looks at', forgottenExceptions, /called sent/, /^send \w+: its request is lost$/],
  ['a permit lost to a cancelled waiter', lostPermit, /permit is lost/, /^cancel second with the result of/],
  ['a lock released outside finally', lockWithoutFinally, /Lock 'ledger' is held/, /^cancel writer at save$/],
  ['a cache that keeps a rejected promise', cachedRejection, /the request was lost/, /^load: its request is lost$/],
  ['a retry that runs an effect twice', retriedEffect, /charged 200/, /^charge: its answer is lost$/],
  ['a timeout in the same instant as the result', sameInstantTimeout, /nobody has it/, /^seconds to dial$/],
  ['an abort that reaches the other caller', deduplicatedAbort, /abort/i, /^abort the first caller$/],
  ['a shutdown that drops an item', shutdownDropsItem, /was kept of a and b/, /^cancel worker at print [ab]$/],
]

describe.each(EXAMPLES)('%s', (_, { scenarios, options }, fails, disturbance) => {
  test('is found by default, and minimised to one disturbance', async () => {
    const report = await check(scenarios.buggy, options)
    expect(report.failure).toBeDefined()
    expect(String(report.failure?.error)).toMatch(fails)
    const disturbed = report.failure?.trace.steps.filter((s) => s.kind === 'value' && s.choice?.pick !== 0) ?? []
    expect(disturbed).toHaveLength(1)
    expect(disturbed[0]?.label).toMatch(disturbance)
    // Without options: the token carries them.
    const again = await replay(scenarios.buggy, report.failure?.token as string)
    expect(String(again.failure?.error)).toBe(String(report.failure?.error))
  })

  test('is not found without the disturbance, and does not happen to FIFO', async () => {
    expect(await check(scenarios.buggy, { ...options, strategy: 'fifo', schedules: 1 })).toMatchObject({ failures: 0 })
  })

  test('repaired, passes every schedule', async () => {
    const report = await check(scenarios.repaired, options)
    expect(String(report.failure ?? '')).toBe('')
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    expect(report.schedules).toBeGreaterThan(1)
  })
})
