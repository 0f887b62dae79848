import type { DimensionsReport } from '../explore/dimensions.ts'
import type { FailureFile } from '../explore/failure-file.ts'
import type { Stopped } from '../explore/report.ts'

/** A results file: what `heddle explore --json` writes, and `heddle merge` reads. */
export interface Results {
  readonly format: 'heddle-results'
  readonly version: 1
  readonly results: readonly ScenarioResult[]
}

/** What the exploration of one scenario has found, in some shards or in all. */
export interface ScenarioResult {
  /** The path of the file, with '/'. */
  readonly file: string
  readonly scenario: string
  readonly strategy: string
  readonly seed: number
  readonly permute: 'tasks' | 'io'
  readonly assume?: 'tracked' | undefined
  /** The tasks that might be cancelled; true: any. */
  readonly cancel?: true | readonly string[] | undefined
  /** How many faults a schedule might have, where that was asked for. */
  readonly faults?: number | undefined
  /** How many schedules were asked for at most; null: no limit. */
  readonly most: number | null
  readonly bail: boolean
  /** Which shards, of how many. */
  readonly shards: { readonly count: number; readonly present: readonly number[] }
  readonly schedules: number
  /** Executions beside these that were equivalent to some of them. */
  readonly equivalent: number
  readonly steps: number
  readonly choicePoints: number
  /** All of these shards is run; a proof if no shard is missing. */
  readonly exhausted: boolean
  readonly stopped: Stopped
  readonly cut: number
  readonly bound?: string | undefined
  /** Milliseconds; of the slowest shard. */
  readonly elapsed: number
  /** Per label, in how many schedules it held. */
  readonly sometimes: Readonly<Record<string, number>>
  /** How far each kind of choice was explored; only where one shard was all. */
  readonly dimensions?: DimensionsReport | undefined
  readonly failures: number
  readonly distinct: readonly DistinctResult[]
}

/** A failure, and how many were like it. */
export interface DistinctResult {
  /** Equal for failures that are taken to be one. */
  readonly key: string
  readonly count: number
  /** The shard in which the one in `file` was found. */
  readonly shard: number
  readonly file: FailureFile
}

/** Labels of `sometimes` that never held; they count only once all shards are there. */
export function neverHeld(result: ScenarioResult): string[] {
  if (result.stopped === 'signal' || missingShards(result).length > 0) return []
  if (result.failures > 0) return []
  return Object.keys(result.sometimes).filter((label) => result.sometimes[label] === 0)
}

export function missingShards({ shards }: ScenarioResult): number[] {
  const present = new Set(shards.present)
  return Array.from({ length: shards.count }, (_, i) => i + 1).filter((i) => !present.has(i))
}

/** Whether something was found, so that the exit code is 1. */
export function isFailing(result: ScenarioResult): boolean {
  return result.failures > 0 || neverHeld(result).length > 0
}
