import type { CodePlace, FailureFile, ScheduleRecord, ValueRecord } from './failure-file.ts'

/** What is known of a failure beside its schedule. */
export interface Findings extends Pick<FailureFile, 'passing' | 'waits' | 'cycle' | 'timeouts' | 'repeats' | 'frames'> {
  /** The lines of the user's code that the entries of the trace go on from, by their index. */
  readonly places?: readonly (CodePlace | undefined)[] | undefined
  readonly values?: readonly ValueRecord[] | undefined
  readonly omitted?: ScheduleRecord['omitted']
}
