import type { Chooser } from '../loop/chooser.ts'
import { preemption } from '../strategies/preemption.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import { Measure } from './measure.ts'
import { Lenient, type Picks } from './picks.ts'
import { Recorder } from './recorder.ts'
import { fieldOf, shown } from './shown.ts'
import { Tracer } from './trace.ts'

/** Runs that minimising may take, and steps in all of them together. */
const RUNS = 1000
const STEPS = 2_000_000
/** The part of the runs that the search for fewer preemptions may take. */
const BOUNDED_RUNS = 600

/** A failing schedule, and how large it is. */
interface Candidate {
  readonly picks: Picks
  readonly preemptions: number
  readonly steps: number
}

type Running<T> = Generator<Request, T, Outcome>

/** Runs the schedule of these picks, instrumented. */
export function* observe(picks: Picks, investigates = false): Running<{ tracer: Tracer; outcome: Outcome }> {
  const tracer = new Tracer(new Lenient(picks))
  const outcome = yield { chooser: tracer, observer: tracer, investigates }
  return { tracer, outcome }
}

/** Whether two failures are the same one: kind, class, and message up to its numbers. */
export function sameFault(a: Fault | null, b: Fault | null): boolean {
  return a !== null && b !== null && a.kind === b.kind && shape(a.error) === shape(b.error)
}

/** An error's class and message, up to its numbers. */
export function shape(error: unknown): string {
  if (!(error instanceof Error)) return `${typeof error}: ${shown(error)}`
  return `${shown(error.constructor?.name)}: ${(fieldOf(error, 'message') ?? '').replace(/\d+(\.\d+)?/g, '#')}`
}

/** Fewer preemptions first, then fewer picks that differ from FIFO, then fewer steps. */
function smaller(a: Candidate, b: Candidate): boolean {
  if (a.preemptions !== b.preemptions) return a.preemptions < b.preemptions
  if (a.picks.size !== b.picks.size) return a.picks.size < b.picks.size
  return a.steps < b.steps
}

/**
 * Looks for the smallest schedule with the same failure: first every schedule with 0, 1, 2 … preemptions, as far as
 * the budget goes; then without each group of picks (delta debugging, Zeller and Hildebrandt 2002).
 */
export class Minimiser {
  /** The budget ended before the search did. */
  incomplete = false
  readonly #fault: Fault
  #best: Candidate
  #runs = 0
  #steps = 0
  readonly #expired: () => boolean

  /** `expired`: whether the whole exploration has to end. */
  constructor(fault: Fault, first: Tracer, steps: number, expired: () => boolean) {
    this.#expired = expired
    this.#fault = fault
    this.#best = { picks: first.picks, preemptions: first.preemptions, steps }
  }

  /** The picks of the smallest schedule found. */
  *minimise(): Running<Picks> {
    yield* this.#fewerPreemptions()
    yield* this.#fewerPicks()
    return this.#best.picks
  }

  #spent(limit: number): boolean {
    const over = this.#runs >= limit || this.#steps >= STEPS || this.#expired()
    if (over) this.incomplete = true
    return over
  }

  *#fewerPreemptions(): Running<void> {
    if (this.#best.preemptions === 0) return
    const strategy = preemption({ bound: this.#best.preemptions - 1 })
    for (let schedule = 1; strategy.begin({ schedule, seed: 0 }); schedule++) {
      if (this.#spent(BOUNDED_RUNS) || (yield* this.#try(new Recorder(strategy)))) return
    }
  }

  *#fewerPicks(): Running<void> {
    let chunk = this.#best.picks.size
    while (chunk >= 1) {
      const places = [...this.#best.picks.keys()]
      let progress = false
      for (let from = 0; from < places.length && !progress; from += chunk) {
        if (this.#spent(RUNS)) return
        const without = new Set(places.slice(from, from + chunk))
        const picks = new Map([...this.#best.picks].filter(([at]) => !without.has(at)))
        progress = yield* this.#try(new Lenient(picks))
      }
      if (!progress) chunk = Math.floor(chunk / 2)
      else chunk = Math.min(chunk, this.#best.picks.size)
    }
  }

  /** Runs a candidate and keeps it if it is smaller and fails in the same way. */
  *#try(chooser: Chooser): Running<boolean> {
    const measure = new Measure(chooser)
    const { fault, steps } = yield { chooser: measure, observer: null }
    this.#runs++
    this.#steps += steps
    const candidate = { picks: measure.picks, preemptions: measure.preemptions, steps }
    if (!sameFault(fault, this.#fault) || !smaller(candidate, this.#best)) return false
    this.#best = candidate
    return true
  }
}
