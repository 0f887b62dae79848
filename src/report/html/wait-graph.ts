import type { WaitRecord } from '../../explore/failure-file.ts'
import type { Graph, GraphEdge, GraphNode } from './page.ts'

const WIDTH = 200
const GAP_X = 28
const GAP_Y = 56
const LINE = 17
const MARGIN = 16
/** So many boxes stand in a row. */
const IN_ROW = 4
/** So many tasks outside the cycle are drawn; the table has them all. */
const DRAWN = 24
/** So many that wait for the same share a box. */
const CROWD = 3
/** A cycle of so many tasks is a ring at most, a longer one stands in rows. */
const RING = 24
/** Characters of a line that fit into a box. */
const CHARACTERS = 25

interface Point {
  readonly x: number
  readonly y: number
}

/**
 * Lays a wait-for graph out: the cycle as a ring on top, below it row by row the tasks that wait for it, the nearer
 * ones first. Where there is no cycle, the top row is what everything else waits for. Tasks that all wait for the same
 * one, and hold up nobody, share a box.
 */
export function layOutWaits(waits: readonly WaitRecord[], cycle: readonly string[]): Graph {
  const crowds = crowdsOf(waits, cycle)
  const all = tasksOf(waits, cycle).filter((task) => crowds.get(task)?.[0] === task || !crowds.has(task))
  const levels = levelsOf(all, waits, cycle)
  const draft: Draft = { waits: new Map(waits.map((w) => [w.task, w])), crowds, cycle, inCycle: new Set(cycle), nodes: new Map() }
  const ringed = cycle.length <= RING
  let bottom = MARGIN
  if (cycle.length > 0 && ringed) bottom = placeRing(draft)
  let room = DRAWN
  for (const level of ringed ? levels : [cycle, ...levels]) {
    const tasks = level.slice(0, room)
    room -= tasks.length
    for (let i = 0; i < tasks.length; i += IN_ROW) bottom = placeRow(draft, inOrder(draft, tasks.slice(i, i + IN_ROW)), bottom)
  }
  const nodes = centred([...draft.nodes.values()], ringed)
  const width = Math.max(...nodes.map((n) => n.x + n.width / 2), 0) + MARGIN
  const height = Math.max(...nodes.map((n) => n.y + n.height / 2), 0) + MARGIN
  return { width, height, nodes, edges: edgesOf(nodes, waits, cycle), left: all.length - nodes.length }
}

/** What boxes are made from, and the boxes made so far. */
interface Draft {
  readonly waits: ReadonlyMap<string, WaitRecord>
  readonly crowds: ReadonlyMap<string, readonly string[]>
  readonly cycle: readonly string[]
  readonly inCycle: ReadonlySet<string>
  readonly nodes: Map<string, GraphNode>
}

/** For each task that shares a box: all that share it, the first of them in the place of the others. */
function crowdsOf(waits: readonly WaitRecord[], cycle: readonly string[]): Map<string, readonly string[]> {
  const blocking = new Set([...cycle, ...waits.flatMap((w) => w.blockedBy)])
  const groups = new Map<string, string[]>()
  for (const w of waits) {
    if (w.blockedBy.length === 0 || blocking.has(w.task)) continue
    const key = JSON.stringify(w.blockedBy)
    listAt(groups, key).push(w.task)
  }
  return new Map([...groups.values()].filter((g) => g.length >= CROWD).flatMap((g) => g.map((task) => [task, g] as const)))
}

function listAt(lists: Map<string, string[]>, key: string): string[] {
  let list = lists.get(key)
  if (list === undefined) lists.set(key, (list = []))
  return list
}

/** Those that wait, and those they wait for, in the order in which they are named. */
function tasksOf(waits: readonly WaitRecord[], cycle: readonly string[]): string[] {
  return [...new Set([...cycle, ...waits.map((w) => w.task), ...waits.flatMap((w) => w.blockedBy)])]
}

/** The tasks outside the cycle, by how many waits lie between them and what holds everything up. */
function levelsOf(all: readonly string[], waits: readonly WaitRecord[], cycle: readonly string[]): string[][] {
  const blockers = new Map(waits.map((w) => [w.task, w.blockedBy]))
  const waiters = new Map<string, string[]>()
  const drawn = new Set(all)
  for (const w of waits) {
    if (!drawn.has(w.task)) continue
    for (const by of w.blockedBy) listAt(waiters, by).push(w.task)
  }
  const known = new Set(cycle)
  const sinks = all.filter((task) => !known.has(task) && (blockers.get(task) ?? []).length === 0)
  const levels: string[][] = [sinks]
  for (const task of sinks) known.add(task)
  for (let nearest: readonly string[] = [...cycle, ...sinks]; nearest.length > 0; ) {
    const next = [...new Set(nearest.flatMap((task) => waiters.get(task) ?? []))].filter((task) => !known.has(task))
    for (const task of next) known.add(task)
    levels.push(next)
    nearest = next
  }
  // What is left waits in a circle that the file does not name.
  levels.push(all.filter((task) => !known.has(task)))
  return levels.filter((level) => level.length > 0)
}

function boxOf({ waits, crowds, inCycle }: Draft, task: string, at: Point): GraphNode {
  const wait = waits.get(task)
  const crowd = crowds.get(task)
  const lines = crowd === undefined ? [task] : [`${crowd.length} tasks`, crowd.join(', ')]
  if (wait !== undefined && crowd === undefined) lines.push(`waits for ${wait.waitsFor}`)
  if (wait !== undefined && crowd !== undefined) {
    const same = crowd.every((one) => waits.get(one)?.waitsFor === wait.waitsFor)
    lines.push(`wait for ${same ? wait.waitsFor : wait.blockedBy.join(', ')}`)
  }
  if (wait !== undefined && wait.holds.length > 0) lines.push(`holds ${wait.holds.join(', ')}`)
  return { task, lines: lines.map(clip), ...at, width: WIDTH, height: lines.length * LINE + 16, cycle: inCycle.has(task) }
}

function clip(text: string): string {
  const flat = Array.from(text.replaceAll(/\s+/g, ' '))
  return flat.length > CHARACTERS ? `${flat.slice(0, CHARACTERS - 1).join('')}…` : flat.join('')
}

/** Gives the ring's bottom. */
function placeRing(draft: Draft): number {
  const { cycle, nodes } = draft
  const n = cycle.length
  const height = 3 * LINE + 16
  const points = ring(n, height)
  const top = Math.min(...points.map((p) => p.y)) - height / 2
  const left = Math.min(...points.map((p) => p.x)) - WIDTH / 2
  // Room for what bends above and below the boxes of a short cycle.
  const spare = n <= 2 ? 34 : 0
  for (const [i, task] of cycle.entries()) {
    const { x, y } = points[i] ?? { x: 0, y: 0 }
    nodes.set(task, boxOf(draft, task, { x: round(x - left + MARGIN), y: round(y - top + MARGIN + spare) }))
  }
  return Math.max(...points.map((p) => p.y)) + height / 2 - top + MARGIN + spare + GAP_Y
}

/** So many points on an ellipse, clockwise, two of them side by side: as small as boxes of this height allow. */
function ring(n: number, height: number): Point[] {
  if (n === 1) return [{ x: 0, y: 0 }]
  const begin = n === 2 ? Math.PI : (3 * Math.PI) / 2
  for (let scale = 1; ; scale *= 1.1) {
    const points = Array.from({ length: n }, (_, i): Point => {
      const angle = begin + (2 * Math.PI * i) / n
      return { x: 100 * scale * Math.cos(angle), y: n === 2 ? 0 : 50 * scale * Math.sin(angle) }
    })
    const clear = points.every((p, i) =>
      points.every((q, j) => i >= j || Math.abs(p.x - q.x) > WIDTH + 60 || Math.abs(p.y - q.y) > height + 30),
    )
    if (clear) return points
  }
}

/** From left to right as what they wait for is, so that fewer arrows cross. */
function inOrder({ waits, nodes }: Draft, tasks: readonly string[]): string[] {
  const place = (task: string): number => {
    const xs = (waits.get(task)?.blockedBy ?? []).flatMap((by) => nodes.get(by)?.x ?? [])
    return xs.reduce((a, b) => a + b, 0) / Math.max(1, xs.length)
  }
  return tasks.toSorted((a, b) => place(a) - place(b))
}

/** Gives the row's bottom, with the gap below. */
function placeRow(draft: Draft, tasks: readonly string[], top: number): number {
  const boxes = tasks.map((task, i) => boxOf(draft, task, { x: MARGIN + WIDTH / 2 + i * (WIDTH + GAP_X), y: 0 }))
  const height = Math.max(...boxes.map((b) => b.height))
  for (const box of boxes) draft.nodes.set(box.task, { ...box, y: top + height / 2 })
  return top + height + GAP_Y
}

/** Every row in the middle of the widest. */
function centred(nodes: readonly GraphNode[], ringed: boolean): GraphNode[] {
  const rowOf = (n: GraphNode): string => (n.cycle && ringed ? 'cycle' : String(n.y))
  const ends = new Map<string, { left: number; right: number }>()
  for (const n of nodes) {
    const end = ends.get(rowOf(n)) ?? { left: Infinity, right: -Infinity }
    ends.set(rowOf(n), { left: Math.min(end.left, n.x - n.width / 2), right: Math.max(end.right, n.x + n.width / 2) })
  }
  const widest = Math.max(...[...ends.values()].map((e) => e.right - e.left), 0)
  return nodes.map((n) => {
    const { left, right } = ends.get(rowOf(n)) ?? { left: 0, right: 0 }
    return { ...n, x: round(n.x - left + MARGIN + (widest - (right - left)) / 2) }
  })
}

function edgesOf(nodes: readonly GraphNode[], waits: readonly WaitRecord[], cycle: readonly string[]): GraphEdge[] {
  const placed = new Map(nodes.map((n) => [n.task, n]))
  const next = new Map(cycle.map((task, i) => [task, cycle[(i + 1) % cycle.length] as string]))
  const pairs = new Map<string, { from: string; to: string; cycle: boolean }>()
  const add = (from: string, to: string, inCycle: boolean): void => {
    const key = JSON.stringify([from, to])
    if (!pairs.has(key)) pairs.set(key, { from, to, cycle: inCycle })
  }
  for (const [from, to] of next) add(from, to, true)
  for (const w of waits) for (const to of w.blockedBy) add(w.task, to, false)
  return [...pairs.values()].flatMap((pair) => {
    const from = placed.get(pair.from)
    const to = placed.get(pair.to)
    if (from === undefined || to === undefined) return []
    const curved = pairs.has(JSON.stringify([pair.to, pair.from]))
    return [{ ...pair, path: from === to ? loopAt(from) : arrow(from, to, curved) }]
  })
}

function loopAt(n: GraphNode): string {
  const top = n.y - n.height / 2
  return `M ${n.x - 30} ${top} C ${n.x - 40} ${top - 44}, ${n.x + 40} ${top - 44}, ${n.x + 30} ${top - 2}`
}

function arrow(from: GraphNode, to: GraphNode, curved: boolean): string {
  if (!curved) {
    const a = border(from, to)
    const b = border(to, from)
    return `M ${a.x} ${a.y} L ${b.x} ${b.y}`
  }
  // Two that wait for each other: each arrow bends to its own side.
  const dx = to.x - from.x
  const dy = to.y - from.y
  const length = Math.hypot(dx, dy) || 1
  const bend = 70
  const middle = { x: (from.x + to.x) / 2 + (dy / length) * bend, y: (from.y + to.y) / 2 - (dx / length) * bend }
  const a = border(from, middle)
  const b = border(to, middle)
  return `M ${a.x} ${a.y} Q ${round(middle.x)} ${round(middle.y)}, ${b.x} ${b.y}`
}

/** Where the line from the middle of a box to a point leaves the box, a little outside. */
function border(box: GraphNode, towards: Point): Point {
  const dx = towards.x - box.x
  const dy = towards.y - box.y
  const sx = dx === 0 ? Infinity : (box.width / 2 + 3) / Math.abs(dx)
  const sy = dy === 0 ? Infinity : (box.height / 2 + 3) / Math.abs(dy)
  const s = Math.min(sx, sy)
  return s === Infinity ? { x: box.x, y: box.y } : { x: round(box.x + dx * s), y: round(box.y + dy * s) }
}

function round(n: number): number {
  return Math.round(n * 10) / 10
}
