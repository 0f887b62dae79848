import type { Places } from '../world/places.ts'

/** How far one kind of choice was explored. 'none': there was no such choice. */
export type Coverage = 'none' | 'exhausted' | 'sampled'

/** One kind of disturbance. */
export interface Dimension {
  readonly coverage: Coverage
  /** Places where it could happen: a fault of the n-th call of a function, the n-th moment for a task to be cancelled. */
  readonly places: number
  /** At so many of them it did, in some schedule. */
  readonly tried: number
}

/** Which kinds of choice were run through, and which were only sampled. */
export interface DimensionsReport {
  /** The order of what runs; its bound, where there is one, is the report's. */
  readonly order: Coverage
  readonly faults: Dimension
  readonly cancellations: Dimension
}

/** Gathers the places of all schedules. */
export class Dimensions {
  readonly #faults = new Map<string, boolean>()
  readonly #cancellations = new Map<string, boolean>()

  add(places: Places): void {
    join(this.#faults, places.faults)
    join(this.#cancellations, places.cancellations)
  }

  report(exhausted: boolean, choicePoints: number): DimensionsReport {
    const coverage = (any: boolean): Coverage => (any ? (exhausted ? 'exhausted' : 'sampled') : 'none')
    const dimension = (all: ReadonlyMap<string, boolean>): Dimension => {
      const tried = [...all.values()].filter(Boolean).length
      // Within a bound, as FIFO has it, what was never tried is not run through.
      const whole = coverage(all.size > 0)
      return { coverage: whole === 'exhausted' && tried < all.size ? 'sampled' : whole, places: all.size, tried }
    }
    return {
      order: coverage(choicePoints > 0),
      faults: dimension(this.#faults),
      cancellations: dimension(this.#cancellations),
    }
  }
}

function join(all: Map<string, boolean>, some: ReadonlyMap<string, boolean> | null): void {
  if (some === null) return
  for (const [place, taken] of some) if (taken || !all.has(place)) all.set(place, taken)
}
