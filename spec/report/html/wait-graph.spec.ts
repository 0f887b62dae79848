import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WaitRecord } from '../../../src/explore/failure-file.ts'
import type { Graph, GraphNode } from '../../../src/report/html/page.ts'
import { layOutWaits } from '../../../src/report/html/wait-graph.ts'
import { SEED } from '../../../properties/seed.ts'

function wait(task: string, ...blockedBy: string[]): WaitRecord {
  return { task, waitsFor: `a lock of ${blockedBy.join()}`, blockedBy, holds: [] }
}

function arrows(graph: Graph, cycle = false): string[] {
  return graph.edges.filter((e) => !cycle || e.cycle).map((e) => `${e.from}>${e.to}`)
}

function overlap(a: GraphNode, b: GraphNode): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2
}

describe('the layout of a wait-for graph', () => {
  test('the cycle is on top, those who wait for it below, those who wait for them below that', () => {
    const graph = layOutWaits([wait('a', 'b'), wait('b', 'a'), wait('c', 'a'), wait('d', 'c')], ['a', 'b'])
    const y = (task: string): number => graph.nodes.find((n) => n.task === task)?.y ?? Number.NaN
    expect(y('a')).toBe(y('b'))
    expect(y('c')).toBeGreaterThan(y('a'))
    expect(y('d')).toBeGreaterThan(y('c'))
    expect(arrows(graph, true)).toEqual(['a>b', 'b>a'])
    expect(arrows(graph)).toEqual(['a>b', 'b>a', 'c>a', 'd>c'])
  })

  test('a task that waits for itself has an arrow to itself', () => {
    expect(arrows(layOutWaits([wait('a', 'a')], ['a']), true)).toEqual(['a>a'])
  })

  test('a task that is only waited for is there; without a cycle it is on top', () => {
    const graph = layOutWaits([wait('a', 'gone'), wait('b', 'a')], [])
    expect(graph.nodes.map((n) => n.task)).toEqual(['gone', 'a', 'b'])
    expect(graph.edges.some((e) => e.cycle)).toBe(false)
  })

  test('many that wait for the same share a box, which counts them', () => {
    const crowd = Array.from({ length: 100 }, (_, i) => wait(`t${i}`, 'holder'))
    const graph = layOutWaits(crowd, [])
    expect(graph.nodes.map((n) => n.lines[0])).toEqual(['holder', '100 tasks'])
    expect(graph.left).toBe(0)
  })

  test('boxes never overlap, nothing leaves the picture, every wait between boxes is an arrow', () => {
    const task = fc.integer({ min: 0, max: 30 }).map((n) => `t${n}`)
    const waits = fc
      .array(fc.record({ task, blockedBy: fc.uniqueArray(task, { maxLength: 3 }), holds: fc.constantFrom([], ['x']) }), { maxLength: 40 })
      .map((all) => [...new Map(all.map((w) => [w.task, { ...w, waitsFor: 'y' }])).values()])
    fc.assert(
      fc.property(waits, fc.integer({ min: 0, max: 30 }), (records, n) => {
        const cycle = Array.from({ length: n }, (_, i) => `t${i}`)
        const graph = layOutWaits(records, cycle)
        for (const [i, a] of graph.nodes.entries()) {
          expect(a.x - a.width / 2).toBeGreaterThanOrEqual(0)
          expect(a.y - a.height / 2).toBeGreaterThanOrEqual(0)
          expect(a.x + a.width / 2).toBeLessThanOrEqual(graph.width)
          expect(a.y + a.height / 2).toBeLessThanOrEqual(graph.height)
          for (const b of graph.nodes.slice(i + 1)) expect(overlap(a, b)).toBe(false)
        }
        const shown = new Set(graph.nodes.map((v) => v.task))
        const drawn = new Set(arrows(graph))
        for (const r of records) {
          for (const to of r.blockedBy) if (shown.has(r.task) && shown.has(to)) expect(drawn).toContain(`${r.task}>${to}`)
        }
        expect(graph.edges.every((e) => !e.path.includes('NaN'))).toBe(true)
      }),
      { seed: SEED },
    )
  })
})
