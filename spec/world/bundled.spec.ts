import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What this body ends with, in one file with the library: no stack tells the two apart. */
async function bundled(body: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-bundle-'))
  const source = join(folder, 'program.js')
  writeFileSync(
    source,
    `
    import { check, pause } from ${JSON.stringify(join(root, 'dist/index.js'))}
    const [takenTimeout, takenImmediate] = [setTimeout, setImmediate]
    const { failure } = await check(async () => {${body}})
    console.log(failure === undefined ? 'passes' : failure.error.message)`,
  )
  const bundle = await rolldown({ input: source, platform: 'node' })
  const file = join(folder, 'bundle.mjs')
  await bundle.write({ file, format: 'es', codeSplitting: false })
  return spawnSync(process.execPath, [file], { encoding: 'utf8' }).stdout
}

test('an immediate that was taken before is awaited', async () => {
  const told = await bundled(`
    await pause()
    await new Promise((resolve) => takenImmediate(resolve))`)
  expect(told).toBe('passes\n')
})

test('an escape says what may be the matter', async () => {
  const told = await bundled(`
    await pause()
    await new Promise((resolve) => takenTimeout(resolve, 20))`)
  expect(told).toMatch(/external\(\).*\nHeddle is part of a bundle.*external/s)
})
