import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { isNode, type Node } from '../../../src/adapters/vite/module-state.ts'
import { eachChild, kindOf } from '../../../src/adapters/vite/syntax.ts'

/** One of everything that a module may hold. */
const EVERYTHING = `
import a, { b as c, 'd' as e } from 'one' with { type: 'json' }
import * as g from 'two'
export { a, c as 'h' } from 'three' with { type: 'json' }
export * from 'four'
export * as i from 'five'
export default class extends a { static { debugger } static #x = 1; y; [c] = 2; accessor z = 3; constructor() { super(); new.target } get m() { return #x in this } }
export const k = async function* l(m, { n = 1, o: [p, , ...q], ...r }, ...s) { yield* m; yield; await n; for await (const t of o); await using u = v }
label: for (let w = 0; w < 1; w++) { if (w) continue label; else break label }
for (const x in a) { } for (x.y of c);
while (a) { } do { } while (e)
switch (a) { case 1: break; default: }
try { throw a } catch ({ message }) { } finally { }
try { } catch { }
void (() => 1, a ? c : e, a?.[c]?.(), \`t\${a}u\`, a\`v\`, [...a], { ...c, a, [e]: 1, get f() { return 1 } }, a ??= 1, a || c, -a, ++a, a + 1, 1n, /x/u, null, this)
import('six', { with: {} }); import.meta.url; class y { }
function z() { return } ;
[a, c.d] = e, ({ a, b: c.d = 1 } = e)
@a class decorated { @c m() { } @e f = 1; @g accessor h = 1 }
`

/** What is in a node, whatever it is called. */
function inside(node: Node): Node[] {
  return Object.values(node).flatMap((v: unknown) => (Array.isArray(v) ? v : [v])).filter(isNode)
}

describe('the kinds of nodes', () => {
  const nodes: Node[] = []
  const collect = (node: Node): void => {
    nodes.push(node)
    inside(node).forEach(collect)
  }
  collect(parseAst(EVERYTHING) as unknown as Node)

  test('are known, all of them', () => {
    expect(new Set(nodes.filter((n) => n.type !== 'Decorator' && kindOf(n.type).children === null).map((n) => n.type))).toEqual(new Set())
    expect(new Set(nodes.map((n) => n.type)).size).toBeGreaterThan(70)
  })

  test('lose none of their children', () => {
    for (const node of nodes) {
      const visited: Node[] = []
      eachChild(node, kindOf(node.type), (child) => visited.push(child))
      expect([node.type, ...visited.map((n) => n.type)]).toEqual([node.type, ...inside(node).map((n) => n.type)])
    }
  })

  test('a kind that nobody has heard of is text, and visited wherever it has children', () => {
    const inner = { type: 'Identifier', start: 1, end: 2, name: 'x' }
    const seen: Node[] = []
    expect(kindOf('Novelty').isText).toBe(true)
    eachChild({ type: 'Novelty', start: 0, end: 3, parts: [null, inner, 1], one: inner }, kindOf('Novelty'), (child) => seen.push(child))
    expect(seen).toEqual([inner, inner])
  })
})
