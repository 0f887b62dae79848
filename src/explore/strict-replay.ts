import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import { ReplayMismatchError } from './replay-mismatch.ts'
import { markOf, type Schedule, strideOf } from './token.ts'
import { Tracer, type TraceStep } from './trace.ts'

/** Follows a written schedule to the letter: the first step that is not the schedule's ends the run. */
export class StrictReplay implements Chooser, Observer {
  readonly tracer: Tracer
  readonly #schedule: Schedule
  readonly #stride: number

  constructor(schedule: Schedule) {
    this.#schedule = schedule
    this.#stride = strideOf(schedule.steps)
    this.tracer = new Tracer({ choose: (point) => this.#pick(point) })
  }

  choose(point: ChoicePoint): number {
    const before = this.tracer.steps.length
    const k = this.tracer.choose(point)
    if (this.tracer.steps.length > before) this.#check()
    return k
  }

  step(option: Option, loop: { time(): number }): void {
    this.tracer.step(option, loop)
    this.#check()
  }

  /** Called when the run is over. */
  finish(): void {
    if (this.#schedule.unfinished === true) return
    const steps = this.tracer.steps.length
    if (steps < this.#schedule.steps) {
      this.#mismatch(steps + 1, "the run ends here, and the token's run went on")
    }
    if (this.tracer.fingerprints.at(-1) !== undefined && this.tracer.fingerprints.at(-1) !== this.#schedule.fingerprint) {
      this.#mismatch(steps, this.#now())
    }
  }

  #pick(point: ChoicePoint): number {
    const { choices } = this.tracer
    const k = this.#schedule.picks.get(choices) ?? 0
    if (k >= point.count) {
      this.#mismatch(
        this.tracer.steps.length + 1,
        `the token picks option ${k + 1}, and there are ${point.count} now`,
      )
    }
    return k
  }

  #check(): void {
    const { steps, fingerprints } = this.tracer
    if (this.#schedule.unfinished === true) return
    const n = steps.length
    if (n > this.#schedule.steps) this.#mismatch(n, `the token's run ended before it. ${this.#now()}`)
    if (n % this.#stride !== 0) return
    if (this.#schedule.marks[n / this.#stride - 1] !== markOf(fingerprints[n - 1] as number)) {
      this.#mismatch(n - this.#stride + 1, this.#now())
    }
  }

  #now(): string {
    const last = this.tracer.steps.at(-1) as TraceStep
    const exactly = this.#stride === 1 ? '' : `, or one of the ${this.#stride - 1} after it`
    return `${describeStep(last)} runs now, and something else did then${exactly}`
  }

  /** `entry` counts the entries of the trace, from 1. */
  #mismatch(entry: number, difference: string): never {
    const { steps } = this.tracer
    throw new ReplayMismatchError(steps[entry - 1]?.step ?? (steps.at(-1)?.step ?? 0) + 1, difference)
  }
}

function describeStep(step: TraceStep): string {
  return [step.task, step.label].filter((x) => x !== undefined).join(', ') || step.kind
}
