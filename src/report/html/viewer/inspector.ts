import { inSeconds } from '../../seconds.ts'
import type { Page, PagePlace, PageSchedule } from '../page.ts'
import type { Cursor } from './cursor.ts'
import { el } from './dom.ts'
import { omittedInWords } from './row-words.ts'
import { wakesOf } from './wakes.ts'

/** The selected step: what it was, what else could have happened there, and its line of code. */
export function inspector(page: Page, cursor: Cursor): HTMLElement {
  const content = el('div', {})
  cursor.watch((row) => content.replaceChildren(...contentOf(page, row, cursor)))
  return el('section', { class: 'card inspector', 'aria-label': 'The selected step' }, content)
}

function contentOf(page: Page, row: number, cursor: Cursor): Node[] {
  const { failing } = page
  const r = failing.rows[row]
  if (r === undefined) return [el('h2', {}, 'The end'), el('p', { class: 'fails' }, failing.end)]
  const parts: Node[] = [
    el('h2', {}, `Step ${r.step}`),
    el('p', { class: 'what' }, el('b', {}, failing.columns[r.column] ?? ''), ' ', el('code', {}, r.text)),
    el('p', { class: 'dim' }, `virtual time ${inSeconds(r.time)}`),
  ]
  if (r.omitted !== undefined) parts.push(el('p', { class: 'dim' }, `⋮ ${omittedInWords(r.omitted)}.`))
  if (r.preemption) parts.push(el('p', { class: 'switch' }, '⇄ A switch: the lane before could have gone on.'))
  if (row === page.differs) parts.push(el('p', { class: 'differs' }, '◆ Here the passing schedule picks otherwise.'))
  parts.push(...wakesOf(failing, row, cursor, (at) => (at === undefined ? '' : (page.places[at]?.short ?? ''))))
  parts.push(optionsOf(failing, row, row === page.differs ? page.other?.pick : undefined))
  parts.push(codeOf(r.place === undefined ? undefined : page.places[r.place]))
  if (page.differs !== undefined && row >= page.differs) parts.push(...meanwhile(page, row))
  return parts
}

/** What the passing schedule does in the same row. */
function meanwhile({ passing, places }: Page, row: number): Node[] {
  if (passing === undefined) return []
  const r = passing.rows[row]
  const head = el('h3', {}, 'Meanwhile in the passing schedule')
  if (r === undefined) return [head, el('p', { class: 'passes' }, passing.end)]
  const what = el('p', { class: 'what' }, el('b', {}, passing.columns[r.column] ?? ''), ' ', el('code', {}, r.text))
  const place = r.place === undefined ? undefined : places[r.place]
  return [head, what, ...(place === undefined ? [] : [codeLines(place)])]
}

/** The options of the choice, the pick marked, and the neighbour's pick where it differs. */
function optionsOf(schedule: PageSchedule, row: number, other: number | undefined): Node {
  const choice = schedule.rows[row]?.choice
  if (choice === undefined) return el('p', { class: 'dim' }, 'No choice: nothing else could happen.')
  const items = choice.options.map((option, i) => {
    const item = el('li', { class: i === choice.pick ? 'picked' : '' }, option === '' ? 'a callback' : option)
    if (i === choice.pick) item.append(el('span', { class: 'badge' }, 'picked'))
    if (i === other) item.append(el('span', { class: 'badge passes' }, 'passes'))
    if (i === 0) item.append(el('span', { class: 'dim' }, ' FIFO'))
    return item
  })
  const left = choice.count - choice.options.length
  if (left > 0) items.push(el('li', { class: 'dim' }, `and ${left} more${choice.pick >= choice.options.length ? ', one of them picked' : ''}`))
  return el('div', {}, el('h3', {}, `Pick ${choice.pick + 1} of ${choice.count}`), el('ol', {}, ...items))
}

/** A line of code, with those around it where they are known. */
export function codeOf(place: PagePlace | undefined): Node {
  if (place === undefined) return el('p', { class: 'dim' }, 'No line of code was recorded for this step.')
  return el('div', {}, el('h3', {}, 'Code'), codeLines(place))
}

function codeLines(place: PagePlace): Node {
  const frame = place.frame === undefined ? [] : [el('pre', { tabindex: 0, 'data-scrolls': '' }, ...linesOf(place.frame))]
  return el('div', { class: 'code' }, el('code', { class: 'place', title: place.words }, place.short), ...frame)
}

/** A code frame marks its line with `>`: that one is set off. */
function linesOf(frame: string): Node[] {
  return frame.split('\n').map((line) => el('span', { class: line.startsWith('>') ? 'line here' : 'line' }, `${line}\n`))
}
