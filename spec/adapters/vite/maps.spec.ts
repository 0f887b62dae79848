import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodedMappings, originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'
import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { instrument } from '../../../src/adapters/vite/instrument.ts'
import { ROOT, withPlugin } from './load.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Line and column, from 1 and from 0, of each place where `pattern` begins a match. */
function placesOf(text: string, pattern: RegExp): { word: string; line: number; column: number }[] {
  return text.split('\n').flatMap((row, i) => [...row.matchAll(pattern)].map((m) => ({ word: m[0], line: i + 1, column: m.index })))
}

describe('maps', () => {
  test.each(['coverage/shop.ts', 'bank.ts'])('of %s lead from each call and each keyword to its own place', async (file) => {
    const vite = await withPlugin()
    try {
      const source = readFileSync(`${ROOT}/${file}`, 'utf8')
      const result = await vite.server.transformRequest(`/${file}`, { ssr: true })
      const map = new TraceMap(result?.map as unknown as SourceMapInput)
      // Words in the order of the source: the transform adds no such word and takes none away.
      const pattern = /\b(?:return|await|throw|if|for)\b|\b(?:take|refuse|load|save|record|push|set)(?=\()/g
      const code = result?.code as string
      const there = placesOf(source.replaceAll(/\/\*.*?\*\//g, (c) => ' '.repeat(c.length)), pattern)
      const own = code.slice(0, code.indexOf('\nvar __heddle')).replaceAll(/^.*__vite_ssr_export.*$/gm, '')
      const here = placesOf(own, pattern)
      expect(here.map((h) => h.word)).toEqual(there.map((t) => t.word))
      const found = here.map(({ word, line, column }) => {
        const at = originalPositionFor(map, { line, column })
        return { word, line: at.line, column: at.column }
      })
      expect(found).toEqual(there)
    } finally {
      await vite.close()
    }
  })

  test('what the plugin adds at the end leads nowhere', async () => {
    const vite = await withPlugin()
    try {
      const result = await vite.server.transformRequest('/bank.ts', { ssr: true })
      const code = result?.code as string
      const line = code.slice(0, code.indexOf('\nvar __heddle') + 1).split('\n').length
      expect(originalPositionFor(new TraceMap(result?.map as unknown as SourceMapInput), { line, column: 20 }).line).toBeNull()
    } finally {
      await vite.close()
    }
  })
})

const PACKAGES = ['commander/lib/command.js', 'p-queue-9.3.1/dist/index.js', 'i18next-21.8.8/dist/esm/i18next.js', 'yaml/browser/dist/parse/parser.js']

describe.each(PACKAGES)('in %s', (file) => {
  const source = readFileSync(`${root}node_modules/${file}`, 'utf8')
  const made = instrument({ code: source, file, map: () => null, accesses: true, parse: parseAst })
  if (made === null) throw new Error('nothing was transformed')
  const map = new TraceMap(made.map as unknown as SourceMapInput)
  const rows = source.split('\n')
  const code = made.code.slice(0, made.code.indexOf('\nvar __heddle'))

  test('what is put before an object is where the object is', () => {
    const wrong: unknown[] = []
    let seen = 0
    for (const [i, row] of code.split('\n').entries()) {
      for (const { 0: text, 1: word, index } of row.matchAll(/(?:__heddle_(?:o|v|at)\()+(?!__heddle)([\w$]+)/g)) {
        seen++
        const at = originalPositionFor(map, { line: i + 1, column: index })
        if (at.line !== i + 1 || rows[i]?.startsWith(word as string, at.column) !== true) wrong.push([text, i + 1, index, at])
      }
    }
    expect(wrong).toEqual([])
    expect(seen).toBeGreaterThan(100)
  })

  test('each place where a debugger may stop leads to one of the same line', async () => {
    const session = new Session()
    session.connect()
    try {
      await session.post('Debugger.enable')
      await session.post('Runtime.enable')
      // A script for a module: what only modules may say is left out, in its place.
      const expression = code
        .replaceAll(/^import .*$|^export \{[^}]*\}.*$/gm, (t) => t.replaceAll(/[^\n]/g, ' '))
        .replaceAll(/^export (?:default )?/gm, (t) => ' '.repeat(t.length))
      const { scriptId } = await session.post('Runtime.compileScript', { expression, sourceURL: file, persistScript: true })
      const start = { scriptId: scriptId as string, lineNumber: 0, columnNumber: 0 }
      const { locations } = await session.post('Debugger.getPossibleBreakpoints', { start })
      // The last is the script's own end, which a module has not.
      locations.pop()
      const lines = locations.map((l) => l.lineNumber + 1)
      const found = locations.map((l) => originalPositionFor(map, { line: l.lineNumber + 1, column: l.columnNumber ?? 0 }).line)
      expect(found).toEqual(lines)
      expect(lines.length).toBeGreaterThan(100)
    } finally {
      session.disconnect()
    }
  })
})

test('what is put before a value may take two lines', () => {
  const source = "export function f(o) {\n  o['a\\\nb'] = g(o.c)\n}\n"
  const made = instrument({ code: source, file: 'f.js', map: () => null, accesses: true, parse: parseAst })
  const rows = made?.code.split('\n') ?? []
  const map = new TraceMap(made?.map as unknown as SourceMapInput)
  const line = rows.findIndex((row) => row.includes('g(')) + 1
  const at = originalPositionFor(map, { line, column: (rows[line - 1] as string).indexOf('g(') })
  expect(at).toMatchObject({ line: 3, column: "b'] = ".length })
  for (const segments of decodedMappings(map)) for (const [column] of segments) expect(column).toBeGreaterThanOrEqual(0)
})

interface Place {
  readonly start: { readonly line: number; readonly column: number }
  readonly end: { readonly line: number; readonly column: number | null }
}

interface Coverage {
  readonly path: string
  readonly s: Record<string, number>
  readonly b: Record<string, number[]>
  readonly f: Record<string, number>
  readonly statementMap: Record<string, Place>
  readonly fnMap: Record<string, { readonly name: string; readonly loc: Place }>
  readonly branchMap: Record<string, { readonly type: string; readonly loc: Place }>
}

/** What a coverage report shows: how often each statement, branch and function of each line ran. */
async function coverage(plugin: boolean): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-coverage-'))
  try {
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'fixtures/plugin/coverage/vitest.config.ts']
    const env = { ...process.env, WITHOUT_PLUGIN: plugin ? '' : '1' }
    const more = ['--coverage', `--coverage.reportsDirectory=${directory}`]
    await promisify(execFile)(process.execPath, [...args, ...more], { cwd: root, env })
    const files = Object.values(JSON.parse(readFileSync(`${directory}/coverage-final.json`, 'utf8')) as Record<string, Coverage>)
    expect(files).toHaveLength(2)
    const placed = ({ start, end }: Place): string => `${start.line}:${start.column}-${end.line}:${end.column}`
    return files.toSorted((a, b) => a.path.localeCompare(b.path)).map((file) => ({
      statements: Object.entries(file.statementMap).map(([k, at]) => `${placed(at)}: ${file.s[k]}`),
      functions: Object.entries(file.fnMap).map(([k, f]) => `${placed(f.loc)} ${f.name}: ${file.f[k]}`),
      branches: Object.entries(file.branchMap).map(([k, b]) => `${placed(b.loc)} ${b.type}: ${file.b[k]?.join()}`),
    }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test('a coverage report is the same with the plugin as without it, to the column', async () => {
  const without = await coverage(false)
  expect(JSON.stringify(without)).toContain('never: 0')
  expect(await coverage(true)).toEqual(without)
})
