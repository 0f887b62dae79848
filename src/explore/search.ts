import type { Fault, Outcome, Request } from './execution.ts'
import { Minimiser, observe, sameFault } from './minimise.ts'
import type { Settings, Shape } from './options.ts'
import type { Picks } from './picks.ts'
import { Recorder } from './recorder.ts'
import type { Failure, FailureKind, Report, Stopped } from './report.ts'
import { StrictReplay } from './strict-replay.ts'
import { decodeToken, encodeToken, marksOf, type Schedule } from './token.ts'
import type { Trace, Tracer } from './trace.ts'

/** A search asks for schedules to be run, one at a time, and ends with the report. */
export type Search = Generator<Request, Report, Outcome>

/** Says a failure in words. */
export type Describe = (failure: Failure, context: FailureContext) => string

/** What the words need beside the failure itself. */
export interface FailureContext {
  readonly name: string
  readonly strategy: string
  readonly schedules: number
  readonly before: { readonly switches: number; readonly picks: number; readonly steps: number }
  readonly after: { readonly switches: number; readonly picks: number; readonly steps: number }
  /** Minimising stopped at its budget. */
  readonly incomplete: boolean
}

const PROGRESS_EVERY = 100
const realNow = performance.now.bind(performance)

/** What has been counted so far. */
class Tally {
  schedules = 0
  steps = 0
  choicePoints = 0
  failures = 0
  failure: Failure | undefined = undefined
  readonly #began = realNow()
  #told = 0

  get elapsed(): number {
    return realNow() - this.#began
  }

  tellProgress(settings: Settings): void {
    if (settings.onProgress === undefined || this.elapsed - this.#told < PROGRESS_EVERY) return
    this.#told = this.elapsed
    const { schedules, failures, steps, elapsed } = this
    settings.onProgress({ schedules, failures, steps, elapsed })
  }

  report(settings: Settings, strategy: string, stopped: Stopped, bound?: string): Report {
    return {
      schedules: this.schedules,
      steps: this.steps,
      choicePoints: this.choicePoints,
      exhausted: stopped === 'exhausted',
      stopped,
      cut: 0,
      sometimes: {},
      ...(bound === undefined ? {} : { bound }),
      seed: settings.seed,
      strategy,
      elapsed: this.elapsed,
      failures: this.failures,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    }
  }
}

/** Explores: schedule after schedule, as the strategy says, up to the limits of the settings. */
export function* search(settings: Settings, describe: Describe): Search {
  const { strategy } = settings
  const tally = new Tally()
  const recorder = new Recorder(strategy)
  const end = (stopped: Stopped): Report => tally.report(settings, strategy.name, stopped, strategy.bound)
  for (;;) {
    const schedule = tally.schedules + 1
    if (!strategy.begin({ schedule, seed: settings.seed })) return end('exhausted')
    if (schedule > settings.schedules) return end('schedules')
    if (settings.signal?.aborted) return end('signal')
    recorder.reset()
    const outcome = yield { chooser: recorder, observer: null }
    strategy.end?.({ failed: outcome.fault !== null, steps: outcome.steps })
    tally.schedules++
    tally.steps += outcome.steps
    tally.choicePoints += recorder.count
    if (outcome.fault !== null) {
      tally.failures++
      tally.failure ??= yield* explain(settings, describe, tally.schedules, recorder.picks(), outcome.fault)
      if (settings.bail) return end('failure')
    }
    if (settings.timeLimit !== Number.POSITIVE_INFINITY && tally.elapsed >= settings.timeLimit) return end('time')
    if (settings.onProgress !== undefined) tally.tellProgress(settings)
  }
}

/** Replays one written schedule, strictly. */
export function* replaying(settings: Settings, describe: Describe, token: string): Search {
  const schedule = decodeToken(token)
  const tally = new Tally()
  const strict = new StrictReplay(schedule)
  const outcome = yield { chooser: strict, observer: strict }
  strict.finish()
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
      context: { name: schedule.name, strategy: 'replay', schedules: 1, before: size, after: size, incomplete: false },
    })
  }
  return tally.report(settings, 'replay', outcome.fault === null ? 'schedules' : 'failure')
}

/** The shape of the schedules that a token was made from. */
export function shapeOf(token: string): Shape {
  return decodeToken(token).shape
}

/** Runs a failing schedule again, minimises it, and makes the failure that is shown. */
function* explain(
  settings: Settings,
  describe: Describe,
  schedule: number,
  picks: Picks,
  fault: Fault,
): Generator<Request, Failure, Outcome> {
  const { tracer, outcome } = yield* observe(picks)
  const strategy = settings.strategy.name
  const before = sizeOf(tracer)
  const firstToken = tokenOf(settings, tracer)
  const context = { name: settings.name, strategy, schedules: schedule, before }
  if (!sameFault(outcome.fault, fault) || fault.kind === 'nondeterminism') {
    const unstable = fault.kind === 'nondeterminism' ? fault : nondeterminism(fault, outcome.fault)
    return makeFailure(describe, {
      fault: unstable,
      schedule,
      token: firstToken,
      firstToken,
      tracer,
      context: { ...context, after: before, incomplete: false },
    })
  }
  const minimiser = new Minimiser({ tracer, fault })
  yield* minimiser.minimise()
  const best = minimiser.best
  return makeFailure(describe, {
    fault: best.fault,
    schedule,
    token: tokenOf(settings, best.tracer),
    firstToken,
    tracer: best.tracer,
    context: { ...context, after: sizeOf(best.tracer), incomplete: minimiser.incomplete },
  })
}

function nondeterminism(first: Fault, second: Fault | null): Fault {
  const then = second === null ? 'it passed' : `it failed otherwise (${second.kind}: ${String(second.error)})`
  return {
    kind: 'nondeterminism',
    error: new Error(
      `the same choices failed once (${first.kind}: ${String(first.error)}); when they were run again ${then}. ` +
        'Something outside the choices differs between two runs: state that outlives a run (reset it in `setup`), ' +
        'real time, real I/O, or randomness.',
      { cause: first.error },
    ),
  }
}

function sizeOf(tracer: Tracer): FailureContext['before'] {
  return { switches: tracer.preemptions, picks: tracer.picks.size, steps: tracer.steps.length }
}

function tokenOf(settings: Settings, tracer: Tracer): string {
  const schedule: Schedule = {
    name: settings.name,
    shape: { permute: settings.permute, maxSteps: settings.maxSteps, leaks: settings.leaks },
    picks: tracer.picks,
    choices: tracer.choices,
    steps: tracer.steps.length,
    marks: marksOf(tracer.fingerprints),
    fingerprint: tracer.fingerprints.at(-1) ?? 0,
  }
  return encodeToken(schedule)
}

interface FailureParts {
  readonly fault: Fault
  readonly schedule: number
  readonly token: string
  readonly firstToken: string
  readonly tracer: Tracer
  readonly context: FailureContext
}

/** A failure; its words are made when somebody asks for them. */
class FoundFailure implements Failure {
  readonly kind: FailureKind
  readonly error: unknown
  readonly schedule: number
  readonly token: string
  readonly firstToken: string
  readonly switches: number
  readonly trace: Trace
  readonly #words: () => string

  constructor(describe: Describe, parts: FailureParts) {
    this.kind = parts.fault.kind
    this.error = parts.fault.error
    this.schedule = parts.schedule
    this.token = parts.token
    this.firstToken = parts.firstToken
    this.switches = parts.tracer.preemptions
    this.trace = { steps: parts.tracer.steps }
    this.#words = () => describe(this, parts.context)
  }

  toString(): string {
    return this.#words()
  }
}

function makeFailure(describe: Describe, parts: FailureParts): Failure {
  return new FoundFailure(describe, parts)
}
