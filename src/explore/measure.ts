import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import { LaneSteps } from './fewer-switches.ts'
import { laneOf } from './lane-order.ts'

/** Counts what makes a schedule large, and in which order its lanes ran: minimising runs hundreds of them. */
export class Measure implements Chooser, Observer {
  choices = 0
  /** The picks that are not 0, by their place among the choices. */
  readonly picks = new Map<number, number>()
  readonly lanes: number[] = []
  readonly values: number[] = []
  /** Where a lane was left that could have gone on. */
  readonly switches: string[] = []
  readonly #steps = new LaneSteps()
  readonly #tasks = new Set<string | undefined>()
  readonly #chooser: Chooser & { step?(option: Option): void }

  constructor(chooser: Chooser & { step?(option: Option): void }) {
    this.#chooser = chooser
  }

  choose(point: ChoicePoint): number {
    const k = this.#chooser.choose(point)
    if (k !== 0) this.picks.set(this.choices, k)
    this.choices++
    if (point.optionAt(k).kind === 'value') this.values.push(k)
    else if (isPreemption(point, k)) this.switches.push(this.#steps.placeOf(point.lastLane))
    return k
  }

  step(option: Option): void {
    this.lanes.push(laneOf(option))
    this.#tasks.add(option.task)
    this.#steps.step(option)
    this.#chooser.step?.(option)
  }

  /** How many tasks have run. */
  get tasks(): number {
    return this.#tasks.size
  }
}

/** Whether picking option k leaves a lane that could have gone on. */
export function isPreemption(point: ChoicePoint, k: number): boolean {
  const options = point.options
  const picked = options[k]
  if (picked === undefined || picked.kind === 'value' || picked.lane === point.lastLane) return false
  return options.some((o) => o.lane === point.lastLane)
}
