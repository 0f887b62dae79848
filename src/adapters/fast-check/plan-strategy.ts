import { hash } from '../../explore/options.ts'
import type { ChoicePoint, Option, Strategy } from '../../strategies/strategy.ts'
import type { Phase, Plan, Switch } from './plan.ts'

const CLOCK_STREAM = 0x636c6f63
const VALUE_STREAM = 0x76616c75

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
    this.#steps[lane] = (this.#steps[lane] ?? 0) + 1
  }

  pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#value(point.count)
    const last = point.count - 1
    const hasClock = point.optionAt(last).kind === 'clock'
    if (hasClock && this.#clockPasses()) return last
    const count = hasClock ? last : point.count
    const { order } = this.#plan
    return order.kind === 'phases' ? this.#first(point, count, order.phases) : this.#stay(point, order.switches)
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
    let expected = 0
    for (let i = 0; i < point.count; i++) {
      if (point.optionAt(i).lane !== point.lastLane) continue
      expected = i
      break
    }
    const to = switches.find((s) => s.at === at)?.to ?? 0
    return to < point.count ? (expected + to) % point.count : expected
  }

  /** The first by phase, and within a phase by its rank. */
  #first(point: ChoicePoint, count: number, phases: readonly Phase[]): number {
    let best = 0
    let bestPhase = Number.POSITIVE_INFINITY
    let bestRank = Number.NEGATIVE_INFINITY
    for (let i = 0; i < count; i++) {
      const option = point.optionAt(i)
      const lane = this.#laneOf(option)
      const next = (this.#steps[lane] ?? 0) + 1
      const phase = phaseOf(phases, next)
      if (phase > bestPhase) continue
      const rank = this.#rank(option, lane, phase, next, phases)
      if (phase === bestPhase && rank <= bestRank) continue
      best = i
      bestPhase = phase
      bestRank = rank
    }
    return best
  }

  #rank(option: Option, lane: number, phase: number, next: number, phases: readonly Phase[]): number {
    switch (phases[phase]?.rank) {
      case 'newest':
        return lane
      case 'mixed':
        return mixed(this.#plan.seed, phase, this.#keyOf(option, lane))
      case 'random':
        return mixed(this.#plan.seed, phase, this.#keyOf(option, lane), next)
      default:
        return -lane
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
    const named = option.task !== undefined && !/^Task-\d+$/.test(option.task)
    const label = option.label === 'start' ? undefined : option.label
    if (known !== undefined && !named && label === undefined) return known
    const text = named ? `task ${option.task}` : `label ${label ?? ''}`
    const nth = this.#seen.get(text) ?? 0
    this.#seen.set(text, nth + 1)
    this.#named[lane] = named || label !== undefined
    return (this.#keys[lane] = hash(`${text} ${nth}`))
  }
}

function phaseOf(phases: readonly Phase[], step: number): number {
  let phase = 0
  while (phase + 1 < phases.length && (phases[phase + 1] as Phase).from <= step) phase++
  return phase
}
