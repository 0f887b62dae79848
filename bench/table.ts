import type { Change } from './baseline.ts'
import type { Figure, Result, RivalFigure } from './measure.ts'
import type { Goal } from './row.ts'

const WIDTHS = [40, 8, 21, 15, 16] as const

export const HEADER = `${columns('', 'median', '(least … most)', 'ratio', 'goal')}baseline`

/** A row as text: our figure, a line for each rival, and what it means. */
export function render(result: Result, changes: readonly Change[] = []): string {
  const what = result.counted ? result.unit : `${result.unit} a second`
  const lines = [`${result.id}: ${result.title}; ${what}`, line(result.ours, '', ownGoal(result)).trimEnd()]
  for (const rival of result.rivals) {
    const change = changes.find((c) => c.row === result.id && c.rival === rival.id)
    lines.push(`${line(rival, ratioOf(rival, result.counted), goalOf(rival))}${change === undefined ? '' : told(change)}`.trimEnd())
  }
  lines.push(`  → ${result.meaning}`)
  return lines.join('\n')
}

/** What has become of a ratio since the baseline, in words. */
export function told({ change, tolerance, worse }: Change): string {
  const percent = Math.round((change - 1) * 100)
  const words = `${percent < 0 ? '−' : '+'}${Math.abs(percent)} %`
  return worse ? `${words}, WORSE than −${Math.round(tolerance * 100)} %` : words
}

function columns(...cells: readonly [string, string, string, string, string]): string {
  const [name, value, range, ratio, goal] = cells
  const [a, b, c, d, e] = WIDTHS
  return `${name.padEnd(a)} ${value.padStart(b)}  ${range.padEnd(c)} ${ratio.padEnd(d)} ${goal.padEnd(e)} `
}

function line(f: Figure, ratio: string, goal: string): string {
  return columns(`  ${f.name}`, short(f.median), `(${short(f.min)} … ${short(f.max)})`, ratio, goal)
}

function ownGoal({ goal, met, counted }: Result): string {
  return goal === null ? '' : `${counted ? '≤' : '≥'} ${short(goal)} ${verdict(met)}`
}

/** In the words of the goal: how many times its rate, or how many times its time. */
function ratioOf({ ratio, goal }: RivalFigure, counted: boolean): string {
  if (counted) return ratio < 1 ? `${factor(1 / ratio)} × more` : `${factor(ratio)} × fewer`
  return inTime(goal) ? `${factor(1 / ratio)} × its time` : `${factor(ratio)} × its rate`
}

function goalOf({ goal, met }: RivalFigure): string {
  if (goal === null) return ''
  return `${'atMostTime' in goal ? `≤ ${goal.atMostTime}` : `≥ ${goal.atLeast}`} ${verdict(met)}`
}

function inTime(goal: Goal | null): boolean {
  return goal !== null && 'atMostTime' in goal
}

function verdict(met: boolean | null): string {
  return met === true ? 'met' : 'NOT MET'
}

function factor(n: number): string {
  return n < 10 ? n.toFixed(2) : n.toFixed(n < 100 ? 1 : 0)
}

function short(n: number): string {
  if (n >= 1e6) return `${(n / 1e6).toFixed(2)} M`
  if (n >= 1e4) return `${(n / 1e3).toFixed(0)} k`
  return n >= 100 ? n.toFixed(0) : String(Number(n.toFixed(1)))
}
