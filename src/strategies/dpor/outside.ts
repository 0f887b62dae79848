/** An external that was taken away before its completion. */
interface Taken {
  readonly id: number
  /** The step that took it away. */
  readonly by: number
  /** The lane that waited for it. */
  readonly lane: number
}

/** What happens outside, in one execution; and what its completions touch, in any. */
export class Outside {
  readonly #lanes: number[] = []
  readonly taken: Taken[] = []
  readonly #written = new Set<number>()
  readonly #guarded = new Set<number>()

  /** Nothing is known of earlier executions. */
  forget(): void {
    this.#written.clear()
    this.#guarded.clear()
  }

  restart(): void {
    this.taken.length = 0
  }

  began(id: number, lane: number): void {
    this.#lanes[id] = lane
  }

  laneOf(id: number): number {
    return this.#lanes[id] as number
  }

  /**
   * A completion writes to the object. Whether somebody waits for a condition on it: who began to do so before goes on within the
   * completion, and who does so later does not. That order is not followed.
   */
  writes(object: number): boolean {
    this.#written.add(object)
    return this.#guarded.has(object)
  }

  /** Somebody waits for a condition on the object. Whether a completion writes to it. */
  guards(object: number): boolean {
    this.#guarded.add(object)
    return this.#written.has(object)
  }
}
