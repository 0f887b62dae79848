import type { RepeatRecord, ValueRecord } from '../explore/failure-file.ts'
import type { Trace } from '../explore/trace.ts'
import { abridge } from './abridge.ts'
import { layOut, type Row, rowOf, type Table } from './columns.ts'
import { repetitionIn } from './repetition.ts'
import { inSeconds } from './seconds.ts'
import { type Paints, paints, plainStyle, type Style } from './style.ts'
import { clip, pad, widthOf, wrap } from './text-width.ts'

/** How long a cell may be: the first that fits. */
const CELLS = [40, 28, 20, 14]
/** What stands before the first cell, the step and the time, where no time is longer than this. */
const BEFORE = 16
const TIME = 6

type Paint = (text: string) => string

/** Widths, and how to paint a cell of each column. */
interface Layout {
  readonly columns: number
  /** How wide the times are. */
  readonly time: number
  readonly lanes: readonly Paint[]
  readonly paint: Paints
}

/**
 * A schedule as text: a column a lane, a line a step, time down the side. `*` marks a switch away from a lane that
 * could go on. Where there are too many lanes for the terminal, each line says its lane instead. No line is wider than
 * the style allows.
 */
export function swimlanes(
  trace: Trace & { readonly values?: readonly ValueRecord[]; readonly repeats?: RepeatRecord | undefined },
  style: Style = {},
): string {
  const { columns, colours } = { ...plainStyle(), ...style }
  const paint = paints(colours)
  const table = layOut(trace)
  const shown = abridge(withValues(table.rows, trace.values ?? []), repetitionIn(trace.steps, table.rows, trace.repeats))
  const time = Math.max(TIME, ...shown.map((r) => (typeof r === 'number' ? 0 : inSeconds(r.time).length)))
  const layout: Layout = { columns, time, paint, lanes: [paint.cyan, paint.magenta, paint.yellow, paint.green, paint.blue] }
  return [...(inColumns(table, shown, layout) ?? asList(table, shown, layout)), ...wrap(legend(shown), columns, 0).map(paint.dim)].join('\n')
}

/** Each row with what its step has written, as it was in the end. */
function withValues(rows: readonly Row[], values: readonly ValueRecord[]): Row[] {
  const written = new Map<number, Map<string, string>>()
  for (const { entry, name, kind, value } of values) {
    if (kind !== 'write') continue
    const row = rowOf(rows, entry)
    const all = written.get(row) ?? new Map<string, string>()
    written.set(row, all.set(name, value))
  }
  return rows.map((r, i) => {
    const all = [...(written.get(i) ?? [])].map(([name, value]) => `${name} = ${value}`)
    return all.length === 0 ? r : { ...r, text: `${r.text}; ${all.join(', ')}` }
  })
}

/** Null if it does not fit. */
function inColumns(table: Table, shown: readonly (Row | number)[], layout: Layout): string[] | null {
  const rows = shown.filter((r) => typeof r !== 'number')
  const used = [...table.columns.keys()].filter((c) => rows.some((r) => r.column === c))
  for (const cell of CELLS) {
    const names = used.map((c) => clip(table.columns[c] as string, cell))
    const widths = used.map((c, i) => {
      const cells = rows.filter((r) => r.column === c).map((r) => widthOf(clip(r.text, cell)))
      return Math.max(...cells, widthOf(names[i] as string))
    })
    if (widths.reduce((sum, w) => sum + w + 2, before(layout) - 2) > layout.columns) continue
    const paintOf = (i: number): Paint => layout.lanes[i % layout.lanes.length] as Paint
    const cells = (texts: readonly string[]): string =>
      texts.map((t, i) => (t === '' ? '' : paintOf(i)(t)) + pad('', (widths[i] as number) - widthOf(t))).join('  ')
    return [
      line('step', 'time', cells(names), layout),
      ...shown.map((r) => {
        if (typeof r === 'number') return gap(r, layout)
        return rowLine(r, cells(used.map((c) => (c === r.column ? clip(r.text, cell) : ''))), layout)
      }),
    ]
  }
  return null
}

function asList(table: Table, shown: readonly (Row | number)[], layout: Layout): string[] {
  const room = layout.columns - before(layout)
  const names = shown.map((r) => (typeof r === 'number' ? '' : clip(table.columns[r.column] as string, Math.min(28, room >> 1))))
  const width = Math.max('lane'.length, ...names.map((n) => widthOf(n)))
  return [
    line('step', 'time', 'lane', layout),
    ...shown.map((r, i) => {
      if (typeof r === 'number') return gap(r, layout)
      const paint = layout.lanes[r.column % layout.lanes.length] as Paint
      return rowLine(r, `${paint(names[i] as string)}${pad('', width - widthOf(names[i] as string))}  ${clip(r.text, Math.min(50, room - width - 2))}`, layout)
    }),
  ]
}

function legend(shown: readonly (Row | number)[]): string {
  const cells = '  a cell names what its step had waited for'
  if (!shown.some((r) => typeof r !== 'number' && r.preemption)) return cells
  return `${cells}; * a switch: the lane before could have gone on`
}

function gap(n: number, { paint }: Layout): string {
  return paint.dim(`     … ${n} more ${n === 1 ? 'step' : 'steps'}`)
}

function before({ time }: Layout): number {
  return BEFORE - TIME + time
}

function rowLine(r: Row, cells: string, layout: Layout): string {
  const { paint } = layout
  const step = `${r.preemption ? '*' : ''}${r.step}`
  const time = r.time === 0 ? '0' : inSeconds(r.time)
  return line(r.preemption ? paint.red(paint.bold(step.padStart(4))) : step, time, cells, layout)
}

function line(step: string, time: string, cells: string, layout: Layout): string {
  return `  ${step.padStart(4)}  ${time.padStart(layout.time)}  ${cells}`.trimEnd()
}
