import type { PageSchedule, PageWake } from '../page.ts'
import type { Cursor } from './cursor.ts'
import { el, svg } from './dom.ts'

/** So many of the steps that one has made ready are listed. */
const MOST = 20
/** So many arrows lead from a step, to those that run first: more would hide what is under them. */
const ARROWS = 5

const known = new WeakMap<PageSchedule, ReadonlyMap<number, readonly number[]>>()

/** The rows that a row has made ready. */
export function rowsWokenBy(schedule: PageSchedule, row: number): readonly number[] {
  let index = known.get(schedule)
  if (index === undefined) known.set(schedule, (index = indexOf(schedule)))
  return index.get(row) ?? []
}

function indexOf({ rows }: PageSchedule): Map<number, number[]> {
  const index = new Map<number, number[]>()
  for (const [i, r] of rows.entries()) {
    for (const { by } of r.wakes ?? []) {
      const woken = index.get(by)
      if (woken === undefined) index.set(by, [i])
      else woken.push(i)
    }
  }
  return index
}

/** "step 9: load releases Lock 'a'" */
export function wakeInWords({ rows, columns }: PageSchedule, { by, how }: PageWake): string {
  const r = rows[by]
  return r === undefined ? how : `step ${r.step}: ${columns[r.column] ?? ''} ${how}`
}

/** For the inspector: which step made this one ready, and which ones it has made ready. */
export function wakesOf(schedule: PageSchedule, row: number, cursor: Cursor, place: (at: number | undefined) => string): Node[] {
  const go = (to: number, words: string): HTMLElement => {
    const button = el('button', { type: 'button', class: 'link' }, words)
    button.addEventListener('click', () => cursor.moveTo(to))
    return button
  }
  const parts: Node[] = (schedule.rows[row]?.wakes ?? []).map((w) => {
    const at = place(w.place)
    return el('p', { class: 'woken' }, 'Made ready by ', go(w.by, wakeInWords(schedule, w)), ...(at === '' ? [] : [' at ', el('code', {}, at)]))
  })
  const woken = rowsWokenBy(schedule, row)
  if (woken.length === 0) return parts
  const steps = woken.slice(0, MOST).flatMap((to, i) => {
    const r = schedule.rows[to]
    return r === undefined ? [] : [i === 0 ? '' : ', ', go(to, `step ${r.step} (${schedule.columns[r.column] ?? ''})`)]
  })
  const left = woken.length - MOST
  return [...parts, el('p', { class: 'wakes' }, 'Makes ready ', ...steps, ...(left > 0 ? [` and ${left} more`] : []))]
}

/** Where the box of a row is drawn. */
export interface Box {
  readonly left: number
  readonly right: number
  readonly middle: number
}

/** The arrows to and from a row. */
export function wakeArrows(schedule: PageSchedule, row: number, boxOf: (row: number) => Box, marker: string): SVGElement[] {
  const arrow = (from: number, to: number, name: string): SVGElement =>
    svg('path', { class: name, d: pathOf(boxOf(from), boxOf(to)), 'marker-end': `url(#${marker})`, 'data-from': from, 'data-to': to })
  const into = (schedule.rows[row]?.wakes ?? []).map((w) => arrow(w.by, row, 'in'))
  return [...into, ...rowsWokenBy(schedule, row).slice(0, ARROWS).map((to) => arrow(row, to, 'out'))]
}

/** From the side of one box to the side of the other, bent. */
function pathOf(from: Box, to: Box): string {
  if (to.left > from.right) return curve(from.right, from.middle, to.left - 2, to.middle, 1, 1)
  if (to.right < from.left) return curve(from.left, from.middle, to.right + 2, to.middle, -1, -1)
  return curve(from.right, from.middle, to.right + 2, to.middle, 1, -1)
}

/** `s0`, `s1`: to which side it leaves, and in which direction it arrives. */
function curve(x0: number, y0: number, x1: number, y1: number, s0: number, s1: number): string {
  const bend = Math.max(18, Math.min(60, Math.abs(x1 - x0) / 2))
  return `M ${x0} ${y0} C ${x0 + s0 * bend} ${y0}, ${x1 - s1 * bend} ${y1}, ${x1} ${y1}`
}

/** The head of the arrows, to be named by its id. */
export function arrowHead(id: string): SVGElement {
  const head = { id, viewBox: '0 0 10 10', refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: 'auto-start-reverse' }
  return svg('defs', {}, svg('marker', head, svg('path', { class: 'wake-head', d: 'M 0 0 L 10 5 L 0 10 z' })))
}
