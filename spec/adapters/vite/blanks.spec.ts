import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { instrument } from '../../../src/adapters/vite/instrument.ts'

/** What stands above the helpers. */
function transformed(code: string): string {
  const made = instrument({ code, file: 'blanks.js', map: () => null, accesses: true, parse: parseAst })?.code
  if (made === undefined) throw new Error('nothing was transformed')
  return made.slice(0, made.lastIndexOf('\nvar __heddle,'))
}

/** A function with a point in it, so that something is transformed, around other text. */
function around(body: string): string {
  return `export async function f(o) {\n${body}\nreturn await 1\n}`
}

function bodyOf(code: string): string {
  return transformed(around(code)).split('\n').slice(1, -2).join('\n')
}

describe('what is left out', () => {
  test.each([
    ['indentation', '  \tlet a\n\t  a = 1', 'let a\na = 1'],
    ['a comment of a line', 'let a // says nothing', 'let a'],
    ['a line of comment', '  // says nothing\nlet a', '\nlet a'],
    ['a comment of several lines, but not the lines', 'let a /* one\n   two\n  three */ = 1', 'let a\n\n= 1'],
    ['documentation', '/**\n * It adds.\n * @param a one\n */\nlet a', '\n\n\n\nlet a'],
    ['a comment within a line', 'let a = /* one */ 1', 'let a = 1'],
    ['a comment behind a line', 'let a = 1 /* one */\nlet b', 'let a = 1 \nlet b'],
    ['comments after each other', '/* a */ /* b */ let a // c /* d */', 'let a'],
    ['what looks like text in a comment', "let a // it's `so`\nlet b", 'let a\nlet b'],
    ['what looks like code in a comment', 'let a /* */ // */', 'let a '],
    ['a comment in an import', "void import(/* the */ 'node:os')", "void import( 'node:os')"],
  ])('%s', (_, code, expected) => {
    expect(bodyOf(code)).toBe(expected)
  })

  test('at the beginning and the end of a file', () => {
    expect(transformed('  /* one */ export const f = async () => await 1 // two')).toMatch(/^export const f = async \(\) => await __heddle_at\( 1,0\)$/)
  })

  test('lines that end as on Windows stay such lines', () => {
    expect(transformed('// one\r\nexport const f = async () => {\r\n  /* two\r\n  */ return await 1 // three\r\n}\r\n')).toBe(
      '\r\nexport const f = async () => {\r\n\nreturn await __heddle_at( 1,0)\r\n}\r\n',
    )
  })
})

describe('what stays', () => {
  test.each([
    ['text of several lines', 'let a = `\n  // one\n  /* two */ ${1 + 2}\n   `', 'let a = `\n  // one\n  /* two */ ${1 + 2}\n   `'],
    ['what looks like a comment in a string', "let a = '// one', b = '/* two */'", "let a = '// one', b = '/* two */'"],
    ['a string over two lines', "let a = 'one\\\n   // two'", "let a = 'one\\\n   // two'"],
    ['what looks like a comment in a regular expression', 'let a = /[/*]  [//]/g, b = 4 / 2 / 1', 'let a = /[/*]  [//]/g, b = 4 / 2 / 1'],
    ['a comment that parts two words', 'if (o) throw/**/o', 'if (o) throw/**/o'],
    ['a hint for coverage', '/* v8 ignore next */\nif (o) throw o // istanbul ignore else', '/* v8 ignore next */\nif (o) throw o // istanbul ignore else'],
    ['hints for other coverage', '/* node:coverage disable */\nlet a // c8 ignore next', '/* node:coverage disable */\nlet a // c8 ignore next'],
    ['another hint for bundlers', 'void import(/* turbopackIgnore: true */ o)', 'void import(/* turbopackIgnore: true */ o)'],
    ['a hint for bundlers', 'void import(/* @vite-ignore */ /* webpackChunkName: "x" */ `./${o}`)', 'void import(/* @vite-ignore */ /* webpackChunkName: "x" */ `./${o}`)'],
    ['a hint for minifiers', 'let a = /* @__PURE__ */ o(), b = /*#__PURE__*/ o()', 'let a = /* @__PURE__ */ o(), b = /*#__PURE__*/ o()'],
    ['a licence', '/*! of somebody */\n/* @license MIT */', '/*! of somebody */\n/* @license MIT */'],
    ['the address of a map', '//# sourceMappingURL=x.js.map\nlet a', '//# sourceMappingURL=x.js.map\nlet a'],
  ])('%s', (_, code, expected) => {
    expect(bodyOf(code)).toBe(expected)
  })

  test('a first line for the shell', () => {
    expect(transformed('#!/usr/bin/env -S node // --x /* y\n  export const f = async () => await 1')).toMatch(/^#!\/usr\/bin\/env -S node \/\/ --x \/\* y\nexport const f/)
  })

  test('the end of a line in a comment, where a statement ends with it', async () => {
    const made = instrument({
      code: 'export async function f() {\n  await 1\n  return /*\n  */ 2\n}\n',
      file: 'ends.js',
      map: () => null,
      accesses: true,
      parse: parseAst,
    })
    const { f } = (await import(`data:text/javascript,${encodeURIComponent(String(made?.code))}`)) as { f(): Promise<unknown> }
    expect(await f()).toBeUndefined()
  })
})
