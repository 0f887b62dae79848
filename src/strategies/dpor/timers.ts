/** Step numbers; -1 stands for nothing. */
export type Cause = number | readonly number[]

/** A timer, by the steps in which things happened to it; -1: it did not happen. */
interface Armed {
  readonly by: Cause
  /** The move of the clock with which it became due. */
  fired: number
  cancelled: number
}

/** The timers of one execution. */
export class Timers {
  #all = new Map<object, Armed>()

  restart(): void {
    // A new one: a table that is cleared goes on to refer to the one that follows it, and keeps whole runs alive.
    if (this.#all.size > 0) this.#all = new Map()
  }

  get any(): boolean {
    return this.#all.size > 0
  }

  arm(timer: object, by: Cause): void {
    this.#all.set(timer, { by, fired: -1, cancelled: -1 })
  }

  cancel(timer: object, step: number): void {
    const armed = this.#all.get(timer)
    if (armed !== undefined) armed.cancelled = step
  }

  /** Notes that it is due. Gives what armed it. */
  fire(timer: object, clock: number): Cause {
    const armed = this.#all.get(timer)
    if (armed === undefined) return -1
    armed.fired = clock
    return armed.by
  }

  /**
   * Whether any timer was there for the clock to move to, had step `y` not happened before the move `clock`.
   *
   * @param follows whether a step happens only after `y`
   */
  anyWithout(y: number, clock: number, follows: (step: number) => boolean): boolean {
    for (const { by, fired, cancelled } of this.#all.values()) {
      if (fired >= 0 && fired < clock) continue
      if (cancelled >= 0 && cancelled !== y && !(cancelled > y && follows(cancelled))) continue
      if (typeof by === 'number' ? by < 0 || !follows(by) : !by.some(follows)) return true
    }
    return false
  }
}
