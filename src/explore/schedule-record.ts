import type { CodePlace, ScheduleRecord, StepRecord, ValueRecord, WakeRecord } from './failure-file.ts'
import type { TraceStep } from './trace.ts'

/** So many entries of a schedule are kept at its beginning, and as many at its end. */
const KEPT = 2500

/** What an instrumented run has seen beside the steps. */
export interface Watched {
  /** The lines of the user's code that the entries of the trace go on from, by their index. */
  readonly places?: readonly (CodePlace | undefined)[] | undefined
  readonly values?: readonly ValueRecord[] | undefined
  readonly wakes?: readonly WakeRecord[] | undefined
}

/** Where an entry of a trace of this length is in the file, or the first behind it that is kept. */
export function keptEntry(entry: number, length: number): number {
  return length <= 2 * KEPT || entry < KEPT ? entry : Math.max(KEPT, entry - (length - 2 * KEPT))
}

/** Writes a schedule down; the middle of a very long one is left out. */
export function scheduleRecord(
  token: string,
  steps: readonly TraceStep[],
  { places = [], values = [], wakes = [] }: Watched = {},
): ScheduleRecord {
  const count = steps.length - 2 * KEPT
  const record = (s: TraceStep, i: number): StepRecord => ({ ...s, at: places[i] })
  const known = wakes.length === 0 ? undefined : wakes
  if (count <= 0) return { token, steps: steps.map(record), values, wakes: known }
  const end = steps.length - KEPT
  const kept = (entry: number): number | undefined => (entry >= KEPT && entry < end ? undefined : keptEntry(entry, steps.length))
  return {
    token,
    steps: [...steps.slice(0, KEPT).map(record), ...steps.slice(end).map((s, i) => record(s, end + i))],
    values: values.flatMap((v) => {
      const entry = kept(v.entry)
      return entry === undefined ? [] : [{ ...v, entry }]
    }),
    wakes: known?.flatMap((w) => {
      const [entry, by] = [kept(w.entry), kept(w.by)]
      return entry === undefined || by === undefined ? [] : [{ ...w, entry, by }]
    }),
    omitted: { entry: KEPT, count: (steps[end] as TraceStep).step - (steps[KEPT - 1] as TraceStep).step - 1 },
  }
}
