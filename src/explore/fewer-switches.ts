import type { ChoicePoint, Chooser } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import { laneOf, LaneOrder, type Order } from './lane-order.ts'

/** Counts the steps of each lane, so that the places at which it is left have names that other orders keep. */
export class LaneSteps {
  readonly #counts = new Map<number, number>()

  step(option: Option): void {
    const lane = laneOf(option)
    this.#counts.set(lane, (this.#counts.get(lane) ?? 0) + 1)
  }

  /** The place that this lane has come to. */
  placeOf(lane: number): string {
    return `${lane}:${this.#counts.get(lane) ?? 0}`
  }
}

/**
 * Runs the lanes in a given order, but leaves one that could go on at the places in `kept` only: elsewhere it goes on, and
 * the order says who is next once it cannot.
 */
export class FewerSwitches implements Chooser {
  readonly #order: LaneOrder
  readonly #kept: ReadonlySet<string>
  readonly #steps = new LaneSteps()

  constructor(order: Order, kept: ReadonlySet<string>) {
    this.#order = new LaneOrder(order)
    this.#kept = kept
  }

  choose(point: ChoicePoint): number {
    const { lastLane } = point
    let stay = -1
    for (let k = 0; k < point.count && stay < 0; k++) {
      const option = point.optionAt(k)
      if (option.kind === 'value') break
      if (option.lane === lastLane) stay = k
    }
    if (stay < 0) return this.#order.choose(point)
    return this.#kept.has(this.#steps.placeOf(lastLane)) ? this.#order.choose(point, stay) : stay
  }

  step(option: Option): void {
    this.#steps.step(option)
    this.#order.step(option)
  }
}
