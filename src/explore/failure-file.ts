import type { FailureKind } from './report.ts'
import type { StaleWriteRecord } from './stale-write.ts'
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

/** Which step of another lane made a step ready: who released the lock, put the item, ended the task, began the operation. */
export interface WakeRecord {
  /** The index into `steps` of the one that it made ready. */
  readonly entry: number
  /** The index of the one that did, an earlier one. */
  readonly by: number
  /** What it did, in words that follow its task's name: "releases Lock 'jobs'". */
  readonly how: string
  /** The line that did it. */
  readonly at?: CodePlace | undefined
}

/** One schedule, as a failure file keeps it. */
export interface ScheduleRecord {
  readonly token: string
  readonly steps: readonly StepRecord[]
  readonly values: readonly ValueRecord[]
  /** Files of earlier versions of Heddle have none. */
  readonly wakes?: readonly WakeRecord[] | undefined
  /** Of a very long schedule only the beginning and the end are kept: so many steps are left out before the one at `entry`. */
  readonly omitted?: { readonly entry: number; readonly count: number } | undefined
}

/** A step, and the line of the user's code that it goes on from. */
export type StepRecord = TraceStep & { readonly at?: CodePlace | undefined }

/** How large a schedule is. */
export interface SizeRecord {
  readonly switches: number
  /** Picks that differ from FIFO. */
  readonly picks: number
  readonly steps: number
  /** Tasks that ran. */
  readonly tasks?: number | undefined
}

/** A time limit that ran out, and what its task was waiting for at that moment. */
export interface TimeoutRecord {
  readonly task: string
  /** Virtual seconds since the run began. */
  readonly time: number
  readonly waitsFor: string
  readonly waitsAt?: CodePlace | undefined
}

/** What a run that does not end does over and over. */
export interface RepeatRecord {
  /** The index into `steps` at which the last whole repetition begins, and how many entries one of them has. */
  readonly entry: number
  readonly length: number
  /** How many times it was seen, one after the other. */
  readonly times: number
}

/** The lines of the user's code around a place, as text. */
export interface CodeFrame {
  readonly at: CodePlace
  readonly text: string
  /** What happens there: "Task-2 is left here". Without one it is a line that some step goes on from. */
  readonly note?: string | undefined
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
  readonly before: SizeRecord
  readonly after: SizeRecord
  /** Minimising stopped at its budget: a smaller schedule may exist. */
  readonly incomplete?: boolean | undefined
  readonly firstToken: string
  readonly failing: ScheduleRecord
  /** The nearest schedule that passes, one pick away, and the difference in words ("`save` resumes before `load`"). */
  readonly passing?: (ScheduleRecord & { readonly words: string; readonly entry: number }) | undefined
  /** Who waits for whom, in a deadlock or a leak; and the tasks of the cycle, in order, where there is one. */
  readonly waits?: readonly WaitRecord[] | undefined
  readonly cycle?: readonly string[] | undefined
  /** The time limits that ran out, in order. */
  readonly timeouts?: readonly TimeoutRecord[] | undefined
  /** Of a run that reached its step limit. */
  readonly repeats?: RepeatRecord | undefined
  /** The steps whose order alone makes it fail, all else being FIFO, as `sequencer` takes them; empty: FIFO itself fails. */
  readonly order?: readonly string[] | undefined
  /** What was written from a value that another lane had replaced since it was read. */
  readonly stale?: StaleWriteRecord | undefined
  /** The lines that matter, where the host can read them. */
  readonly frames?: readonly CodeFrame[] | undefined
}
