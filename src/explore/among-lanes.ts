import type { ChoicePoint, Chooser } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import { laneOf } from './lane-order.ts'

/** Some of the options of a point, as a point of its own. */
class Part implements ChoicePoint {
  readonly options: readonly Option[]
  readonly step: number
  readonly lastLane: number

  constructor({ step, lastLane }: ChoicePoint, options: readonly Option[]) {
    this.step = step
    this.lastLane = lastLane
    this.options = options
  }

  get count(): number {
    return this.options.length
  }

  optionAt(k: number): Option {
    return this.options[k] as Option
  }
}

/** Asks about some of the lanes alone: the others run, one after the other, where none of these can. */
export class AmongLanes implements Chooser {
  readonly #lanes: ReadonlySet<number>
  readonly #chooser: Chooser & { step?(option: Option): void }

  constructor(lanes: ReadonlySet<number>, chooser: Chooser & { step?(option: Option): void }) {
    this.#lanes = lanes
    this.#chooser = chooser
  }

  choose(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#chooser.choose(point)
    const known: number[] = []
    for (let k = 0; k < point.count; k++) if (this.#lanes.has(laneOf(point.optionAt(k)))) known.push(k)
    if (known.length === 0) {
      for (let k = 0; k < point.count; k++) if (point.optionAt(k).lane === point.lastLane) return k
      return 0
    }
    if (known.length === 1) return known[0] as number
    return known[this.#chooser.choose(new Part(point, known.map((k) => point.optionAt(k))))] as number
  }

  step(option: Option): void {
    this.#chooser.step?.(option)
  }
}
