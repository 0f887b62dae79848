import type { Outcome, Request } from './execution.ts'
import { explain } from './explain.ts'
import { type Describe, makeFailure, sizeOf, tokenOf } from './failure.ts'
import { observe } from './minimise.ts'
import type { Settings, Shape } from './options.ts'
import { Recorder } from './recorder.ts'
import type { Report, Stopped } from './report.ts'
import { StrictReplay } from './strict-replay.ts'
import { Tally } from './tally.ts'
import { decodeToken } from './token.ts'

/** A search asks for schedules to be run, one at a time, and ends with the report. */
export type Search = Generator<Request, Report, Outcome>

/** Explores: schedule after schedule, as the strategy says, up to the limits of the settings. */
export function* search(settings: Settings, describe: Describe): Search {
  const { strategy } = settings
  const tally = new Tally()
  const recorder = new Recorder(strategy)
  const expired = (): boolean => settings.signal?.aborted === true || tally.elapsed >= settings.timeLimit
  const tracked = settings.assume === 'tracked' && settings.permute === 'tasks'
  for (;;) {
    const schedule = tally.schedules + 1
    if (!recorder.begin({ schedule, seed: settings.seed, tracked })) return yield* end(settings, describe, tally, 'exhausted')
    if (schedule > settings.schedules) return yield* end(settings, describe, tally, 'schedules')
    if (settings.signal?.aborted) return yield* end(settings, describe, tally, 'signal')
    const outcome = yield { chooser: recorder, observer: recorder.observer, tracker: strategy.tracker }
    recorder.end({ failed: outcome.fault !== null, steps: outcome.steps })
    tally.schedules++
    tally.steps += outcome.steps
    tally.choicePoints += recorder.count
    if (outcome.marks !== null) tally.mark(outcome.marks)
    if (outcome.fault !== null) {
      tally.failures++
      tally.failure ??= yield* explain(settings, describe, tally.schedules, recorder.picks(), outcome.fault, expired)
      if (settings.bail) return yield* end(settings, describe, tally, 'failure')
    }
    if (settings.timeLimit !== Number.POSITIVE_INFINITY && tally.elapsed >= settings.timeLimit) {
      return yield* end(settings, describe, tally, 'time')
    }
    if (settings.onProgress !== undefined) tally.tellProgress(settings)
  }
}

/** Makes the report; where nothing else failed, a condition that should have held sometimes and never did is a failure. */
function* end(settings: Settings, describe: Describe, tally: Tally, stopped: Stopped): Search {
  const never = Object.keys(tally.sometimes).filter((label) => tally.sometimes[label] === 0)
  if (tally.failure === undefined && never.length > 0 && stopped !== 'signal') {
    const { tracer } = yield* observe(new Map())
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
        schedules: tally.schedules,
        before: size,
        after: size,
        incomplete: false,
      },
    })
  }
  return tally.report(settings, settings.strategy.name, stopped, settings.strategy.bound)
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
