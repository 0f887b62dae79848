import { Estimate } from './estimate.ts'
import type { Prng } from './prng.ts'

/**
 * Where faults and cancellations are drawn. A coin at each place would hardly ever leave the first few: of n places the
 * last one would have its turn once in 2^n schedules. So every other schedule has its place from the beginning, the next
 * one each time, and no disturbance at any other; the rest have none. How many places there are is learnt from the first
 * schedules.
 */
export class Disturbances {
  readonly #places = new Estimate()
  #target = -1
  #seen = 0
  #disturbed = false

  /** A schedule begins. */
  begin(schedule: number): void {
    if (schedule === 1) this.#places.reset()
    this.#places.begin()
    this.#seen = 0
    this.#disturbed = false
    // Members of a portfolio take turns in an even number: pairs of schedules alternate, so that each has its share.
    const turn = Math.floor(schedule / 10)
    const disturbs = schedule > 1 && (schedule + turn) % 2 === 0
    const places = this.#places.choices
    const nth = schedule >> 1
    // Each round begins one place further on, so that in time every member meets every place.
    this.#target = disturbs ? (nth + Math.floor(nth / places)) % places : -1
  }

  /** At a place: nothing, or one of the things that may go wrong. */
  pick(count: number, prng: Prng): number {
    const at = this.#seen++
    // Where several are allowed in a schedule, the further ones come at random.
    const strikes = at === this.#target || (this.#disturbed && prng.below(this.#places.choices) === 0)
    if (!strikes) return 0
    this.#disturbed = true
    return 1 + prng.below(count - 1)
  }

  end(): void {
    this.#places.learn(this.#seen)
  }
}
