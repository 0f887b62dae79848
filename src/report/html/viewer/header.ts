import type { Page } from '../page.ts'
import { el } from './dom.ts'

/** What failed, how it was found, and how to see it again. */
export function header(page: Page, controls: readonly HTMLElement[]): HTMLElement {
  const [first = '', ...rest] = page.error.split('\n')
  const said = el('span', { class: 'said', role: 'status' })
  const parts: Node[] = [
    el('div', { class: 'bar' }, el('span', { class: 'brand' }, 'Heddle'), el('span', { class: `kind ${page.kind}` }, page.kind), el('span', { class: 'name' }, page.name), ...controls),
    el('h1', {}, first),
    ...(rest.length === 0 ? [] : [el('p', { class: 'rest', tabindex: 0, 'data-scrolls': '' }, rest.join('\n'))]),
    el('p', { class: 'dim facts' }, page.facts.join(' · ')),
    copyable('token', page.token, said),
    copyable('replay', page.replay, said),
    said,
  ]
  if (page.stack !== undefined) {
    parts.push(el('details', {}, el('summary', {}, 'Stack'), el('pre', { tabindex: 0, 'data-scrolls': '' }, page.stack)))
  }
  return el('header', {}, ...parts)
}

function copyable(label: string, text: string, said: HTMLElement): HTMLElement {
  const code = el('code', {}, text)
  const button = el('button', { type: 'button', 'aria-label': `Copy the ${label}` }, 'copy')
  button.addEventListener('click', () => void copy(text, code).then((done) => (said.textContent = `${label} ${done}`)))
  return el('div', { class: `copyable ${label}` }, el('span', { class: 'dim' }, label), code, button)
}

/** A page from a disk may have no clipboard: then the text is selected, for the user to copy. */
async function copy(text: string, code: HTMLElement): Promise<string> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    getSelection()?.selectAllChildren(code)
    return 'selected: copy it with the keyboard'
  }
}
