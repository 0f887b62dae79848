import { Dpor } from '../dpor.ts'
import type { AllNames } from '../dpor/names.ts'
import type { Tracker } from '../../loop/tracker.ts'
import type { ChoicePoint, RunInfo, RunOutcome, Strategy } from '../strategy.ts'
import type { Conflict } from './conflicts.ts'
import { DporCell } from './dpor-cell.ts'
import { owns, type Shard } from './territory.ts'

/**
 * A share of a large dpor: the executions in which some early conflicts come in the orders that are this shard's. Each trace
 * has one order of each conflict, so it counts in one shard only, and no shard has to ask another.
 *
 * Where it turns out that joins have to be accesses, or that nothing can be reduced, the shard runs all there is: no outcome
 * is missing then, but what counts may count in other shards too.
 */
export class DporCells implements Strategy {
  readonly name = 'dpor'
  readonly share = { number: undefined, counts: false, spent: false }
  readonly #shard: Shard
  readonly #conflicts: readonly Conflict[]
  readonly #names: AllNames
  /** The number of the next cell. */
  #next = 0
  #cell: DporCell | null = null
  /** Where the search can't be split after all. */
  #whole: Dpor | null = null
  #executions = 0

  /** @param names those of the search in which the conflicts were found */
  constructor(shard: Shard, conflicts: readonly Conflict[], names: AllNames) {
    this.#shard = shard
    this.#conflicts = conflicts
    this.#names = names
  }

  get #search(): Dpor | null {
    return this.#whole ?? this.#cell
  }

  get tracker(): Tracker | undefined {
    return this.#search?.tracker
  }

  get again(): boolean {
    return this.#search?.again === true
  }

  begin(run: RunInfo): boolean {
    while (this.#search?.begin({ ...run, schedule: ++this.#executions }) !== true) {
      if (this.#whole !== null || !this.#nextCell()) return false
    }
    return true
  }

  #nextCell(): boolean {
    const cells = 2 ** this.#conflicts.length
    while (this.#next < cells && !owns(this.#shard, this.#next)) this.#next++
    if (this.#next === cells) return false
    this.#cell = new DporCell(this.#conflicts, this.#next++, this.#names)
    this.#executions = 0
    return true
  }

  pick(point: ChoicePoint): number {
    return (this.#search as Dpor).pick(point)
  }

  end(outcome: RunOutcome): void {
    this.#search?.end(outcome)
    const cell = this.#cell
    this.share.counts = cell === null || cell.belongs
    if (cell === null || cell.isRegular) return
    this.share.counts = false
    this.#cell = null
    this.#whole = new Dpor()
    this.#executions = 0
  }
}
