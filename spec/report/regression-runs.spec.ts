import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { check, regressionTest } from 'heddle'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Program, programs } from '../../fixtures/failures/with-faults.ts'

/** What vitest says of a test file. */
interface Said {
  readonly status: string
  readonly messages: string
}

/** As vitest writes it. */
interface Results {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly failureMessages: readonly string[] }[]
  }[]
}

/** Generated tests as a user keeps them: files, run by vitest, against the code with the fault and against the mended one. */
describe('regression tests, run by vitest', () => {
  const names = Object.keys(programs(false))
  let folder = ''
  const texts = new Map<string, string>()
  const errors = new Map<string, string>()
  let buggy: ReadonlyMap<string, Said>
  let mended: ReadonlyMap<string, Said>

  beforeAll(async () => {
    mkdirSync('build', { recursive: true })
    folder = mkdtempSync(join(process.cwd(), 'build', 'regressions-'))
    for (const [name, { body, options }] of Object.entries(programs(false))) {
      const { failure } = await check(body as () => Promise<void>, { ...options, name })
      if (failure === undefined) throw new Error(`${name} should fail`)
      texts.set(name, regressionTest(failure.file, { from: './body.ts' }))
      errors.set(name, failure.file.error.message.split('\n')[0] ?? '')
    }
    const results = await runAll()
    buggy = saidOf(results, 'buggy')
    mended = saidOf(results, 'mended')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function runAll(): Promise<Results> {
    const fixture = relative(join(folder, 'buggy/0'), join(process.cwd(), 'fixtures/failures/with-faults.ts')).replaceAll('\\', '/')
    for (const place of ['buggy', 'mended']) {
      for (const [i, name] of names.entries()) {
        const root = join(folder, place, String(i))
        mkdirSync(root, { recursive: true })
        const call = `programs(${place === 'mended'})[${JSON.stringify(name)}]`
        writeFileSync(join(root, 'body.ts'), `import { programs } from '${fixture}'\nexport const body = ${call}.body\n`)
        writeFileSync(join(root, 'a.test.ts'), texts.get(name) ?? '')
      }
    }
    // On a busy machine vitest's own five seconds are no sign of a test that hangs.
    writeFileSync(join(folder, 'vitest.config.js'), 'export default { test: { testTimeout: 120_000, hookTimeout: 120_000 } }\n')
    const results = join(folder, 'results.json')
    const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs')
    const args = [vitest, 'run', '--root', folder, '--reporter', 'json', '--outputFile', results]
    // It ends with 1 where a test fails.
    await promisify(execFile)(process.execPath, args, { env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } }).catch(() => {})
    return JSON.parse(readFileSync(results, 'utf8')) as Results
  }

  function saidOf({ testResults }: Results, place: string): ReadonlyMap<string, Said> {
    return new Map(
      names.map((name, i) => {
        const file = testResults.find((r) => r.name.replaceAll('\\', '/').endsWith(`/${place}/${i}/a.test.ts`))
        expect(file?.assertionResults, name).toHaveLength(1)
        const [result] = file?.assertionResults ?? []
        return [name, { status: result?.status ?? '', messages: (result?.failureMessages ?? []).join('\n') }]
      }),
    )
  }

  test.each(names)('%s: red on the fault, with its error', (name) => {
    expect(buggy.get(name)?.status).toBe('failed')
    expect(buggy.get(name)?.messages).toContain(errors.get(name))
  })

  test.each(names)('%s: green once it is mended', (name) => {
    expect(mended.get(name), texts.get(name)).toEqual({ status: 'passed', messages: '' })
  })

  test.each(names)('%s: short, by names of steps alone', (name) => {
    const text = texts.get(name) ?? ''
    expect(text).toContain('sequencer(')
    expect(text).not.toContain('replay(')
    expect(text.split('\n').length).toBeLessThan(25)
  })

  test('a value that is forced is named alone', () => {
    for (const name of ['a choice of a value', 'a fault', 'a cancellation']) {
      const code = (texts.get(name) ?? '').replaceAll(/^\/\/.*$/gm, '')
      expect(code.match(/ is option \d'/g), name).toHaveLength(1)
    }
  })

  test('each program is another one when it is mended', () => {
    const sources = (all: Readonly<Record<string, Program>>): string[] => Object.keys(all)
    expect(sources(programs(true))).toEqual(names)
  })
})
