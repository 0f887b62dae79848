import type { RunInfo, Strategy } from './strategy.ts'

/** Knuth's multiplicative constant spreads the seeds of the members. */
const SPREAD = 0x9e3779b9

/**
 * Strategies that take turns over and over. Which one has schedule n, and the how-manieth of its own that is, follows
 * from n alone. One that is in the list several times has as many turns, and counts them all.
 */
export class Turns {
  readonly strategies: readonly Strategy[]
  readonly #order: readonly Strategy[]

  constructor(order: readonly Strategy[]) {
    this.#order = order
    this.strategies = [...new Set(order)]
  }

  /** How many schedules it takes until each has had the turns that it learns from. */
  get prologue(): number {
    let rounds = 0
    for (const s of this.strategies) {
      const each = this.#order.filter((other) => other === s).length
      rounds = Math.max(rounds, Math.ceil((s.prologue ?? Number.POSITIVE_INFINITY) / each))
    }
    return rounds === 0 ? 0 : rounds * this.#order.length
  }

  /** Who has schedule n, from 1. */
  at(n: number): Strategy {
    return this.#order[(n - 1) % this.#order.length] as Strategy
  }

  /** What the strategy that has schedule n is to be told of it: its own number and its own seed. */
  runOf(n: number, run: RunInfo): RunInfo {
    const { length } = this.#order
    const strategy = this.at(n)
    const last = (n - 1) % length
    let each = 0
    let now = 0
    for (let i = 0; i < length; i++) {
      if (this.#order[i] !== strategy) continue
      each++
      if (i <= last) now++
    }
    const seed = run.seed + this.strategies.indexOf(strategy) * SPREAD
    return { ...run, schedule: Math.floor((n - 1) / length) * each + now, seed }
  }
}
