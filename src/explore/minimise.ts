import type { Chooser } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import { preemption } from '../strategies/preemption.ts'
import { AmongLanes } from './among-lanes.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import { FewerSwitches } from './fewer-switches.ts'
import { LaneOrder, merged, mergesOf, type Order } from './lane-order.ts'
import { Measure } from './measure.ts'
import { Lenient, type Picks } from './picks.ts'
import { Recorder } from './recorder.ts'
import { fieldOf, shown } from './shown.ts'
import { Tracer } from './trace.ts'

/** Runs that minimising may take, and steps in all of them together. */
const RUNS = 1400
const STEPS = 600_000
/** The runs that taking switches away and the search for fewer preemptions may take. */
const SIMPLIFYING_RUNS = 600
const BOUNDED_RUNS = 400
const BOUNDED_STEPS = 100_000
/** So many of them are of the lanes whose order is known to matter. */
const AMONG_RUNS = 250

/** A failing schedule, how large it is, and the order of its lanes. */
interface Candidate extends Order {
  readonly picks: Picks
  readonly switches: readonly string[]
  readonly steps: number
  readonly tasks: number
  /** The lanes whose place in the order matters, as far as is known. */
  readonly ordered: ReadonlySet<number>
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

/** Fewer preemptions first, then fewer picks that differ from FIFO, then fewer steps, fewer tasks, smaller picks. */
function smaller(a: Candidate, b: Candidate): boolean {
  if (a.switches.length !== b.switches.length) return a.switches.length < b.switches.length
  if (a.picks.size !== b.picks.size) return a.picks.size < b.picks.size
  if (a.steps !== b.steps) return a.steps < b.steps
  if (a.tasks !== b.tasks) return a.tasks < b.tasks
  return sum(a.picks) < sum(b.picks)
}

/** Fewer switches, or fewer lanes whose order matters. */
function simpler(a: Candidate, b: Candidate): boolean {
  if (a.switches.length !== b.switches.length) return a.switches.length < b.switches.length
  return a.ordered.size < b.ordered.size
}

/** The order of these lanes alone. */
function only({ lanes, values }: Order, kept: ReadonlySet<number>): Order {
  return { lanes: lanes.filter((l) => kept.has(l)), values }
}

function sum(picks: Picks): number {
  let total = 0
  for (const k of picks.values()) total += k
  return total
}

/**
 * Looks for the smallest schedule with the same failure, each candidate checked by running it:
 *
 * 1. groups of switches are taken away, then single ones (delta debugging, Zeller and Hildebrandt 2002), and neighbouring
 *    blocks of one lane are merged, as in the trace simplification of Jalbert and Sen (FSE 2010);
 * 2. every schedule with fewer preemptions than that is tried, those with 0 first, as far as the budget goes (Musuvathi
 *    and Qadeer, PLDI 2007): first of the lanes whose order matters alone, then of all, so that small programs come out at
 *    the smallest number there is;
 * 3. groups of picks are taken away, faults and other values among them, and what is left is made smaller.
 */
export class Minimiser {
  /** The budget ended before the search did. */
  incomplete = false
  readonly #fault: Fault
  readonly #first: Picks
  #best: Candidate | null = null
  /** The smallest of all: while only switches and lanes count, one with fewer picks may be passed over. */
  #smallest: Candidate | null = null
  #runs = 0
  #steps = 0
  readonly #expired: () => boolean
  readonly #maxSteps: number | undefined

  /** `expired`: whether the whole exploration has to end. `enough`: so many steps show that a run has no end. */
  constructor(fault: Fault, first: Picks, expired: () => boolean, enough: number) {
    this.#expired = expired
    this.#maxSteps = fault.kind === 'step-limit' ? enough : undefined
    this.#fault = fault
    this.#first = first
  }

  /** The picks of the smallest schedule found. */
  *minimise(): Running<Picks> {
    // Of a run without an end the switches have none either: what counts is how little leads into it.
    const endless = this.#fault.kind === 'step-limit'
    if (endless && this.#first.size === 0) return this.#first
    yield* this.#try(new Lenient(this.#first))
    if (!endless) {
      yield* this.#simplify()
      yield* this.#fewerPreemptions()
    }
    yield* this.#fewerPicks()
    yield* this.#smallerPicks()
    if (!endless && this.#passedOver()) {
      this.#best = this.#smallest
      yield* this.#fewerPicks()
      yield* this.#smallerPicks()
    }
    return this.#picks()
  }

  #passedOver(): boolean {
    return this.#best !== null && this.#smallest !== null && smaller(this.#smallest, this.#best)
  }

  #spent(limit: number, steps = STEPS): boolean {
    const over = this.#runs >= limit || this.#steps >= Math.min(steps, STEPS) || this.#expired()
    if (over) this.incomplete = true
    return over
  }

  /** Tries without groups of things, then without single ones, as long as that helps (delta debugging). */
  *#without<T>(all: () => readonly T[], limit: number, attempt: (kept: ReadonlySet<T>) => Running<boolean>): Running<void> {
    for (let chunk = all().length; chunk >= 1; ) {
      let progress = false
      for (let from = 0; from < all().length; ) {
        if (this.#spent(limit)) return
        const kept = new Set(all().filter((_, i) => i < from || i >= from + chunk))
        if (yield* attempt(kept)) progress = true
        else from += chunk
      }
      chunk = progress ? Math.min(chunk, all().length) : Math.floor(chunk / 2)
    }
  }

  *#simplify(): Running<void> {
    for (let best: Candidate | null = null; best !== this.#best; ) {
      best = this.#best
      if (best === null || best.switches.length === 0) return
      yield* this.#fewerLanes()
      yield* this.#fewerSwitches()
      yield* this.#mergeBlocks()
    }
  }

  /** Lanes that need no place in the order run only where nothing of the order can go on. */
  #fewerLanes(): Running<void> {
    const lanes = (): number[] => [...(this.#best?.ordered ?? [])]
    return this.#without(lanes, SIMPLIFYING_RUNS, (kept) => {
      const best = this.#best as Candidate
      return this.#try(new FewerSwitches(only(best, kept), new Set(best.switches)), kept)
    })
  }

  #fewerSwitches(): Running<void> {
    const switches = (): readonly string[] => this.#best?.switches ?? []
    return this.#without(switches, SIMPLIFYING_RUNS, (kept) => {
      const best = this.#best as Candidate
      return this.#try(new FewerSwitches(only(best, best.ordered), kept), best.ordered)
    })
  }

  *#mergeBlocks(): Running<void> {
    for (let chunk = Number.POSITIVE_INFINITY; chunk >= 1; ) {
      const best = this.#best as Candidate
      const merges = mergesOf(best)
      chunk = Math.min(chunk, merges.length)
      for (let from = 0; from < merges.length && this.#best === best; from += chunk) {
        if (this.#spent(SIMPLIFYING_RUNS)) return
        yield* this.#try(new LaneOrder(merged(best, merges.slice(from, from + chunk))), new Set(best.lanes))
      }
      if (this.#best === best) chunk = Math.floor(chunk / 2)
    }
  }

  *#fewerPreemptions(): Running<void> {
    const limit = this.#runs + BOUNDED_RUNS
    const steps = this.#steps + BOUNDED_STEPS
    const best = this.#best
    if (best !== null) {
      // What the main task does at the end is the failure.
      const ordered = new Set([...best.ordered, ...best.lanes.slice(0, 1)])
      const runs = this.#runs + AMONG_RUNS
      yield* this.#bounded(() => this.#runs >= runs || this.#spent(limit, steps), (chooser) => new AmongLanes(ordered, chooser))
    }
    yield* this.#bounded(() => this.#spent(limit, steps), (chooser) => chooser)
  }

  /** Every schedule with fewer preemptions, until one of them fails. */
  *#bounded(spent: () => boolean, wrapped: (chooser: Recorder) => Chooser): Running<void> {
    const most = (this.#best?.switches.length ?? 0) - 1
    if (most < 0) return
    const strategy = preemption({ bound: most })
    for (let schedule = 1; strategy.begin({ schedule, seed: 0 }); schedule++) {
      if (spent() || (yield* this.#try(wrapped(new Recorder(strategy))))) return
    }
  }

  #fewerPicks(): Running<void> {
    return this.#without(
      () => [...this.#picks().keys()],
      RUNS,
      (kept) => this.#try(new Lenient(new Map([...this.#picks()].filter(([at]) => kept.has(at))))),
    )
  }

  /** The same number of picks: the first option that will do, for each of them. */
  *#smallerPicks(): Running<void> {
    for (const [at, k] of this.#picks()) {
      for (let less = 1; less < k; less++) {
        const picks = this.#picks()
        if (picks.get(at) !== k) break
        if (this.#spent(RUNS)) return
        yield* this.#try(new Lenient(new Map(picks).set(at, less)))
      }
    }
  }

  #picks(): Picks {
    return this.#best?.picks ?? this.#first
  }

  /**
   * Runs a candidate and keeps it if it is smaller and fails in the same way. While switches are taken away only they
   * count, and how many lanes have a place in the order: `ordered`.
   */
  *#try(chooser: Chooser & { step?(option: Option): void }, ordered?: ReadonlySet<number>): Running<boolean> {
    const measure = new Measure(chooser)
    const { fault, steps } = yield { chooser: measure, observer: measure, maxSteps: this.#maxSteps }
    this.#runs++
    this.#steps += steps
    if (!sameFault(fault, this.#fault)) return false
    const { picks, switches, tasks, lanes, values } = measure
    const candidate = { picks, switches, steps, tasks, lanes, values, ordered: ordered ?? new Set(lanes) }
    if (this.#smallest === null || smaller(candidate, this.#smallest)) this.#smallest = candidate
    const best = this.#best
    const better = ordered === undefined ? smaller : simpler
    // What is tried of a run without an end has fewer picks each time, or smaller ones; its switches have no end either.
    if (this.#maxSteps === undefined && best !== null && !better(candidate, best)) return false
    this.#best = candidate
    return true
  }
}
