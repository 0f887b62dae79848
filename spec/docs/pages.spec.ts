import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Block, blocksOf, pages } from './blocks.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** Inside the package, whose name the code imports. */
const folder = `${mkdtempSync(`${root}build/pages-`)}/`
const blocks = pages.flatMap(blocksOf)

function fileOf({ page, number }: Block): string {
  return `${folder}${page.replaceAll('/', '-').replace(/\.md$/, '')}-${number}.ts`
}

beforeAll(() => {
  for (const block of blocks) writeFileSync(fileOf(block), block.source)
  const tsconfig = { extends: '../../tsconfig.json', compilerOptions: { noUnusedLocals: false }, include: ['*.ts'] }
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(tsconfig))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the code of the pages', () => {
  test('there is some in most of them', () => {
    expect(blocks.length).toBeGreaterThan(15)
  })

  test('has the right types', () => {
    const { stdout } = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '--noEmit', '-p', folder], { encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  test.each(blocks.filter((b) => !b.isTest).map((b) => [`${b.page}, block ${b.number}`, b] as const))('%s runs', async (_, block) => {
    const failed: unknown[] = []
    const { assert, log } = console
    console.assert = (ok?: boolean, ...about: unknown[]) => void (ok || failed.push(about))
    console.log = () => {}
    try {
      await import(pathToFileURL(fileOf(block)).href)
    } finally {
      Object.assign(console, { assert, log })
    }
    expect(failed).toEqual([])
  })
})

test('links between the pages lead somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(root + page, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)]
      .map((m) => m[1] as string)
      .filter((target) => !existsSync(`${root}${dirname(page)}/${target}`))
      .map((target) => `${page}: ${target}`),
  )
  expect(broken).toEqual([])
})
