import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Runs a compiler's own file: `node_modules/.bin` has one `tsc` only. Gives what it complains of. */
function complaints(compiler: string, name: string, files: readonly string[], { types, lib }: { types: string[]; lib: string[] }): Promise<string> {
  const folder = `${root}build/consumer/${name}-${compiler}/`
  mkdirSync(folder, { recursive: true })
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', ...lib],
    types,
    typeRoots: [`${root}node_modules/@types`],
  }
  const config = { compilerOptions, files: files.map((f) => `${root}fixtures/consumer/${f}`) }
  writeFileSync(`${folder}tsconfig.json`, JSON.stringify(config))
  return new Promise((done) => {
    execFile(process.execPath, [`${root}node_modules/${compiler}/bin/tsc`, '-p', folder], (error, stdout) => done(error === null ? '' : stdout || String(error)))
  })
}

const PAGE = { types: [], lib: ['dom', 'dom.iterable'] }
const NODE = { types: ['node'], lib: [] }
const BOTH = { types: ['node'], lib: PAGE.lib }

describe('the declarations hold for a strict user who checks them too', () => {
  test.each(['typescript-5.9', 'typescript-6', 'typescript'])('with %s, beside vitest, vite and fast-check', async (compiler) => {
    expect(await complaints(compiler, 'both', ['core.ts', 'adapters.ts'], BOTH)).toBe('')
  })

  test('in a page, without the types of Node, and in Node, without those of a page', async () => {
    expect(await complaints('typescript', 'page', ['core.ts'], PAGE)).toBe('')
    expect(await complaints('typescript', 'node', ['core.ts'], NODE)).toBe('')
  })

  test('the check sees what is wrong', async () => {
    expect(await complaints('typescript', 'nothing', ['core.ts'], { types: [], lib: [] })).toContain('AbortSignal')
  })
})

/** Every module that an entry of the built package imports statically: its own files, and the names of all others. */
function graph(entry: string): { own: Set<string>; foreign: Set<string> } {
  const own = new Set<string>()
  const foreign = new Set<string>()
  const walk = (file: string): void => {
    if (own.has(file)) return
    own.add(file)
    for (const [, target = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?:[\w$*{}\s,]+?\s+from\s+)?['"]([^'"]+)['"]/gm)) {
      if (target.startsWith('.')) walk(resolve(dirname(file), target))
      else foreign.add(target)
    }
  }
  walk(`${root}dist/${entry}`)
  return { own, foreign }
}

describe('what an import brings with it', () => {
  test.each(['index.js', 'strategies/index.js'])('%s imports nothing but its own files: no node:, no package', (entry) => {
    const { own, foreign } = graph(entry)
    expect(own.size).toBeGreaterThan(20)
    expect([...foreign]).toEqual([])
  })

  test('the walk sees packages and node: where there are some', () => {
    expect([...graph('adapters/vite/index.js').foreign]).toEqual(expect.arrayContaining(['vite', 'node:fs', 'magic-string']))
  })

  /** In bytes, minified. What is new and belongs there may raise them. */
  test.each([
    ["import 'heddle'", 0],
    ["export { random } from 'heddle/strategies'", 2_000],
    ["export { parseFailureFile } from 'heddle'", 8_000],
    ["export { pause } from 'heddle'", 12_000],
    ["export { sleep, Lock } from 'heddle'", 18_000],
    ["export { explore } from 'heddle'", 250_000],
  ])('a bundle of %s has at most %i bytes', async (source, budget) => {
    const code = await bundled(source)
    expect(code.length).toBeLessThanOrEqual(budget)
    expect(code.length).toBeGreaterThan(budget / 4 - 1)
  })
})

/** What a bundler makes of one import, by the package's own name. */
async function bundled(source: string): Promise<string> {
  mkdirSync(`${root}build`, { recursive: true })
  const entry = `${root}build/entry.mjs`
  const bundle = await rolldown({
    input: entry,
    platform: 'neutral',
    external: [/^node:/, '@sinonjs/fake-timers'],
    plugins: [{ name: 'entry', resolveId: (id) => (id === entry ? id : null), load: (id) => (id === entry ? source : null) }],
    logLevel: 'silent',
  })
  const { output } = await bundle.generate({ format: 'es', minify: true })
  return output[0].code
}

test('the lock file names what other systems than the one that wrote it install: npm ci refuses it otherwise', () => {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }
  const missing = Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !(`node_modules/${name}` in packages) && !(`${folder}/node_modules/${name}` in packages)),
  )
  expect(missing).toEqual([])
})
