import { describe, expect, test } from 'vitest'
import { declarationOf, entries, exportsOf } from './exports.ts'

describe.each(Object.keys(entries))('what %s exports', (entry) => {
  const names = exportsOf(entry)
  const declared = names.map((name) => ({ ...name, ...declarationOf(name) }))

  test('is found', () => {
    expect(names.length).toBeGreaterThan(0)
    expect(declared.filter((d) => d.kind === undefined).map((d) => d.name)).toEqual([])
  })

  test('has a doc comment', () => {
    expect(declared.filter((d) => !d.comment?.startsWith('/**')).map((d) => d.name)).toEqual([])
  })

  test('has an example where it can be called', () => {
    // Errors are met where something throws them, and their comments say where.
    const values = declared.filter((d) => !d.isType && d.isError !== true && d.name !== d.name.toUpperCase())
    expect(values.filter((d) => !d.comment?.includes('@example')).map((d) => d.name)).toEqual([])
  })
})
