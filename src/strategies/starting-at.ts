import type { Tracker } from '../loop/tracker.ts'
import { ask } from './portfolio.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/**
 * A strategy from schedule number `first` on. What its schedules depend on is run before, and does not count: as many of
 * the first ones as it says it learns from (`prologue`), all of them if it does not say.
 */
class StartingAt implements Strategy {
  readonly name: string
  readonly share = { number: 1, counts: false, spent: false }
  readonly #inner: Strategy
  readonly #first: number
  #number = 0

  constructor(inner: Strategy, first: number) {
    this.name = inner.name
    this.#inner = inner
    this.#first = first
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
    const { prologue = Number.POSITIVE_INFINITY } = this.#inner
    const next = this.#number + 1
    this.#number = next > prologue && next < this.#first ? this.#first : next
    this.share.number = this.#number
    this.share.counts = this.#number >= this.#first
    return this.#inner.begin({ ...run, schedule: this.#number })
  }

  pick(point: ChoicePoint): number {
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
  }
}

/** @param first the number of the first schedule that counts, from 1 */
export function startingAt(strategy: Strategy, first: number): Strategy {
  return first === 1 ? strategy : new StartingAt(strategy, first)
}
