import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import { isPreemption } from './measure.ts'
import { hash } from './options.ts'

/** One step of a schedule, as an instrumented run records it. */
export interface TraceStep {
  /**
   * From 1. An external's completion and the resumption that follows at once are two entries and one step; so are a step
   * and the places in it where something could have gone wrong and did not.
   */
  readonly step: number
  /** Virtual seconds. */
  readonly time: number
  readonly kind: Option['kind']
  readonly task: string | undefined
  readonly lane: number | undefined
  /** What resumes: what the task waited for, or which external completes. */
  readonly label: string | undefined
  /** The choice that led to it, where there was one: the pick, how many options, and the first of them in words. */
  readonly choice: { readonly pick: number; readonly count: number; readonly options: readonly string[] } | undefined
  /** Whether it left a lane that could have gone on. */
  readonly preemption: boolean
}

/** A schedule, step by step. Its JSON is the same for equal runs, byte for byte. */
export interface Trace {
  readonly steps: readonly TraceStep[]
}

/** An option, for a list of them. */
export function inWords(o: Option): string {
  const kind = o.kind === 'handle' || (o.kind === 'value' && o.label !== undefined) ? undefined : o.kind
  return [o.task, kind, o.label].filter((x) => x !== undefined).join(' ')
}

/** So many options of a choice are put into words: a run of 100,000 steps among 100 tasks must fit in memory. */
const SHOWN = 16

/** Watches a run under a chooser: records its steps, its picks and its preemptions. */
export class Tracer implements Chooser, Observer {
  readonly steps: TraceStep[] = []
  /** A fingerprint after each step: equal up to the first difference of two runs. */
  readonly fingerprints: number[] = []
  preemptions = 0
  choices = 0
  /** The picks that are not 0, by their place among the choices. */
  readonly picks = new Map<number, number>()
  readonly #chooser: Chooser
  #choice: TraceStep['choice']
  #preemption = false
  #fingerprint = hash('heddle')

  constructor(chooser: Chooser) {
    this.#chooser = chooser
  }

  choose(point: ChoicePoint): number {
    const k = this.#chooser.choose(point)
    if (k !== 0) this.picks.set(this.choices, k)
    this.choices++
    const options = point.options
    const picked = options[k]
    this.#choice = { pick: k, count: options.length, options: options.slice(0, SHOWN).map(inWords) }
    if (picked?.kind === 'value') {
      this.#record(picked, this.steps.at(-1)?.time ?? 0, point.disturbs === true && k === 0)
      return k
    }
    this.#preemption = isPreemption(point, k)
    if (this.#preemption) this.preemptions++
    return k
  }

  step(option: Option, loop: { time(): number }): void {
    this.#record(option, loop.time())
  }

  #record(option: Option, time: number, nothing = false): void {
    const { kind, task, lane, label } = option
    const before = this.steps.at(-1)
    const resumes = kind === 'handle' && before?.kind === 'external' && before.lane === lane && this.#choice === undefined
    const step = (before?.step ?? 0) + (resumes || nothing ? 0 : 1)
    const entry = { step, time, kind, task, lane, label, choice: this.#choice, preemption: this.#preemption }
    this.steps.push(entry)
    this.#fingerprint = hash(`${kind}|${task}|${label}|${entry.choice?.count ?? 1}`, this.#fingerprint)
    this.fingerprints.push(this.#fingerprint)
    this.#choice = undefined
    this.#preemption = false
  }
}
