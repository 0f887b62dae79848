import type { Report, Stopped } from '../../explore/report.ts'

/** What a test's exploration has done, as `task.meta.heddle` carries it to reporters: plain data. */
export interface ExplorationSummary {
  readonly schedules: number
  readonly choicePoints: number
  readonly exhausted: boolean
  readonly stopped: Stopped
  readonly bound: string | null
  readonly strategy: string
  readonly seed: number
  /** Milliseconds. */
  readonly elapsed: number
  readonly failures: number
  /** Replays the failure, where there is one. */
  readonly token: string | null
  /** Ended by the test's timeout, or by a run that was cancelled. */
  readonly timedOut: boolean
}

export function summaryOf(report: Report, timedOut: boolean): ExplorationSummary {
  return {
    schedules: report.schedules,
    choicePoints: report.choicePoints,
    exhausted: report.exhausted,
    stopped: report.stopped,
    bound: report.bound ?? null,
    strategy: report.strategy,
    seed: report.seed,
    elapsed: report.elapsed,
    failures: report.failures,
    token: report.failure?.token ?? null,
    timedOut,
  }
}

/** The summary that a test's meta data carry; null for other tests. */
export function readSummary(meta: object): ExplorationSummary | null {
  const summary: unknown = 'heddle' in meta ? meta.heddle : null
  return isSummary(summary) ? summary : null
}

function isSummary(value: unknown): value is ExplorationSummary {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schedules' in value &&
    typeof value.schedules === 'number' &&
    'choicePoints' in value &&
    typeof value.choicePoints === 'number' &&
    'stopped' in value &&
    'elapsed' in value
  )
}
