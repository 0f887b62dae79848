import type { Tracker } from '../../loop/tracker.ts'
import { ask } from '../portfolio.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from '../strategy.ts'
import { isPlot, type Range, type Shard, Territory } from './territory.ts'

/** So many plots a shard. Finer ones are fairer, and each costs the other shards up to one schedule. */
const PLOTS = 16

/**
 * A share of a strategy that runs every schedule of a tree once, and learns the tree by being asked: the schedules that
 * begin in this shard's plots. Where the strategy leads into another's plot it is asked no further, so that it takes
 * all that lies there for one schedule; that one is run to its end and does not count.
 */
export class TreeShard implements Strategy {
  readonly name: string
  readonly share = { number: undefined, counts: false, spent: false }
  readonly #inner: Strategy
  readonly #territory: Territory
  #range: Range
  #foreign = false
  #schedule = 0

  constructor(inner: Strategy, shard: Shard) {
    this.name = inner.name
    this.#inner = inner
    this.#territory = new Territory(shard, PLOTS)
    this.#range = this.#territory.all
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

  begin(run: RunInfo): boolean {
    this.#range = this.#territory.all
    this.#foreign = false
    this.share.counts = false
    return this.#inner.begin({ ...run, schedule: ++this.#schedule })
  }

  pick(point: ChoicePoint): number {
    if (this.#foreign) return 0
    const k = ask(this.#inner, point)
    // Most choices come when one plot is left: it stays as it is.
    if (!isPlot(this.#range)) {
      this.#range = this.#territory.behind(this.#range, k, point.count)
      this.#foreign = !this.#territory.reaches(this.#range)
    }
    return k
  }

  step(option: Option): void {
    this.#inner.step?.(option)
  }

  access(access: Access): void {
    this.#inner.access?.(access)
  }

  end(outcome: RunOutcome): void {
    this.#inner.end?.(outcome)
    this.share.counts = this.#territory.owns(this.#range)
  }
}
