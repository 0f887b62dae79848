import { whole } from './whole.ts'

/**
 * How many choices a schedule may have: the most that the first schedules of an exploration give reason to think. An
 * estimate that is too small never draws the late places; one that is too large draws places that are never reached,
 * in proportion.
 */
export class Estimate {
  /** So many schedules are learnt from. */
  static readonly SCHEDULES = 4

  #most: number
  readonly #fixed: boolean
  #schedules = 0

  /** @param known the number of choices, if it is known: then nothing is learnt */
  constructor(known?: number) {
    this.#fixed = known !== undefined
    this.#most = known === undefined ? 0 : whole('steps', known, 1)
  }

  /** Before any schedule has ended a small number stands in. */
  get choices(): number {
    return this.#most === 0 ? 16 : this.#most
  }

  /** A new exploration begins. */
  reset(): void {
    if (!this.#fixed) this.#most = 0
    this.#schedules = 0
  }

  /** A schedule begins. */
  begin(): void {
    this.#schedules++
  }

  /** Whether the present schedule is one to learn from. */
  get learns(): boolean {
    return !this.#fixed && this.#schedules <= Estimate.SCHEDULES
  }

  /** @see Strategy.prologue */
  get prologue(): number {
    return this.#fixed ? 0 : Estimate.SCHEDULES
  }

  learn(choices: number): void {
    if (this.learns && choices > this.#most) this.#most = choices
  }
}
