import type { Strategy } from '../strategies/strategy.ts'
import type { Corpus } from './corpus.ts'
import { Dimensions } from './dimensions.ts'
import { Distinct } from './distinct.ts'
import type { Settings } from './options.ts'
import type { Recorder } from './recorder.ts'
import type { Failure, Report, Stopped } from './report.ts'
import { SpaceEstimate } from './space-estimate.ts'

const PROGRESS_EVERY = 100
const realNow = performance.now.bind(performance)

/** How far the search went where intervals alone would have moved the clock. */
const IDLED = 'intervals fire at most 3 times in a row before something that is under way completes'

/** What has been counted so far. */
export class Tally {
  schedules = 0
  /** Executions that were equivalent to one that has counted. */
  equivalent = 0
  steps = 0
  choicePoints = 0
  failures = 0
  /** Schedules ended early without a verdict. */
  cut = 0
  failure: Failure | undefined = undefined
  /** In some schedule intervals could have fired more often than they were allowed to. */
  idled = false
  readonly dimensions = new Dimensions()
  readonly distinct = new Distinct()
  corpus: Corpus | null = null
  /** Per label, in how many schedules its condition held. */
  readonly sometimes: Record<string, number> = Object.create(null) as Record<string, number>
  readonly #began = realNow()
  #told = 0
  #space: SpaceEstimate | null = null

  get elapsed(): number {
    return realNow() - this.#began
  }

  mark(marks: ReadonlyMap<string, boolean>): void {
    for (const [label, held] of marks) this.sometimes[label] = (this.sometimes[label] ?? 0) + (held ? 1 : 0)
  }

  /** Called after each schedule, with what it has recorded. */
  tellProgress(onProgress: NonNullable<Settings['onProgress']>, strategy: Strategy, recorder: Recorder): void {
    const space = (this.#space ??= new SpaceEstimate(strategy.name))
    space.begin()
    space.choice(recorder.product)
    space.end()
    if (this.elapsed - this.#told < PROGRESS_EVERY) return
    this.#told = this.elapsed
    const { schedules, failures, steps, choicePoints, elapsed } = this
    const explored = space.explored(strategy.estimate)
    onProgress({ schedules, failures, steps, choicePoints, explored: Number.isNaN(explored) ? null : explored, elapsed })
  }

  #distinct(): Report['distinct'] {
    const { all } = this.distinct
    return all.length === 0 && this.failure !== undefined ? [{ failure: this.failure, count: this.failures }] : all
  }

  report(settings: Settings, strategy: string, stopped: Stopped, strategyBound?: string): Report {
    const bounds = [strategyBound, this.idled ? IDLED : undefined].filter((b) => b !== undefined)
    return {
      schedules: this.schedules,
      equivalent: this.equivalent,
      steps: this.steps,
      choicePoints: this.choicePoints,
      exhausted: stopped === 'exhausted',
      stopped,
      cut: this.cut,
      sometimes: { ...this.sometimes },
      ...(bounds.length === 0 ? {} : { bound: bounds.join('; ') }),
      seed: settings.seed,
      strategy,
      elapsed: this.elapsed,
      failures: this.failures,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
      dimensions: this.dimensions.report(stopped === 'exhausted', this.choicePoints),
      distinct: this.#distinct(),
      ...(this.corpus === null ? {} : { corpus: this.corpus.report() }),
    }
  }
}
