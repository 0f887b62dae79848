import { siteIn } from './code-site.ts'
import type { Fault } from './execution.ts'
import type { CodeFrame, CodePlace, FailureFile, RepeatRecord, WaitRecord } from './failure-file.ts'
import { host } from './host.ts'
import type { Recording } from './recording.ts'
import { repeatsIn } from './repeats.ts'
import type { FailureKind } from './report.ts'
import type { Watched } from './schedule-record.ts'
import { fieldOf } from './shown.ts'
import { staleWriteIn } from './stale-write.ts'
import { cycleIn } from './wait-records.ts'

/** What is known of a failure beside its schedule. */
export interface Findings
  extends Watched, Pick<FailureFile, 'passing' | 'waits' | 'cycle' | 'timeouts' | 'repeats' | 'order' | 'stale' | 'frames'> {}

/** So many pieces of code are shown in the terminal, and kept besides for a page that shows each step. */
const FRAMES = 4
const KEPT = 24

/** A line that matters, and why. */
interface Mark {
  readonly at: CodePlace | undefined
  readonly note: string
}

/** What an instrumented run has told of its failure. */
export function findingsOf({ kind, error }: Fault, recording: Recording, passing?: FailureFile['passing']): Findings {
  const { places, values, wakes, timeouts, tracer } = recording
  const waits = kind === 'deadlock' || kind === 'leak' || kind === 'escape' ? recording.waits : []
  const repeats = kind === 'step-limit' ? repeatsIn(tracer.steps) : undefined
  const marks = [
    ...waitsOf(waits, kind),
    ...timeouts.map((t) => ({ at: t.waitsAt, note: `${t.task} waited here when its time ran out` })),
    ...roundOf(repeats, recording),
    ...disturbancesOf(recording),
    ...(kind === 'step-limit' ? [] : switchesOf(recording)),
    ...(kind === 'error' || kind === 'unhandled' ? [thrownAt(error)] : []),
  ]
  return {
    places,
    values,
    wakes,
    passing,
    waits: waits.length === 0 ? undefined : waits,
    cycle: kind === 'deadlock' ? cycleIn(waits) : undefined,
    timeouts: timeouts.length === 0 ? undefined : timeouts,
    repeats,
    stale: kind === 'error' || kind === 'unhandled' ? staleWriteIn(recording.accesses) : undefined,
    frames: framesOf(marks, [...places, ...(passing?.steps ?? []).map((s) => s.at), ...wakes.map((w) => w.at)]),
  }
}

/** Where conditions are that held in no schedule. */
export function framesOfNever({ sometimes }: Recording, labels: readonly string[]): CodeFrame[] | undefined {
  return framesOf(labels.map((label) => ({ at: sometimes.get(label), note: `${JSON.stringify(label)} never holds here` })))
}

/** Of the two runs that the same choices gave, one may have failed: where. */
export function framesOfCause(error: unknown): CodeFrame[] | undefined {
  return error instanceof Error ? framesOf([{ ...thrownAt(error.cause), note: 'it failed here, in one of the two runs' }]) : undefined
}

const HOW_LONG: Partial<Record<FailureKind, string>> = { deadlock: ' for ever', leak: ' still' }

/** Those first that hold something: a line that comes twice is shown where it comes first. */
function waitsOf(waits: readonly WaitRecord[], kind: FailureKind): Mark[] {
  return [...waits.filter((w) => w.holds.length > 0), ...waits].map((w) => ({
    at: w.waitsAt ?? w.createdAt,
    note: w.waitsAt === undefined ? `${w.task} was made here` : `${w.task} waits here${HOW_LONG[kind] ?? ''}`,
  }))
}

function roundOf(repeats: RepeatRecord | undefined, { places, tracer }: Recording): Mark[] {
  if (repeats === undefined) return []
  const { entry, length } = repeats
  return tracer.steps.slice(entry, entry + length).map((s, i) => ({ at: places[entry + i], note: `${s.task ?? 'a callback'} comes by here again and again` }))
}

/** Where somebody learns of a fault or of a cancellation: what goes wrong is named after the wait that it ends. */
function disturbancesOf({ tracer: { steps }, places }: Recording): Mark[] {
  return steps.flatMap((s, i) => {
    const { choice, label } = s
    // Of a plain choice of a value all options have one name.
    if (s.kind !== 'value' || label === undefined || choice === undefined || choice.pick === 0 || new Set(choice.options).size === 1) return []
    const next = steps.findIndex((x, j) => j > i && x.label !== undefined && places[j] !== undefined && label.includes(x.label))
    return next < 0 ? [] : [{ at: places[next], note: label }]
  })
}

/** Where each switch left a lane, and where the other one went on. */
function switchesOf({ tracer: { steps }, places }: Recording): Mark[] {
  return steps.flatMap((s, i) => {
    if (!s.preemption) return []
    const left = steps.slice(0, i).findLast((x) => x.lane !== undefined)
    const next = steps.findIndex((x, j) => j > i && x.lane === left?.lane)
    return [
      { at: next < 0 ? undefined : places[next], note: `${left?.task ?? 'it'} is left here, though it could go on` },
      // A task that starts has no line yet.
      { at: s.label === 'start' ? undefined : places[i], note: `${s.task ?? 'it'} goes on from here instead` },
    ]
  })
}

function thrownAt(error: unknown): Mark {
  const stack = error instanceof Error ? fieldOf(error, 'stack') : undefined
  return { at: stack === undefined ? undefined : siteIn(stack), note: 'it fails here' }
}

/** The lines that matter, with what happens there; then others, without. */
function framesOf(marks: readonly Mark[], others: readonly (CodePlace | undefined)[] = []): CodeFrame[] | undefined {
  const frames: CodeFrame[] = []
  const seen = new Set<string>()
  const add = (at: CodePlace | undefined, most: number, note?: string): void => {
    if (at === undefined || frames.length >= most) return
    const key = `${at.file}:${at.line}`
    if (seen.has(key)) return
    seen.add(key)
    const text = host().codeFrame(at)
    if (text !== null) frames.push({ at, text, note })
  }
  for (const { at, note } of marks) add(at, FRAMES, note)
  for (const at of others) add(at, KEPT)
  return frames.length === 0 ? undefined : frames
}
