import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Example, examples } from './examples.ts'
import { moduleOf } from './example-module.ts'
import * as prelude from './prelude.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Inside the package, whose name the code imports. */
const folder = `${mkdtempSync(`${root}build/examples-of-docs-`)}/`

function fileOf({ file, line }: Example): string {
  return `${folder}${file.replaceAll('/', '-').replace(/\.ts$/, '')}-${line}.ts`
}

beforeAll(() => {
  for (const example of examples) writeFileSync(fileOf(example), moduleOf(example, [...Object.keys(prelude), 'Row']))
  const tsconfig = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(tsconfig))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the examples of the doc comments', () => {
  test('are many', () => {
    expect(examples.length).toBeGreaterThan(80)
  })

  test('have the right types', () => {
    const { stdout } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '--noEmit', '-p', folder], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  test.each(examples.filter((e) => !e.isTest).map((e) => [`${e.file}:${e.line}`, e] as const))('%s runs', async (_, example) => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      const { example: call } = (await import(pathToFileURL(fileOf(example)).href)) as { example(): Promise<void> }
      const thrown: unknown = await call().catch((error: unknown) => error)
      const said = / \/\/ throws (\w+)/.exec(example.source)?.[1]
      if (said === undefined) expect(thrown).toBeUndefined()
      else expect(thrown).toHaveProperty('name', said)
    } finally {
      vi.restoreAllMocks()
    }
  })
})
