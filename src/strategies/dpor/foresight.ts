import type { HappensBefore } from './happens-before.ts'
import { Recollection } from './recollection.ts'
import type { Recording } from './recording.ts'
import { conflict, type Step } from './step.ts'
import { choosing, reverse, type Sequence } from './wakeup-tree.ts'

/**
 * What a step would do in an order in which it has not been seen: it is taken to touch what it touched elsewhere. Sequences
 * are left to it on that account before it runs; then it is seen whether that was right.
 */
export class Foresight {
  readonly #recording: Recording
  /** Lanes whose steps were taken to touch the same in another order. */
  readonly #trusted = new Set<number>()
  /** Lanes of which that proved wrong. Nothing is left to them any more. */
  readonly #doubted = new Set<number>()
  /** There are steps of which nothing is known, so that it is worth while to remember what others have touched. */
  #asked = false
  readonly #recollection: Recollection
  readonly #order: HappensBefore

  constructor(recording: Recording, order: HappensBefore) {
    this.#recording = recording
    this.#order = order
    this.#recollection = new Recollection(order)
  }

  /** Nothing is known of earlier executions. */
  forget(): void {
    this.#trusted.clear()
    this.#doubted.clear()
    this.#asked = false
    this.#recollection.forget()
  }

  /** What `later` would be after the sequence, at once before `earlier`. */
  reversed(later: Step, earlier: Step, sequence: Sequence, into: Step): Step {
    const known = this.#knows(later)
    reverse(later, earlier, !known, this.doubts(later), into)
    if (!known && earlier.picks.length === 0 && this.#recollection.recall(later, earlier, this.#recording.steps, sequence, into)) {
      into.global = into.vague = false
      this.#order.showCourse(into)
    }
    return into
  }

  /** What the step is with `value` instead of what was its choice number `i`. */
  choosing(step: Step, i: number, value: number, vague: boolean, into: Step): Step {
    this.#recollection.addChosen(step, this.#recording.steps, choosing(step, i, value, vague, into))
    return into
  }

  /** An execution has ended, and its happens-before relation is known. `chose`: values were chosen in it. */
  note(chose: boolean): void {
    const { loose, steps, length } = this.#recording
    if (chose || this.#asked || loose.size > 0) this.#recollection.note(steps, length)
  }

  /** Whether anything is known of what the step would touch. */
  #knows(step: Step): boolean {
    if (this.#recording.loose.has(step.frame) || (step.pending && !step.declared)) {
      this.#asked = true
      return false
    }
    this.#trusted.add(step.frame)
    return true
  }

  doubts(step: Step): boolean {
    return this.#doubted.has(step.frame)
  }

  /** Whether the execution shows that something was left out on a false assumption, in the steps from that depth on. */
  wasWrong(from: number): boolean {
    const { steps, length, loose } = this.#recording
    let wrong = false
    for (const lane of loose) if (this.#trusted.delete(lane)) wrong = true
    for (let d = from; d < length; d++) {
      const step = steps[d] as Step
      const left = step.asked?.claims ?? null
      if (left === null || !conflict(left, step)) continue
      this.#doubted.add(step.frame)
      wrong = true
    }
    return wrong
  }
}
