import type { Join, Step } from './step.ts'

/** What a step has given to `gather`. */
interface Given {
  /** The future that gathers it. */
  readonly by: number
  /** What the step had done then, whatever it was. */
  readonly done: number
  readonly joins: Join[]
}

/**
 * Futures that had ended when a step gave them to `gather`, and that it does not wait for by that. It does if the next thing that
 * it does is to await what gathers them: then they are joins like others.
 */
export class Gathered {
  #given: Given | null = null

  forget(): void {
    this.#given = null
  }

  add(join: Join, by: number, step: Step): void {
    const done = deedsOf(step, by)
    if (this.#given?.by !== by || this.#given.done !== done) this.#given = { by, done, joins: [] }
    this.#given.joins.push(join)
  }

  /** The step awaits a future. Gives the joins that it makes by that. */
  awaited(future: number, step: Step): readonly Join[] {
    const given = this.#given
    this.#given = null
    return given?.by === future && given.done === deedsOf(step, future) ? given.joins : []
  }
}

/** How many things the step has done, beside ending that future. */
function deedsOf({ touches, effects, settles, picks }: Step, future: number): number {
  return touches + effects + picks.length + settles.filter((o) => o !== future).length
}
