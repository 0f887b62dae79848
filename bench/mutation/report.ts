import type { Mutant } from './mutants.ts'

export type Status = 'killed' | 'timeout' | 'crash' | 'survived' | 'uncovered' | 'equivalent' | 'static'

export interface Result extends Mutant {
  readonly status: Status
  /** The test that notices it, or why no test can. */
  readonly why?: string
}

export interface Row {
  readonly name: string
  /** Those in code that runs while modules are loaded aside, where they were left out. */
  readonly mutants: number
  readonly killed: number
  readonly survived: number
  readonly equivalent: number
  /** Killed of all, those named as equivalent among the survivors. */
  readonly raw: number
  /** Killed of those that can be. */
  readonly score: number
}

export function row(name: string, results: readonly Result[]): Row {
  const equivalent = results.filter((r) => r.status === 'equivalent').length
  const survived = results.filter((r) => r.status === 'survived' || r.status === 'uncovered').length
  const left = results.filter((r) => r.status === 'static').length
  const killed = results.length - equivalent - survived - left
  const percent = (of: number): number => (of === 0 ? 100 : Math.round((1000 * killed) / of) / 10)
  const mutants = results.length - left
  return { name, mutants, killed, survived, equivalent, raw: percent(mutants), score: percent(killed + survived) }
}

/** Wilson's interval of 95 % for a share, in percent. */
export function interval(hits: number, of: number): [number, number] {
  if (of === 0) return [0, 100]
  const z = 1.96
  const p = hits / of
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of)
  return [Math.round(1000 * (middle - half)) / 10, Math.round(1000 * (middle + half)) / 10]
}

export function table(results: readonly Result[]): string {
  const files = [...new Set(results.map((r) => r.file))].toSorted()
  const folders = [...new Set(files.map((f) => f.split('/').slice(0, 2).join('/')))]
  const rows = [
    ...files.map((f) => row(f, results.filter((r) => r.file === f))),
    ...folders.map((d) => row(`${d}/`, results.filter((r) => r.file.startsWith(`${d}/`)))),
    row('all', results),
  ]
  const line = (name: string, cells: readonly (string | number)[]): string => name.padEnd(44) + cells.map((c) => String(c).padStart(12)).join('')
  return [
    line('file', ['mutants', 'killed', 'survived', 'equivalent', 'raw %', 'score %']),
    ...rows.map((r) => line(r.name, [r.mutants, r.killed, r.survived, r.equivalent, r.raw.toFixed(1), r.score.toFixed(1)])),
  ].join('\n')
}

export function survivors(results: readonly Result[]): string {
  return results
    .filter((r) => r.status === 'survived' || r.status === 'uncovered')
    .map((r) => `${r.file}:${r.line} ${r.mutator}${r.status === 'uncovered' ? ' (uncovered)' : ''}\n  - ${short(r.original)}\n  + ${short(r.replacement)}`)
    .join('\n')
}

function short(code: string): string {
  const flat = code.replace(/\s+/g, ' ')
  return flat.length > 140 ? `${flat.slice(0, 137)}...` : flat
}
