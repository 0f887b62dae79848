import type { RunInfo, Strategy } from '../strategy.ts'
import { Wrapper } from '../wrapper.ts'
import type { Shard } from './territory.ts'

/**
 * A share of a strategy each schedule of which follows from the seed and its number: of n shards the i-th runs the
 * numbers i, i + n, i + 2n and so on. The first schedules, from which a strategy learns, are run by every shard, and count
 * for one.
 */
export class NumberShard extends Wrapper {
  readonly share = { number: 1, counts: false, spent: false }
  readonly #shard: Shard
  readonly #schedules: number
  readonly #before: number
  #next = 1

  /**
   * @param schedules how many all shards run together
   * @param before so many schedules of another strategy have the first numbers
   */
  constructor(inner: Strategy, shard: Shard, schedules: number, before = 0) {
    super(inner)
    this.#shard = shard
    this.#schedules = schedules
    this.#before = before
  }

  begin(run: RunInfo): boolean {
    const number = this.#next
    do this.#next++
    while (this.#next > (this.inner.prologue ?? Number.POSITIVE_INFINITY) && !this.#isOurs(this.#next))
    this.share.number = this.#before + number
    this.share.counts = this.#isOurs(number)
    this.share.spent = this.share.number > this.#schedules
    return this.share.spent || this.inner.begin({ ...run, schedule: number })
  }

  #isOurs(number: number): boolean {
    const { index, count } = this.#shard
    return (this.#before + number) % count === index % count
  }
}
