import { type Choices, confirmed, runAgain, twoRuns } from './confirm.ts'
import { Corpus } from './corpus.ts'
import { enoughSteps } from './enough-steps.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import { explain } from './explain.ts'
import { findingsOf, framesOfNever } from './findings.ts'
import { type Describe, makeFailure, sizeOf, tokenOf } from './failure.ts'
import type { Settings, Shape } from './options.ts'
import { Lenient } from './picks.ts'
import { Recorder } from './recorder.ts'
import { Recording } from './recording.ts'
import type { Report, Stopped } from './report.ts'
import { auditing, RemainsAudit } from './remains-audit.ts'
import { keep, rerun } from './rerun.ts'
import { StrictReplay } from './strict-replay.ts'
import { Tally } from './tally.ts'
import { decodeToken, type Schedule } from './token.ts'
import { counts } from '../strategies/strategy.ts'

/** A search asks for schedules to be run, one at a time, and ends with the report. */
export type Search = Generator<Request, Report, Outcome>

/** Explores: schedule after schedule, as the strategy says, up to the limits of the settings. */
export function* search(settings: Settings, describe: Describe): Search {
  const { strategy } = settings
  const tally = new Tally()
  const corpus = settings.corpus === null ? null : new Corpus(settings.corpus, settings.name)
  tally.corpus = corpus
  let remembered = corpus === null
  const recorder = new Recorder(strategy)
  const expired = (): boolean => settings.signal?.aborted === true || tally.elapsed >= settings.timeLimit
  const inOrder = settings.permute === 'io'
  const tracked = settings.assume === 'tracked' && !inOrder
  const remains = new RemainsAudit(settings)
  const enough = enoughSteps(settings.maxSteps)
  const isolated = settings.isolate !== undefined
  let firstPassed = false
  /** The choices of schedule 1, if it has passed; copied only if there is another one. */
  let first: Choices | null = null
  for (;;) {
    // With `auto`, what is kept comes after FIFO; else it comes first.
    if (corpus !== null && !remembered && (tally.schedules > 0 || strategy.name !== 'auto')) {
      remembered = true
      yield* remember(settings, describe, tally, corpus, expired)
      if (settings.bail && tally.failure !== undefined) return yield* end(settings, describe, tally, 'failure')
    }
    const schedule = tally.schedules - (corpus?.rerun ?? 0) + 1
    if (firstPassed && first === null && schedule <= settings.schedules) first = recorder.choices()
    if (!recorder.begin({ schedule, seed: settings.seed, tracked, inOrder })) return yield* end(settings, describe, tally, 'exhausted')
    if (schedule > settings.schedules || tally.equivalent >= settings.schedules || strategy.share?.spent === true) {
      return yield* end(settings, describe, tally, 'schedules')
    }
    if (settings.signal?.aborted) return yield* end(settings, describe, tally, 'signal')
    const outcome = yield { chooser: recorder, observer: recorder.observer, tracker: strategy.tracker, signal: settings.signal, audit: remains.audit }
    if (outcome.cut) {
      tally.cut++
      return yield* end(settings, describe, tally, 'signal')
    }
    recorder.end({ failed: outcome.fault !== null, steps: outcome.steps })
    // Another shard's schedule is its affair, and equivalent ones count once; but two runs that differ are nobody's schedule.
    if (!counts(strategy) && outcome.fault?.kind !== 'nondeterminism') {
      if (strategy.share?.counts !== false) tally.equivalent++
      if (tally.elapsed >= settings.timeLimit) return yield* end(settings, describe, tally, 'time')
      continue
    }
    tally.schedules++
    tally.steps += outcome.steps
    tally.choicePoints += recorder.count
    if (outcome.marks !== null) tally.mark(outcome.marks)
    tally.dimensions.add(outcome.places)
    tally.idled ||= outcome.idled
    const left = outcome.places.cancellations === null ? null : yield* remains.of(outcome, () => recorder.picks())
    const fault = outcome.fault ?? left?.fault ?? (tally.schedules % CHECKED === 0 ? yield* checked(recorder, isolated) : null)
    if (fault === null) firstPassed ||= schedule === 1
    else {
      tally.failures++
      if (tally.distinct.count(fault)) {
        const number = strategy.share?.number ?? tally.schedules
        const picks = recorder.picks()
        const audit = left?.audit ?? null
        const sure = yield* auditing(audit, confirmed(fault, recorder.choices(), first, { enough, isolated }))
        const found = { schedule: number, picks, fault: sure, by: strategy.name }
        const failure = yield* auditing(audit, explain(settings, describe, found, expired))
        if (corpus !== null) keep(corpus, failure, null)
        tally.distinct.add(fault, failure)
        tally.failure ??= failure
      }
      if (settings.bail) return yield* end(settings, describe, tally, 'failure')
    }
    if (settings.timeLimit !== Number.POSITIVE_INFINITY && tally.elapsed >= settings.timeLimit) {
      return yield* end(settings, describe, tally, 'time')
    }
    if (settings.onProgress !== undefined) tally.tellProgress(settings.onProgress, strategy, recorder)
  }
}

/** Runs what is kept of earlier failures. */
function* remember(
  settings: Settings,
  describe: Describe,
  tally: Tally,
  corpus: Corpus,
  expired: () => boolean,
): Generator<Request, void, Outcome> {
  for (const entry of corpus.load()) {
    if (expired()) return
    const { outcome, picks, choices, audit } = yield* rerun(corpus, entry, settings)
    tally.schedules++
    tally.steps += outcome.steps
    tally.choicePoints += choices
    if (outcome.marks !== null) tally.mark(outcome.marks)
    const { fault } = outcome
    if (fault === null) continue
    tally.failures++
    if (!tally.distinct.count(fault)) continue
    const found = { schedule: tally.schedules, picks, fault, by: 'the corpus' }
    const failure = yield* auditing(audit, explain(settings, describe, found, expired))
    keep(corpus, failure, entry)
    tally.distinct.add(fault, failure)
    tally.failure ??= failure
    if (settings.bail) return
  }
}

/** Runs one in so many passing schedules twice, and gives the fault if they are two. */
const CHECKED = 100

function* checked(recorder: Recorder, isolated: boolean): Generator<Request, Fault | null, Outcome> {
  const second = yield* runAgain(recorder.choices())
  return second.difference === null && second.fault === null ? null : twoRuns(null, second, isolated)
}

/** Makes the report; where nothing else failed, a condition that should have held sometimes and never did is a failure. */
function* end(settings: Settings, describe: Describe, tally: Tally, stopped: Stopped): Search {
  // What one shard does not see another may: who joins their reports looks at all labels.
  const sharded = settings.strategy.share !== undefined
  const never = sharded ? [] : Object.keys(tally.sometimes).filter((label) => tally.sometimes[label] === 0)
  if (tally.failure === undefined && never.length > 0 && stopped !== 'signal') {
    const recording = new Recording(new Lenient(new Map()))
    yield { chooser: recording, observer: recording, recording }
    const { tracer } = recording
    const size = sizeOf(tracer)
    const token = tokenOf(settings, tracer)
    const labels = never.map((l) => JSON.stringify(l)).join(', ')
    const error = new Error(`sometimes(…) held in none of ${tally.schedules} schedules: ${labels}`)
    tally.failures++
    tally.failure = makeFailure(describe, {
      fault: { kind: 'never', error },
      schedule: tally.schedules,
      token,
      firstToken: token,
      tracer,
      context: {
        name: settings.name,
        strategy: settings.strategy.name,
        seed: settings.seed,
        before: size,
        after: size,
        incomplete: false,
      },
      findings: { ...findingsOf({ kind: 'never', error }, recording), frames: framesOfNever(recording, never) },
    })
  }
  return tally.report(settings, settings.strategy.name, stopped, settings.strategy.bound)
}

/** One strict run of a written schedule. */
function* strictly(schedule: Schedule): Generator<Request, { strict: StrictReplay; recording: Recording; outcome: Outcome }, Outcome> {
  const strict = new StrictReplay(schedule)
  const recording = new Recording(strict)
  const outcome = yield { chooser: recording, observer: recording, recording }
  strict.finish()
  return { strict, recording, outcome }
}

/** Replays one written schedule, strictly. */
export function* replaying(settings: Settings, describe: Describe, token: string): Search {
  const schedule = decodeToken(token)
  const tally = new Tally()
  let { strict, recording, outcome } = yield* strictly(schedule)
  const left = yield* new RemainsAudit(settings).of(outcome, () => schedule.picks)
  if (left !== null) ({ strict, recording, outcome } = yield* auditing(left.audit, strictly(schedule)))
  tally.schedules = 1
  tally.steps = outcome.steps
  tally.choicePoints = strict.tracer.choices
  if (outcome.fault !== null) {
    tally.failures = 1
    const size = sizeOf(strict.tracer)
    tally.failure = makeFailure(describe, {
      fault: outcome.fault,
      schedule: 1,
      token,
      firstToken: token,
      tracer: strict.tracer,
      context: { name: schedule.name, strategy: 'replay', seed: settings.seed, before: size, after: size, incomplete: false },
      findings: findingsOf(outcome.fault, recording),
    })
  }
  return tally.report(settings, 'replay', outcome.fault === null ? 'schedules' : 'failure')
}

/** The shape of the schedules that a token was made from. */
export function shapeOf(token: string): Shape {
  return decodeToken(token).shape
}
