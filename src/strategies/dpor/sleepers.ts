import type { Recording } from './recording.ts'
import type { Step } from './step.ts'
import { awake, type Entry, NO_ENTRIES } from './wakeup-tree.ts'

type Ran = Pick<Recording, 'steps' | 'length'>

/** The steps that sleep while an execution runs: what begins with one of them has been explored. */
export class Sleepers {
  #asleep: Entry[] = NO_ENTRIES
  /** The first step that has woken none yet. */
  #next = 0

  /** Before the step of that number those sleep. */
  restart(asleep: Entry[], step: number): void {
    this.#asleep = asleep
    this.#next = step
  }

  /** Whether any sleeps still. */
  any({ steps, length }: Ran): boolean {
    if (this.#asleep.length === 0) return false
    for (; this.#next < length; this.#next++) this.#asleep = awake(this.#asleep, steps[this.#next] as Step)
    return this.#asleep.length > 0
  }

  /** Whether the next step of the lane is one. */
  has(lane: number, recording: Ran): boolean {
    return this.any(recording) && this.#asleep.some((e) => e.lane === lane)
  }
}
