import { DporPart } from './dpor-part.ts'
import { NondeterminismError } from '../exhaustive.ts'
import type { Tracker } from '../../loop/tracker.ts'
import type { ChoicePoint, Option, RunInfo, Strategy } from '../strategy.ts'
import { isPlot, type Range, type Shard, Territory } from './territory.ts'

/** So many plots a shard. Each costs at least one schedule, and equivalent ones may begin in several. */
const PLOTS = 4

/**
 * A share of dpor. The search can't simply be cut in two, because what has to be explored at a choice is found out behind
 * its other options. So the first few choices are given: every pick of them, in this shard's plots. Behind each such
 * beginning is a search of its own, which leaves the given choices alone. An execution counts if no equivalent one has a
 * beginning that comes before, which its own happens-before relation tells; then its beginning is the first, and so in
 * one shard only. Over all shards each equivalence class is counted once.
 *
 * The price: executions that don't count, at least one for each beginning that has no class of its own. Where the search starts over (a program that cancels tasks, see Dpor), what a part
 * had counted before counts again, as it does without shards.
 */
export class DporShard implements Strategy {
  readonly name = 'dpor'
  readonly share = { number: undefined, counts: false, spent: false }
  readonly #territory: Territory
  #part = new DporPart()
  #started = false
  #range: Range
  #given = true
  readonly #ranges: Range[] = []
  readonly #picks: number[] = []
  readonly #counts: number[] = []
  #depth = 0

  constructor(shard: Shard) {
    this.#territory = new Territory(shard, PLOTS)
    this.#range = this.#territory.all
  }

  get tracker(): Tracker {
    return this.#part.tracker
  }

  begin(run: RunInfo): boolean {
    this.share.counts = false
    this.#range = this.#territory.all
    this.#given = true
    this.#depth = 0
    if (!this.#started) {
      this.#started = true
      return this.#part.begin(run)
    }
    if (!this.#part.redundant && this.#part.begin(run)) return true
    if (!this.#nextBeginning()) return false
    this.#part = new DporPart()
    return this.#part.begin(run)
  }

  #nextBeginning(): boolean {
    while (this.#picks.length > 0) {
      const range = this.#ranges.at(-1) as Range
      const count = this.#counts.at(-1) as number
      const next = this.#reachable(range, (this.#picks.at(-1) as number) + 1, count)
      if (next < count) {
        this.#picks[this.#picks.length - 1] = next
        return true
      }
      this.#ranges.pop()
      this.#counts.pop()
      this.#picks.pop()
    }
    return false
  }

  /** The first option from k on that leads to plots of this shard. */
  #reachable(range: Range, from: number, count: number): number {
    let k = from
    while (k < count && !isPlot(range) && !this.#territory.reaches(this.#territory.behind(range, k, count))) k++
    return k
  }

  pick(point: ChoicePoint): number {
    if (this.#given) {
      const value = point.optionAt(0).kind === 'value'
      // The beginning ends between two steps.
      if (value || !isPlot(this.#range)) return this.#pickGiven(point, value)
      this.#given = false
      this.#part.given = this.#part.tracker.length
    }
    return this.#part.pick(point)
  }

  #pickGiven(point: ChoicePoint, value: boolean): number {
    const { count } = point
    const d = this.#depth++
    const range = this.#range
    if (d === this.#picks.length) {
      this.#picks.push(this.#reachable(range, 0, count))
      this.#counts.push(count)
      this.#ranges.push(range)
    } else if (this.#counts[d] !== count) throw new NondeterminismError(d + 1, count, this.#counts[d] as number)
    const k = this.#picks[d] as number
    if (!isPlot(range)) this.#range = this.#territory.behind(range, k, count)
    if (!value) this.#part.choices.push({ step: this.#part.tracker.length, before: this.#lanesBefore(point, k) })
    // Asked about a choice that begins with the option given, the search takes that one.
    this.#part.pick(value ? only(point, k) : first(point, k))
    return k
  }

  /** The lanes of the options before k, where the lane says which option it is. */
  #lanesBefore(point: ChoicePoint, k: number): number[] {
    const lanes = point.options.map((option) => this.#part.tracker.laneOf(option))
    return lanes.filter((lane, i) => i < k && lanes.indexOf(lane) === lanes.lastIndexOf(lane))
  }

  end(): void {
    if (this.#given) this.#part.given = Number.POSITIVE_INFINITY
    this.#part.end()
    this.share.counts = this.#part.isFirst && this.#territory.owns(this.#range)
  }
}

function viewOf(point: ChoicePoint, options: readonly Option[]): ChoicePoint {
  const { step, lastLane } = point
  return { step, lastLane, options, count: options.length, optionAt: (k) => options[k] as Option }
}

function only(point: ChoicePoint, k: number): ChoicePoint {
  return viewOf(point, [point.optionAt(k)])
}

/** The same choice with option k in the first place. */
function first(point: ChoicePoint, k: number): ChoicePoint {
  const options = [...point.options]
  const [picked, other] = [options[k] as Option, options[0] as Option]
  options[0] = picked
  options[k] = other
  return viewOf(point, options)
}
