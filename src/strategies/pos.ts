import { Prng } from './prng.ts'
import type { Access, ChoicePoint, Option, RunInfo, Strategy } from './strategy.ts'

/**
 * Partial order sampling (Yuan, Yang and Gu, CAV 2018): every pending event gets a random priority and the highest one
 * runs; the pending events that race with it draw again, so that the orders of independent events don't skew those of
 * racing ones.
 *
 * Departures:
 * - An event races with a step if it is known to touch what the step touched, one of them writing. What a step
 *   touched is what was recorded in it; what an event will touch is known where its task waits for an operation on a
 *   shared cell or a primitive. Where nothing is known, an event keeps its priority.
 * - An operation that was disabled in between (a lock that somebody else took) draws again when it is enabled.
 * - Values are picked at random.
 */
class Pos implements Strategy {
  readonly name = 'pos'
  readonly prologue = 0
  readonly watches = true
  readonly #prng = new Prng()
  /** By event; 0: not drawn yet. */
  readonly #priorities: number[] = []
  /** What was touched since the last choice. */
  readonly #touched: Access[] = []

  begin(run: RunInfo): boolean {
    this.#prng.seed(run.seed, run.schedule)
    this.#priorities.fill(0)
    this.#touched.length = 0
    return true
  }

  access(access: Access): void {
    this.#touched.push(access)
  }

  pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#prng.below(point.count)
    const quiet = this.#touched.length === 0
    let best = 0
    let top = 0
    for (let i = 0; i < point.count; i++) {
      const option = point.optionAt(i)
      let priority = this.#priorities[option.id]
      if (!priority || (!quiet && this.#races(option))) priority = this.#draw(option.id)
      if (priority > top) {
        best = i
        top = priority
      }
    }
    this.#touched.length = 0
    return best
  }

  #draw(id: number): number {
    const priorities = this.#priorities
    while (priorities.length <= id) priorities.push(0)
    return (priorities[id] = 1 + this.#prng.next())
  }

  #races(option: Option): boolean {
    const accesses = option.accesses
    if (accesses === undefined) return false
    for (let i = 0; i < accesses.length; i++) {
      const { object, kind } = accesses[i] as Access
      for (let j = 0; j < this.#touched.length; j++) {
        const touched = this.#touched[j] as Access
        if (touched.object === object && (kind === 'write' || touched.kind === 'write')) return true
      }
    }
    return false
  }
}

/**
 * Random priorities for events, drawn again after each race.
 *
 * @example
 * ```ts
 * await check(body, { strategy: pos() })
 * ```
 */
export function pos(): Strategy {
  return new Pos()
}
