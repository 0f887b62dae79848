import { readdirSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const src = `${root}src`

/** From the bottom up: each imports only from folders before it, or from itself. */
const LAYERS = ['loop', 'asyncio', 'world', 'strategies', 'explore', 'report', 'adapters', 'cli']
const LONGEST = 400
const CODE = /\.(?:[cm]?[jt]sx?|py|css)$/

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ path: name, text: readFileSync(`${src}/${name}`, 'utf8') }))

/** What a file imports or exports from, statically or dynamically, types included. */
function importsOf(text: string): string[] {
  const found = text.matchAll(/(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g)
  return [...found].map((m) => (m[1] ?? m[2]) as string)
}

function layerOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] as string) : 'index'
}

const edges = files.flatMap(({ path, text }) =>
  importsOf(text).map((target) => ({
    from: path,
    to: target.startsWith('.') ? relative(src, resolve(src, dirname(path), target)) : target,
    own: target.startsWith('.'),
  })),
)

describe('the house', () => {
  test('the import scanner sees every form', () => {
    const text = [
      "import { a } from './a.ts'",
      "import type { B } from './b.ts'",
      "export * from './c.ts'",
      "export {\n  type D,\n  d,\n} from './d.ts'",
      "import './e.ts'",
      "const f = await import('./f.ts')",
      "import g, { type G } from './g.ts'",
    ].join('\n')
    expect(importsOf(text).toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((x) => `./${x}.ts`))
  })

  test('every folder is a layer', () => {
    expect([...new Set(files.map((f) => layerOf(f.path)))].filter((l) => l !== 'index' && !LAYERS.includes(l))).toEqual([])
    expect(edges.length).toBeGreaterThan(files.length)
  })

  test('a folder imports only from folders above it, types included', () => {
    const wrong = edges.filter(({ from, to, own }) => {
      if (!own || layerOf(from) === 'index') return false
      return layerOf(to) === 'index' || LAYERS.indexOf(layerOf(to)) > LAYERS.indexOf(layerOf(from))
    })
    expect(wrong.map((e) => `${e.from} imports ${e.to}`)).toEqual([])
  })

  test('no two folders import each other, on whatever way round', () => {
    const reach = new Map<string, Set<string>>()
    for (const { from, to, own } of edges) {
      if (!own || layerOf(from) === layerOf(to)) continue
      reach.set(layerOf(from), (reach.get(layerOf(from)) ?? new Set()).add(layerOf(to)))
    }
    const reachable = (from: string, seen = new Set<string>()): Set<string> => {
      for (const next of reach.get(from) ?? []) if (!seen.has(next)) reachable(next, seen.add(next))
      return seen
    }
    expect([...reach.keys()].filter((layer) => reachable(layer).has(layer))).toEqual([])
  })

  test('every import of a file in src ends in .ts and exists', () => {
    const known = new Set(files.map((f) => f.path))
    expect(edges.filter((e) => e.own && !known.has(e.to)).map((e) => `${e.from} imports ${e.to}`)).toEqual([])
  })

  test('node: only in cli, adapters and one file of world', () => {
    const users = [...new Set(edges.filter((e) => !e.own && e.to.startsWith('node:')).map((e) => e.from))]
    const elsewhere = users.filter((path) => !['cli', 'adapters', 'world'].includes(layerOf(path)))
    expect(elsewhere).toEqual([])
    expect(users.filter((path) => layerOf(path) === 'world').length).toBeLessThanOrEqual(1)
  })

  test.each(['src', 'spec', 'properties', 'bench', 'examples', 'fixtures'])(`no file of %s has more than ${LONGEST} lines`, (folder) => {
    const lengths = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => CODE.test(name) && !name.includes('node_modules/'))
      .map((name) => ({ name, lines: readFileSync(`${root}${folder}/${name}`, 'utf8').trimEnd().split('\n').length }))
    expect(lengths.length).toBeGreaterThan(0)
    expect(lengths.filter((f) => f.lines > LONGEST)).toEqual([])
  })
})
