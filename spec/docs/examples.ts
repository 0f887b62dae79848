import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../../src/', import.meta.url))

/** One code block of a doc comment's `@example`. */
export interface Example {
  /** Within src/. */
  readonly file: string
  /** Of the first line of code, from 1. */
  readonly line: number
  readonly source: string
  /** Whether it is for a test runner or its configuration, and so only type-checked. */
  readonly isTest: boolean
}

/** All examples in the doc comments of src/, in the order of the files. */
export const examples: readonly Example[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .toSorted()
  .flatMap(examplesOf)

function examplesOf(file: string): Example[] {
  const text = readFileSync(src + file, 'utf8')
  return [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)].flatMap((comment) => {
    const found = comment[0].matchAll(/\* ```ts\n([\s\S]*?)^[ \t]*\* ```/gm)
    return [...found].map(([whole, code = '']) => ({
      file,
      line: text.slice(0, comment.index + comment[0].indexOf(whole)).split('\n').length + 1,
      source: code.replaceAll(/^[ \t]*\* ?/gm, ''),
      isTest: /\b(test|it)\.explore\(|\bdefineConfig\(/.test(code),
    }))
  })
}
