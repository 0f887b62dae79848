import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { bundle } from '../bench/hunt/bundle.ts'
import { exploreHunt } from '../bench/hunt/explore.ts'
import type { Hunt, Row } from '../bench/hunt/hunt.ts'
import { lines } from '../bench/hunt/table.ts'
import { VERSIONS } from '../bench/hunt/versions.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const hunt = `${root}bench/hunt/`
const read = (file: string): string => readFileSync(file, 'utf8')
const named = (folder: string, suffix: string): string[] =>
  readdirSync(hunt + folder).filter((f) => f.endsWith(suffix) && !f.startsWith('support')).map((f) => basename(f, suffix)).toSorted()

const scenarios = named('packages', '.mjs')

/** The rows of one property, of a package at another version than the hunt's. */
async function rows(file: string, property: RegExp, installed: string): Promise<Row[]> {
  const outDir = `${root}build/hunt-of-spec/${installed}`
  mkdirSync(outDir, { recursive: true })
  const module = await bundle(`${hunt}packages/${file}.mjs`, outDir, root, { folder: root, names: { [file]: installed } })
  const { default: all } = (await import(pathToFileURL(module).href)) as { default: Hunt }
  const properties = all.properties.filter((p) => property.test(p.name))
  expect(properties).toHaveLength(1)
  const found: Row[] = []
  for await (const row of exploreHunt({ ...all, properties }, 500)) found.push(row)
  return found
}

describe('the hunt, with versions that are here', () => {
  test('finds a published deadlock of p-queue 9.3.0, which 9.3.1 has not', async () => {
    const before = await rows('p-queue', /^onSizeLessThan/, 'p-queue-9.3.0')
    expect(before.map((r) => [r.permute, r.find?.kind])).toEqual([['io', 'deadlock']])
    expect(before[0]?.find?.token).toMatch(/^h1\./)
    const after = await rows('p-queue', /^onSizeLessThan/, 'p-queue-9.3.1')
    expect(after.map((r) => [r.permute, r.find, r.exhausted])).toEqual([['io', null, true], ['tasks', null, true]])
  }, 60_000)

  test('finds a published race of fastq 1.20.1, which 1.20.2 has not', async () => {
    const before = await rows('fastq', /^abort/, 'fastq-1.20.1')
    expect(before.map((r) => r.permute)).toEqual(['io'])
    // The aborted jobs have freed slots that they had never taken.
    expect(before[0]?.find?.message).toMatch(/ -[12] running$|^2 at once$/)
    const after = await rows('fastq', /^abort/, 'fastq-1.20.2')
    expect(after.map((r) => r.find)).toEqual([null, null])
    expect(after.every((r) => r.choicePoints > 100)).toBe(true)
  }, 60_000)

  test('a find is only bold in the table where JavaScript can run it and nobody has published it', () => {
    const find = { kind: 'error', message: 'lost', token: 'h1.x', picture: '', switches: 1 }
    const row: Row = { property: 'p', permute: 'io', schedules: 3, choicePoints: 4, exhausted: false, trophy: 'x-lost', known: null, find }
    const cell = (changed: Partial<Row>): string => lines('x', '1.0.0', [{ ...row, ...changed }])[0]?.split(' | ').at(-1) ?? ''
    expect(cell({})).toBe('**lost** ([x-lost](#x-lost)) |')
    expect(cell({ permute: 'tasks' })).toBe('(an order nobody promised: lost) |')
    expect(cell({ known: 'published: x#1' })).toBe('lost (published: x#1) |')
    expect(cell({ find: null, exhausted: true })).toBe('– |')
  })
})

describe('the page of finds', () => {
  const page = read(`${root}docs/trophies.md`)
  const entries = new Map(
    page.split(/^### /m).slice(1).map((entry) => [entry.slice(0, entry.indexOf('\n')).trim(), entry.split(/^## /m)[0] as string]),
  )
  const claimed = scenarios.flatMap((s) => [...read(`${hunt}packages/${s}.mjs`).matchAll(/trophy: '([^']+)'/g)].map((m) => m[1] as string))

  test('has an entry for each, and no other', () => {
    expect([...entries.keys()].toSorted()).toEqual([...new Set(claimed)].toSorted())
    expect(entries.size).toBeGreaterThan(2)
  })

  test('each was shown by a plain program', () => {
    expect(named('confirm', '.mjs')).toEqual([...entries.keys()].toSorted())
    for (const name of entries.keys()) expect(read(`${hunt}confirm/${name}.mjs`), name).not.toMatch(/heddle/)
  })

  test.each([...entries])('%s: token, picture, promise, the program, and the regression test as it stands', (name, entry) => {
    expect(entry).toMatch(/^ {2}step +time/m)
    expect(entry).toMatch(/\bh1\.[\w-]{20,}/)
    expect(entry).toMatch(/^> ./m)
    expect(entry).toContain(`confirm/${name}.mjs`)
    const regression = `${hunt}regression/${name}.test.mjs`
    if (existsSync(regression)) expect(entry).toContain(read(regression).trim())
  })

  test('what nobody had published has a mend, which the entry names, and a regression test', () => {
    const published = scenarios.flatMap((s) =>
      [...read(`${hunt}packages/${s}.mjs`).matchAll(/trophy: '([^']+)',\n +known:/g)].map((m) => m[1] as string),
    )
    const fresh = [...entries.keys()].filter((name) => !published.includes(name)).toSorted()
    expect(fresh.length).toBeGreaterThan(2)
    expect(named('regression', '.test.mjs')).toEqual(fresh)
    expect(named('mends', '.patch')).toEqual(fresh)
    for (const name of fresh) expect(entries.get(name)).toContain(`mends/${name}.patch`)
  })

  test('lists every package that was tried, at its version', () => {
    for (const [name, version] of Object.entries(VERSIONS)) expect(page, name).toContain(`| ${name} ${version} |`)
  })
})
