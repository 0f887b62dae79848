import { sequencer, stepName, valueName } from '../strategies/sequencer.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import { sameFault } from './minimise.ts'
import type { Parting } from './neighbours.ts'
import { Recorder } from './recorder.ts'
import type { TraceStep } from './trace.ts'

/** Runs and steps that it may take. */
const RUNS = 300
const STEPS = 100_000
/** A longer schedule has no order that anybody would want to read. */
const LONGEST = 400

/**
 * The shortest list of steps found whose order alone makes the schedule fail in the same way, all else being FIFO: groups
 * of steps are left out first, then single ones. Undefined if the names of the steps do not tell them apart well enough.
 */
export function* shortOrder(
  steps: readonly TraceStep[],
  fault: Fault,
  parting: Parting | undefined,
  expired: () => boolean,
): Generator<Request, readonly string[] | undefined, Outcome> {
  // The other values need not be said: one that is not forced is the first.
  const pair = parting?.instead.map(nameOf).slice(0, parting.instead[0].kind === 'value' ? 1 : 2)
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
  // A schedule without a pick is FIFO itself.
  const fifo = steps.every((s) => (s.choice?.pick ?? 0) === 0) || (yield* fails([]))
  if (pair !== undefined && (yield* fails(pair))) return pair
  const otherwise = fifo ? [] : undefined
  if (steps.length > LONGEST || (fifo && pair === undefined)) return otherwise
  let order = stepsIn(steps)
  if (!(yield* fails(order.map((s) => s.name)))) return otherwise
  // What would have to come earlier stays: an order without it would not say what comes too late.
  const late = order.find((s) => s.entry > (parting?.entry ?? 0) && s.name === pair?.[1])
  for (let chunk = order.length >> 1; chunk >= 1; ) {
    let progress = false
    // From the end: what comes after the failure is decided goes first.
    for (let to = order.length; to > 0; to -= chunk) {
      if (spent()) return order.map((s) => s.name)
      const end = to
      const shorter = order.filter((s, i) => i < end - chunk || i >= end || s === late)
      if (shorter.length === order.length || !(yield* fails(shorter.map((s) => s.name)))) continue
      order = shorter
      progress = true
    }
    if (!progress) chunk >>= 1
  }
  return order.map((s) => s.name)
}

/** A step of an order, and where it is in the trace. */
interface OrderedStep {
  readonly name: string
  readonly entry: number
}

/** An external's completion and the resumption after it have one name; the main task's start is always first. */
function stepsIn(steps: readonly TraceStep[]): OrderedStep[] {
  return steps.flatMap((s, entry) => (entry === 0 || s.step === steps[entry - 1]?.step ? [] : [{ name: nameOf(s), entry }]))
}

function nameOf(s: TraceStep): string {
  return s.kind === 'value' ? valueName(s.label, s.choice?.pick ?? 0) : stepName(s)
}
