import type { ExplorationSummary } from './summary.ts'

/** A test and what its exploration has done. */
export interface TableRow {
  readonly test: string
  readonly passed: boolean
  readonly summary: ExplorationSummary
}

const HEADER = ['test', 'schedules', 'choice points', 'explored', 'time'] as const
/** So wide is the column of names at most. */
const NAME = 60

/** One table of all explorations of a run, and a warning for each that could not have failed. */
export function explorationTable(rows: readonly TableRow[]): string {
  const cells = rows.map(({ test, passed, summary }) => [
    `${passed ? ' ' : '×'} ${clip(test, NAME)}`,
    grouped(summary.schedules),
    grouped(summary.choicePoints),
    explored(summary),
    time(summary.elapsed),
  ])
  const table = [[`  ${HEADER[0]}`, ...HEADER.slice(1)], ...cells]
  const widths = HEADER.map((_, c) => Math.max(...table.map((row) => (row[c] as string).length)))
  const lines = table.map((row) => row.map((cell, c) => (isNumber(c) ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number))).join('  ').trimEnd())
  const empty = rows.filter((r) => r.summary.choicePoints === 0 && r.passed)
  const warnings = empty.map(
    (r) => `  warning: 0 choice points in ${JSON.stringify(r.test)}: there was nothing to reorder, so that it passed says nothing`,
  )
  return ['', ' heddle', ...lines, ...warnings, ''].join('\n')
}

function isNumber(column: number): boolean {
  return column === 1 || column === 2 || column === 4
}

function explored(summary: ExplorationSummary): string {
  const { exhausted, stopped, bound, failures } = summary
  if (exhausted) return bound === null ? 'every schedule' : `every schedule, ${bound}`
  if (summary.timedOut) return 'until the timeout'
  switch (stopped) {
    case 'failure':
      return 'until it failed'
    case 'time':
      return 'until its time limit'
    case 'memory':
      return 'until out of memory'
    case 'signal':
      return 'until told to stop'
    default:
      return failures > 0 ? `a part, ${failures} failing` : 'a part'
  }
}

function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

function grouped(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
}
