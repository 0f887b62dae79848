import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunnerVerdict } from '../../src/adapters/vitest/runner/verdict.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

interface Result {
  readonly status: string
  readonly message: string
  readonly verdict: RunnerVerdict | undefined
}

interface Run {
  readonly output: string
  readonly code: number
  readonly results: Record<string, Result>
}

interface Json {
  testResults: {
    assertionResults: { title: string; status: string; failureMessages: string[]; meta: { heddleRunner?: RunnerVerdict } }[]
  }[]
}

const folders: string[] = []
afterAll(() => folders.forEach((f) => rmSync(f, { recursive: true, force: true })))

/** A copy of the fixtures inside the package, where `heddle` is the built package itself. */
function project(): string {
  const folder = mkdtempSync(`${root}build/runner-`)
  folders.push(folder)
  cpSync(`${root}fixtures/runner`, folder, { recursive: true })
  return folder
}

async function runSuite(folder: string, args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(VITEST|HEDDLE|NODE_ENV|FIXED)/.test(k)))
  const said = await new Promise<{ output: string; code: number }>((resolve) => {
    const child = execFile(
      process.execPath,
      [`${root}node_modules/vitest/vitest.mjs`, 'run', '--root', folder, ...args],
      { env: { ...inherited, CI: '1', ...env }, cwd: folder },
      (error, stdout, stderr) => resolve({ output: stripVTControlCharacters(stdout + stderr), code: Number(error?.code ?? 0) }),
    )
    child.stdin?.end()
  })
  const json = JSON.parse(readFileSync(`${folder}/results.json`, 'utf8')) as Json
  const results: Record<string, Result> = {}
  for (const t of json.testResults.flatMap((f) => f.assertionResults)) {
    const message = stripVTControlCharacters(t.failureMessages.join('\n'))
    results[t.title] = { status: t.status, message, verdict: t.meta.heddleRunner }
  }
  return { ...said, results }
}

/** Each run is a vitest of its own, on a machine that may be busy. */
const PATIENCE = 120_000

describe('an existing suite in other orders', { timeout: PATIENCE }, () => {
  let run: Run
  let folder: string
  beforeAll(async () => {
    folder = project()
    run = await runSuite(folder)
  }, PATIENCE)

  const verdictOf = (title: string): RunnerVerdict | undefined => run.results[title]?.verdict

  test('tests that some order breaks fail with its picture; all others end as they would without Heddle', () => {
    const failed = Object.keys(run.results).filter((title) => run.results[title]?.status === 'failed')
    expect(failed.toSorted()).toEqual(['breaks when two deposits overlap', 'fails by itself', 'hangs when the bell rings too early'])
    expect(run.code).toBe(1)
    const { message, verdict } = run.results['breaks when two deposits overlap'] as Result
    expect(message).toContain('InterleavingError: AssertionError: expected 1 to be 3')
    expect(message).toContain('`this.balance` was read at account.ts:6')
    expect(verdict?.state).toBe('broken')
    expect(run.output).toContain(`HEDDLE_REPLAY=${verdict?.token}`)
    expect(run.results['hangs when the bell rings too early']?.message).toMatch(/DeadlockError[^]*waits for a native promise at suite.fixture.ts:33/)
    // Where vitest itself waits is nobody's business.
    expect(run.results['hangs when the bell rings too early']?.message).not.toContain('@vitest/runner')
    expect(run.results['skipped']?.status).toBe('skipped')
    expect(verdictOf('fails by itself')).toBeUndefined()
  })

  test('what passes in every order was run with its hooks, mocks, fixtures, snapshots and assertion counts each time', () => {
    const titles = [
      'holds in every order',
      'a mock is as new in each run (1)',
      'a mock is as new in each run (2)',
      'fixtures are made and put away for each run',
      'beside another',
      'beside the first',
      'waits with vi.waitFor',
    ]
    for (const title of titles) {
      expect(run.results[title]?.status, title).toBe('passed')
      expect(verdictOf(title), title).toMatchObject({ state: 'explored', reason: null })
      expect(verdictOf(title)?.schedules, title).toBeGreaterThan(1)
      expect(verdictOf(title)?.choicePoints, title).toBeGreaterThan(1)
    }
  })

  test.each([
    ['has a clock of its own', 'fake timers', ''],
    ['leaves a clock of its own behind', 'fake timers', ''],
    ['reads a file', 'real I/O', 'left-out.fixture.ts:'],
    ['has one thing to do at a time', 'nothing to explore', ''],
    ['passes once', 'outlives a run', 'to be 1'],
    ['leaves behind what breaks it later', 'outlives a run', 'only after other schedules'],
    ['is no function of its schedule', 'nondeterministic', 'every other time'],
    ['measures real time', 'virtual time', '2020'],
    ['goes on for long', 'too long', 'limit of 20000 steps'],
    ['is meant to fail', 'meant to fail', ''],
    ['runs beside a timer', 'timers of a hook', 'left-out.fixture.ts:74'],
    ['is under a hook that runs once', 'hooks run once', 'already set up'],
  ])('%s: could not be explored, since %s', (title, reason, detail) => {
    expect(verdictOf(title)).toMatchObject({ state: 'left out', reason })
    expect(verdictOf(title)?.detail).toContain(detail)
    expect(run.results[title]?.status).toBe('passed')
    expect(run.output).toContain(`left-out.fixture.ts > ${title}`.replace('> runs', '> a hook that leaves a timer > runs').replace('> is under', '> a hook that runs once > is under'))
  })

  test('a token runs its schedule alone, and passes once the code is fixed', async () => {
    const token = verdictOf('breaks when two deposits overlap')?.token ?? 'none'
    const again = await runSuite(folder, ['suite'], { HEDDLE_REPLAY: token })
    expect(again.results['breaks when two deposits overlap']?.verdict).toMatchObject({ state: 'broken', schedules: 1, token })
    expect(again.results['holds in every order']?.verdict).toBeUndefined()

    const source = readFileSync(`${folder}/account.ts`, 'utf8')
    writeFileSync(`${folder}/account.ts`, source.replace('this.balance = before + amount', 'this.balance += before * 0 + amount'))
    const fixed = await runSuite(folder, ['suite', '-t', 'two deposits'], { HEDDLE_SCHEDULES: '500' })
    expect(fixed.results['breaks when two deposits overlap']).toMatchObject({ status: 'passed', verdict: { state: 'explored', exhausted: true } })
  })
})
