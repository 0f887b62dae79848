import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { InterleavingError } from 'heddle'
import { describe, expect, test } from 'vitest'

/** The TypeScript blocks of the README, each as a module that exports what its tests did. */
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((m) => m[1] as string)
const folder = fileURLToPath(new URL('../build/readme/', import.meta.url))

async function run(block: string, name: string): Promise<unknown> {
  // `test` of a block runs its body at once; its outcome is what the module exports.
  const source = block.replace(
    "import { test } from 'vitest'\n",
    'const outcomes: unknown[] = []\nconst test = (_: string, body: () => Promise<void>) => { outcomes.push(body()) }\n',
  )
  const ending = source === block ? 'export const result = report\n' : 'export const result = await Promise.all(outcomes)\n'
  mkdirSync(folder, { recursive: true })
  const file = `${folder}${name}.ts`
  writeFileSync(file, source + ending)
  return ((await import(pathToFileURL(file).href)) as { result: unknown }).result
}

describe('the code of the README', () => {
  test('has the blocks that this file knows', () => {
    expect(blocks).toHaveLength(2)
  })

  test('the test with explore() finds the lost update', async () => {
    const failure = await run(blocks[0] as string, 'explore').catch((e: unknown) => e)
    expect(failure).toBeInstanceOf(InterleavingError)
    expect((failure as InterleavingError).cause).toMatchObject({ message: expect.stringContaining('lost update') as string })
  })

  test('the generator program has six schedules', async () => {
    expect(await run(blocks[1] as string, 'generators')).toMatchObject({ schedules: 6, exhausted: true })
  })
})
