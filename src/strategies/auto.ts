import { Exhaustive } from './exhaustive.ts'
import { random } from './random.ts'
import type { ChoicePoint, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** Up to so many schedules are all run, at once. */
const SMALL = 200
/** A first schedule with more combinations of picks than this is no sign of a small program. */
const SMALL_PRODUCT = 10 * SMALL
/** So many random schedules come before a larger exhaustive search. */
const SAMPLE = 100

/**
 * The default: FIFO; all schedules where there are few; else a random sample; then all of them if their estimated
 * number fits what is left of the budget; else more random ones.
 *
 * The estimate is Knuth's (1975, "Estimating the efficiency of backtrack programs"): the product of the numbers of
 * options along a random schedule is an unbiased estimate of the number of schedules; the mean over the sample is used.
 */
class Auto implements Strategy {
  readonly name = 'auto'
  readonly #budget: number
  readonly #all = new Exhaustive()
  readonly #random = random()
  #current: Strategy = this.#all
  #phase: 'small' | 'sample' | 'all' | 'random' = 'small'
  #product = 1
  #sum = 0
  #sampled = 0

  constructor(budget: number) {
    this.#budget = budget
  }

  begin(run: RunInfo): boolean {
    this.#plan(run.schedule)
    this.#product = 1
    this.#current = this.#phase === 'small' || this.#phase === 'all' ? this.#all : this.#random
    return this.#current.begin(run)
  }

  #plan(schedule: number): void {
    if (this.#phase === 'small' && schedule > 1) {
      if (schedule > SMALL || (schedule === 2 && this.#product > SMALL_PRODUCT)) this.#phase = 'sample'
    } else if (this.#phase === 'sample' && this.#sampled >= SAMPLE) {
      const left = this.#budget - schedule + 1
      this.#phase = this.#sum / this.#sampled <= left ? 'all' : 'random'
    }
  }

  pick(point: ChoicePoint): number {
    return this.pickOf(point.count)
  }

  pickOf(count: number): number {
    this.#product *= count
    return this.#current.pickOf?.(count) ?? 0
  }

  end(outcome: RunOutcome): void {
    this.#current.end?.(outcome)
    if (this.#phase === 'sample') {
      this.#sum += this.#product
      this.#sampled++
    }
  }
}

/** The default strategy, for a budget of so many schedules. */
export function auto(options?: { schedules?: number }): Strategy {
  return new Auto(options?.schedules ?? 1000)
}
