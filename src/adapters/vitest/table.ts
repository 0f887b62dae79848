import type { ExplorationSummary } from './summary.ts'

/** A test and what its exploration has done. */
export interface TableRow {
  readonly test: string
  readonly passed: boolean
  readonly summary: ExplorationSummary
}

const HEADER = ['  test', 'schedules', 'choice points', 'explored', 'time'] as const
/** So wide is the column of names at most. */
const NAME = 60

/** One table of all explorations of a run; those that passed without a choice point are marked, and warned of. */
export function explorationTable(rows: readonly TableRow[]): string {
  const body = rows.map((row) => [
    `${row.passed ? ' ' : '×'} ${clip(row.test, NAME)}`,
    grouped(row.summary.schedules),
    `${isEmpty(row) ? '! ' : ''}${grouped(row.summary.choicePoints)}`,
    explored(row.summary),
    time(row.summary.elapsed),
  ])
  const table = [HEADER, ...body]
  const widths = HEADER.map((_, c) => Math.max(...table.map((row) => (row[c] as string).length)))
  const lines = table.map((row) => row.map((cell, c) => pad(cell, widths[c] as number, c)).join('  ').trimEnd())
  const warning = '  ! warning: 0 choice points: there was nothing to reorder, so that passing says nothing'
  return ['', ' heddle', ...lines, ...(rows.some(isEmpty) ? [warning] : []), ''].join('\n')
}

function isEmpty({ passed, summary }: TableRow): boolean {
  return passed && summary.choicePoints === 0 && summary.failures === 0
}

function pad(cell: string, width: number, column: number): string {
  return isNumber(column) ? cell.padStart(width) : cell.padEnd(width)
}

function isNumber(column: number): boolean {
  return column === 1 || column === 2 || column === 4
}

function explored(summary: ExplorationSummary): string {
  const { exhausted, stopped, bound, failures } = summary
  if (summary.strategy === 'replay') return 'replayed'
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
