import type { RunInfo, Strategy } from './strategy.ts'

/** A program gave another number of options where its choices were the same. */
export class NondeterminismError extends Error {
  override readonly name = 'NondeterminismError'

  constructor(choice: number, now: number, before: number) {
    super(`choice ${choice} has ${now} options now, and had ${before} when the same choices led to it before`)
  }
}

/**
 * Every schedule, depth first: the first one is FIFO, and each next one changes the last pick that can still be
 * changed. It needs memory for one schedule only.
 */
export class Exhaustive implements Strategy {
  readonly name = 'exhaustive'
  #picks: number[] = []
  #counts: number[] = []
  #depth = 0

  begin(run: RunInfo): boolean {
    this.#depth = 0
    if (run.schedule === 1) {
      this.#picks.length = 0
      this.#counts.length = 0
      return true
    }
    const picks = this.#picks
    const counts = this.#counts
    while (picks.length > 0) {
      const last = picks.length - 1
      const pick = (picks[last] as number) + 1
      if (pick < (counts[last] as number)) {
        picks[last] = pick
        return true
      }
      picks.pop()
      counts.pop()
    }
    return false
  }

  pick(point: { readonly count: number }): number {
    return this.pickOf(point.count)
  }

  pickOf(count: number): number {
    const depth = this.#depth++
    if (depth === this.#picks.length) {
      this.#picks.push(0)
      this.#counts.push(count)
      return 0
    }
    const before = this.#counts[depth] as number
    if (before !== count) throw new NondeterminismError(depth + 1, count, before)
    return this.#picks[depth] as number
  }

  end(): void {
    // A schedule that ended early leaves picks that were never reached.
    this.#picks.length = this.#depth
    this.#counts.length = this.#depth
  }
}

/**
 * Every schedule, depth first, one execution each; where the budget suffices, that none fails is a proof.
 *
 * @example
 * ```ts
 * const report = await check(body, { strategy: exhaustive(), schedules: 10_000 })
 * report.exhausted // true: a proof, unless the budget came first
 * ```
 */
export function exhaustive(): Strategy {
  return new Exhaustive()
}
