import type { Fault, Outcome, Request } from './execution.ts'
import { tokenOf } from './failure.ts'
import type { Settings } from './options.ts'
import { Recorder } from './recorder.ts'
import { StrictReplay } from './strict-replay.ts'
import { decodeToken } from './token.ts'
import { type Trace, Tracer } from './trace.ts'

/** One schedule, observed as it ran. */
export interface Once {
  readonly fault: Fault | null
  /** What the body returned, if it did. */
  readonly value: unknown
  readonly trace: Trace
  readonly token: string
  readonly switches: number
  readonly choicePoints: number
}

/**
 * Runs the body once, under the first schedule of the strategy or the one of the token, and observes it as it runs: for
 * those who may not run it a second time, because its state is made outside.
 */
export function* once(settings: Settings): Generator<Request, Once, Outcome> {
  const { strategy, replay } = settings
  if (replay !== undefined) {
    const strict = new StrictReplay(decodeToken(replay))
    const outcome = yield { chooser: strict, observer: strict, investigates: true }
    strict.finish()
    return told(settings, strict.tracer, outcome)
  }
  const recorder = new Recorder(strategy)
  recorder.begin({ schedule: 1, seed: settings.seed })
  const tracer = new Tracer(recorder)
  const watcher = recorder.observer
  const outcome = yield {
    chooser: tracer,
    observer: {
      step(option, loop) {
        watcher?.step(option)
        tracer.step(option, loop)
      },
      access(access) {
        watcher?.access(access)
      },
    },
    investigates: true,
  }
  recorder.end({ failed: outcome.fault !== null, steps: outcome.steps })
  return told(settings, tracer, outcome)
}

function told(settings: Settings, tracer: Tracer, { fault, value }: Outcome): Once {
  return {
    fault,
    value,
    trace: { steps: tracer.steps },
    token: tokenOf(settings, tracer),
    switches: tracer.preemptions,
    choicePoints: tracer.choices,
  }
}
