import { enoughSteps } from './enough-steps.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import { type Describe, makeFailure, sizeOf, tokenOf } from './failure.ts'
import { Minimiser, observe, sameFault } from './minimise.ts'
import { findingsOf, framesOfCause } from './findings.ts'
import { nearestPassing } from './neighbours.ts'
import type { Settings } from './options.ts'
import { Lenient, type Picks } from './picks.ts'
import { Recording } from './recording.ts'
import type { Failure } from './report.ts'
import { shortOrder } from './short-order.ts'
import { remedy } from './remedy.ts'
import { shown } from './shown.ts'

/** A failing schedule, as it was found. */
export interface Found {
  readonly schedule: number
  readonly picks: Picks
  readonly fault: Fault
  /** The strategy that found it, or where else it comes from. */
  readonly by: string
}

/** Runs a failing schedule again, minimises it, and makes the failure that is shown. */
export function* explain(
  settings: Settings,
  describe: Describe,
  { schedule, picks, fault, by }: Found,
  expired: () => boolean,
): Generator<Request, Failure, Outcome> {
  const { tracer, outcome } = yield* observe(picks, true)
  const before = sizeOf(tracer)
  const firstToken = tokenOf(settings, tracer)
  const context = { name: settings.name, strategy: by, seed: settings.seed, before }
  const unstable = (again: Fault | null): Failure => {
    const unsteady = fault.kind === 'nondeterminism' ? fault : nondeterminism(fault, again, settings.isolate !== undefined)
    return makeFailure(describe, {
      fault: unsteady,
      schedule,
      token: firstToken,
      firstToken,
      tracer,
      context: { ...context, after: before, incomplete: false },
      findings: { frames: framesOfCause(unsteady.error) },
    })
  }
  if (outcome.fault?.kind === 'escape') {
    // What looked like a deadlock waits for something real: nothing of it is ours to make smaller.
    const found = new Recording(new Lenient(picks))
    yield { chooser: found, observer: found, recording: found, investigates: true }
    return makeFailure(describe, {
      fault: outcome.fault,
      schedule,
      token: firstToken,
      firstToken,
      tracer,
      context: { ...context, after: before, incomplete: false },
      findings: findingsOf(outcome.fault, found),
    })
  }
  if (!sameFault(outcome.fault, fault) || fault.kind === 'nondeterminism') return unstable(outcome.fault)
  const minimiser = new Minimiser(fault, tracer.picks, expired, enoughSteps(settings.maxSteps))
  // An order that somebody has written down is what they want to see.
  let recording = new Recording(new Lenient(by === 'sequencer' ? picks : yield* minimiser.minimise()))
  let again = (yield { chooser: recording, observer: recording, recording }).fault
  let { incomplete } = minimiser
  if (fault.kind === 'step-limit' && !sameFault(again, fault)) {
    // The smaller one had an end after all.
    incomplete = true
    recording = new Recording(new Lenient(tracer.picks))
    again = (yield { chooser: recording, observer: recording, recording }).fault
  }
  // Every candidate that was kept has failed before: one that fails no more is unstable too.
  if (again === null || !sameFault(again, fault)) return unstable(again)
  const best = recording.tracer
  const parting = yield* nearestPassing(settings, recording, expired)
  const order = yield* shortOrder(best.steps, again, parting, expired)
  return makeFailure(describe, {
    fault: again,
    schedule,
    token: tokenOf(settings, best),
    firstToken,
    tracer: best,
    context: { ...context, after: sizeOf(best), incomplete },
    findings: { ...findingsOf(again, recording, parting?.passing), order },
  })
}

function nondeterminism(first: Fault, second: Fault | null, isolated: boolean): Fault {
  const then = second === null ? 'it passed' : `it failed otherwise (${second.kind}: ${shown(second.error)})`
  return {
    kind: 'nondeterminism',
    error: new Error(
      `the same choices failed once (${first.kind}: ${shown(first.error)}); when they were run again ${then}. ` +
        remedy(isolated),
      { cause: first.error },
    ),
  }
}
