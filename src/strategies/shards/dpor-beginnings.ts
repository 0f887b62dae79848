import { DporPart } from './dpor-part.ts'
import { NondeterminismError } from '../exhaustive.ts'
import type { Tracker } from '../../loop/tracker.ts'
import type { ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from '../strategy.ts'
import { isPlot, type Range, type Shard, Territory } from './territory.ts'

/** So many plots a shard: more would even out the shards, and cost more executions that don't count. */
const PLOTS = 1

/** A given choice. */
interface Given {
  readonly range: Range
  readonly count: number
  /** An option whose step is in nobody's way, so that all its alternatives lead to hardly anything; or -1. */
  readonly free: number
  pick: number
}

/** A choice that is seen for the first time: the step that follows it, and the lanes of its options (of values: null). */
interface Unknown {
  readonly step: number
  readonly count: number
  readonly lanes: readonly number[] | null
}

/**
 * A share of a large dpor. The search can't simply be cut in two, because what has to be explored at a choice is found out behind
 * its other options. So the first few choices are given: every pick of them, in this shard's plots. Behind each such
 * beginning is a search of its own, which leaves the given choices alone. An execution counts if no equivalent one has a
 * beginning that comes before, which its own happens-before relation tells; then its beginning is the first, and so in
 * one shard only. Over all shards each equivalence class is counted once.
 *
 * Where tasks only begin, or do nothing that others see, one order has all the classes. So each choice is looked at
 * first, in an execution that does not count: an option whose step is in nobody's way keeps the whole range of plots.
 *
 * The price: executions that don't count, two or three for each beginning, and those in which a step sleeps to the end.
 * In all they are a few in a hundred where the first steps conflict, and can be more than half where they commute until
 * something rare happens: there shards save nothing.
 *
 * It is exact where steps do in every order what they did in the first. Where they choose values, where joins are
 * accesses, or where the search starts over, no outcome is missing, but a class may count in two parts: see DporShard.
 */
export class DporBeginnings implements Strategy {
  readonly name = 'dpor'
  readonly share = { number: undefined, counts: false, spent: false }
  readonly #territory: Territory
  #part = new DporPart()
  /** The next execution has the beginning that is known by now, and a search of its own. */
  #isNew = true
  #range: Range
  #given = true
  readonly #choices: Given[] = []
  readonly #unknown: Unknown[] = []
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
    this.#unknown.length = 0
    const isNew = this.#isNew
    this.#isNew = false
    if (!isNew) {
      if (!this.#part.redundant && this.#part.begin(run)) return true
      if (!this.#nextBeginning()) return false
    }
    this.#part = new DporPart(this.#part.strict)
    return this.#part.begin(run)
  }

  #nextBeginning(): boolean {
    for (let last = this.#choices.at(-1); last !== undefined; last = this.#choices.at(-1)) {
      last.pick = this.#reachable(last, last.pick + 1)
      if (last.pick < last.count) return true
      this.#choices.pop()
    }
    return false
  }

  /** The plots behind option k. */
  #behind({ range, count, free }: Given, k: number): Range {
    if (isPlot(range) || k === free) return range
    return free < 0 ? this.#territory.behind(range, k, count) : { low: range.low, high: range.low + 1 }
  }

  /** The first option from k on that leads to plots of this shard. */
  #reachable(choice: Given, from: number): number {
    let k = from
    while (k < choice.count && !this.#territory.reaches(this.#behind(choice, k))) k++
    return k
  }

  pick(point: ChoicePoint): number {
    if (!this.#given) return this.#part.pick(point)
    const value = point.optionAt(0).kind === 'value'
    const choice = this.#choices[this.#depth]
    // The beginning ends between two steps.
    if (choice === undefined && !value && this.#unknown.length === 0 && isPlot(this.#range)) {
      this.#given = false
      this.#part.given = this.#part.tracker.length
      return this.#part.pick(point)
    }
    if (choice === undefined) return this.#look(point, value)
    this.#depth++
    if (choice.count !== point.count) throw new NondeterminismError(this.#depth, point.count, choice.count)
    const k = choice.pick
    this.#range = this.#behind(choice, k)
    if (!value) this.#part.choices.push({ step: this.#part.tracker.length, before: this.#lanesBefore(point, k) })
    // Asked about a choice that begins with the option given, the search takes that one.
    this.#part.pick(value || this.#part.runsEvery ? only(point, k) : first(point, k))
    return k
  }

  /** From here on the execution is there to be looked at. */
  #look(point: ChoicePoint, value: boolean): number {
    const { tracker } = this.#part
    const lanes = value ? null : point.options.map((o) => (o.kind === 'handle' ? tracker.laneOf(o) : -1))
    this.#unknown.push({ step: tracker.length, count: point.count, lanes })
    this.#part.pick(only(point, 0))
    return 0
  }

  /** The lanes of the options before k, where the lane says which option it is. */
  #lanesBefore(point: ChoicePoint, k: number): number[] {
    const lanes = point.options.map((option) => this.#part.tracker.laneOf(option))
    return lanes.filter((lane, i) => i < k && lanes.indexOf(lane) === lanes.lastIndexOf(lane))
  }

  end(outcome: RunOutcome): void {
    if (this.#given) this.#part.given = Number.POSITIVE_INFINITY
    this.#part.end(outcome)
    if (this.#unknown.length > 0) this.#learn()
    else this.share.counts = this.#part.isFirst && !this.#part.again && this.#territory.owns(this.#range)
  }

  /** Makes choices of what was looked at, as far as the picks were those of this shard. */
  #learn(): void {
    this.#isNew = true
    for (const { step, count, lanes } of this.#unknown) {
      // Values belong to the step that chooses them.
      if (isPlot(this.#range) && lanes !== null) return
      const free = this.#part.runsEvery ? -1 : (lanes?.findIndex((lane) => this.#part.isFree(step, lane)) ?? -1)
      const choice = { range: this.#range, count, free, pick: 0 }
      choice.pick = this.#reachable(choice, 0)
      this.#choices.push(choice)
      this.#range = this.#behind(choice, choice.pick)
      if (choice.pick !== 0) return
    }
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
