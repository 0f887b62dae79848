import type { Figure, Result, RivalFigure } from './measure.ts'

/** A row as text: our figure, a line for each rival, and what it means. */
export function render(result: Result): string {
  const lines = [`${result.title} (${result.unit} a second)`, line('heddle', result.ours, ownGoal(result))]
  for (const rival of result.rivals) lines.push(line(rival.name, rival, comparison(rival)))
  lines.push(`  → ${result.meaning}`)
  return lines.join('\n')
}

function line(name: string, f: Figure, note: string): string {
  const range = `(${rate(f.min)} … ${rate(f.max)})`
  return `  ${name.padEnd(34)} ${rate(f.median).padStart(8)}  ${range.padEnd(21)} ${note}`.trimEnd()
}

function ownGoal(result: Result): string {
  return result.goalRate === null ? '' : `goal at least ${rate(result.goalRate)}: ${verdict(result.goalRateMet)}`
}

function comparison({ ratio, goal, met }: RivalFigure): string {
  const times = ratio.toFixed(ratio < 10 ? 2 : 1)
  if (goal === null) return `heddle's rate is ${times} times this`
  if ('atMostTime' in goal) return `heddle takes ${times} times its time, goal at most ${goal.atMostTime}: ${verdict(met)}`
  return `heddle's rate is ${times} times this, goal at least ${goal.atLeast}: ${verdict(met)}`
}

function verdict(met: boolean | null): string {
  return met === true ? 'met' : 'NOT MET'
}

function rate(n: number): string {
  if (n >= 1e6) return `${(n / 1e6).toFixed(2)} M`
  return n >= 1e4 ? `${(n / 1e3).toFixed(0)} k` : n.toFixed(0)
}
