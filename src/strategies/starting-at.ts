import type { RunInfo, RunOutcome, Strategy } from './strategy.ts'
import { Wrapper } from './wrapper.ts'

/**
 * A strategy from schedule number `first` on. What its schedules depend on is run before, and does not count: as many of
 * the first ones as it says it learns from (`prologue`), all of them if it does not say.
 */
class StartingAt extends Wrapper {
  readonly share = { number: 1, counts: false, spent: false }
  readonly #first: number
  #number = 0

  constructor(inner: Strategy, first: number) {
    super(inner)
    this.#first = first
  }

  begin(run: RunInfo): boolean {
    const { prologue = Number.POSITIVE_INFINITY } = this.inner
    const next = this.#number + 1
    this.#number = next > prologue && next < this.#first ? this.#first : next
    this.share.number = this.#number
    this.share.counts = this.#number >= this.#first
    return this.inner.begin({ ...run, schedule: this.#number })
  }

  override end(outcome: RunOutcome): void {
    super.end(outcome)
    if (this.again) this.#number--
  }
}

/** @param first the number of the first schedule that counts, from 1 */
export function startingAt(strategy: Strategy, first: number): Strategy {
  return first === 1 ? strategy : new StartingAt(strategy, first)
}
