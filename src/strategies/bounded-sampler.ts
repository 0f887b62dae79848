import { type CostModel, inWords } from './bounded-search.ts'
import { Estimate } from './estimate.ts'
import { Prng } from './prng.ts'
import type { ChoicePoint, RunInfo, Strategy } from './strategy.ts'

/** In one of so many schedules places are drawn up to twice as late as was learnt, lest longer schedules have none there. */
const FAR = 4

/**
 * Random schedules of a bounded cost: as many places as the bound says are drawn from all those at which an option
 * costs something, and there one that costs 1 is picked; everywhere else one that costs nothing.
 */
export class BoundedSampler implements Strategy {
  readonly name: string
  readonly #model: CostModel
  readonly #limit: number
  readonly #estimate = new Estimate()
  readonly #prng = new Prng()
  readonly #places: number[] = []
  readonly #costs: number[] = []
  #choices = 0

  constructor(name: string, model: CostModel, limit: number) {
    this.name = name
    this.#model = model
    this.#limit = limit
  }

  get prologue(): number {
    return this.#estimate.prologue
  }

  get bound(): string {
    return inWords(this.#limit, this.#model.unit)
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1) this.#estimate.reset()
    this.#estimate.begin()
    this.#prng.seed(run.seed, run.schedule)
    this.#choices = 0
    const k = this.#estimate.choices * (run.schedule % FAR === 0 ? 2 : 1)
    for (let i = 0; i < this.#limit; i++) this.#places[i] = 1 + this.#prng.below(k)
    return true
  }

  pick(point: ChoicePoint): number {
    const { count } = point
    const costs = this.#costs
    this.#model.price(point, costs)
    let dear = 0
    for (let i = 0; i < count; i++) if (costs[i] === 1) dear++
    const spend = dear > 0 && this.#places.includes(++this.#choices)
    const wanted = spend ? 1 : 0
    let seen = 0
    let pick = 0
    for (let i = 0; i < count; i++) if (costs[i] === wanted && this.#prng.below(++seen) === 0) pick = i
    return pick
  }

  end(): void {
    this.#estimate.learn(this.#choices)
  }
}
