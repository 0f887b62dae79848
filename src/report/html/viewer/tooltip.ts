import { inSeconds } from '../../seconds.ts'
import type { Page, PageSchedule } from '../page.ts'
import { el } from './dom.ts'
import { choiceInWords } from './row-words.ts'
import { rowsWokenBy, wakeInWords } from './wakes.ts'

/** What a row hides because it is small: shown beside the pointer. Everything in it is in the inspector too. */
export class Tooltip {
  readonly element = el('div', { class: 'tooltip', role: 'tooltip', hidden: '' })
  readonly #page: Page
  #shown: unknown

  constructor(page: Page) {
    this.#page = page
  }

  show(schedule: PageSchedule, row: number, at: { readonly clientX: number; readonly clientY: number }): void {
    const r = schedule.rows[row]
    if (r === undefined) {
      this.hide()
      return
    }
    if (this.#shown !== r) this.#fill(schedule, row)
    this.#shown = r
    this.element.hidden = false
    const { offsetWidth, offsetHeight } = this.element
    const x = Math.min(at.clientX + 14, window.innerWidth - offsetWidth - 8)
    const y = at.clientY + 18 + offsetHeight > window.innerHeight ? at.clientY - offsetHeight - 10 : at.clientY + 18
    this.element.style.transform = `translate(${Math.max(4, x)}px, ${Math.max(4, y)}px)`
  }

  hide(): void {
    this.element.hidden = true
    this.#shown = undefined
  }

  #fill(schedule: PageSchedule, row: number): void {
    const r = schedule.rows[row]
    if (r === undefined) return
    const place = r.place === undefined ? undefined : this.#page.places[r.place]?.short
    const lines = [
      el('strong', {}, r.text),
      el('span', {}, `step ${r.step} · ${inSeconds(r.time)} · ${schedule.columns[r.column] ?? ''}`),
      el('span', {}, choiceInWords(schedule, row)),
    ]
    for (const wake of r.wakes ?? []) lines.push(el('span', {}, `made ready by ${wakeInWords(schedule, wake)}`))
    const woken = rowsWokenBy(schedule, row).slice(0, 4).flatMap((to) => schedule.rows[to]?.step ?? [])
    if (woken.length > 0) lines.push(el('span', {}, `makes ready step ${woken.join(', ')}`))
    if (r.preemption) lines.push(el('span', { class: 'switch' }, 'a switch: the lane before could have gone on'))
    if (place !== undefined) lines.push(el('code', {}, place))
    this.element.replaceChildren(...lines)
  }
}
