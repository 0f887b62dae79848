/**
 * How much of all schedules has been run, as far as it can be told without bias from the numbers of options on the way
 * (Knuth 1975, "Estimating the efficiency of backtrack programs").
 *
 * - A random walk: the product of the numbers of options along one schedule is an unbiased estimate of how many there are.
 * - A search that runs no schedule twice: a schedule stands for the share 1/product of the walks, and these add up to 1
 *   over all of them.
 * - auto has an estimate of its own, from the random walks among its schedules.
 *
 * Nothing of the kind is known of other strategies.
 */
export class SpaceEstimate {
  readonly #kind: 'walk' | 'search' | 'other'
  #product = 1
  #products = 0
  #share = 0
  #runs = 0

  constructor(strategy: string) {
    this.#kind = strategy === 'random' ? 'walk' : strategy === 'exhaustive' ? 'search' : 'other'
  }

  begin(): void {
    this.#product = 1
  }

  choice(options: number): void {
    this.#product *= options
  }

  end(): void {
    this.#runs++
    this.#products += this.#product
    this.#share += 1 / this.#product
  }

  /**
   * From 0 to 1, for the schedules that it was told of; NaN if it can't be told.
   * @param estimate how many schedules there are, as the strategy estimates itself
   */
  explored(estimate?: number): number {
    if (this.#kind === 'other') return estimate === undefined ? Number.NaN : Math.min(1, this.#runs / estimate)
    if (this.#kind === 'search') return this.#share
    return Math.min(1, this.#runs ** 2 / this.#products)
  }
}
