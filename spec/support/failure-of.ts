import { expect } from 'vitest'
import { check, type ExploreOptions, type Failure, type ScenarioBody } from '../../src/index.ts'

/** The failure that a body must have. */
export async function failureOf(body: ScenarioBody, options?: ExploreOptions): Promise<Failure> {
  const { failure } = await check(body, options)
  expect(failure).toBeDefined()
  return failure as Failure
}
