import { readFileSync, writeFileSync } from 'node:fs'
import { median, type Result } from './measure.ts'

/** Of one ratio: what it was, and how far single runs were from that, as a share of it. */
interface Known {
  readonly ratio: number
  readonly spread: number
}

/** Ratios by row and rival. Times are in none of it: those are the machine's. */
export interface Baseline {
  readonly machine: string
  readonly runs: number
  readonly ratios: Readonly<Record<string, Readonly<Record<string, Known>>>>
}

/** What has become of one ratio: 0.9 for a tenth worse. */
export interface Change {
  readonly row: string
  readonly rival: string
  readonly change: number
  /** The share by which it may be worse. */
  readonly tolerance: number
  readonly worse: boolean
}

/** Runs differ by what the compiler decided in each; what is seen of that in a few runs is not all that there is. */
const LEAST_TOLERANCE = 0.15
const SPREADS = 3
/** A quick run is not warm, and says only what nobody could overlook. */
const QUICK_TOLERANCE = 0.5

export function readBaseline(file: string): Baseline {
  return JSON.parse(readFileSync(file, 'utf8')) as Baseline
}

/**
 * Each row of several runs becomes the median of its ratios, and the farthest that one of them was from that. `kept`: what is
 * known of other rows.
 */
export function writeBaseline(
  file: string,
  machine: string,
  results: readonly (readonly Result[])[],
  kept: Baseline['ratios'] = {},
): void {
  const ratios: Record<string, Record<string, Known>> = { ...kept }
  for (const [first, ...others] of results) {
    if (first === undefined) continue
    const known: Record<string, Known> = (ratios[first.id] = {})
    for (const { id } of first.rivals) {
      const all = [first, ...others].map((r) => r.rivals.find((x) => x.id === id)?.ratio ?? Number.NaN)
      const middle = median(all)
      const spread = Math.max(...all.map((r) => Math.abs(r / middle - 1)))
      known[id] = { ratio: Number(middle.toPrecision(4)), spread: Number(spread.toFixed(3)) }
    }
  }
  const runs = Math.max(...results.map((r) => r.length))
  writeFileSync(file, `${JSON.stringify({ machine, runs, ratios }, null, 2)}\n`)
}

/** Each ratio of a row beside the baseline's, where both know the rival: a machine without CPython has none to compare with. */
export function changesOf(result: Result, baseline: Baseline, quick: boolean): Change[] {
  return result.rivals.flatMap(({ id, ratio }) => {
    const known = baseline.ratios[result.id]?.[id]
    if (known === undefined) return []
    const tolerance = quick ? QUICK_TOLERANCE : Math.max(LEAST_TOLERANCE, SPREADS * known.spread)
    const change = ratio / known.ratio
    return [{ row: result.id, rival: id, change, tolerance, worse: change < 1 - tolerance }]
  })
}

/** Of several attempts at one row the best one for each rival. */
export function bestOf(one: readonly Change[], other: readonly Change[]): Change[] {
  return one.map((a) => other.find((b) => b.rival === a.rival && b.change > a.change) ?? a)
}
