import { BoundedSampler } from './bounded-sampler.ts'
import { BoundedSearch, type CostModel } from './bounded-search.ts'
import type { ChoicePoint, Option, Strategy } from './strategy.ts'
import { whole } from './whole.ts'

/** What a bounded strategy can be told. */
export interface BoundOptions {
  /** How much a schedule may cost at most. Default: no limit for the search, 2 for the sampler. */
  bound?: number
  /** Draw schedules at random instead of running all of them. */
  random?: boolean
}

/** Leaving a lane that could go on costs 1. */
export const preemptions: CostModel = {
  unit: 'preemption',
  price(point: ChoicePoint, costs: number[]): void {
    const { count, lastLane } = point
    let stays = false
    for (let i = 0; i < count; i++) {
      const stay = isOf(point.optionAt(i), lastLane)
      costs[i] = stay ? 0 : 1
      if (stay) stays = true
    }
    if (!stays) costs.fill(0, 0, count)
  },
}

function isOf(option: Option, lane: number): boolean {
  return option.lane === lane || option.kind === 'value'
}

/**
 * Iterative context bounding (Musuvathi and Qadeer, PLDI 2007): every schedule without a preemption, then every one with
 * one, with two and so on, none twice, up to `bound`; the report's `bound` says how far it came. A preemption leaves a
 * lane that could go on; where none could, or a value is chosen, every option is free.
 *
 * With `random`, random schedules with at most so many preemptions, at places drawn uniformly from those where
 * one is possible (their number is learnt from schedule to schedule).
 *
 * @throws RangeError if bound is no whole number of at least 0
 * @example
 * ```ts
 * const report = await check(body, { strategy: preemption({ bound: 2 }), schedules: 10_000 })
 * report.exhausted && report.bound // '2 preemptions': there is no failure with fewer than three
 * ```
 */
export function preemption(options: BoundOptions = {}): Strategy {
  return bounded('preemption', preemptions, options)
}

export function bounded(name: string, model: CostModel, options: BoundOptions): Strategy {
  const { bound, random } = options
  const limit = bound === undefined || bound === Number.POSITIVE_INFINITY ? undefined : whole('bound', bound, 0)
  if (random === true) return new BoundedSampler(name, model, limit ?? 2)
  return new BoundedSearch(name, model, limit ?? Number.POSITIVE_INFINITY)
}
