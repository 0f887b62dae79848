import type { CorpusReport } from './corpus.ts'
import type { DimensionsReport } from './dimensions.ts'
import type { FailureFile } from './failure-file.ts'
import type { Trace } from './trace.ts'

/**
 * What is wrong with a failing schedule: what the body threw, a deadlock, too many steps, tasks or errors left behind, an error
 * that nobody handled, real I/O that escaped, a program that isn't a function of its schedule, or a `sometimes` that never held.
 */
export type FailureKind =
  | 'error'
  | 'deadlock'
  | 'step-limit'
  | 'leak'
  | 'unhandled'
  | 'escape'
  | 'nondeterminism'
  | 'never'

/** Why an exploration ended. */
export type Stopped = 'exhausted' | 'failure' | 'schedules' | 'time' | 'memory' | 'signal'

/** What an exploration says. */
export interface Report {
  /** Executions made. */
  readonly schedules: number
  /** Executions made beside these that proved equivalent to some of them (`dpor`), and count in no other figure. */
  readonly equivalent: number
  readonly steps: number
  /** Choices made in all; 0 means that the test has nothing to explore. */
  readonly choicePoints: number
  /** Every schedule (up to `bound`, where there is one) was run: a proof. */
  readonly exhausted: boolean
  readonly stopped: Stopped
  /** Schedules ended early without a verdict. */
  readonly cut: number
  /** Per label, in how many schedules it held. */
  readonly sometimes: Record<string, number>
  readonly bound?: string
  readonly seed: number
  readonly strategy: string
  /** Milliseconds of real time. */
  readonly elapsed: number
  /** Failing schedules seen. */
  readonly failures: number
  /** The first of them. */
  readonly failure?: Failure
  /** With `bail: false`: the different ones among them, told apart by kind, class, message and place; at most 20. */
  readonly distinct: readonly DistinctFailure[]
  /** Which kinds of choice were run through: the orders, the faults of I/O, the cancellations. */
  readonly dimensions: DimensionsReport
  /** What became of the schedules that were kept (option `corpus`). */
  readonly corpus?: CorpusReport
}

/** One of several failures that an exploration has found. */
export interface DistinctFailure {
  readonly failure: Failure
  /** In how many schedules. */
  readonly count: number
}

/** A failing schedule, minimised. */
export interface Failure {
  readonly kind: FailureKind
  readonly error: unknown
  /** Which schedule failed first, from 1. */
  readonly schedule: number
  /** Replays the minimised schedule. */
  readonly token: string
  /** Replays the schedule as it was found. */
  readonly firstToken: string
  /** Preemptions left after minimising. */
  readonly switches: number
  readonly trace: Trace
  /** All of it as plain data: what is kept in files, and what pictures are made from. */
  readonly file: FailureFile
  /** The picture in words. */
  toString(): string
}

/** What explore throws when a schedule fails. `cause` is the body's own error. */
export class InterleavingError extends Error {
  override readonly name = 'InterleavingError'
  readonly report: Report

  constructor(report: Report, failure: Failure) {
    super(String(failure), { cause: failure.error })
    this.report = report
  }
}
