import type { ChoicePoint } from '../loop/chooser.ts'
import type { Access, Option } from '../loop/runnable.ts'
import type { Tracker } from '../loop/tracker.ts'

export type { ChoicePoint } from '../loop/chooser.ts'
export type { Access, Option } from '../loop/runnable.ts'

/** What a strategy is told when a schedule begins. */
export interface RunInfo {
  /** The schedule's number, from 1. */
  readonly schedule: number
  /** The seed of the whole exploration; a strategy seeds each schedule from both. */
  readonly seed: number
  /** Whether the user states that every shared state is recorded (`assume: 'tracked'`), and every order may be chosen. */
  readonly tracked?: boolean
  /** Whether ready handles keep their order (`permute: 'io'`), so that it is never asked which of them comes first. */
  readonly inOrder?: boolean
}

/** What a strategy is told when a schedule has ended. */
export interface RunOutcome {
  readonly failed: boolean
  readonly steps: number
}

/** @internal A schedule of one shard. */
export interface Share {
  /** Its number among the schedules of all shards, where they have one. */
  readonly number: number | undefined
  /** False: it is another shard's, and was run only to see what there is. */
  readonly counts: boolean
  /** The schedules asked for have been run, those of the other shards included: this one is not to be run. */
  readonly spent: boolean
}

/**
 * What picks the option at each choice point. Write one by implementing this interface.
 *
 * @example
 * ```ts
 * const last: Strategy = {
 *   name: 'last',
 *   begin: ({ schedule }) => schedule === 1,
 *   pick: (point) => point.options.length - 1,
 * }
 * await check(body, { strategy: last })
 * ```
 */
export interface Strategy {
  readonly name: string
  /** What `exhausted` is up to, for a strategy that explores within a bound. */
  readonly bound?: string | undefined
  /** Called before each schedule; false: there is nothing left to explore. */
  begin(run: RunInfo): boolean
  /** Returns an index into `point.options`; called only where there are two or more. */
  pick(point: ChoicePoint): number
  /** For strategies that only need to know how many options there are: called instead of `pick`. */
  pickOf?(count: number): number
  /**
   * How many of its first schedules the later ones depend on, beside the program, the seed and their own number: what it
   * learns it learns from these. To begin with schedule n, the first `prologue` ones are run before (all n - 1, if that
   * is fewer). 0: every schedule stands for itself. Default: each depends on all before it.
   */
  readonly prologue?: number
  /** @internal An unbiased estimate of how many schedules there are, where the strategy makes one and as soon as it has. */
  readonly estimate?: number | undefined
  /** Whether `step` and `access` are wanted in the schedule that has just begun; they cost a call each. */
  readonly watches?: boolean
  /** Told of each step before it runs, forced ones too; completing an external is one, what it resumes the next. */
  step?(option: Option): void
  /** Told of each recorded access, in the step of which `step` was told last. */
  access?(access: Access): void
  /** @internal For strategies that reduce: follows causes and accesses in each schedule. */
  readonly tracker?: Tracker | undefined
  /** @internal Of a shard: what the schedule that has begun is among those of all shards; asked again when it has ended. */
  readonly share?: Share | undefined
  /** @internal Of a search that reduces: whether the schedule that has ended is equivalent to one that has counted, and so does not. */
  readonly again?: boolean
  /** Called after each schedule. */
  end?(outcome: RunOutcome): void
}

/** @internal Whether the schedule that has ended counts: it may be another shard's, or equivalent to one that has. */
export function counts(strategy: Strategy): boolean {
  return strategy.share?.counts !== false && strategy.again !== true
}
