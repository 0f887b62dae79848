import type { Choices } from './confirm.ts'

/**
 * The choices of one schedule at a time: how many options each had, and which was picked. In one block of memory that is used
 * again by the next schedule: a run may make millions of choices, and an array of objects would be most of its cost.
 */
export class ChoiceLog {
  /** Choices made in this schedule. */
  count = 0
  /** Two numbers for each. */
  #entries = new Uint32Array(128)

  reset(): void {
    this.count = 0
  }

  add(options: number, pick: number): void {
    const at = this.count++ * 2
    if (at === this.#entries.length) this.#grow()
    this.#entries[at] = options
    this.#entries[at + 1] = pick
  }

  /** How many options the schedule had in all, multiplied along its way. */
  get product(): number {
    let product = 1
    for (let i = 0; i < this.count; i++) product *= this.#entries[i * 2] as number
    return product
  }

  /** The choices, as they were made. */
  choices(): Choices {
    const counts: number[] = []
    const picks: number[] = []
    for (let i = 0; i < this.count * 2; i += 2) {
      counts.push(this.#entries[i] as number)
      picks.push(this.#entries[i + 1] as number)
    }
    return { counts, picks }
  }

  /** The picks that are not 0. */
  picks(): Map<number, number> {
    const picks = new Map<number, number>()
    for (let i = 0; i < this.count; i++) {
      const k = this.#entries[i * 2 + 1] as number
      if (k !== 0) picks.set(i, k)
    }
    return picks
  }

  /** What is not written to yet costs nothing: the host hands it out untouched. */
  #grow(): void {
    const longer = new Uint32Array(this.#entries.length * 4)
    longer.set(this.#entries)
    this.#entries = longer
  }
}
