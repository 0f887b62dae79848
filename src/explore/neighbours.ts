import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import type { Outcome, Request } from './execution.ts'
import { tokenOf } from './failure.ts'
import type { FailureFile } from './failure-file.ts'
import { LaneOrder, laneOf } from './lane-order.ts'
import type { Settings } from './options.ts'
import { type RecordedChoice, Recording } from './recording.ts'
import { keptEntry, scheduleRecord } from './schedule-record.ts'
import type { TraceStep } from './trace.ts'

/** Neighbours that are run, and steps in all of them together. */
const RUNS = 200
const STEPS = 100_000

/** A schedule that passes, and where the failing one parts from it. */
export interface Parting {
  readonly passing: NonNullable<FailureFile['passing']>
  /** In the traces, of which nothing is left out. */
  readonly entry: number
  /** What comes there in the failing one, and in the other. */
  readonly instead: readonly [failing: TraceStep, passing: TraceStep]
}

/**
 * Looks for a schedule that passes and differs from a failing one in one pick. The picks that left a lane are tried first,
 * the last of them before all, then the others that were not FIFO's, then the rest: what comes last before a failure most
 * often decides it. After the pick everything runs in the failing schedule's order, as far as it can.
 */
export function* nearestPassing(
  settings: Settings,
  failing: Recording,
  expired: () => boolean,
): Generator<Request, Parting | undefined, Outcome> {
  // A run without an end has no neighbour that its budget would let end.
  if (failing.tracer.steps.length > STEPS / 10) return undefined
  let runs = 0
  let steps = 0
  for (const { at, pick, entry } of candidates(failing)) {
    if (runs++ >= RUNS || steps >= STEPS || expired()) return undefined
    const quick = new Neighbour(failing, at, pick)
    const first = yield { chooser: quick, observer: quick }
    steps += first.steps
    if (first.fault !== null) continue
    const again = new Neighbour(failing, at, pick)
    const recording = new Recording(again)
    const outcome = yield { chooser: recording, observer: recording, recording }
    if (outcome.fault !== null || again.words === null) continue
    const { tracer } = recording
    const [then, now] = [failing.tracer.steps[entry], tracer.steps[entry]]
    if (then === undefined || now === undefined) continue
    const record = scheduleRecord(tokenOf(settings, tracer), tracer.steps, recording)
    return { passing: { ...record, words: again.words, entry: keptEntry(entry, tracer.steps.length) }, entry, instead: [then, now] }
  }
  return undefined
}

interface Candidate {
  /** Which choice. */
  readonly at: number
  readonly pick: number
  /** How many entries the trace had before it. */
  readonly entry: number
}

function* candidates({ choices, tracer }: Recording): Generator<Candidate> {
  const made = [...choices.entries()].toReversed()
  for (const [at, { entry, stay }] of made) if (tracer.steps[entry]?.preemption === true) yield { at, pick: stay, entry }
  for (const [at, { entry, pick }] of made) if (pick !== 0) yield { at, pick: 0, entry }
  for (const [at, { entry, pick, count }] of made) {
    for (let k = 1; k < count; k++) if (k !== pick) yield { at, pick: k, entry }
  }
}

/** The failing schedule up to one choice, another pick there, and then the failing one's order. */
class Neighbour implements Chooser, Observer {
  /** The difference: what happens first here. */
  words: string | null = null
  readonly #choices: readonly RecordedChoice[]
  readonly #order: LaneOrder
  readonly #at: number
  readonly #pick: number
  #made = 0

  constructor({ choices, tracer: { steps } }: Recording, at: number, pick: number) {
    this.#choices = choices
    const handles = steps.filter((s) => s.kind !== 'value')
    const values = steps.filter((s) => s.kind === 'value').map((s) => s.choice?.pick ?? 0)
    this.#order = new LaneOrder({ lanes: handles.map((s) => laneOf({ ...s, id: 0 })), values })
    this.#at = at
    this.#pick = pick
  }

  choose(point: ChoicePoint): number {
    const now = this.#made++
    const ordered = this.#order.choose(point)
    if (now > this.#at) return ordered
    const then = this.#choices[now]
    const k = Math.min(now === this.#at ? this.#pick : (then?.pick ?? 0), point.count - 1)
    if (now === this.#at) this.words = inWords(point, k, Math.min(then?.pick ?? 0, point.count - 1))
    return k
  }

  step(option: Option): void {
    this.#order.step(option)
  }
}

/** "`save` resumes before `load`", of the option that was picked and the one that had been. */
function inWords(point: ChoicePoint, now: number, then: number): string {
  const [first, second] = [point.optionAt(now), point.optionAt(then)]
  if (point.disturbs === true) return `it is \`${first.label}\`, not \`${second.label}\``
  if (first.kind === 'value') return `${first.label ?? 'choose'} is option ${now + 1} of ${point.count}, not option ${then + 1}`
  // Two lanes of one task are told apart by what they wait for.
  const named = first.task !== second.task || first.label === second.label
  const [one, other] = [whoOf(first, named), whoOf(second, named)]
  if (one !== other) return `${one} before ${other}`
  // Time limits have no lane.
  if (first.lane === undefined) return `${one} (the ${now > then ? 'later' : 'earlier'} of two) before the other`
  return `${one} (lane ${first.lane}) before the same of lane ${second.lane}`
}

function whoOf(option: Option, named: boolean): string {
  const { kind, task, label } = option
  if (kind === 'clock') return 'time passes'
  const who = named && task !== undefined ? task : ''
  if (kind === 'external') {
    return `${who === '' ? '' : `${who}: `}${label === undefined ? 'an operation' : `\`${label}\``} completes`
  }
  if ('expires' in option) return `the time of ${task} runs out`
  if ('failed' in option && option.failed !== undefined) return `the group of ${task} hears that ${String(option.failed)} has failed`
  // A timer that wakes a sleeper is a hop: what it leads to resumes.
  if (label !== undefined && 'due' in option && 'hop' in option && option.hop === false) return `\`${label}\` fires`
  if (label === 'callback') return `the callback of ${task ?? 'nobody'} runs`
  if (label === 'start') return `${task ?? 'a task'} starts`
  if (label === undefined) return 'a callback runs'
  return who === '' ? `\`${label}\` resumes` : `${who} resumes from \`${label}\``
}
