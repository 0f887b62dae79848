import { inSeconds } from '../../seconds.ts'
import type { PageRow, PageSchedule } from '../page.ts'
import type { Cursor } from './cursor.ts'
import { clip, el, set, svg } from './dom.ts'
import { omittedInWords, rowInWords } from './row-words.ts'
import type { Tooltip } from './tooltip.ts'
import { arrowHead, type Box, wakeArrows } from './wakes.ts'

const ROW = 30
const HEAD = 34
const GUTTER = 128
/** The width of a character of the code font at 12px, and the room beside the text in a box. */
const CHARACTER = 7.25
const PADDING = 18
const NARROWEST = 92
/** As narrow as that a lane may become so that all of them fit. */
const SQUEEZED = 72
const WIDEST = 230
/** So many rows are drawn above and below those that can be seen. */
const SPARE = 12
const HUES = 8
/** So many rows beyond the selected one stay in sight. */
const AHEAD = 4
/** So many characters of how it ends are shown in the drawing. */
const END = 60

let count = 0

/** What a row is drawn with, a part in each layer. */
interface Parts {
  readonly cell: SVGElement
  readonly margin: SVGElement
  readonly link: SVGElement
  readonly band: SVGElement
  readonly [layer: string]: SVGElement
}

/**
 * A schedule as a swimlane. Only the rows in sight exist as elements, so that a schedule of any length scrolls and steps
 * at the same cost.
 */
export class Lanes {
  readonly element: HTMLElement
  readonly #schedule: PageSchedule
  readonly #differs: number | undefined
  readonly #cursor: Cursor
  readonly #tooltip: Tooltip
  readonly #id = `lanes-${++count}`
  /** The widths that would show most texts in full. */
  readonly #natural: readonly number[]
  #lefts: readonly number[] = []
  #widths: readonly number[] = []
  readonly #height: number
  readonly #gutter: SVGSVGElement
  readonly #drawing: SVGSVGElement
  readonly #body: HTMLElement
  readonly #rails = svg('g', { class: 'rails' })
  readonly #names: readonly HTMLElement[]
  readonly #bands = svg('g', {})
  readonly #links = svg('g', { class: 'links' })
  readonly #cells = svg('g', {})
  readonly #wakes = svg('g', { class: 'wakes' })
  readonly #drawn = new Map<number, Parts>()
  #selected = -1
  #pointed = -1

  constructor(schedule: PageSchedule, label: string, differs: number | undefined, cursor: Cursor, tooltip: Tooltip) {
    this.#schedule = schedule
    this.#differs = differs
    this.#cursor = cursor
    this.#tooltip = tooltip
    this.#natural = widthsOf(schedule)
    this.#height = (schedule.rows.length + 1) * ROW + 8
    const size = { height: this.#height, role: 'presentation' }
    this.#gutter = svg('svg', { class: 'gutter', width: GUTTER, ...size })
    // From the back to the front.
    this.#drawing = svg('svg', { class: 'drawing', ...size }, arrowHead(`${this.#id}-head`), this.#bands, this.#rails, this.#links, this.#cells, this.#wakes)
    this.#body = el('div', { class: 'lanes-body', role: 'presentation' }, this.#gutter, this.#drawing)
    this.#names = schedule.columns.map((name, i) => el('div', { class: `lane-name hue-${i % HUES}`, title: name }, name))
    const gutter = el('div', { class: 'gutter-name' }, 'step', el('span', {}, 'time'))
    const head = el('div', { class: 'lanes-head', 'aria-hidden': 'true' }, gutter, ...this.#names)
    const list = { role: 'listbox', tabindex: 0, 'aria-label': label, id: this.#id }
    this.element = el('div', { class: 'lanes', ...list }, head, this.#body)
    this.element.addEventListener('scroll', () => this.draw(), { passive: true })
    this.#listen(this.#body)
    this.#fit(Infinity)
    new ResizeObserver(() => {
      this.#fit(this.element.clientWidth - GUTTER)
      this.#bringIntoSight(this.#selected)
      this.draw()
    }).observe(this.element)
    cursor.watch((row) => this.#select(row))
  }

  /** Draws the rows in sight, and forgets the others. */
  draw(): void {
    const top = this.element.scrollTop
    const from = Math.max(0, Math.floor(top / ROW) - SPARE)
    const to = Math.min(this.#schedule.rows.length, Math.ceil((top + this.element.clientHeight) / ROW) + SPARE)
    for (const [row, parts] of this.#drawn) {
      if (row >= from && row <= to) continue
      for (const part of Object.values(parts)) part.remove()
      this.#drawn.delete(row)
    }
    for (let row = from; row <= to; row++) if (!this.#drawn.has(row)) this.#add(row)
  }

  /** Gives every lane its width: narrower than it would like to be, where that brings all of them into sight. */
  #fit(room: number): void {
    const wish = this.#natural.reduce((a, b) => a + b, 0)
    const squeeze = Math.min(1, room / wish)
    const widths = this.#natural.map((w) => Math.max(SQUEEZED, Math.floor(w * squeeze)))
    if (widths.every((w, i) => w === this.#widths[i])) return
    let width = 0
    this.#widths = widths
    this.#lefts = widths.map((w) => (width += w) - w)
    const least = room === Infinity ? 0 : Math.min(room, Math.min(END, this.#schedule.end.length) * CHARACTER + 34)
    set(this.#drawing, { width: Math.max(width, least) })
    this.#body.style.width = `${width + GUTTER}px`
    for (const [i, name] of this.#names.entries()) name.style.width = `${widths[i] ?? NARROWEST}px`
    this.#rails.replaceChildren(...widths.map((_, i) => svg('path', { d: `M ${this.#middle(i)} 0 V ${this.#height}` })))
    for (const parts of this.#drawn.values()) for (const part of Object.values(parts)) part.remove()
    this.#drawn.clear()
    this.#drawWakes()
  }

  /** Who made the selected step ready, and whom it makes so; and the same of the one under the pointer. */
  #drawWakes(): void {
    const rows = [...new Set([this.#selected, this.#pointed])]
    this.#wakes.replaceChildren(...rows.flatMap((row) => wakeArrows(this.#schedule, row, (r) => this.#boxOf(r), `${this.#id}-head`)))
  }

  #boxOf(row: number): Box {
    const column = this.#schedule.rows[row]?.column ?? 0
    const left = (this.#lefts[column] ?? 0) + 5
    return { left, right: left + (this.#widths[column] ?? NARROWEST) - 10, middle: row * ROW + ROW / 2 }
  }

  #point(row: number): void {
    if (row === this.#pointed) return
    this.#pointed = row
    this.#drawWakes()
  }

  #middle(column: number): number {
    return (this.#lefts[column] ?? 0) + (this.#widths[column] ?? 0) / 2
  }

  #add(row: number): void {
    const r = this.#schedule.rows[row]
    const parts = r === undefined ? this.#endParts(row) : this.#rowParts(row, r)
    this.#cells.append(parts.cell)
    this.#gutter.append(parts.margin)
    this.#links.append(parts.link)
    this.#bands.append(parts.band)
    this.#drawn.set(row, parts)
    if (row === this.#selected) this.#mark(row, true)
  }

  #rowParts(row: number, r: PageRow): Parts {
    const y = row * ROW
    const left = this.#lefts[r.column] ?? 0
    const width = (this.#widths[r.column] ?? NARROWEST) - 10
    const characters = Math.floor((width - PADDING + 4) / CHARACTER)
    const differs = row === this.#differs
    const classes = ['row', `hue-${r.column % HUES}`]
    if (r.preemption) classes.push('switch')
    if (differs) classes.push('differs')
    if (r.repeated === true) classes.push('repeated')
    const cell = svg(
      'g',
      { ...this.#option(row), class: classes.join(' ') },
      svg('rect', { class: 'hit', x: 0, y, width: '100%', height: ROW }),
      svg('rect', { class: 'box', x: left + 5, y: y + 4, width, height: ROW - 8, rx: 5 }),
      svg('text', { x: left + 5 + width / 2, y: y + ROW / 2 + 4, 'text-anchor': 'middle' }, clip(r.text, characters)),
    )
    const margin = svg(
      'g',
      { class: classes.join(' '), 'data-row': row },
      svg('rect', { class: 'band', x: 0, y, width: GUTTER, height: ROW }),
      svg('text', { class: 'mark', x: 8, y: y + ROW / 2 + 4 }, `${differs ? '◆' : ''}${r.preemption ? '⇄' : ''}${r.repeated === true ? '↻' : ''}${r.omitted === undefined ? '' : '⋮'}`),
      svg('text', { class: 'number', x: 58, y: y + ROW / 2 + 4, 'text-anchor': 'end' }, String(r.step)),
      svg('text', { class: 'time', x: 120, y: y + ROW / 2 + 4, 'text-anchor': 'end' }, clip(inSeconds(r.time), 8)),
    )
    return { cell, margin, link: this.#link(row, r), band: band(row) }
  }

  /** From the row before to this one; bent where the lane changes, broken where steps were left out. */
  #link(row: number, r: PageRow): SVGElement {
    const before = this.#schedule.rows[row - 1]
    if (before === undefined) return svg('g', {})
    const from = { x: this.#middle(before.column), y: row * ROW - ROW / 2 }
    const to = { x: this.#middle(r.column), y: row * ROW + ROW / 2 }
    const d =
      from.x === to.x
        ? `M ${from.x} ${from.y} V ${to.y}`
        : elbow(from.x, from.y, to.x, to.y)
    const line = svg('path', { class: r.omitted !== undefined ? 'omitted' : r.preemption ? 'switch' : '', d })
    if (r.omitted === undefined) return line
    const right = (this.#lefts.at(-1) ?? 0) + (this.#widths.at(-1) ?? 0)
    return svg('g', {}, line, svg('text', { class: 'omitted', x: right + 8, y: row * ROW + 4 }, omittedInWords(r.omitted)))
  }

  #endParts(row: number): Parts {
    const y = row * ROW
    const passes = this.#schedule.end === 'passes'
    const classes = `row end ${passes ? 'passes' : 'fails'}`
    const cell = svg(
      'g',
      { ...this.#option(row), class: classes },
      svg('rect', { class: 'hit', x: 0, y, width: '100%', height: ROW }),
      svg('text', { x: 6, y: y + ROW / 2 + 5 }, `${passes ? '✓' : '✗'} ${clip(this.#schedule.end, this.#charactersOfEnd())}`),
    )
    const margin = svg(
      'g',
      { class: classes, 'data-row': row },
      svg('rect', { class: 'band', x: 0, y, width: GUTTER, height: ROW }),
      svg('text', { class: 'number', x: 58, y: y + ROW / 2 + 4, 'text-anchor': 'end' }, 'end'),
    )
    return { cell, margin, link: svg('g', {}), band: band(row) }
  }

  /** What is not in sight of how it ends is said at the top of the page. */
  #charactersOfEnd(): number {
    const width = (this.#lefts.at(-1) ?? 0) + (this.#widths.at(-1) ?? 0)
    const room = Math.max(width, this.element.clientWidth - GUTTER)
    return Math.max(12, Math.min(END, Math.floor((room - 34) / CHARACTER)))
  }

  #option(row: number): Record<string, string | number> {
    return {
      id: `${this.#id}-${row}`,
      role: 'option',
      'data-row': row,
      'aria-selected': 'false',
      'aria-posinset': row + 1,
      'aria-setsize': this.#schedule.rows.length + 1,
      'aria-label': rowInWords(this.#schedule, row),
    }
  }

  #mark(row: number, selected: boolean): void {
    const parts = this.#drawn.get(row)
    if (parts === undefined) return
    for (const part of Object.values(parts)) part.classList.toggle('selected', selected)
    set(parts.cell, { 'aria-selected': String(selected) })
  }

  #select(row: number): void {
    const next = Math.min(row, this.#schedule.rows.length)
    this.#mark(this.#selected, false)
    this.#selected = next
    this.#bringIntoSight(next)
    this.draw()
    this.#mark(next, true)
    this.#drawWakes()
    set(this.element, { 'aria-activedescendant': `${this.#id}-${next}` })
  }

  #bringIntoSight(row: number): void {
    const s = this.element
    const y = row * ROW
    const seen = s.clientHeight - HEAD
    // What comes next and what came before is seen too, where there is room.
    const margin = Math.max(0, Math.min(AHEAD * ROW, (seen - ROW) / 2))
    const above = s.scrollTop + margin - y
    const below = y + ROW + margin - s.scrollTop - seen
    if (seen > 0 && Math.max(above, below) > seen / 2) s.scrollTop = y - seen / 2
    else if (seen > 0 && above > 0) s.scrollTop -= above
    else if (seen > 0 && below > 0) s.scrollTop += below
    const column = this.#schedule.rows[row]?.column
    if (column === undefined) {
      s.scrollLeft = 0
      return
    }
    const left = this.#lefts[column] ?? 0
    const right = left + (this.#widths[column] ?? 0)
    const breadth = s.clientWidth - GUTTER
    if (left < s.scrollLeft) s.scrollLeft = left
    else if (right > s.scrollLeft + breadth) s.scrollLeft = right - breadth
  }

  #listen(body: HTMLElement): void {
    const rowAt = (e: MouseEvent): number => Math.floor((e.clientY - body.getBoundingClientRect().top) / ROW)
    body.addEventListener('click', (e) => {
      this.#cursor.moveTo(Math.min(rowAt(e), this.#schedule.rows.length))
    })
    body.addEventListener('mousemove', (e) => {
      this.#point(rowAt(e))
      this.#tooltip.show(this.#schedule, rowAt(e), e)
    })
    body.addEventListener('mouseleave', () => {
      this.#point(-1)
      this.#tooltip.hide()
    })
  }
}

function band(row: number): SVGElement {
  return svg('rect', { class: 'band', x: 0, y: row * ROW, width: '100%', height: ROW })
}

/** Down, across between the two rows, down, with round corners. */
function elbow(x0: number, y0: number, x1: number, y1: number): string {
  const y = (y0 + y1) / 2
  const r = 4
  const s = Math.sign(x1 - x0) * r
  return `M ${x0} ${y0} V ${y - r} Q ${x0} ${y} ${x0 + s} ${y} H ${x1 - s} Q ${x1} ${y} ${x1} ${y + r} V ${y1}`
}

function widthsOf({ columns, rows }: PageSchedule): number[] {
  const longest = columns.map((name) => name.length + 1)
  for (const r of rows) longest[r.column] = Math.max(longest[r.column] ?? 0, r.text.length)
  return longest.map((n) => Math.round(Math.min(WIDEST, Math.max(NARROWEST, n * CHARACTER + PADDING + 10))))
}
