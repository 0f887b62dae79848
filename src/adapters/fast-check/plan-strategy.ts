import { hash } from '../../explore/options.ts'
import type { ChoicePoint, Option, Strategy } from '../../strategies/strategy.ts'
import { CLASSES, type Cyclic, type Deferring, type Phase, type Phased, type Plan, type Rank, type Switch } from './plan.ts'

const CLOCK_STREAM = 0x636c6f63
const VALUE_STREAM = 0x76616c75
/** The label of a task's first step. */
const START = 'start'

/** A well-mixed function of numbers (the finaliser of MurmurHash3 after each), from 0 to 2^32 - 1. */
function mixed(...numbers: readonly number[]): number {
  let h = 0x9e3779b9
  for (const n of numbers) {
    h = Math.imul(h ^ n, 0x85ebca6b)
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
    h ^= h >>> 16
  }
  return h >>> 0
}

/** The orders that give every option a phase, and every lane in it a rank. */
type Ranked = Phased | Cyclic | Deferring

/** Follows a plan: one schedule, and always the same for the same program. */
export class PlanStrategy implements Strategy {
  readonly name = 'schedules()'
  readonly watches = true
  readonly #plan: Plan
  /** By lane: the steps that it has taken. */
  #steps: number[] = []
  /** By lane: the lane that asked for a callback, whose part it is. */
  #origins: number[] = []
  /** By lane: what its random ranks are keyed by. */
  #keys: number[] = []
  #named: boolean[] = []
  /** How many lanes have had a key of this text. */
  #seen = new Map<string, number>()
  #choices = 0
  #clocks = 0
  #values = 0

  constructor(plan: Plan) {
    this.#plan = plan
  }

  begin(run: { schedule: number }): boolean {
    this.#steps = []
    this.#origins = []
    this.#keys = []
    this.#named = []
    this.#seen = new Map()
    this.#choices = 0
    this.#clocks = 0
    this.#values = 0
    return run.schedule === 1
  }

  step(option: Option): void {
    if (option.kind !== 'handle') return
    const lane = this.#laneOf(option)
    // A start is step 0: the lane that also ran the body's beginning is no step ahead of the others.
    if (option.label !== START) this.#steps[lane] = (this.#steps[lane] ?? 0) + 1
  }

  pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#value(point.count)
    const last = point.count - 1
    const hasClock = point.optionAt(last).kind === 'clock'
    if (hasClock && this.#clockPasses()) return last
    const count = hasClock ? last : point.count
    const { order } = this.#plan
    switch (order.kind) {
      case 'switches':
        return this.#stay(point, order.switches)
      case 'rotate':
        return (goesOn(point) + order.by) % count
      default:
        return this.#first(point, count, order)
    }
  }

  #value(count: number): number {
    const [from, to] = this.#plan.values
    const n = this.#values++
    return n >= from && n < to ? mixed(this.#plan.seed, VALUE_STREAM, n) % count : 0
  }

  #clockPasses(): boolean {
    const { clock, seed } = this.#plan
    const n = this.#clocks++
    return clock === 'first' || (clock === 'random' && mixed(seed, CLOCK_STREAM, n) % 2 === 0)
  }

  /** A lane goes on for as long as it can. */
  #stay(point: ChoicePoint, switches: readonly Switch[]): number {
    const at = this.#choices++
    const expected = goesOn(point)
    const to = switches.find((s) => s.at === at)?.to ?? 0
    return to < point.count ? (expected + to) % point.count : expected
  }

  /** The first by phase, and within a phase by its rank. */
  #first(point: ChoicePoint, count: number, order: Ranked): number {
    let best = 0
    let bestPhase = Number.POSITIVE_INFINITY
    let bestRank = Number.NEGATIVE_INFINITY
    for (let i = 0; i < count; i++) {
      const option = point.optionAt(i)
      const lane = this.#laneOf(option)
      const next = option.label === START ? 0 : (this.#steps[lane] ?? 0) + 1
      const phase = phaseOf(order, next, option)
      if (phase > bestPhase) continue
      const value = this.#valueOf(rankOf(order, phase), option, lane, phase, next)
      if (phase === bestPhase && value <= bestRank) continue
      best = i
      bestPhase = phase
      bestRank = value
    }
    return best
  }

  #valueOf(rank: Rank, option: Option, lane: number, phase: number, next: number): number {
    switch (rank) {
      case 'oldest':
        return -lane
      case 'newest':
        return lane
      case 'mixed':
        return mixed(this.#plan.seed, phase, this.#keyOf(option, lane))
      case 'random':
        return mixed(this.#plan.seed, phase, this.#keyOf(option, lane), next)
    }
  }

  #laneOf({ lane = 0, origin }: Option): number {
    if (origin === undefined) return lane
    return (this.#origins[lane] ??= this.#origins[origin] ?? origin)
  }

  /**
   * The task's name, if it was given one, else the first label that says more than that it starts: they stay when another
   * lane goes away. Among lanes alike it is their order that tells them apart.
   */
  #keyOf(option: Option, lane: number): number {
    const known = this.#keys[lane]
    if (known !== undefined && this.#named[lane] === true) return known
    const named = option.task !== undefined && isNamed(option.task)
    const label = option.label === START ? undefined : option.label
    if (known !== undefined && !named && label === undefined) return known
    const text = named ? `task ${option.task}` : `label ${label ?? ''}`
    const nth = this.#seen.get(text) ?? 0
    this.#seen.set(text, nth + 1)
    this.#named[lane] = named || label !== undefined
    return (this.#keys[lane] = hash(`${text} ${nth}`))
  }
}

/** The option with which the lane goes on that ran last, or else the first one. */
function goesOn(point: ChoicePoint): number {
  for (let i = 0; i < point.count; i++) if (point.optionAt(i).lane === point.lastLane) return i
  return 0
}

/** What comes of lower numbers first. */
function phaseOf(order: Ranked, step: number, option: Option): number {
  switch (order.kind) {
    case 'phases':
      return lastFrom(order.phases, step)
    case 'cycle':
      return Math.floor(step / order.every)
    case 'defer':
      return isDeferred(order.classes, option) ? 1 : 0
  }
}

function lastFrom(phases: readonly Phase[], step: number): number {
  let phase = 0
  while (phase + 1 < phases.length && (phases[phase + 1] as Phase).from <= step) phase++
  return phase
}

function rankOf(order: Ranked, phase: number): Rank {
  switch (order.kind) {
    case 'phases':
      return (order.phases[phase] as Phase).rank
    case 'cycle':
      return order.ranks[phase % 2 === 0 ? 0 : 1]
    case 'defer':
      return order.rank
  }
}

function isDeferred(classes: number, { label, task }: Option): boolean {
  if (label !== undefined && (classes & (1 << (hash(label) % CLASSES))) !== 0) return true
  return task !== undefined && isNamed(task) && (classes & (1 << (hash(task) % CLASSES))) !== 0
}

/** Whether a task's name says more than how many there were before it. */
function isNamed(task: string): boolean {
  return !/^Task-\d+$/.test(task)
}
