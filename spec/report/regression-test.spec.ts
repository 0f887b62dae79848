import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { check as checkBuilt } from 'heddle'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scenarios as mutex } from '../../examples/async-mutex.ts'
import { scenarios as zustand } from '../../examples/zustand.ts'
import * as kinds from '../../fixtures/failures/kinds.ts'
import { PROGRAMS } from '../../fixtures/sct/index.ts'
import { check, type ExploreOptions, type Failure, regressionTest, type Report, type ScenarioBody } from '../../src/index.ts'
import { sequencer } from '../../src/strategies/index.ts'

/** The examples use the built package, and are explored by it. */
const EXAMPLES = new Set<unknown>([...Object.values(mutex), ...Object.values(zustand)])

function checkAny(body: ScenarioBody, options: ExploreOptions): Promise<Report> {
  return EXAMPLES.has(body) ? checkBuilt(body, options) : check(body, options)
}

async function failureOf(body: ScenarioBody, name = ''): Promise<Failure> {
  const { failure } = await checkAny(body, { name })
  expect(failure).toBeDefined()
  return failure as Failure
}

describe('the order that matters', () => {
  const racy: [string, ScenarioBody][] = [
    ['async-mutex 0.3.2', mutex['async-mutex 0.3.2'] as ScenarioBody],
    ['zustand 5.0.9', zustand['zustand 5.0.9'] as ScenarioBody],
    ['a lost update', kinds.lostUpdate],
    ['a deadlock', kinds.deadlock],
    ...['CS/reorder_3', 'CS/reorder_5', 'CS/twostage', 'CS/wronglock', 'CS/deadlock01', 'CS/bluetooth_driver'].map(
      (name): [string, ScenarioBody] => [name, PROGRAMS[name] as ScenarioBody],
    ),
  ]
  test.each(racy)('%s: a few steps, and one schedule of them fails', async (_, body) => {
    const { kind, file } = await failureOf(body)
    expect(file.order).toBeDefined()
    const order = file.order ?? []
    expect(order.length).toBeLessThanOrEqual(6)
    const report = await checkAny(body, { strategy: sequencer(order) })
    expect(report).toMatchObject({ schedules: 1, failures: 1 })
    expect(report.failure?.kind).toBe(kind)
  })

  test.each([
    ['async-mutex', mutex['async-mutex 0.3.2'], mutex['async-mutex 0.4.0']],
    ['zustand', zustand['zustand 5.0.9'], zustand['zustand 5.0.10']],
  ])('passes where the fault is mended: %s', async (_, buggy, mended) => {
    const { file } = await failureOf(buggy as ScenarioBody)
    const report = await checkAny(mended as ScenarioBody, { strategy: sequencer(file.order ?? []) })
    expect(report).toMatchObject({ schedules: 1, failures: 0 })
    expect(report.bound).toBe('the order that was given')
  })

  test('no step of it can be left out, but for the last one, which says what comes too late', async () => {
    const body = PROGRAMS['CS/wronglock'] as ScenarioBody
    const { order = [] } = (await failureOf(body)).file
    expect(order.length).toBeGreaterThan(1)
    for (const i of order.keys()) {
      if (i === order.length - 1) break
      const report = await checkAny(body, { strategy: sequencer(order.toSpliced(i, 1)) })
      expect(report.failures, `without ${order[i]}`).toBe(0)
    }
  })
})

describe('the text', () => {
  test('is short, and says what failed and what passes', async () => {
    const { file } = await failureOf(mutex['async-mutex 0.3.2'] as ScenarioBody, 'the audit')
    const text = regressionTest(file, { from: './bank.ts', body: 'audit' })
    expect(text.split('\n').length).toBeLessThan(25)
    expect(text).toContain("import { audit } from './bank.ts'")
    expect(text).toMatch(/\/\/ Error: the audit saw \d+ in two accounts that hold 100/)
    expect(text).toMatch(/\/\/ It passes if .* before .*/)
    expect(text).toContain("test('the audit: the order that once failed'")
  })

  test.each([
    ['examples/bank.ts > the audit', "import { scenarios } from './examples/bank.ts'", "explore(scenarios['the audit'], {"],
    ['../bank.mjs', "import body from '../bank.mjs'", 'explore(body, {'],
    ['bank.test.ts > the audit', "import { body } from './the-module-under-test.ts' // to be filled in", 'explore(body, {'],
    ['the audit', "import { body } from './the-module-under-test.ts' // to be filled in", 'explore(body, {'],
  ])('finds the body of a scenario by its name on the command line: %s', async (name, from, call) => {
    const { file } = await failureOf(kinds.lostUpdate)
    const text = regressionTest({ ...file, name })
    expect(text).toContain(from)
    expect(text).toContain(call)
  })

  test('has nothing in it that the failure could make code of', async () => {
    const { file } = await failureOf(kinds.lostUpdate)
    const nasty = "x'); process.exit(1); // \n*/ ${process.exit(1)} \u2028 `\\"
    const text = regressionTest(
      { ...file, name: nasty, order: [nasty], error: { name: nasty, message: nasty }, passing: file.passing && { ...file.passing, words: nasty } },
      { from: nasty },
    )
    const code = text.split('\n').filter((l) => !l.startsWith('//')).join('\n')
    const strings = /'(?:[^'\\\n\u2028\u2029]|\\.)*'/g
    expect(code.replaceAll(strings, "''")).not.toContain('process')
    for (const line of text.split('\n').filter((l) => l.startsWith('//'))) expect(line).not.toMatch(/[\u2028\r]/)
    const named = regressionTest({ ...file, name: `a.ts > ${nasty}` }).split('\n').filter((l) => !l.startsWith('//')).join('\n')
    expect(named.replaceAll(strings, "''")).not.toContain('process')
    expect(() => regressionTest(file, { body: 'x } from "y"; //' })).toThrow(TypeError)
  })

  test('keeps the options that shape a schedule', async () => {
    const { failure } = await check(kinds.lostUpdate, { permute: 'io', leaks: 'ignore', maxSteps: 500 })
    const text = regressionTest((failure as Failure).file)
    expect(text).toContain("permute: 'io',")
    expect(text).toContain("leaks: 'ignore',")
    expect(text).toContain('maxSteps: 500,')
  })
})

describe('generated tests, run by vitest', () => {
  let folder = ''
  beforeAll(() => {
    mkdirSync('build', { recursive: true })
    folder = mkdtempSync(join(process.cwd(), 'build', 'regression-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs a test file, and gives what vitest says of it. */
  async function outcomeOf(name: string, text: string): Promise<{ passed: boolean; said: string }> {
    const place = join(folder, name)
    mkdirSync(place)
    writeFileSync(join(place, 'a.test.ts'), text)
    writeFileSync(join(place, 'vitest.config.js'), 'export default { test: { reporters: ["default"], testTimeout: 120_000 } }\n')
    const args = [join(process.cwd(), 'node_modules/vitest/vitest.mjs'), 'run', '--root', place]
    return promisify(execFile)(process.execPath, args, { env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } }).then(
      ({ stdout }) => ({ passed: true, said: stdout }),
      (error: { stdout: string; stderr: string }) => ({ passed: false, said: error.stdout + error.stderr }),
    )
  }

  test('fails on the code with the fault, and passes on the mended one', async () => {
    const { file } = await failureOf(mutex['async-mutex 0.3.2'] as ScenarioBody, 'audit')
    const examples = relative(join(folder, 'x'), join(process.cwd(), 'examples/async-mutex.ts')).replaceAll('\\', '/')
    const of = (version: string): string => {
      writeFileSync(join(folder, `${version}.ts`), `import { scenarios } from './${examples.replace('../', '')}'\nexport const body = scenarios['async-mutex ${version}']\n`)
      return regressionTest(file, { from: `../${version}.ts` })
    }
    const [buggy, mended] = await Promise.all([outcomeOf('buggy', of('0.3.2')), outcomeOf('mended', of('0.4.0'))])
    expect(buggy.said).toMatch(/the audit saw \d+ in two accounts/)
    expect(buggy.passed).toBe(false)
    expect(mended.said).toMatch(/1 passed/)
    expect(mended.passed).toBe(true)
  })
})
