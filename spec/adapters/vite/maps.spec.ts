import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'
import { describe, expect, test } from 'vitest'
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
