import type { Fault, Outcome, Request } from './execution.ts'
import { type Describe, makeFailure, sizeOf, tokenOf } from './failure.ts'
import { Minimiser, observe, sameFault } from './minimise.ts'
import type { Settings } from './options.ts'
import type { Picks } from './picks.ts'
import type { Failure } from './report.ts'

/** Runs a failing schedule again, minimises it, and makes the failure that is shown. */
export function* explain(
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
  const minimiser = new Minimiser(fault, tracer, outcome.steps)
  const best = yield* observe(yield* minimiser.minimise())
  return makeFailure(describe, {
    fault: best.outcome.fault ?? fault,
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
