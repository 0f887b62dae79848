import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { walk } from 'estree-walker'
import type { CallExpression, Node } from 'estree'
import { parseAst } from 'vite'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const files = ['spec', 'properties'].flatMap((folder) =>
  readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
)

/** The calls of fast-check's that draw at random, each with whether it names a seed. */
function draws(text: string): { readonly line: number; readonly seeded: boolean }[] {
  const found: { line: number; seeded: boolean }[] = []
  walk(parseAst(text, { lang: 'ts' }) as Node, {
    enter(node) {
      if (node.type !== 'CallExpression' || !isDraw(node)) return
      const at = (node as unknown as { readonly start: number }).start
      found.push({ line: text.slice(0, at).split('\n').length, seeded: node.arguments.slice(1).some(namesSeed) })
    },
  })
  return found
}

function isDraw({ callee }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.object.name !== 'fc') return false
  return callee.property.type === 'Identifier' && ['assert', 'check', 'sample', 'statistics'].includes(callee.property.name)
}

function namesSeed(argument: Node): boolean {
  if (argument.type !== 'ObjectExpression') return false
  return argument.properties.some((p) => p.type === 'Property' && p.key.type === 'Identifier' && p.key.name === 'seed')
}

test('a call that draws is found, and its seed', () => {
  const text = 'fc.assert(p, { numRuns: 1 })\nfc.assert(p, { seed: 5 })\nfc.sample(a as A, { numRuns: 1, seed })\nassert(p)\nfc.check(p)'
  expect(draws(text)).toEqual([1, 2, 3, 5].map((line) => ({ line, seeded: line === 2 || line === 3 })))
})

test('whatever is drawn at random has a seed: a run that fails here fails everywhere', () => {
  const all = files.flatMap((file) => {
    const text = readFileSync(root + file, 'utf8')
    return text.includes('fc.') ? draws(text).map((d) => ({ ...d, file })) : []
  })
  expect(all.length).toBeGreaterThan(40)
  expect(all.filter((d) => !d.seeded).map((d) => `${d.file}:${d.line}`)).toEqual([])
})
