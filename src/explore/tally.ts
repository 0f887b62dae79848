import type { Corpus } from './corpus.ts'
import { Distinct } from './distinct.ts'
import type { Settings } from './options.ts'
import type { Failure, Report, Stopped } from './report.ts'

const PROGRESS_EVERY = 100
const realNow = performance.now.bind(performance)

/** What has been counted so far. */
export class Tally {
  schedules = 0
  steps = 0
  choicePoints = 0
  failures = 0
  failure: Failure | undefined = undefined
  readonly distinct = new Distinct()
  corpus: Corpus | null = null
  /** Per label, in how many schedules its condition held. */
  readonly sometimes: Record<string, number> = Object.create(null) as Record<string, number>
  readonly #began = realNow()
  #told = 0

  get elapsed(): number {
    return realNow() - this.#began
  }

  mark(marks: ReadonlyMap<string, boolean>): void {
    for (const [label, held] of marks) this.sometimes[label] = (this.sometimes[label] ?? 0) + (held ? 1 : 0)
  }

  tellProgress(settings: Settings): void {
    if (settings.onProgress === undefined || this.elapsed - this.#told < PROGRESS_EVERY) return
    this.#told = this.elapsed
    const { schedules, failures, steps, elapsed } = this
    settings.onProgress({ schedules, failures, steps, elapsed })
  }

  #distinct(): Report['distinct'] {
    const { all } = this.distinct
    return all.length === 0 && this.failure !== undefined ? [{ failure: this.failure, count: this.failures }] : all
  }

  report(settings: Settings, strategy: string, stopped: Stopped, bound?: string): Report {
    return {
      schedules: this.schedules,
      steps: this.steps,
      choicePoints: this.choicePoints,
      exhausted: stopped === 'exhausted',
      stopped,
      cut: 0,
      sometimes: { ...this.sometimes },
      ...(bound === undefined ? {} : { bound }),
      seed: settings.seed,
      strategy,
      elapsed: this.elapsed,
      failures: this.failures,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
      distinct: this.#distinct(),
      ...(this.corpus === null ? {} : { corpus: this.corpus.report() }),
    }
  }
}
