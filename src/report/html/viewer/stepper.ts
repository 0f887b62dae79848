import type { Page } from '../page.ts'
import type { Cursor } from './cursor.ts'
import { el, set, svg } from './dom.ts'
import { rowInWords } from './row-words.ts'

/** The slider, its buttons, and the line under it that marks the switches. */
export function stepper(page: Page, cursor: Cursor): HTMLElement {
  const slider = el('input', { type: 'range', min: 0, max: cursor.last, step: 1, 'aria-label': 'Step of the schedule' })
  slider.addEventListener('input', () => cursor.moveTo(Number(slider.value)))
  const words = el('div', { class: 'now' })
  cursor.watch((row) => {
    slider.value = String(row)
    const now = rowInWords(page.failing, row)
    set(slider, { 'aria-valuetext': now })
    words.textContent = now
  })
  return el(
    'nav',
    { class: 'stepper', 'aria-label': 'Steps' },
    button('|◀', 'First step (Home)', () => cursor.moveTo(0)),
    button('◀', 'Step back (Left)', () => cursor.moveTo(cursor.row - 1)),
    button('▶', 'Step forward (Right)', () => cursor.moveTo(cursor.row + 1)),
    button('▶|', 'The end (End)', () => cursor.moveTo(cursor.last)),
    button('⇄', 'Next switch (n)', () => cursor.moveTo(nextSwitch(page, cursor.row))),
    el('div', { class: 'track' }, slider, marks(page, cursor.last)),
    words,
  )
}

/** The next row that is a switch, round to the first one; the row itself if there is none. */
export function nextSwitch(page: Page, row: number, direction: 1 | -1 = 1): number {
  const { rows } = page.failing
  const n = rows.length + 1
  for (let i = 1; i <= n; i++) {
    const at = (((row + direction * i) % n) + n) % n
    if (rows[at]?.preemption === true) return at
  }
  return row
}

function button(sign: string, label: string, action: () => void): HTMLElement {
  const b = el('button', { type: 'button', 'aria-label': label, title: label }, sign)
  b.addEventListener('click', action)
  return b
}

/** One path for all switches, however many there are. */
function marks(page: Page, last: number): SVGElement {
  const switches = page.failing.rows.flatMap((r, i) => (r.preemption ? [`M ${i} 0 V 1`] : []))
  const differs = page.differs === undefined ? '' : `M ${page.differs} 0 V 1`
  return svg(
    'svg',
    { class: 'marks', viewBox: `0 0 ${Math.max(1, last)} 1`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('path', { class: 'switch', d: switches.join(' ') }),
    svg('path', { class: 'differs', d: differs }),
  )
}
