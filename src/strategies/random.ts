import { Prng } from './prng.ts'
import type { RunInfo, Strategy } from './strategy.ts'

/**
 * A random walk: uniform over the enabled options at each choice point, seeded per schedule.
 *
 * @example
 * ```ts
 * await check(body, { strategy: random(), schedules: 500 })
 * ```
 */
export function random(): Strategy {
  const prng = new Prng()
  return {
    name: 'random',
    prologue: 0,
    begin(run: RunInfo): boolean {
      prng.seed(run.seed, run.schedule)
      return true
    },
    pick: (point) => prng.below(point.count),
    pickOf: (count) => prng.below(count),
  }
}
