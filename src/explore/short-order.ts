import { sequencer, stepName, valueName } from '../strategies/sequencer.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import type { FailureFile } from './failure-file.ts'
import { sameFault } from './minimise.ts'
import { Recorder } from './recorder.ts'
import type { TraceStep } from './trace.ts'

/** Runs and steps that it may take. */
const RUNS = 300
const STEPS = 200_000
/** A longer schedule has no order that anybody would want to read. */
const LONGEST = 400

/**
 * The shortest list of steps found whose order alone makes the schedule fail in the same way, all else being FIFO: groups
 * of steps are left out first, then single ones. Undefined if the names of the steps do not tell them apart well enough.
 */
export function* shortOrder(
  steps: readonly TraceStep[],
  fault: Fault,
  passing: FailureFile['passing'],
  expired: () => boolean,
): Generator<Request, readonly string[] | undefined, Outcome> {
  const [first, second] = passing === undefined ? [] : [steps[passing.entry], passing.steps[passing.entry]]
  const pair = first === undefined || second === undefined ? undefined : [nameOf(first), nameOf(second)]
  let runs = 0
  let taken = 0
  const spent = (): boolean => runs >= RUNS || taken >= STEPS || expired()
  function* fails(order: readonly string[]): Generator<Request, boolean, Outcome> {
    const strategy = sequencer(order)
    const recorder = new Recorder(strategy)
    recorder.begin({ schedule: 1, seed: 0 })
    const outcome = yield { chooser: recorder, observer: recorder }
    runs++
    taken += outcome.steps
    return sameFault(outcome.fault, fault)
  }
  if (yield* fails([])) {
    // FIFO fails by itself: what decides it is said all the same, if one pair of steps does.
    return pair !== undefined && (yield* fails(pair)) ? pair : []
  }
  if (steps.length > LONGEST) return undefined
  let order = namesOf(steps)
  if (!(yield* fails(order))) return undefined
  for (let chunk = order.length >> 1; chunk >= 1; ) {
    let progress = false
    // From the end: what comes after the failure is decided goes first.
    for (let to = order.length; to > 0; to = Math.min(to - chunk, order.length)) {
      if (spent()) return order
      const shorter = [...order.slice(0, Math.max(0, to - chunk)), ...order.slice(to)]
      if (!(yield* fails(shorter))) continue
      order = shorter
      progress = true
    }
    chunk = progress ? Math.min(chunk, order.length) : chunk >> 1
  }
  return order
}

/** An external's completion and the resumption after it have one name; the main task's start is always first. */
function namesOf(steps: readonly TraceStep[]): string[] {
  return steps.flatMap((s, i) => {
    if (i === 0 || s.step === steps[i - 1]?.step) return []
    return [nameOf(s)]
  })
}

function nameOf(s: TraceStep): string {
  return s.kind === 'value' ? valueName(s.label, s.choice?.pick ?? 0) : stepName(s)
}
