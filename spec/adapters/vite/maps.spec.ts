import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { eachMapping, originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'
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

/** What is added is one of these, where a node begins. */
const ADDED = /^(?: ?__heddle_\w+\(| |;|\/\* v8 ignore next \*\/|\{await using __heddle_d|[A-Za-z]\w*:)/

describe.each(['p-queue-9.3.1/dist/index.js', 'lru-cache-11.2.2/dist/esm/index.js', 'commander/lib/command.js'])(
  'the map of %s',
  (file) => {
    const code = readFileSync(`${root}node_modules/${file}`, 'utf8')
    const made = instrument({ code, file, map: () => null, accesses: true, parse: parseAst })
    if (made === null) throw new Error('nothing was transformed')
    const there = code.split('\n')
    const here = made.code.split('\n')
    const points: { from: string; to: string; line: number; column: number; generatedLine: number }[] = []
    eachMapping(new TraceMap(made.map), (m) => {
      if (m.originalLine === null) return
      const { originalLine: line, originalColumn: column, generatedLine } = m
      const to = (there[line - 1] as string).slice(column)
      points.push({ from: (here[generatedLine - 1] as string).slice(m.generatedColumn), to, line, column, generatedLine })
    })

    test('leads from each of its points to the same text, or to what something was put before', () => {
      expect(points.length).toBeGreaterThan(300)
      const wrong = points.filter(({ from, to }) => from[0] !== to[0] && !ADDED.test(from))
      expect(wrong).toEqual([])
    })

    test('has each line where it was', () => {
      expect(here.length).toBeGreaterThan(there.length)
      expect(points.filter((p) => p.line !== p.generatedLine)).toEqual([])
    })

    test('has a point where each statement begins, and where each line of code does', () => {
      const exact = new Set(points.map((p) => `${p.line}:${p.column}`))
      const lines = new Set(points.map((p) => p.line))
      const bare = there.flatMap((text, i) => (/^\s*[\w$}\])]/.test(text) && (here[i] as string) !== '' && !lines.has(i + 1) ? [i + 1] : []))
      expect(bare).toEqual([])
      const starts: string[] = []
      const visit = (x: unknown): void => {
        if (Array.isArray(x)) x.forEach(visit)
        else if (typeof x === 'object' && x !== null) {
          const { type, start } = x as { type?: unknown; start: number }
          if (typeof type === 'string' && /Statement$|Declaration$|^CallExpression$|^AwaitExpression$/.test(type)) {
            const before = code.slice(0, start)
            starts.push(`${before.split('\n').length}:${start - before.lastIndexOf('\n') - 1}`)
          }
          Object.values(x).forEach(visit)
        }
      }
      visit(parseAst(code))
      expect(starts.length).toBeGreaterThan(100)
      expect(starts.filter((s) => !exact.has(s))).toEqual([])
    })
  },
)

interface Place {
  readonly start: { readonly line: number }
  readonly end: { readonly line: number }
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
    const lines = ({ start, end }: Place): string => `${start.line}-${end.line}`
    return files.toSorted((a, b) => a.path.localeCompare(b.path)).map((file) => ({
      statements: Object.entries(file.statementMap).map(([k, at]) => `${lines(at)}: ${file.s[k]}`),
      functions: Object.entries(file.fnMap).map(([k, f]) => `${lines(f.loc)} ${f.name}: ${file.f[k]}`),
      branches: Object.entries(file.branchMap).map(([k, b]) => `${lines(b.loc)} ${b.type}: ${file.b[k]?.join()}`),
    }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

test('a coverage report is the same with the plugin as without it, line by line', async () => {
  const without = await coverage(false)
  expect(JSON.stringify(without)).toContain('never: 0')
  expect(await coverage(true)).toEqual(without)
})
