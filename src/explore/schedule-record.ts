import type { CodePlace, ScheduleRecord, StepRecord, ValueRecord } from './failure-file.ts'
import type { TraceStep } from './trace.ts'

/** So many entries of a schedule are kept at its beginning, and as many at its end. */
const KEPT = 2500

/** Writes a schedule down; the middle of a very long one is left out. */
export function scheduleRecord(
  token: string,
  steps: readonly TraceStep[],
  places: readonly (CodePlace | undefined)[] = [],
  values: readonly ValueRecord[] = [],
): ScheduleRecord {
  const count = steps.length - 2 * KEPT
  const record = (s: TraceStep, i: number): StepRecord => {
    const at = places[i]
    return at === undefined ? s : { ...s, at }
  }
  if (count <= 0) return { token, steps: steps.map(record), values }
  const end = steps.length - KEPT
  return {
    token,
    steps: [...steps.slice(0, KEPT).map(record), ...steps.slice(end).map((s, i) => record(s, end + i))],
    values: values.flatMap((v) => {
      if (v.entry < KEPT) return [v]
      return v.entry < end ? [] : [{ ...v, entry: v.entry - count }]
    }),
    omitted: { entry: KEPT, count },
  }
}
