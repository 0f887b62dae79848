import type { Recording } from './recording.ts'
import type { Step } from './step.ts'
import { awake, type Entry, NO_ENTRIES } from './wakeup-tree.ts'

type Ran = Pick<Recording, 'steps' | 'length'>

/** What steps were seen to touch in the execution before. */
export class Reviews {
  /** By depth; null: anything. */
  readonly #touched: (readonly number[] | null)[] = []

  /**
   * An analysis may find that a step before the branch touches more than it did in the execution before, as others go on otherwise after
   * it. Then some of those that slept on after it do not. Who fell asleep at a depth has it in its entry.
   */
  review(steps: readonly Step[], branch: number, length: number, asleep: Entry[][]): void {
    let changed = false
    for (let d = 0; d < length; d++) {
      const s = steps[d] as Step
      const touched = s.global ? null : s.objects
      if (d < branch) {
        changed ||= !same(touched, this.#touched[d] as readonly number[] | null)
        if (changed) {
          const still = awake(asleep[d] as Entry[], s)
          asleep[d + 1] = (asleep[d + 1] as Entry[]).filter((e) => e.depth > d || still.includes(e))
        }
      }
      this.#touched[d] = touched
    }
  }
}

function same(a: readonly number[] | null, b: readonly number[] | null): boolean {
  return a === b || (a !== null && b !== null && a.length === b.length && a.every((object, i) => object === b[i]))
}

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
