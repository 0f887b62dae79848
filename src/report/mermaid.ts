import type { FailureFile } from '../explore/failure-file.ts'
import { abridge } from './abridge.ts'
import { layOut, type Row, rowOf } from './columns.ts'
import { inSeconds } from './seconds.ts'

/** So long may a text be: a diagram is for a page. */
const LONGEST = 60
/** More participants than that no page has room for; the further ones share the last place. */
const MOST = 12

/**
 * A failing schedule as a Mermaid sequence diagram, for an issue or a pull request: a participant a lane, an arrow a
 * step, from the lane that ran before to the lane that runs, dashed where it is a switch. An open arrow is what a step does
 * to let another lane go on later: it releases a lock, say. Long schedules are abridged as in the terminal, and have no open
 * arrows.
 *
 * @example
 * ```ts
 * console.log('```mermaid\n' + mermaid(file) + '```')
 * ```
 */
export function mermaid(file: FailureFile): string {
  const { columns, rows } = layOut(file.failing)
  const shown = abridge(rows)
  const participants = columns.slice(0, MOST)
  if (columns.length > MOST) participants[MOST - 1] = `${columns.length - MOST + 1} others`
  const laneOf = (row: Row): number => Math.min(row.column, MOST - 1)
  const wakes = shown.length < rows.length ? new Map<number, string[]>() : wakesOf(file, rows, laneOf)
  const all = participants.length > 1 ? `L0,L${participants.length - 1}` : 'L0'
  const lines = ['sequenceDiagram', ...participants.map((name, i) => `participant L${i} as ${text(name)}`)]
  let lane: number | undefined
  let time = 0
  for (const row of shown) {
    if (typeof row === 'number') {
      lines.push(`Note over ${all}: … ${row} more ${row === 1 ? 'step' : 'steps'}`)
      continue
    }
    const next = laneOf(row)
    if (row.time !== time) lines.push(`Note over ${all}: ${inSeconds(row.time)}`)
    const name = columns.length > MOST && next === MOST - 1 ? `${columns[row.column]} ` : ''
    const words = `${row.step}. ${name}${row.text}${row.preemption ? ' (switch)' : ''}`
    lines.push(`L${lane ?? next}${row.preemption ? '-->>' : '->>'}L${next}: ${text(words)}`)
    lines.push(...(wakes.get(rows.indexOf(row)) ?? []))
    lane = next
    time = row.time
  }
  const { kind, error } = file
  const verdict = text(`${kind === 'error' ? '' : `${kind}: `}${error.name}: ${error.message}`)
  if (participants.length > 0) lines.push(`Note over ${all}: ${verdict}`)
  return `${lines.map((line, i) => (i === 0 ? line : `  ${line}`)).join('\n')}\n`
}

/** By row, what its step does that lets other lanes go on later. That a task starts is seen without, and who comes next too. */
function wakesOf(file: FailureFile, rows: readonly Row[], laneOf: (row: Row) => number): Map<number, string[]> {
  const lines = new Map<number, string[]>()
  for (const w of file.failing.wakes ?? []) {
    const by = rowOf(rows, w.by)
    const row = rowOf(rows, w.entry)
    const [from, to] = [rows[by], rows[row]]
    if (row === by + 1 || from === undefined || to === undefined || to.text === 'start' || laneOf(from) === laneOf(to)) continue
    lines.set(by, [...(lines.get(by) ?? []), `L${laneOf(from)}-)L${laneOf(to)}: ${text(`${w.how} (${to.step})`)}`])
  }
  return lines
}

/**
 * One line without anything that means something to Mermaid or to the HTML it makes: all but letters, digits, spaces
 * and a few harmless signs becomes a numeric entity, which it writes `#59;`.
 */
function text(raw: string): string {
  const flat = Array.from(raw.replaceAll(/[\s\p{C}]+/gu, ' ').trim())
  const short = flat.length > LONGEST ? [...flat.slice(0, LONGEST - 1), '…'] : flat
  const escaped = short.map((c) => (/[\p{L}\p{M}\p{N} .,()/_…·'!?=*-]/u.test(c) ? c : `#${c.codePointAt(0) ?? 0};`)).join('')
  // A word of Mermaid's own that would end the statement.
  return escaped === '' ? '#32;' : escaped.replaceAll(/\bend\b/gi, (word) => `#${word.charCodeAt(0)};${word.slice(1)}`)
}
