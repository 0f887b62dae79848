import { expect, test } from 'vitest'
import { Indents } from '../../../src/adapters/vite/indents.ts'
import { Positions } from '../../../src/adapters/vite/positions.ts'
import { SiteTable } from '../../../src/adapters/vite/site-table.ts'
import { sitesOf } from '../../../src/world/instrumented/site.ts'

/** A file of many lines, one of them long enough for columns of several digits. */
const CODE = `${'x\n'.repeat(1000)}${' '.repeat(40_000)}y\n`

test('a table that a module carries unfolds to what was put into it', () => {
  const table = new SiteTable(new Positions(new Indents(CODE), () => null))
  const put = [
    [0, { line: 1, column: 1, function: '', kind: '', name: '', key: '' }],
    [60, { line: 31, column: 1, function: 'f', kind: 'read', name: 'a["\\t"]', key: '' }],
    [61 * 2 - 2, { line: 61, column: 1, function: '名', kind: 'write', name: 'this.#n', key: '#n' }],
    [31 * 31 * 2, { line: 962, column: 1, function: 'f', kind: 'call', name: 'this.items', key: 'push' }],
    // What indents its line is not in the text.
    [2000, { line: 1001, column: 40_001, function: '#m', kind: 'update', name: 'n', key: '31' }],
  ] as const
  for (const [i, [offset, s]] of put.entries()) expect(table.add(offset, s.function, s.kind, s.name, s.key)).toBe(i)
  const text = JSON.parse(String(table)) as string
  expect(sitesOf('a.js', text)).toEqual(
    put.map(([, s]) => ({ file: 'a.js', ...s, label: `a.js:${s.line}${s.function === '' ? '' : ` ${s.function}`}` })),
  )
  // One word for whoever looks for words.
  expect(text).toMatch(/^\w+$/)
})
