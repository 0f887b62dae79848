import { el } from './dom.ts'

const KEYS: readonly (readonly [string, string])[] = [
  ['→ ↓', 'one step forward'],
  ['← ↑', 'one step back'],
  ['PageDown, PageUp', 'ten steps forward, back'],
  ['Home, End', 'the first step, the end'],
  ['n, p', 'the next switch, the one before'],
  ['d', 'the pick that the passing schedule makes otherwise'],
  ['t', 'dark or light'],
  ['?', 'this help; Escape closes it'],
]

const SIGNS: readonly (readonly [string, string])[] = [
  ['⇄', 'a switch: the schedule leaves a lane that could have gone on'],
  ['◆', 'the pick in which the passing schedule differs'],
  ['↻', 'a stretch that is repeated without an end'],
  ['⤳', 'arrows at the selected step and under the pointer: which step made it ready, and (dashed) which ones it makes ready'],
  ['⋮', 'steps before this one were not kept'],
]

/** The keys and the signs, in a dialog. */
export function helpDialog(): HTMLDialogElement {
  const list = (pairs: typeof KEYS): HTMLElement =>
    el('table', {}, el('tbody', {}, ...pairs.map(([k, v]) => el('tr', {}, el('th', { scope: 'row' }, k), el('td', {}, v)))))
  const close = el('button', { type: 'button' }, 'Close')
  const dialog = el(
    'dialog',
    { 'aria-label': 'Help' },
    el('h2', {}, 'Keys'),
    list(KEYS),
    el('h2', {}, 'Signs'),
    list(SIGNS),
    el('p', { class: 'dim' }, 'A column is a task, or a further chain of waits within one; a row is a step; a box names what the step had waited for.'),
    close,
  )
  close.addEventListener('click', () => dialog.close())
  return dialog
}
