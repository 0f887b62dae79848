import type { RepeatRecord } from '../explore/failure-file.ts'
import type { TraceStep } from '../explore/trace.ts'
import type { Repetition } from './abridge.ts'
import { type Row, rowOf } from './columns.ts'

/**
 * Of a run without an end, the rows between the first round and the last one. The file knows the last; the first is where
 * the steps begin to come a second time.
 */
export function repetitionIn(steps: readonly TraceStep[], rows: readonly Row[], repeats: RepeatRecord | undefined): Repetition | undefined {
  if (repeats === undefined) return undefined
  const { entry, length } = repeats
  const words = steps.map((s) => JSON.stringify([s.kind, s.task, s.label]))
  const inRound = new Set(words.slice(entry, entry + length))
  let same = 0
  for (let i = 0; i + length < entry; i++) {
    same = inRound.has(words[i] as string) && words[i] === words[i + length] ? same + 1 : 0
    if (same === length) return { from: rowOf(rows, i + 1), to: rowOf(rows, entry) }
  }
  return undefined
}
