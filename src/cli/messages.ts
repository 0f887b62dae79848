import type { ScenarioResult } from './results.ts'
import type { FailureFile } from '../explore/failure-file.ts'
import type { Plan } from './plan.ts'
import type { Shard } from '../strategies/shards/territory.ts'
import type { Instrument } from './scenarios.ts'

/** One scenario of one file. */
export interface Target {
  readonly file: string
  readonly scenario: string
}

/** What a worker is started with. */
export interface WorkerData {
  readonly files: readonly string[]
  readonly instrument: Instrument
}

/** To a worker. */
export type Request =
  | {
      readonly type: 'explore'
      readonly target: Target
      readonly plan: Plan
      /** This worker's share of all workers of all shards. */
      readonly shard: Shard
      readonly memory: SharedArrayBuffer
      readonly worker: number
    }
  | { readonly type: 'replay'; readonly target: Target; readonly token: string }
  /** Ends the exploration that is under way, also where it minimises or a schedule takes long. */
  | { readonly type: 'stop' }

/** How a replay ended: with the failure, or without. */
export interface Replayed {
  readonly failure: FailureFile | null
  readonly schedule: { readonly steps: number; readonly choicePoints: number }
}

/** From a worker. */
export type Reply =
  | { readonly type: 'loaded'; readonly targets: readonly Target[] }
  | { readonly type: 'explored'; readonly result: ScenarioResult }
  | { readonly type: 'replayed'; readonly replayed: Replayed }
  | { readonly type: 'misuse'; readonly message: string }
  | { readonly type: 'mismatch'; readonly message: string }
  /** Heddle itself went wrong. */
  | { readonly type: 'defect'; readonly stack: string }
