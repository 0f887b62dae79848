import type { PageHistory, Page } from '../page.ts'
import type { Cursor } from './cursor.ts'
import { el } from './dom.ts'

interface Cell {
  readonly value: string
  /** What happened to it in this very row. */
  readonly now: 'write' | 'read' | ''
}

/** What a value held after a row. */
function cellAt(history: PageHistory | undefined, row: number): Cell {
  if (history === undefined) return { value: '', now: '' }
  let low = 0
  let high = history.rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((history.rows[middle] ?? Infinity) <= row) low = middle + 1
    else high = middle
  }
  if (low === 0) return { value: '', now: '' }
  let now: Cell['now'] = ''
  for (let i = low - 1; history.rows[i] === row && now !== 'write'; i--) now = history.writes[i] === true ? 'write' : 'read'
  return { value: history.values[low - 1] ?? '', now }
}

/** The shared values at the cursor, those of the neighbour beside them. */
export function values(page: Page, cursor: Cursor): HTMLElement | null {
  const failing = new Map(page.failing.histories.map((h) => [h.name, h]))
  const passing = new Map(page.passing?.histories.map((h) => [h.name, h]))
  const names = [...new Set([...failing.keys(), ...passing.keys()])]
  if (names.length === 0) return null
  const two = page.passing !== undefined
  const rows = names.map((name) => {
    const cells = two ? [el('td', {}), el('td', {})] : [el('td', {})]
    return { name, cells, row: el('tr', {}, el('th', { scope: 'row' }, name), ...cells) }
  })
  cursor.watch((at) => {
    for (const { name, cells } of rows) {
      for (const [i, td] of cells.entries()) fill(td, cellAt((i === 0 ? failing : passing).get(name), at))
      const [a, b] = cells
      const differ = a !== undefined && b !== undefined && a.dataset['value'] !== b.dataset['value']
      for (const td of cells) td.classList.toggle('differs', differ)
    }
  })
  const heads = two ? ['value', 'failing', 'passing'] : ['value', 'at this step']
  return el(
    'section',
    { class: 'card values', 'aria-label': 'Shared values' },
    el('h2', {}, 'Shared values'),
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, ...heads.map((h) => el('th', { scope: 'col' }, h)))),
      el('tbody', {}, ...rows.map((r) => r.row)),
    ),
  )
}

function fill(td: HTMLElement, { value, now }: Cell): void {
  td.className = now
  td.dataset['value'] = value
  td.replaceChildren(value === '' ? '–' : value)
  if (now !== '') td.append(el('span', { class: 'badge' }, now === 'write' ? 'written' : 'read'))
}
