import type { Page, PageSchedule } from '../page.ts'
import { Cursor } from './cursor.ts'
import { el } from './dom.ts'
import { header } from './header.ts'
import { helpDialog } from './help.ts'
import { inspector } from './inspector.ts'
import { listenToKeys } from './keyboard.ts'
import { Lanes } from './lanes.ts'
import { stepper } from './stepper.ts'
import { themeToggle } from './theme.ts'
import { Tooltip } from './tooltip.ts'
import { values } from './values.ts'
import { waits } from './wait-graph-view.ts'

function show(page: Page): void {
  document.title = `${page.error} – Heddle`
  const { failing, passing } = page
  const cursor = new Cursor(Math.max(failing.rows.length, passing?.rows.length ?? 0))
  const tooltip = new Tooltip(page)
  const theme = themeToggle()
  const help = helpDialog()
  const helpButton = el('button', { type: 'button', 'aria-label': 'Help (?)', title: 'Help (?)' }, '?')
  helpButton.addEventListener('click', () => help.showModal())

  const lanes: Lanes[] = []
  const panel = (schedule: PageSchedule, title: string, differs: number | undefined): HTMLElement => {
    const drawn = new Lanes(schedule, title, differs, cursor, tooltip)
    lanes.push(drawn)
    return el('section', { class: 'card schedule', 'aria-label': title }, el('h2', {}, title), drawn.element)
  }
  const panels = [panel(failing, 'The failing schedule', page.differs)]
  if (passing !== undefined) panels.push(panel(passing, 'The nearest that passes', page.other?.row))
  const side = el('div', { class: 'side' }, ...present(values(page, cursor)), inspector(page, cursor))
  document.body.append(
    header(page, [theme, helpButton]),
    stepper(page, cursor),
    el('main', { class: panels.length > 1 ? 'two' : 'one' }, ...present(waits(page)), ...present(difference(page, cursor)), ...panels, side),
    tooltip.element,
    help,
  )
  scrollTogether(lanes)
  listenToKeys(page, cursor, theme, help)
  cursor.moveTo(page.begin)
}

/** The one pick that matters, as a button that goes to it. */
function difference(page: Page, cursor: Cursor): HTMLElement | null {
  if (page.difference === undefined) return null
  const go = el('button', { type: 'button', title: 'To the pick that differs (d)' }, '◆ to the pick')
  go.addEventListener('click', () => cursor.moveTo(page.differs ?? cursor.row))
  return el('p', { class: 'card difference' }, el('span', {}, page.difference), go)
}

function present<T>(value: T | null): T[] {
  return value === null ? [] : [value]
}

/** Two schedules side by side are read row by row: the one under the pointer takes the other along. */
function scrollTogether(lanes: readonly Lanes[]): void {
  for (const one of lanes) {
    one.element.addEventListener(
      'scroll',
      () => {
        if (!one.element.matches(':hover')) return
        for (const other of lanes) if (other !== one) other.element.scrollTop = one.element.scrollTop
      },
      { passive: true },
    )
  }
}

const page: Page = JSON.parse(document.getElementById('page')?.textContent ?? '')
show(page)
