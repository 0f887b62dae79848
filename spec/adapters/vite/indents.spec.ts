import { readFileSync } from 'node:fs'
import { originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'
import { parseAst } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Indents } from '../../../src/adapters/vite/indents.ts'
import { instrument } from '../../../src/adapters/vite/instrument.ts'
import { isNode, type Node } from '../../../src/adapters/vite/module-state.ts'
import { type Loaded, loading, withPlugin } from './load.ts'

function transformed(code: string): { code: string; map: SourceMapInput; parses: number } {
  let parses = 0
  const parse = (text: string): unknown => {
    parses++
    return parseAst(text)
  }
  const made = instrument({ code, file: 'a.js', map: () => null, accesses: true, parse })
  if (made === null) throw new Error('nothing was transformed')
  return { code: made.code, map: made.map as unknown as SourceMapInput, parses }
}

describe('text that spans lines is as it was written', () => {
  let plain: Loaded
  let vite: Loaded
  beforeAll(async () => {
    plain = await loading([])
    vite = await withPlugin()
  })
  afterAll(async () => {
    await plain.close()
    await vite.close()
  })

  const bodies: Record<string, string> = {
    'a template': 'return `a\n    b\n\t\tc`',
    'one within another': 'return `a\n    ${`b\n      ${1}\n        c`}\n    d`',
    'a raw one': 'return String.raw`\\\n    a`',
    'a string over a line': "return 'a\\\n    b'",
    'a key over a line': "return Object.keys({ 'a\\\n    b': 1 })",
    'behind a comment with a backtick': '// it`s\n    return `a\n    b`',
    'behind a comment that ends with one': 'let x = 1 // `\n    return [x, `a\n    b`]',
    'behind a string with a backtick': "const s = '`'\n    return [s, `a\n    b`]",
    'behind an expression with a backtick': 'const r = /`/\n    return [r.source, `a\n    b`]',
    'lines that look like comments': 'return `a\n    // `.concat(`\n    * b`)',
  }
  test.each(Object.keys(bodies))('%s', async (name) => {
    const code = `class A { n = 1 }\nexport async function f() {\n    const a = new A()\n    a.n = await 2\n    ${bodies[name]}\n}\n`
    const file = `${name.replaceAll(' ', '-')}.js`
    const expected = await (await plain.evaluate<{ f(): Promise<unknown> }>(file, code)).f()
    expect(JSON.stringify(expected)).toContain('    ')
    expect(await (await vite.evaluate<{ f(): Promise<unknown> }>(file, code)).f()).toEqual(expected)
  })

  test('in a decorator', () => {
    const code = 'function d(x) { return () => x.y }\nclass A {\n    @d(/`/, `a\n    b`) m() {}\n}\n'
    expect(transformed(code).code).toContain('`a\n    b`')
  })

  test.each(['commander/lib/command.js', 'p-queue-9.3.1/dist/index.js', 'yaml/browser/dist/compose/composer.js'])(
    'in %s',
    (file) => {
      const code = readFileSync(new URL(`../../../node_modules/${file}`, import.meta.url), 'utf8')
      const made = transformed(code)
      expect(templatesIn(parseAst(made.code))).toEqual(templatesIn(parseAst(code)))
      // No second parse was needed to find that out.
      expect(made.parses).toBe(1)
    },
  )
})

/** The texts of all templates, in their order. */
function templatesIn(x: unknown): string[] {
  if (Array.isArray(x)) return x.flatMap(templatesIn)
  if (!isNode(x)) return []
  const text = x.type === 'TemplateElement' ? [(x as Node & { value: { raw: string } }).value.raw] : []
  return [...text, ...Object.values(x).flatMap(templatesIn)]
}

test('what else indents lines is left out', () => {
  const { code } = transformed('export function f(o) {\n    if (o.a) {\n\t\to.b()\n    }\n}\n')
  expect(code.split('\n').slice(0, 5).some((line) => /^\s/.test(line))).toBe(false)
})

test.each([
  ['blanks', '    '],
  ['tabs', '\t'],
])('maps lead to each word behind %s, at its own column', (_, blank) => {
  const rows = ['export async function load(store) {', '1if (store.open) {', '2await store.read()', '2return store.find(', '3store.key,', '2)', '1}', '1throw store.error', '}']
  for (const end of ['\n', '\r\n']) {
    const source = rows.map((row) => row.replace(/^\d/, (n) => blank.repeat(Number(n)))).join(end)
    const { code, map } = transformed(source)
    const trace = new TraceMap(map)
    const words = (text: string): { word: string; line: number; column: number }[] =>
      text.split('\n').flatMap((row, i) => [...row.matchAll(/\b(?:if|await|return|throw|read|find|key|error)\b/g)].map((m) => ({ word: m[0], line: i + 1, column: m.index })))
    const here = words(code.slice(0, code.indexOf('\nvar __heddle')))
    expect(here.length).toBe(8)
    const found = here.map(({ word, line, column }) => {
      const at = originalPositionFor(trace, { line, column })
      return { word, line: at.line, column: at.column }
    })
    expect(found).toEqual(words(source))
    expect(trace.sourcesContent).toEqual([source])
  }
})

test('a place in the text without indents is told as it was', () => {
  const indents = new Indents('a\n  b\n\n\t\t\tc d\n')
  expect(indents.code).toBe('a\nb\n\nc d\n')
  expect([0, 2, 5, 7].map((offset) => indents.positionOf(offset))).toEqual([
    { line: 0, column: 0 },
    { line: 1, column: 2 },
    { line: 3, column: 3 },
    { line: 3, column: 5 },
  ])
})
