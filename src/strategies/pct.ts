import { Estimate } from './estimate.ts'
import { Prng } from './prng.ts'
import type { ChoicePoint, Option, RunInfo, Strategy } from './strategy.ts'
import { whole } from './whole.ts'

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, ASPLOS 2010): every lane gets a
 * random priority, the highest one that can go on runs, and at d - 1 random places the lane about to run falls below
 * all others. With n lanes and k places a bug of depth d shows with probability at least 1 / (n k^(d-1)).
 *
 * Departures:
 * - k counts choices only, not forced steps: a lane that runs alone need not be demoted before somebody else can run.
 *   That makes k smaller and the bound better.
 * - A lane is demoted before the step at the change point, not after it: between the two nothing else has run.
 * - k is not given but learnt from the first four schedules; the first one guesses. Without demotions there are choices until only one lane is
 *   left, so that k is at most the steps of all lanes without the shortest one; that is where one change point can
 *   matter. After a demotion the last lane may have as little as one step left, so that with more change points k is all
 *   steps but one.
 * - A callback has the priority of the lane that asked for it, as a part of the same thread of control; what has equal
 *   priority runs in random order. Values are picked at random and count as no step.
 *
 * The change points are independent and uniform on 1..k, so that two of them may fall together, as in the paper.
 */
export class Pct implements Strategy {
  readonly name = 'pct'
  readonly #depth: number
  readonly #estimate: Estimate
  readonly #prng = new Prng()
  /** By lane; 0: not drawn yet. Demoted lanes are below `depth`, all others above. */
  readonly #priorities: number[] = []
  /** By lane: the lane whose priority a callback shares. */
  readonly #origins: number[] = []
  readonly #changes: number[] = []
  /** By lane, once there was a choice. */
  readonly #steps: number[] = []
  #nextChange = 0
  #choices = 0
  #watches = false

  constructor(depth: number, estimate: Estimate) {
    this.#depth = whole('depth', depth, 1)
    this.#estimate = estimate
  }

  get prologue(): number {
    return this.#estimate.prologue
  }

  get watches(): boolean {
    return this.#watches
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1) this.#estimate.reset()
    this.#estimate.begin()
    this.#watches = this.#estimate.learns
    this.#steps.fill(0)
    this.#prng.seed(run.seed, run.schedule)
    this.#priorities.fill(0)
    this.#origins.fill(0)
    this.#choices = 0
    const k = this.#estimate.choices
    for (let i = 0; i < this.#depth - 1; i++) this.#changes[i] = 1 + this.#prng.below(k)
    this.#findNextChange()
    return true
  }

  pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#prng.below(point.count)
    const best = this.#highest(point)
    if (++this.#choices !== this.#nextChange) return best
    this.#demote(this.#laneOf(point.optionAt(best)))
    return this.#highest(point)
  }

  step(option: Option): void {
    if (this.#choices === 0 || option.kind !== 'handle') return
    const lane = this.#laneOf(option)
    while (this.#steps.length <= lane) this.#steps.push(0)
    this.#steps[lane] = (this.#steps[lane] as number) + 1
  }

  #highest(point: ChoicePoint): number {
    let best = 0
    let top = -1
    let ties = 1
    for (let i = 0; i < point.count; i++) {
      const priority = this.#priorityOf(this.#laneOf(point.optionAt(i)))
      if (priority > top) {
        best = i
        top = priority
        ties = 1
      } else if (priority === top && this.#prng.below(++ties) === 0) best = i
    }
    return best
  }

  #laneOf(option: Option): number {
    const lane = option.lane ?? 0
    const { origin } = option
    if (origin === undefined) return lane
    // A callback that a callback asked for belongs to whom the first one belongs to.
    return (this.#origins[lane] ||= this.#origins[origin] || origin)
  }

  #priorityOf(lane: number): number {
    const known = this.#priorities[lane]
    if (known) return known
    while (this.#priorities.length <= lane) this.#priorities.push(0)
    return (this.#priorities[lane] = this.#depth + this.#prng.next())
  }

  /** Where several change points fall together, the last one counts. */
  #demote(lane: number): void {
    this.#changes.forEach((at, i) => {
      if (at === this.#choices) this.#priorities[lane] = this.#depth - 1 - i
    })
    this.#findNextChange()
  }

  #findNextChange(): void {
    this.#nextChange = Number.POSITIVE_INFINITY
    for (const at of this.#changes) if (at > this.#choices && at < this.#nextChange) this.#nextChange = at
  }

  end(): void {
    // Not more than a demotion may have added; a schedule that was watched says how many exactly.
    this.#estimate.learn(this.#choices - this.#depth + 1)
    if (this.#watches) this.#estimate.learn(this.#most())
  }

  #most(): number {
    let all = 0
    let shortest = Number.POSITIVE_INFINITY
    for (let lane = 0; lane < this.#steps.length; lane++) {
      // Lanes that never had a priority ran only where nobody else could.
      const steps = this.#priorities[lane] ? (this.#steps[lane] as number) : 0
      if (steps > 0 && steps < shortest) shortest = steps
      all += steps
    }
    return all - (this.#depth > 2 ? 1 : shortest)
  }
}

/** What pct can be told. */
export interface PctOptions {
  /** The number of ordering constraints that a bug may need. Default: 3. */
  depth?: number
  /** The number of choices in a schedule, where it is known. Default: learnt from schedule to schedule. */
  steps?: number
}

/**
 * Random priorities with `depth - 1` random changes.
 *
 * @throws RangeError if depth is no whole number of at least 1
 * @example
 * ```ts
 * await check(body, { strategy: pct({ depth: 2 }) })
 * ```
 */
export function pct(options: PctOptions = {}): Strategy {
  return new Pct(options.depth ?? 3, new Estimate(options.steps))
}
