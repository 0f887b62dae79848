import { expect } from 'vitest'
import {
  check,
  checkSync,
  type ExploreOptions,
  type Failure,
  type GeneratorBody,
  replay,
  type Report,
  type ScenarioBody,
} from '../../src/index.ts'

/** What must be equal when a failure is seen again. */
export function portrait(failure: Failure): { kind: string; error: unknown; trace: string } {
  return { kind: failure.kind, error: portraitOf(failure.error), trace: JSON.stringify(failure.trace) }
}

function portraitOf(error: unknown): unknown {
  return error instanceof Error ? [error.constructor, error.name, error.message] : [typeof error, error]
}

/** A failing report and its failure. */
export interface Failing {
  readonly report: Report
  readonly failure: Failure
}

/** Explores a body that must fail, then replays both of its tokens: each must give the same error and the same steps. */
export async function roundtrip(body: ScenarioBody, options?: ExploreOptions): Promise<Failing> {
  return replayed(body, await check(body, options), options)
}

/** The same for a generator body, explored without promises and replayed with them. */
export async function roundtripSync(body: GeneratorBody, options?: ExploreOptions): Promise<Failing> {
  return replayed(body, checkSync(body, options), options)
}

async function replayed(body: ScenarioBody, report: Report, options: ExploreOptions | undefined): Promise<Failing> {
  const failure = report.failure
  if (failure === undefined) throw new Error(`no failing schedule in ${report.schedules} (${report.stopped})`)
  const kept = options?.setup === undefined ? {} : { setup: options.setup }
  const again = await replay(body, failure.token, kept)
  expect(again.failure && portrait(again.failure)).toEqual(portrait(failure))
  // What a replay finds is known by the token that found it.
  expect([again.failure?.token, again.failure?.firstToken]).toEqual([failure.token, failure.token])
  expect([again.schedules, again.strategy, again.failures]).toEqual([1, 'replay', 1])

  const first = await replay(body, failure.firstToken, kept)
  const second = await replay(body, failure.firstToken, kept)
  expect(first.failure?.kind).toBe(failure.kind)
  expect(second.failure && portrait(second.failure)).toEqual(first.failure && portrait(first.failure))
  return { report, failure }
}
