import type { FailureFile } from './failure-file.ts'
import type { FailureParts } from './failure.ts'
import type { Failure } from './report.ts'
import { keptEntry, scheduleRecord } from './schedule-record.ts'
import { fieldOf, shown } from './shown.ts'

/** Writes a failure down as plain data. */
export function fileOf(failure: Failure, { context, tracer, findings }: FailureParts): FailureFile {
  return {
    format: 'heddle-failure',
    version: 1,
    name: context.name,
    kind: failure.kind,
    error: errorRecord(failure.error),
    schedule: failure.schedule,
    strategy: context.strategy,
    seed: context.seed,
    switches: failure.switches,
    before: context.before,
    after: context.after,
    incomplete: context.incomplete ? true : undefined,
    firstToken: failure.firstToken,
    failing: scheduleRecord(failure.token, tracer.steps, findings),
    passing: findings.passing,
    waits: findings.waits,
    cycle: findings.cycle,
    timeouts: findings.timeouts,
    repeats: repeatsOf(findings.repeats, tracer.steps.length),
    order: findings.order,
    stale: findings.stale,
    frames: findings.frames,
  }
}

/** Its end is kept whatever else is. */
function repeatsOf(repeats: FailureFile['repeats'], length: number): FailureFile['repeats'] {
  return repeats && { ...repeats, entry: keptEntry(repeats.entry, length) }
}

/** Anything can be thrown, and getters of errors can throw themselves. */
function errorRecord(error: unknown): FailureFile['error'] {
  if (!(error instanceof Error)) return { name: 'thrown', message: inJson(error) }
  return { name: fieldOf(error, 'name') ?? 'Error', message: fieldOf(error, 'message') ?? '', stack: fieldOf(error, 'stack') }
}

function inJson(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return shown(thrown)
  try {
    return JSON.stringify(thrown) ?? shown(thrown)
  } catch {
    return shown(thrown)
  }
}
