import { SpaceEstimate } from '../explore/space-estimate.ts'
import type { Tracker } from '../loop/tracker.ts'
import { ask } from '../strategies/portfolio.ts'
import { type Access, type ChoicePoint, counts, type Option, type RunInfo, type RunOutcome, type Share, type Strategy } from '../strategies/strategy.ts'
import type { Control } from './control.ts'

/** What a gauge needs beside the strategy. */
export interface GaugeOptions {
  readonly control: Control
  /** Which worker this is, from 0. */
  readonly worker: number
  /** Whether the workers end together when one has failed. */
  readonly together: boolean
  /** Ends the exploration of this worker. */
  readonly stop: () => void
}

/** A strategy whose figures others can see while it explores, and which stops when it is told to. */
export class Gauge implements Strategy {
  readonly name: string
  readonly #inner: Strategy
  readonly #options: GaugeOptions
  readonly #space: SpaceEstimate
  #round = 0
  #schedules = 0
  #steps = 0
  #choices = 0
  #failures = 0

  constructor(inner: Strategy, options: GaugeOptions) {
    this.name = inner.name
    this.#inner = inner
    this.#options = options
    this.#space = new SpaceEstimate(inner.name)
  }

  get bound(): string | undefined {
    return this.#inner.bound
  }

  get watches(): boolean {
    return this.#inner.watches === true
  }

  get tracker(): Tracker | undefined {
    return this.#inner.tracker
  }

  get share(): Share | undefined {
    return this.#inner.share
  }

  get again(): boolean {
    return this.#inner.again === true
  }

  begin(run: RunInfo): boolean {
    const { control, together, stop } = this.#options
    this.#space.begin()
    const goesOn = this.#inner.begin(run)
    if (goesOn && ((together && !control.meet(this.#round)) || control.interrupted)) stop()
    this.#round++
    return goesOn
  }

  pick(point: ChoicePoint): number {
    this.#space.choice(point.count)
    this.#choices++
    return ask(this.#inner, point)
  }

  step(option: Option): void {
    this.#inner.step?.(option)
  }

  access(access: Access): void {
    this.#inner.access?.(access)
  }

  end(outcome: RunOutcome): void {
    this.#inner.end?.(outcome)
    if (!counts(this)) return
    this.#space.end()
    this.#schedules++
    this.#steps += outcome.steps
    const { control, worker } = this.#options
    if (outcome.failed) {
      this.#failures++
      control.fail()
    }
    control.count(worker, 'schedules', this.#schedules)
    control.count(worker, 'steps', this.#steps)
    control.count(worker, 'choicePoints', this.#choices)
    control.count(worker, 'failures', this.#failures)
    control.count(worker, 'explored', this.#space.explored(this.#inner.estimate))
  }
}
