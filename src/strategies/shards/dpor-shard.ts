import { Dpor } from '../dpor.ts'
import { exhaustive } from '../exhaustive.ts'
import { ask } from '../portfolio.ts'
import type { Tracker } from '../../loop/tracker.ts'
import type { ChoicePoint, RunInfo, RunOutcome, Share, Strategy } from '../strategy.ts'
import { CommonConflicts } from './conflicts.ts'
import { DporCells } from './dpor-cells.ts'
import type { Shard } from './territory.ts'
import { TreeShard } from './tree-shard.ts'

/** So many executions show each shard what kind of search it is; none of them counts. */
const TRIAL = 500
/** Of so many of them each one is looked at closely. */
const SAMPLE = 25

/**
 * A share of dpor. The search can't simply be cut in two, because what has to be explored at a choice is found out behind its
 * other options. And all shards have to decide alike without asking one another. So each begins with the same executions of
 * the whole search, and sees which conflicts they have: the others are split by the orders in which these come. Or, where
 * nothing can be reduced, as the tree of all schedules is. If that is all there is, or no conflict is the same in all of
 * them, each shard runs the whole search, and counts every n-th execution.
 */
export class DporShard implements Strategy {
  readonly name = 'dpor'
  readonly #shard: Shard
  readonly #schedules: number
  readonly #trial: number
  readonly #conflicts = new CommonConflicts()
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

  /**
   * @param schedules how many all shards run together, where each runs the whole search
   * @param trial how many executions show what kind of search it is
   */
  constructor(shard: Shard, schedules: number, trial = TRIAL) {
    this.#shard = shard
    this.#schedules = schedules
    this.#trial = trial
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
    if (this.#counted < this.#trial && !this.#isSpent && this.#beginWhole(run)) return true
    this.#isTrial = false
    this.#decide()
    return this.#beginTurn(run)
  }

  #beginWhole(run: RunInfo): boolean {
    return this.#inner.begin({ ...run, schedule: ++this.#executions })
  }

  #decide(): void {
    const trial = this.#whole as Dpor
    const large = this.#counted >= this.#trial
    this.#whole = null
    if (large && trial.runsEvery) this.#inner = new TreeShard(exhaustive(), this.#shard)
    else {
      const conflicts = large && trial.isRegular ? this.#conflicts.choose(trial.tracker, this.#most) : []
      this.#inner = conflicts.length > 0 ? new DporCells(this.#shard, conflicts, trial.tracker.names) : (this.#whole = new Dpor())
    }
    this.#executions = 0
    this.#counted = 0
    this.#equivalent = 0
  }

  /** So many conflicts that each shard has some four cells, for cells differ in size. */
  get #most(): number {
    return Math.ceil(Math.log2(4 * this.#shard.count))
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
    if (this.#isTrial && this.#counted % SAMPLE === 0) this.#conflicts.note((this.#whole as Dpor).tracker)
  }
}
