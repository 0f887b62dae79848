import type { CostModel } from './bounded-search.ts'
import { type BoundOptions, bounded } from './preemption.ts'
import type { ChoicePoint, Option, Strategy } from './strategy.ts'

/** How far a lane is from the one that ran last, in the order in which lanes were made, round and round. */
function distance(option: Option, lastLane: number): number {
  const { lane } = option
  if (lane === undefined) return Number.MAX_SAFE_INTEGER
  return lane >= lastLane ? lane - lastLane : lane - lastLane + Number.MAX_SAFE_INTEGER / 2
}

/** Options by their distance; scratch space of `price`. */
const ranked: { option: number; distance: number }[] = []

/** Each lane that could run and is passed over costs 1. */
export const delays: CostModel = {
  unit: 'delay',
  price(point: ChoicePoint, costs: number[]): void {
    const { count, lastLane } = point
    ranked.length = 0
    for (let i = 0; i < count; i++) ranked.push({ option: i, distance: distance(point.optionAt(i), lastLane) })
    ranked.sort((a, b) => a.distance - b.distance)
    let passed = -1
    let before = -1
    for (const { option, distance: d } of ranked) {
      // Two options of one lane are passed over together, and so are values, which are all the same lane's.
      if (d !== before) passed++
      before = d
      costs[option] = passed
    }
  },
}

/**
 * Delay bounding (Emmi, Qadeer and Rakamarić, POPL 2011): the schedule is that of a deterministic scheduler, which lets
 * a lane go on until it has to wait and then turns to the next one in the order in which they were made, round and
 * round; a delay makes it pass over the lane whose turn it is. Every schedule without a delay, then with one, with two
 * and so on, none twice, up to `bound`.
 *
 * Departure: several options of one lane, and values, are no delays but all tried. With `random`, random
 * schedules with at most so many delays.
 *
 * @throws RangeError if bound is no whole number of at least 0
 * @example
 * ```ts
 * await check(body, { strategy: delay({ bound: 2 }) })
 * ```
 */
export function delay(options: BoundOptions = {}): Strategy {
  return bounded('delay', delays, options)
}
