import type { Trace, TraceStep } from '../explore/trace.ts'

const WIDEST = 28
const LONGEST = 60

/** A schedule as text: a column a task, a line a step, time down the side. `*` marks a switch away from a lane that could go on. */
export function swimlanes(trace: Trace): string {
  const steps = merge(trace.steps)
  const columns = [...new Set(steps.map(column))]
  const cells = steps.map((s) => clip(s.label ?? s.kind, WIDEST))
  const widths = columns.map((c) =>
    Math.max(c.length, ...steps.map((s, i) => (column(s) === c ? (cells[i] as string).length : 0))),
  )
  const lines = [line('step', 'time', columns, widths)]
  for (const [i, s] of steps.entries()) {
    if (i === LONGEST / 2 && steps.length > LONGEST) lines.push(`   … ${steps.length - LONGEST} steps …`)
    if (steps.length > LONGEST && i >= LONGEST / 2 && i < steps.length - LONGEST / 2) continue
    const at = columns.indexOf(column(s))
    lines.push(
      line(
        `${s.preemption ? '*' : ' '}${s.step}`,
        seconds(s.time),
        columns.map((_, c) => (c === at ? (cells[i] as string) : '')),
        widths,
      ),
    )
  }
  if (steps.some((s) => s.preemption)) lines.push('  * a switch: the lane before it could have gone on')
  return lines.join('\n')
}

/** An external's completion and the resumption that follows it at once are one line. */
function merge(steps: readonly TraceStep[]): TraceStep[] {
  const merged: TraceStep[] = []
  for (const s of steps) {
    const before = merged.at(-1)
    if (before?.kind === 'external' && s.kind === 'handle' && s.lane === before.lane && s.choice === undefined) {
      merged[merged.length - 1] = { ...s, step: before.step, choice: before.choice, preemption: before.preemption, label: before.label ?? s.label }
    } else merged.push(s)
  }
  return merged
}

function column(s: TraceStep): string {
  return s.task ?? (s.kind === 'handle' ? 'callbacks' : s.kind)
}

function line(step: string, time: string, cells: readonly string[], widths: readonly number[]): string {
  const row = cells.map((c, i) => c.padEnd(widths[i] as number)).join('  ')
  return `  ${step.padStart(4)}  ${time.padStart(6)}  ${row}`.trimEnd()
}

function seconds(t: number): string {
  return t === 0 ? '0' : `${Number(t.toFixed(6))} s`
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text
}
