import { ask, portfolio } from '../portfolio.ts'
import { exhaustive } from '../exhaustive.ts'
import { fifo } from '../fifo.ts'
import { random } from '../random.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Share, Strategy } from '../strategy.ts'
import { NumberShard } from './number-shard.ts'
import type { Shard } from './territory.ts'
import { TreeShard } from './tree-shard.ts'

/** Random walks by which every shard estimates how many schedules there are. */
const PROBES = 16
/** If that many or fewer, all are run at once. */
const SMALL = 200
/** Else so many schedules of the portfolio come first. */
const SAMPLE = 100

/**
 * A share of auto. All shards have to decide alike without asking one another: so each begins with the same few random
 * walks, which count for none, and estimates from these the number of schedules (Knuth 1975, as auto does). Where it is
 * small the tree is split, so that the shards end in a proof together and run each schedule once. Else schedule 1 is FIFO,
 * and the others are the portfolio's, by their numbers; after a sample of these the tree is split if all of it fits the
 * budget.
 */
export class AutoShard implements Strategy {
  readonly name = 'auto'
  readonly #shard: Shard
  readonly #schedules: number
  readonly #probe = { number: undefined, counts: false, spent: false }
  #probes = 0
  /** How many schedules of the portfolio were this shard's. */
  #turns = 0
  #product = 1
  #sum = 0
  readonly #walk = random()
  readonly #first: NumberShard
  readonly #sample: NumberShard
  readonly #all: TreeShard
  #current: Strategy = this.#walk

  constructor(shard: Shard, schedules: number) {
    this.#shard = shard
    this.#schedules = schedules
    this.#first = new NumberShard(fifo(), shard, schedules)
    this.#sample = new NumberShard(portfolio(), shard, schedules, 1)
    this.#all = new TreeShard(exhaustive(), shard)
  }

  get share(): Share {
    return this.#current.share ?? this.#probe
  }

  get watches(): boolean {
    return this.#current.watches === true
  }

  get estimate(): number | undefined {
    return this.#probes < PROBES ? undefined : this.#sum / PROBES
  }

  begin(run: RunInfo): boolean {
    if (this.#probes < PROBES) {
      this.#product = 1
      // Streams of their own: the portfolio's walks are others.
      return this.#walk.begin({ ...run, schedule: -++this.#probes })
    }
    this.#current = this.#next()
    const more = this.#current.begin(run)
    if (this.#current === this.#sample && this.#sample.share.counts) this.#turns++
    return more
  }

  #next(): Strategy {
    const estimate = this.#sum / PROBES
    // The same number of turns in every shard, so that all decide alike.
    const sampled = this.#turns >= SAMPLE / this.#shard.count && estimate <= this.#schedules - SAMPLE
    if (this.#current === this.#all || estimate <= SMALL || sampled) return this.#all
    return this.#current === this.#walk ? this.#first : this.#sample
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
