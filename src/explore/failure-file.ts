import type { FailureKind } from './report.ts'
import type { TraceStep } from './trace.ts'

/** A place in the user's own code, source-mapped. Lines and columns count from 1. */
export interface CodePlace {
  readonly file: string
  readonly line: number
  readonly column?: number | undefined
  readonly function?: string | undefined
}

/** What a task waits for, in a deadlock or a leak. */
export interface WaitRecord {
  readonly task: string
  /** What it waits for, in words: "lock 'a'", "Task-2". */
  readonly waitsFor: string
  /** Who could let it go on: tasks that hold the lock, or the task that it awaits. */
  readonly blockedBy: readonly string[]
  /** What it holds itself, in words. */
  readonly holds: readonly string[]
  readonly waitsAt?: CodePlace | undefined
  readonly createdAt?: CodePlace | undefined
}

/** A read or a write of a shared value, after the step with this index in the trace. */
export interface ValueRecord {
  /** The index into `trace.steps` of the step that made it. */
  readonly entry: number
  readonly name: string
  readonly kind: 'read' | 'write'
  /** What it then held, in words. */
  readonly value: string
  readonly at?: CodePlace | undefined
}

/** One schedule, as a failure file keeps it. */
export interface ScheduleRecord {
  readonly token: string
  readonly steps: readonly (TraceStep & { readonly at?: CodePlace | undefined })[]
  readonly values: readonly ValueRecord[]
}

/**
 * A failure written down: what a corpus keeps and `heddle show` reads. It is data: everything in it that comes from the
 * program is text, to be escaped by whoever prints it.
 */
export interface FailureFile {
  readonly format: 'heddle-failure'
  readonly version: 1
  /** The test's identity; empty for a test without a name. */
  readonly name: string
  readonly kind: FailureKind
  readonly error: { readonly name: string; readonly message: string; readonly stack?: string | undefined }
  /** Which schedule failed first, from 1, and how many had been run. */
  readonly schedule: number
  readonly strategy: string
  readonly seed: number
  readonly switches: number
  /** The size as found and as minimised. */
  readonly before: { readonly switches: number; readonly picks: number; readonly steps: number }
  readonly after: { readonly switches: number; readonly picks: number; readonly steps: number }
  readonly firstToken: string
  readonly failing: ScheduleRecord
  /** The nearest schedule that passes, one pick away, and the difference in words ("`save` resumes before `load`"). */
  readonly passing?: (ScheduleRecord & { readonly words: string; readonly entry: number }) | undefined
  /** Who waits for whom, in a deadlock or a leak; and the tasks of the cycle, in order, where there is one. */
  readonly waits?: readonly WaitRecord[] | undefined
  readonly cycle?: readonly string[] | undefined
}
