import type { Stopped } from '../explore/report.ts'
import { Misuse } from './misuse.ts'
import type { DistinctResult, ScenarioResult } from './results.ts'

/** The reasons to stop, the one that says most about the whole first. */
const ORDER: readonly Stopped[] = ['failure', 'signal', 'memory', 'time', 'schedules', 'exhausted']

/**
 * Joins the results of shards of one exploration. The order in which they are given does not matter.
 * @throws Misuse if they are not shards of the same one, or one of them is there twice
 */
export function join(results: readonly ScenarioResult[]): ScenarioResult {
  const parts = results.toSorted((a, b) => (a.shards.present[0] as number) - (b.shards.present[0] as number))
  const first = parts[0] as ScenarioResult
  for (const part of parts.slice(1)) refuseOther(first, part)
  const present = parts.flatMap((p) => p.shards.present).toSorted((a, b) => a - b)
  const twice = present.find((shard, i) => present[i - 1] === shard)
  if (twice !== undefined) {
    throw new Misuse(`${nameOf(first)}: shard ${twice}/${first.shards.count} is there twice. Give each shard's results once.`)
  }
  const sum = (of: (p: ScenarioResult) => number): number => parts.reduce((n, p) => n + of(p), 0)
  return {
    ...first,
    shards: { count: first.shards.count, present },
    schedules: sum((p) => p.schedules),
    equivalent: sum((p) => p.equivalent),
    steps: sum((p) => p.steps),
    choicePoints: sum((p) => p.choicePoints),
    exhausted: parts.every((p) => p.exhausted),
    stopped: ORDER.find((s) => parts.some((p) => p.stopped === s)) as Stopped,
    cut: sum((p) => p.cut),
    bound: boundOf(parts),
    elapsed: parts.reduce((most, p) => Math.max(most, p.elapsed), 0),
    sometimes: labels(parts),
    // The places that one shard has tried are not known to another.
    dimensions: parts.length === 1 ? first.dimensions : undefined,
    failures: sum((p) => p.failures),
    distinct: distinct(parts),
  }
}

export function nameOf({ file, scenario }: Pick<ScenarioResult, 'file' | 'scenario'>): string {
  return scenario === 'default' ? file : `${file} > ${scenario}`
}

/** What two shards of one exploration have in common. */
const SAME = ['strategy', 'seed', 'permute', 'assume', 'cancel', 'faults', 'most', 'bail'] as const

function refuseOther(a: ScenarioResult, b: ScenarioResult): void {
  const different = SAME.find((key) => String(a[key]) !== String(b[key]))
  const words =
    different === undefined ? a.shards.count !== b.shards.count && `${a.shards.count} and ${b.shards.count} shards` : `${different} ${String(a[different])} and ${String(b[different])}`
  if (words === false) return
  throw new Misuse(
    `${nameOf(a)}: these are no shards of one exploration: ${words}. Run all shards with the same options, and the same --workers.`,
  )
}

/** The weakest, since the whole is complete only as far as each of its parts. */
function boundOf(parts: readonly ScenarioResult[]): string | undefined {
  const bounds = parts.map((p) => p.bound).filter((b) => b !== undefined)
  return bounds.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))[0]
}

function labels(parts: readonly ScenarioResult[]): Record<string, number> {
  const all = new Map<string, number>()
  for (const { sometimes } of parts) for (const [label, n] of Object.entries(sometimes)) all.set(label, (all.get(label) ?? 0) + n)
  return Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Of failures that are alike the one that comes first, by its number and then by its shard. */
function distinct(parts: readonly ScenarioResult[]): DistinctResult[] {
  const all = new Map<string, DistinctResult>()
  for (const found of parts.flatMap((p) => p.distinct)) {
    const known = all.get(found.key)
    if (known === undefined) all.set(found.key, found)
    else all.set(found.key, { ...(before(found, known) ? found : known), count: known.count + found.count })
  }
  return [...all.values()].toSorted((a, b) => (before(a, b) ? -1 : 1))
}

function before(a: DistinctResult, b: DistinctResult): boolean {
  return a.file.schedule === b.file.schedule ? a.shard < b.shard : a.file.schedule < b.file.schedule
}
