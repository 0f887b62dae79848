import type { ChoicePoint, Chooser } from '../loop/chooser.ts'

/** Counts what makes a schedule large, and records nothing else: minimising runs hundreds of them. */
export class Measure implements Chooser {
  preemptions = 0
  choices = 0
  /** The picks that are not 0, by their place among the choices. */
  readonly picks = new Map<number, number>()
  readonly #chooser: Chooser

  constructor(chooser: Chooser) {
    this.#chooser = chooser
  }

  choose(point: ChoicePoint): number {
    const k = this.#chooser.choose(point)
    if (k !== 0) this.picks.set(this.choices, k)
    this.choices++
    if (isPreemption(point, k)) this.preemptions++
    return k
  }
}

/** Whether picking option k leaves a lane that could have gone on. */
export function isPreemption(point: ChoicePoint, k: number): boolean {
  const options = point.options
  const picked = options[k]
  if (picked === undefined || picked.kind === 'value' || picked.lane === point.lastLane) return false
  return options.some((o) => o.lane === point.lastLane)
}
