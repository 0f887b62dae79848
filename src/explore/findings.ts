import type { CodeFrame, CodePlace, FailureFile, ValueRecord } from './failure-file.ts'
import { host } from './host.ts'
import type { Recording } from './recording.ts'
import { repeatsIn } from './repeats.ts'
import type { FailureKind } from './report.ts'
import { cycleIn } from './wait-records.ts'

/** What is known of a failure beside its schedule. */
export interface Findings extends Pick<FailureFile, 'passing' | 'waits' | 'cycle' | 'timeouts' | 'repeats' | 'frames'> {
  /** The lines of the user's code that the entries of the trace go on from, by their index. */
  readonly places?: readonly (CodePlace | undefined)[] | undefined
  readonly values?: readonly ValueRecord[] | undefined
}

/** So many pieces of code are shown. */
const FRAMES = 4

/** What an instrumented run has told of its failure. */
export function findingsOf(kind: FailureKind, recording: Recording, passing?: FailureFile['passing']): Findings {
  const { places, values, timeouts, tracer } = recording
  const waits = kind === 'deadlock' || kind === 'leak' || kind === 'escape' ? recording.waits : []
  const repeats = kind === 'step-limit' ? repeatsIn(tracer.steps) : undefined
  const told = waits.flatMap((w) => [w.waitsAt ?? w.createdAt])
  const stuck = timeouts.map((t) => t.waitsAt)
  const round = repeats === undefined ? [] : places.slice(repeats.entry, repeats.entry + repeats.length)
  return {
    places,
    values,
    passing,
    waits: waits.length === 0 ? undefined : waits,
    cycle: kind === 'deadlock' ? cycleIn(waits) : undefined,
    timeouts: timeouts.length === 0 ? undefined : timeouts,
    repeats,
    frames: framesOf([...told, ...stuck, ...round, ...switchesOf(recording)]),
  }
}

/** Where each switch left a lane, and where the other one went on. */
function switchesOf({ tracer: { steps }, places }: Recording): (CodePlace | undefined)[] {
  return steps.flatMap((s, i) => {
    if (!s.preemption) return []
    const left = steps.slice(0, i).findLast((x) => x.lane !== undefined)?.lane
    const next = steps.findIndex((x, j) => j > i && x.lane === left)
    return [next < 0 ? undefined : places[next], places[i]]
  })
}

function framesOf(places: readonly (CodePlace | undefined)[]): CodeFrame[] | undefined {
  const frames = new Map<string, CodeFrame>()
  for (const at of places) {
    if (at === undefined || frames.size >= FRAMES) continue
    const key = `${at.file}:${at.line}`
    const text = frames.has(key) ? null : host().codeFrame(at)
    if (text !== null) frames.set(key, { at, text })
  }
  return frames.size === 0 ? undefined : [...frames.values()]
}
