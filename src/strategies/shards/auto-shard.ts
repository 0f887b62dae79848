import { ask, portfolio } from '../portfolio.ts'
import { exhaustive } from '../exhaustive.ts'
import { fifo } from '../fifo.ts'
import { random } from '../random.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Share, Strategy } from '../strategy.ts'
import { NumberShard } from './number-shard.ts'
import type { Shard } from './territory.ts'
import { TreeShard } from './tree-shard.ts'

/** Random walks by which every shard estimates how many schedules there are; they are numbers 2 to 17. */
const PROBES = 16
/** If that many or fewer, all are run at once. */
const SMALL = 200
/** Else so many schedules of the portfolio come first. */
const SAMPLE = 100

/**
 * A share of auto. All shards have to decide alike without asking one another: so each runs the same few random walks,
 * estimates from these the number of schedules (Knuth 1975, as auto does), and counts only its own numbers among them.
 * Where the estimate is small the tree is split, so that the shards end in a proof together; else each runs its numbers
 * of the portfolio. Unlike auto by itself it may run a schedule of the sample again.
 */
export class AutoShard implements Strategy {
  readonly name = 'auto'
  readonly #shard: Shard
  readonly #schedules: number
  /** Of the first schedules. */
  #share: Share = { number: 1, counts: false, spent: false }
  #next = 1
  /** How often the portfolio was asked for a schedule. */
  #turns = 0
  #product = 1
  #sum = 0
  readonly #fifo = fifo()
  readonly #walk = random()
  readonly #sample: Strategy
  readonly #all: Strategy
  #current: Strategy = this.#fifo

  constructor(shard: Shard, schedules: number) {
    this.#shard = shard
    this.#schedules = schedules
    this.#sample = new NumberShard(portfolio(), shard, schedules, PROBES + 1)
    this.#all = new TreeShard(exhaustive(), shard)
  }

  get share(): Share {
    return this.#current.share ?? this.#share
  }

  get watches(): boolean {
    return this.#current.watches === true
  }

  begin(run: RunInfo): boolean {
    this.#product = 1
    const number = this.#next
    if (number <= PROBES + 1) {
      this.#next++
      const { index, count } = this.#shard
      this.#share = { number, counts: number % count === index % count, spent: number > this.#schedules }
      this.#current = number === 1 ? this.#fifo : this.#walk
      return this.#current.begin({ ...run, schedule: number })
    }
    const estimate = this.#sum / PROBES
    // The same number of turns in every shard, so that all decide alike.
    const sampled = this.#turns >= SAMPLE / this.#shard.count
    const whole = estimate <= SMALL || (sampled && estimate <= this.#schedules - SAMPLE)
    this.#current = this.#current === this.#all || whole ? this.#all : this.#sample
    if (this.#current === this.#sample) this.#turns++
    return this.#current.begin(run)
  }

  pick(point: ChoicePoint): number {
    this.#product *= point.count
    return ask(this.#current, point)
  }

  step(option: Option): void {
    this.#current.step?.(option)
  }

  access(access: Access): void {
    this.#current.access?.(access)
  }

  end(outcome: RunOutcome): void {
    this.#current.end?.(outcome)
    if (this.#current === this.#walk) this.#sum += this.#product
  }
}
