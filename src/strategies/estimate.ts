import { whole } from './whole.ts'

/**
 * How many choices a schedule may have: the most that the schedules of this exploration so far give reason to think. An
 * estimate that is too small never draws the late places; one that is too large draws places that are never reached,
 * in proportion.
 */
export class Estimate {
  #most: number
  readonly #fixed: boolean

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
  }

  learn(choices: number): void {
    if (!this.#fixed && choices > this.#most) this.#most = choices
  }
}
