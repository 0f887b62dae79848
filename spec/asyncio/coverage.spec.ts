import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))

/** The titles in a spec's text, template literals as they are written. */
function titlesIn(text: string): string[] {
  const found = text.matchAll(/\b(?:both|test|describe)\(\s*(?:`((?:[^`\\]|\\.)*)`|'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g)
  return [...found].map((m) => m[1] ?? m[2] ?? m[3] ?? '')
}

const titles = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.spec.ts') && name !== 'coverage.spec.ts')
  .flatMap((name) => titlesIn(readFileSync(`${folder}${name}`, 'utf8')))

function linesOf(name: string): string[] {
  return readFileSync(`${fixtures}${name}`, 'utf8').split('\n').filter((l) => l !== '' && !/^[#[]/.test(l))
}

const behaviours = linesOf('cpython-tests.txt').map((line) => {
  const [, kind = '', id = '', reason] = /^([AP]) (\S+)(?: - (.+))?$/.exec(line) ?? []
  return { line, kind, id, reason }
})
const held = new Set(titles.flatMap((t) => [...t.matchAll(/\[(\w+\.\w+)\]/g)].map((m) => m[1] as string)))

test('titles are found in every form, and only those of tests that run', () => {
  const text = "test('a', f)\nboth(\n  `b ${n}`,\n  [])\ndescribe(\"c's\", f)\ntest.skip('d', f)\nretest('e')"
  expect(titlesIn(text)).toEqual(['a', 'b ${n}', "c's"])
})

describe("behaviours of CPython's own tests", () => {
  test('361 as they stand and 113 adapted are listed, each once', () => {
    expect(behaviours.filter((b) => b.kind === '').map((b) => b.line)).toEqual([])
    expect(['A', 'P'].map((k) => behaviours.filter((b) => b.kind === k).length)).toEqual([361, 113])
    expect(new Set(behaviours.map((b) => b.id)).size).toBe(behaviours.length)
  })

  test('a spec names each of them, unless a reason says why none can', () => {
    expect(behaviours.filter((b) => b.reason === undefined && !held.has(b.id)).map((b) => b.id)).toEqual([])
    expect(behaviours.filter((b) => b.reason !== undefined && held.has(b.id)).map((b) => b.id)).toEqual([])
  })

  test('a spec names none that there is not', () => {
    const ids = new Set(behaviours.map((b) => b.id))
    expect([...held].filter((id) => !ids.has(id))).toEqual([])
  })
})

test('every rule of the contract is named by a spec', () => {
  const named = new Set(titles.flatMap((t) => t.match(/\bR\d{3}[a-z]?\b/g) ?? []))
  const rules = linesOf('asyncio-rules.txt').map((line) => line.split(' ')[0] as string)
  expect(rules.length).toBeGreaterThan(219)
  expect(rules.filter((r) => !named.has(r))).toEqual([])
})
