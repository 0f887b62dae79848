import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Report } from 'heddle'
import { describe, expect, test } from 'vitest'

/** The TypeScript blocks of the page, each a module that exports its report. */
const page = readFileSync(new URL('../docs/faults-and-cancellation.md', import.meta.url), 'utf8')
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map((m) => m[1] as string)
const folder = fileURLToPath(new URL('../build/docs/', import.meta.url))

async function reportOf(at: number): Promise<Report> {
  mkdirSync(folder, { recursive: true })
  const file = `${folder}faults-${at}.ts`
  writeFileSync(file, blocks[at] as string)
  return ((await import(pathToFileURL(file).href)) as { report: Report }).report
}

describe('the code of docs/faults-and-cancellation.md', () => {
  test('has the blocks that this file knows', () => {
    expect(blocks).toHaveLength(4)
  })

  test('a lost answer charges twice', async () => {
    expect(String((await reportOf(0)).failure?.error)).toBe('Error: charged twice')
  })

  test('a lock outside finally is held', async () => {
    expect(String((await reportOf(1)).failure?.error)).toBe("LeftoverError: left behind: Lock 'ledger' is held")
  })

  test('an abort leaves nothing behind', async () => {
    expect(await reportOf(2)).toMatchObject({ exhausted: true, failures: 0, schedules: 3 })
  })

  test('three waits are three places', async () => {
    const cancellations = { coverage: 'exhausted', places: 3, tried: 3 }
    expect(await reportOf(3)).toMatchObject({ schedules: 4, dimensions: { cancellations } })
  })
})
