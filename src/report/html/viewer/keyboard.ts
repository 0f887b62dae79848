import type { Page } from '../page.ts'
import type { Cursor } from './cursor.ts'
import { nextSwitch } from './stepper.ts'

const PAGE = 10

/** The keys of the whole page. What scrolls by itself keeps its own. */
export function listenToKeys(page: Page, cursor: Cursor, theme: HTMLElement, help: HTMLDialogElement): void {
  const moves: Readonly<Record<string, () => number>> = {
    ArrowRight: () => cursor.row + 1,
    ArrowDown: () => cursor.row + 1,
    ArrowLeft: () => cursor.row - 1,
    ArrowUp: () => cursor.row - 1,
    PageDown: () => cursor.row + PAGE,
    PageUp: () => cursor.row - PAGE,
    Home: () => 0,
    End: () => cursor.last,
    n: () => nextSwitch(page, cursor.row),
    p: () => nextSwitch(page, cursor.row, -1),
    d: () => page.differs ?? cursor.row,
  }
  document.addEventListener('keydown', (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || help.open) return
    if (e.key === '?') help.showModal()
    else if (e.key === 't') theme.click()
    else if (Object.hasOwn(moves, e.key) && !(scrolls(e.target) && e.key.length > 1)) cursor.moveTo(moves[e.key]?.() ?? cursor.row)
    else return
    e.preventDefault()
  })
}

function scrolls(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-scrolls]') !== null
}
