import { Gathered } from './gathered.ts'
import { including, type Join, joinOf, NONE, type Step } from './step.ts'
import type { Cause } from './timers.ts'

/** What the lanes of one execution wait for, and what they find ended. */
export class Awaiting {
  readonly joins: Join[] = []
  /** Waits that did not end. */
  readonly unfinished: Join[] = []
  /** By future: what ended it. */
  readonly #ends: (Cause | undefined)[] = []
  /** By lane: joins that its next step comes after. */
  readonly #extra: (readonly number[] | undefined)[] = []
  /** By lane: the future that it waits for, and the step in which it began to. */
  readonly #awaited: (Join | undefined)[] = []
  readonly #gathered = new Gathered()
  /** The step that runs has begun to wait. */
  #waits = false
  /** A task has begun inside it. */
  #inside = false

  restart(): void {
    this.joins.length = 0
    this.unfinished.length = 0
    this.#ends.fill(undefined)
    this.#extra.fill(undefined)
    this.#awaited.fill(undefined)
  }

  newLane(lane: number): void {
    while (this.#extra.length <= lane) {
      this.#extra.push(undefined)
      this.#awaited.push(undefined)
    }
  }

  /** A step begins. */
  begins(): void {
    this.#waits = false
    this.#inside = false
    this.#gathered.forget()
  }

  /** The step does something. */
  goesOn(step: Step): void {
    if (this.#waits) step.forked = true
  }

  /** A task begins as part of the step: where that waits, the step goes on. */
  startsInside(): void {
    this.#inside = true
  }

  ended(future: number, cause: Cause): void {
    while (this.#ends.length <= future) this.#ends.push(undefined)
    this.#ends[future] = cause
  }

  /** What ended a future. */
  endOf(future: number): Cause {
    return this.#ends[future] ?? -1
  }

  /** What a further step of the lane would come after, beside its last one. */
  after(lane: number): readonly number[] {
    return this.#extra[lane] ?? NONE
  }

  /** The same; and now it begins. */
  takeAfter(lane: number): readonly number[] {
    const after = this.after(lane)
    this.#extra[lane] = undefined
    return after
  }

  /** What the lane does from now on comes after this. */
  comesAfter(lane: number, end: Cause): void {
    this.#extra[lane] = including(this.after(lane), end)
  }

  /** The lane goes on in that step, if it waited. */
  resumes(lane: number, resumed: number): void {
    const awaited = this.#awaited[lane]
    if (awaited === undefined) return
    this.#awaited[lane] = undefined
    this.joins.push({ ...awaited, resumed })
  }

  /** The same, in the step that completes an external. */
  resumesInside(lane: number, resumed: number): void {
    const awaited = this.#awaited[lane]
    if (awaited === undefined) return
    this.#awaited[lane] = undefined
    // What began the external need not have been what waits for it: their order is a conflict, not a cause.
    this.joins.push({ ...awaited, effective: true, follows: this.after(lane).length > 0, resumed })
  }

  /** The lane waits for a future. Gives what it comes after by that. */
  waits(lane: number, future: number, step: Step): readonly Cause[] {
    this.goesOn(step)
    const causes = this.#awaits(lane, future, step)
    this.#awaited[lane] = joinOf(future, step)
    this.#waits = true
    return causes
  }

  /** The lane awaits a future that has ended, see Tracker.passes. Gives what it comes after by that. */
  passes(lane: number, future: number, step: Step, beside: boolean, by: number): readonly Cause[] {
    this.goesOn(step)
    const causes = by < 0 ? this.#awaits(lane, future, step) : NONE
    const end = this.#ends[future]
    if (end === undefined || end === step.index) return causes
    const mayGoOn = beside || this.#inside
    const join = { ...joinOf(future, step), beside: mayGoOn || by >= 0 }
    this.joins.push(join)
    if (!join.beside) {
      this.comesAfter(lane, end)
      return [...causes, end]
    }
    if (!mayGoOn) this.#gathered.add(join, by, step)
    return causes
  }

  #awaits(lane: number, future: number, step: Step): readonly Cause[] {
    return this.#gathered.awaited(future, step).map((join) => {
      this.joins[this.joins.indexOf(join)] = { ...join, beside: false }
      const end = this.endOf(join.object)
      this.comesAfter(lane, end)
      return end
    })
  }

  /** The run is over. */
  stop(): void {
    for (const wait of this.#awaited) if (wait !== undefined) this.unfinished.push(wait)
  }
}
