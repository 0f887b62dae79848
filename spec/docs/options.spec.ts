import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { entries, exportsOf } from './exports.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(`${root}docs/options.md`, 'utf8')

interface Section {
  readonly types: readonly string[]
  /** What the first column of its table names. */
  readonly options: readonly string[]
}

const sections = page.split(/^## /m).slice(1).map((text): Section => {
  const [heading = '', ...lines] = text.split('\n')
  const cells = lines.flatMap((line) => /^\| (`[^|]*`) \|/.exec(line)?.[1] ?? [])
  return { types: named(heading), options: cells.flatMap(named) }
})

function named(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map((m) => m[1] as string)
}

/** The members of an interface, without those of what it extends. */
function membersOf(file: string, name: string): string[] {
  const { body } = parseAst(readFileSync(`${root}src/${file}`, 'utf8'), { lang: 'ts' })
  for (const statement of body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : null
    if (declared?.type !== 'TSInterfaceDeclaration' || declared.id.name !== name) continue
    return declared.body.body.flatMap((m) => ('key' in m && m.key.type === 'Identifier' ? m.key.name : []))
  }
  return []
}

const types = Object.keys(entries)
  .flatMap(exportsOf)
  .filter(({ name, isType }) => isType && /Options$|^Faults$/.test(name))
  .map(({ name, file }) => ({ name, members: membersOf(file, name) }))
  .filter((t) => t.members.length > 0)

describe('the page of the options', () => {
  test('is about many', () => {
    expect(types.length).toBeGreaterThan(15)
    expect(types.find((t) => t.name === 'ExploreOptions')?.members).toContain('onProgress')
  })

  test.each(types)('has every one of $name', ({ name, members }) => {
    const listed = sections.filter((s) => s.types.includes(name)).flatMap((s) => s.options)
    expect(members.filter((m) => !listed.includes(m))).toEqual([])
  })

  test('has none that there is not', () => {
    const unknown = sections.flatMap(({ types: names, options }) => {
      const members = types.filter((t) => names.includes(t.name)).flatMap((t) => t.members)
      return options.filter((o) => !members.includes(o))
    })
    expect(unknown).toEqual([])
  })
})
