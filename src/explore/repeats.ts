import type { RepeatRecord } from './failure-file.ts'
import type { TraceStep } from './trace.ts'

/** So many entries of the end are looked at. */
const WINDOW = 3000
/** Fewer repetitions are no circle. */
const LEAST = 3

/** What a run does over and over at its end: the shortest stretch that comes three times or more. */
export function repeatsIn(steps: readonly TraceStep[]): RepeatRecord | undefined {
  const words = steps.slice(-WINDOW).map((s) => JSON.stringify([s.kind, s.task, s.label]))
  const n = words.length
  for (let length = 1; length * LEAST <= n; length++) {
    let same = 0
    // In front of the first there is nothing, which is like none of them.
    while (words[n - 1 - same] === words[n - 1 - same - length]) same++
    const times = Math.floor(same / length) + 1
    if (times >= LEAST) return { entry: steps.length - length, length, times }
  }
  return undefined
}
