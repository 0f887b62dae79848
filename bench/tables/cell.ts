import type { GeneratorBody } from '../../src/index.ts'
import type { Strategy } from '../../src/strategies/index.ts'
import { firstFailure } from './first-failure.ts'

/** How hard to try. */
export interface Effort {
  readonly seeds: number
  /** Schedules for each seed. */
  readonly cap: number
  /** Seconds for a cell. */
  readonly seconds: number
}

/** Schedules to the first failure. */
export interface Cell {
  /** Infinity: more than half of the seeds came to the cap without one. */
  readonly median: number
  /** Of those seeds that found one. */
  readonly mean: number
  readonly found: number
  readonly tried: number
}

/** Runs a strategy from each seed, until the time is up or more than half of the seeds have failed to find anything. */
export function measure(body: GeneratorBody, make: () => Strategy, effort: Effort): Cell {
  const until = performance.now() + effort.seconds * 1000
  const firsts: number[] = []
  let missed = 0
  for (let seed = 1; seed <= effort.seeds; seed++) {
    const first = firstFailure(body, make(), seed, effort.cap)
    if (first === Number.POSITIVE_INFINITY) missed++
    else firsts.push(first)
    if (performance.now() > until || missed > effort.seeds / 2) break
  }
  const found = firsts.length
  const tried = found + missed
  const sorted = [...firsts, ...Array.from({ length: missed }, () => Number.POSITIVE_INFINITY)].sort((a, b) => a - b)
  const at = (i: number): number => sorted[i] ?? Number.POSITIVE_INFINITY
  const median = tried % 2 === 1 ? at((tried - 1) / 2) : (at(tried / 2 - 1) + at(tried / 2)) / 2
  return { median, mean: firsts.reduce((a, b) => a + b, 0) / found, found, tried }
}
