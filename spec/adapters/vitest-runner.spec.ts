import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunnerVerdict } from '../../src/adapters/vitest/runner/verdict.ts'
import { type ChildResult, type ChildRun, childVitest, copyOf, removeCopies } from './child-vitest.ts'

type Result = Omit<ChildResult, 'meta'> & { readonly verdict: RunnerVerdict | undefined }

interface Run extends Omit<ChildRun, 'results'> {
  readonly results: Record<string, Result>
}

afterAll(removeCopies)

const project = (): string => copyOf('runner')

async function runSuite(folder: string, args: string[] = [], env: Record<string, string> = {}): Promise<Run> {
  const { results, ...said } = await childVitest<{ heddleRunner?: RunnerVerdict }>(folder, args, env)
  return { ...said, results: Object.fromEntries(results.map(({ meta, ...r }) => [r.title, { ...r, verdict: meta.heddleRunner }])) }
}

describe('an existing suite in other orders', () => {
  let run: Run
  let folder: string
  beforeAll(async () => {
    folder = project()
    run = await runSuite(folder)
  })

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
    expect(run.results['hangs when the bell rings too early']?.message).toMatch(/DeadlockError[^]*waits for suite.fixture.ts:33 hear at suite.fixture.ts:33/)
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
    ['waits for nothing', 'synchronous', ''],
    ['has one thing to do at a time', 'nothing to explore', ''],
    ['passes once', 'outlives a run', 'to be 1'],
    ['leaves behind what breaks it later', 'outlives a run', 'only after other schedules'],
    ['is no function of its schedule', 'nondeterministic', 'every other time'],
    ['measures real time', 'virtual time', '2020'],
    ['waits for the clock', 'virtual time', 'virtual time stands still'],
    ['goes on for long', 'too long', 'limit of 20000 steps'],
    ['is meant to fail', 'meant to fail', ''],
    ['runs beside a timer', 'timers of a hook', 'left-out.fixture.ts:85'],
    ['is under a hook that runs once', 'hooks run once', 'already set up'],
  ])('%s: could not be explored, since %s', (title, reason, detail) => {
    expect(verdictOf(title)).toMatchObject({ state: 'left out', reason })
    expect(verdictOf(title)?.detail).toContain(detail)
    expect(run.results[title]?.status).toBe('passed')
    expect(run.output).toContain(`left-out.fixture.ts > ${title}`.replace('> runs', '> a hook that leaves a timer > runs').replace('> is under', '> a hook that runs once > is under'))
  })

  test('hooks of every kind, imports, mocks and polls are part of each run; what a test says is said once', () => {
    for (const title of ['each run has had all its hooks, and the one before all of its own', 'polls on virtual time', 'imports, mocks, notes and logs']) {
      expect(run.results[title]?.status, title).toBe('passed')
      expect(verdictOf(title), title).toMatchObject({ state: 'explored', schedules: 60 })
    }
    expect(run.output.split('logged once')).toHaveLength(2)
    expect(run.output.split('noted once').length).toBeLessThan(3)
  })

  test('files that share a worker get nothing of each other, unfinished runs included', async () => {
    const args = ['--no-isolate', '--maxWorkers', '1', '--sequence.shuffle.files', '--sequence.seed', '1']
    const shared = await runSuite(project(), args)
    expect(shared.output).toMatch(/left-out\.fixture\.ts \(15 tests[^]*suite\.fixture\.ts \(11 tests/)
    const said = (from: Run): unknown => Object.entries(from.results).map(([title, { status, verdict }]) => [title, status, verdict?.state, verdict?.reason])
    expect(said(shared)).toEqual(expect.arrayContaining(said(run) as unknown[]))
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
