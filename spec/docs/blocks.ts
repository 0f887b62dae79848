import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** One TypeScript block of a page. */
export interface Block {
  readonly page: string
  /** From 1. */
  readonly number: number
  readonly source: string
  /** Whether it is for a test runner, and so only type-checked. */
  readonly isTest: boolean
}

/** The README and the pages of docs/. */
export const pages: readonly string[] = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => `docs/${name}`),
]

/**
 * The blocks of a page, each a module. What a reader does not need to see, but the module does, stands before it in a comment
 * that begins with `before`.
 */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(root + page, 'utf8')
  const found = text.matchAll(/(?:<!-- before\n([\s\S]*?)-->\s*)?^```ts\n([\s\S]*?)^```/gm)
  return [...found].map(([, before = '', code = ''], i) => ({
    page,
    number: i + 1,
    source: `${before}${code}\nexport {}\n`,
    isTest: /from '(vitest|heddle\/vitest|vitest\/config)'/.test(before + code),
  }))
}
