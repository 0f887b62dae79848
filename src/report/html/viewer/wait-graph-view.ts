import type { Graph, Page } from '../page.ts'
import { el, svg } from './dom.ts'
import { codeOf } from './inspector.ts'

/** Who waits for whom: as a picture, and as a table that says the same and more. */
export function waits(page: Page): HTMLElement | null {
  const { graph } = page
  if (graph === undefined) return null
  const parts: Node[] = [el('h2', {}, 'Who waits for whom')]
  if (page.cycle !== undefined) parts.push(el('p', { class: 'fails' }, page.cycle))
  const left = graph.left === 0 ? [] : [el('p', { class: 'dim' }, `${graph.left} more tasks are in the table only.`)]
  parts.push(
    el(
      'div',
      { class: 'waits-body' },
      el('div', { class: 'graph', tabindex: 0, 'data-scrolls': '', role: 'region', 'aria-label': 'Wait-for graph' }, draw(graph), ...left),
      el('div', { class: 'wait-table', tabindex: 0, 'data-scrolls': '', role: 'region', 'aria-label': 'Waiting tasks' }, ...table(page)),
    ),
  )
  return el('section', { class: 'card waits', 'aria-label': 'Who waits for whom' }, ...parts)
}

function draw(graph: Graph): SVGElement {
  const heads = ['plain', 'cycle'].map((kind) =>
    svg(
      'marker',
      { id: `head-${kind}`, viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, orient: 'auto', markerUnits: 'userSpaceOnUse' },
      svg('path', { class: kind, d: 'M 0 0 L 8 4 L 0 8 z' }),
    ),
  )
  const edges = graph.edges.map((e) => {
    const kind = e.cycle ? 'cycle' : 'plain'
    return svg('path', { class: `edge ${kind}`, d: e.path, 'marker-end': `url(#head-${kind})` }, svg('title', {}, `${e.from} waits for ${e.to}`))
  })
  const nodes = graph.nodes.map((n) =>
    svg(
      'g',
      { class: n.cycle ? 'node cycle' : 'node' },
      svg('rect', { x: n.x - n.width / 2, y: n.y - n.height / 2, width: n.width, height: n.height, rx: 7 }),
      ...n.lines.map((line, i) =>
        svg(
          'text',
          { class: i === 0 ? 'task' : '', x: n.x, y: n.y - n.height / 2 + 21 + i * 17, 'text-anchor': 'middle' },
          line,
        ),
      ),
    ),
  )
  const words = graph.edges.map((e) => `${e.from} waits for ${e.to}`).join('; ')
  return svg(
    'svg',
    { viewBox: `0 0 ${graph.width} ${graph.height}`, width: graph.width, height: graph.height, role: 'img', 'aria-label': words },
    svg('defs', {}, ...heads),
    ...edges,
    ...nodes,
  )
}

/** The table, and under it the line of code that was asked for: first, where somebody of the cycle waits. */
function table(page: Page): HTMLElement[] {
  const code = el('div', {})
  const show = (i: number): void => code.replaceChildren(codeOf(page.places[i]))
  const place = (i: number | undefined): HTMLElement => {
    const known = i === undefined ? undefined : page.places[i]
    if (i === undefined || known?.frame === undefined) return el('td', { title: known?.words }, known?.short ?? '–')
    const button = el('button', { type: 'button', class: 'link', title: known.words }, known.short)
    button.addEventListener('click', () => show(i))
    return el('td', {}, button)
  }
  const heads = ['task', 'waits for', 'held up by', 'holds', 'waits at', 'created at']
  const rows = page.waits.map((w) =>
    el(
      'tr',
      { class: w.cycle ? 'cycle' : '' },
      el('th', { scope: 'row' }, w.task),
      ...[w.waitsFor, w.blockedBy, w.holds].map((t) => el('td', {}, t === '' ? '–' : t)),
      place(w.waitsAt),
      place(w.createdAt),
    ),
  )
  const first = (page.waits.find((w) => w.cycle) ?? page.waits[0])?.waitsAt
  if (first !== undefined && page.places[first]?.frame !== undefined) show(first)
  const list = el(
    'table',
    {},
    el('thead', {}, el('tr', {}, ...heads.map((h) => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, ...rows),
  )
  return [list, code]
}
