import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import ts from 'typescript-6'

/*
 * Node, a loader or the program may put stacks into other words, and what is found is the same for it. With source maps
 * (--enable-source-maps, which `heddle explore` and many runners switch on) Node names a function that has no name
 * `<anonymous>`, as it names what has no file; a program's own Error.prepareStackTrace may give anything, or throw.
 */

const HEADER = `
import { check, createTask, pause, wait } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
interface Gone { only: 'types' }
const takenTimeout = setTimeout
const takenImmediate = setImmediate
const [body] = [async (): Promise<void> => {
`
const FOOTER = `
}]
const { failure, schedules } = await check(body, { name: 'mapped', cancel: 'worker', awaits: 'slow', seed: 1 })
console.log(JSON.stringify({ schedules, kind: failure?.kind, token: failure?.token, error: String(failure?.error) }))
`

interface Told {
  readonly schedules: number
  readonly kind?: string
  readonly token?: string
  readonly error: string
}

const folder = mkdtempSync(join(tmpdir(), 'heddle-maps-'))
let programs = 0

/** What the program finds when it runs as JavaScript with a source map, which Node reads or not. */
function runs(body: string, ...flags: string[]): Told {
  const file = join(folder, `program-${++programs}.ts`)
  const { outputText } = ts.transpileModule(HEADER + body + FOOTER, {
    fileName: file,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, inlineSourceMap: true },
  })
  const built = file.replace(/\.ts$/, '.mjs')
  writeFileSync(built, outputText)
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, built], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Told
}

const LEFT = `
      let settle = (): void => {}
      const gate = new Promise<void>((resolve) => (settle = resolve))
      void (async () => {
        await gate // here
      })()
      await wait([createTask(async () => {
        await pause('work')
        settle()
      }, { name: 'worker' })])`

const TIMER = `
      await pause()
      await new Promise<void>((resolve) => {
        takenTimeout(resolve, 20) // here
      })`

const IMMEDIATE = `
      await pause()
      await new Promise<void>((resolve) => setTimeout(() => takenImmediate(resolve)))
      await pause()`

describe('what is found is the same with source maps, at the line of the source', () => {
  test.each([
    ['an await that a cancellation leaves behind', 'leak', LEFT],
    ['a timer of the host that a function without a name has started', 'escape', TIMER],
  ])('%s', (_, kind, body) => {
    const plain = runs(body)
    const mapped = runs(body, '--enable-source-maps')
    expect([plain.kind, mapped.kind]).toEqual([kind, kind])
    expect({ ...mapped, error: '' }).toEqual({ ...plain, error: '' })
    const line = (HEADER + body).split('\n').findIndex((text) => text.includes('// here')) + 1
    expect(mapped.error).toContain(`.ts:${line}:`)
    expect(plain.error).toContain('.mjs:')
  })

  test('an immediate that was taken before is awaited, whoever asks for it', () => {
    const plain = runs(IMMEDIATE)
    expect(plain).toMatchObject({ error: 'undefined' })
    expect(runs(IMMEDIATE, '--enable-source-maps')).toEqual(plain)
  })
})

describe('what is found is the same with an Error.prepareStackTrace of the program', () => {
  test.each([
    ['gives the frames', '(error, frames) => frames', true],
    ['throws', '() => { throw new Error("no stacks here") }', true],
    ['writes them as the host does', '(error, frames) => [error, ...frames].join("\\n    at ")', true],
    ['writes them in its own words', '(error, frames) => [error, ...frames.map((f) => `x (${f.getFileName() ?? "here"}:${f.getLineNumber()}:1)`)].join("\\n    at ")', false],
  ])('that %s', (_, prepare, sameWords) => {
    const prepared = ['--import', `data:text/javascript,${encodeURIComponent(`Error.prepareStackTrace = ${prepare}`)}`]
    for (const body of [LEFT, TIMER, IMMEDIATE]) {
      const [plain, other] = [runs(body), runs(body, ...prepared)]
      expect(other.error).toMatch(plain.error === 'undefined' ? 'undefined' : 'program-')
      expect(told(other, sameWords)).toEqual(told(plain, sameWords))
    }
  })
})

/** Each program has a file of its own. */
function told({ error, ...rest }: Told, words: boolean): unknown {
  return words ? { error: error.replaceAll(/program-\d+/g, 'program'), ...rest } : rest
}
