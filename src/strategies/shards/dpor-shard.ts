import { Dpor } from '../dpor.ts'
import { exhaustive } from '../exhaustive.ts'
import { ask } from '../portfolio.ts'
import type { Tracker } from '../../loop/tracker.ts'
import type { ChoicePoint, RunInfo, RunOutcome, Share, Strategy } from '../strategy.ts'
import { DporBeginnings } from './dpor-beginnings.ts'
import type { Shard } from './territory.ts'
import { TreeShard } from './tree-shard.ts'

/** So many executions show each shard what kind of search it is; none of them counts. */
const TRIAL = 500

/**
 * A share of dpor. All shards have to decide alike without asking one another, so each begins with the same executions of
 * the whole search. If these are all, or if they show what makes the parts of the search hard to tell apart, each shard
 * runs the whole search, and counts every n-th execution: that is exact whatever the program does, and saves nothing.
 * Else the search is split by how its executions begin; or, where nothing can be reduced, as the tree of all schedules is.
 */
export class DporShard implements Strategy {
  readonly name = 'dpor'
  readonly #shard: Shard
  readonly #schedules: number
  readonly #turn = { number: undefined as number | undefined, counts: false, spent: false }
  #whole: Dpor | null = new Dpor()
  #inner: Strategy = this.#whole as Dpor
  #isTrial = true
  /** Executions of the whole search. */
  #executions = 0
  /** Those that counted in some shard. */
  #counted = 0
  /** Those that were equivalent to one that counted. */
  #equivalent = 0

  /** @param schedules how many all shards run together, where each runs the whole search */
  constructor(shard: Shard, schedules: number) {
    this.#shard = shard
    this.#schedules = schedules
  }

  get share(): Share {
    return this.#inner.share ?? this.#turn
  }

  get again(): boolean {
    return this.#inner.again === true
  }

  get tracker(): Tracker | undefined {
    return this.#inner.tracker
  }

  begin(run: RunInfo): boolean {
    if (!this.#isTrial) return this.#beginTurn(run)
    if (this.#counted < TRIAL && !this.#isSpent && this.#beginWhole(run)) return true
    this.#isTrial = false
    this.#decide()
    return this.#beginTurn(run)
  }

  #beginWhole(run: RunInfo): boolean {
    return this.#inner.begin({ ...run, schedule: ++this.#executions })
  }

  #decide(): void {
    const trial = this.#whole as Dpor
    const large = this.#counted >= TRIAL
    this.#whole = null
    if (large && trial.runsEvery) this.#inner = new TreeShard(exhaustive(), this.#shard)
    else if (large && trial.isRegular) this.#inner = new DporBeginnings(this.#shard)
    else this.#inner = this.#whole = new Dpor()
    this.#executions = 0
    this.#counted = 0
    this.#equivalent = 0
  }

  /** Whether the whole search would end here. */
  get #isSpent(): boolean {
    return this.#counted >= this.#schedules || this.#equivalent >= this.#schedules
  }

  #beginTurn(run: RunInfo): boolean {
    if (this.#whole === null) return this.#inner.begin(run)
    const turn = this.#turn
    const number = this.#counted + 1
    const { index, count } = this.#shard
    turn.number = number
    turn.counts = number % count === index % count
    turn.spent = this.#isSpent
    return turn.spent || this.#beginWhole(run)
  }

  pick(point: ChoicePoint): number {
    return ask(this.#inner, point)
  }

  end(outcome: RunOutcome): void {
    this.#inner.end?.(outcome)
    if (this.again) this.#equivalent++
    else this.#counted++
  }
}
