import type { HappensBefore } from './happens-before.ts'
import { type AccessKind, NONE, type Step } from './step.ts'
import type { Sequence } from './wakeup-tree.ts'

type Seen = Pick<Step, 'joins' | 'settles'> & { readonly objects: readonly number[]; readonly kinds: readonly AccessKind[] }

/**
 * What steps have touched in earlier executions. A step that was cancelled, or that the end of the run forestalled, does
 * not say what it would have touched; nor does one what it would have done with another value. But mostly it has run in
 * another execution: the step of the same lane with the same number, of whose task as much had been done whenever somebody
 * had cancelled it, with the same values chosen in it.
 */
export class Recollection {
  readonly #order: Pick<HappensBefore, 'placeOf'>
  readonly #seen = new Map<string, Seen>()
  /** By lane: how many steps it has made, and how many it had made when each cancellation came. */
  readonly #made = new Map<number, number>()
  readonly #cancelled = new Map<number, string>()

  constructor(order: Pick<HappensBefore, 'placeOf'>) {
    this.#order = order
  }

  forget(): void {
    this.#seen.clear()
  }

  /** An execution has ended, and its happens-before relation is known. */
  note(steps: readonly Step[], length: number): void {
    this.#begin()
    for (let i = 0; i < length; i++) {
      const s = steps[i] as Step
      if (!s.global) {
        const { joins, settles, objects, kinds } = s
        this.#seen.set(this.#key(s, s.picks), { joins, settles, objects, kinds })
      }
      this.#pass(s)
    }
  }

  /** Gives `into` what the step has touched where it ran after the steps before `earlier` and those of the sequence. Whether it has. */
  recall(step: Step, earlier: Step, steps: readonly Step[], sequence: Pick<Sequence, 'steps' | 'length'>, into: Step): boolean {
    this.#begin()
    for (let i = 0; i < earlier.index; i++) this.#pass(steps[i] as Step)
    for (let i = 0; i < sequence.length; i++) this.#pass(sequence.steps[i] as Step)
    const seen = this.#seen.get(this.#key(step, NONE))
    if (seen === undefined) return false
    Object.assign(into, seen)
    into.frame = step.frame
    return true
  }

  /** Adds to `into`, which is `step` with other values, what that has touched where it chose these. */
  addChosen(step: Step, steps: readonly Step[], into: Step): void {
    this.#begin()
    for (let i = 0; i < step.index; i++) this.#pass(steps[i] as Step)
    const seen = this.#seen.get(this.#key(step, into.picks))
    if (seen === undefined) return
    seen.objects.forEach((object, k) => into.touch(object, seen.kinds[k] as AccessKind, undefined))
  }

  #begin(): void {
    this.#made.clear()
    this.#cancelled.clear()
  }

  #pass({ lane, interferes }: Step): void {
    for (const frame of interferes) this.#cancelled.set(frame, `${this.#cancelled.get(frame) ?? ''} ${this.#made.get(frame) ?? 0}`)
    this.#made.set(lane, (this.#made.get(lane) ?? 0) + 1)
  }

  #key(step: Step, picks: readonly number[]): string {
    return `${step.lane} ${this.#order.placeOf(step)}:${this.#cancelled.get(step.frame) ?? ''}:${picks.join()}`
  }
}
