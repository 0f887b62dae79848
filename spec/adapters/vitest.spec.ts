import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ChildResult, type ChildRun, childVitest, copyOf, removeCopies } from './child-vitest.ts'

interface Run extends Omit<ChildRun, 'results'> {
  readonly results: Record<string, ChildResult>
  readonly kept: string[]
}

afterAll(removeCopies)

const project = (): string => copyOf('vitest')

async function runVitest(folder: string, fixture: string, env: Record<string, string> = {}): Promise<Run> {
  const { results, ...said } = await childVitest(folder, [fixture], env)
  return { ...said, results: Object.fromEntries(results.map((r) => [r.fullName, r])), kept: keptIn(folder) }
}

function keptIn(folder: string): string[] {
  try {
    return readdirSync(`${folder}/.heddle`)
  } catch {
    return []
  }
}

/** The cells of a test's line in the table. */
function row(run: Run, name: string): string[] {
  const line = run.output.split('\n').find((l) => l.includes(name) && / m?s$/.test(l.trimEnd()) && !l.includes('✓'))
  return line?.trim().split(/ {2,}/) ?? []
}

function tokenIn(message: string): string {
  return /^ {2}token {3}(\S+)$/m.exec(message)?.[1] ?? 'no token'
}

const RACE = 'the bank never lends'

describe('a race under vitest', () => {
  test('is found, drawn, kept, replayed, and gone once the code is fixed', async () => {
    const folder = project()
    const first = await runVitest(folder, 'race')
    const { status, message } = first.results[RACE] as ChildResult
    expect(status).toBe('failed')
    expect(message).toContain('InterleavingError: AssertionError: expected { balance: -1')
    expect(message).toContain('withdraw 7')
    // vitest's diff of what the assertion expected, and its code frame at the assertion.
    expect(first.output).toMatch(/-\s+"balance": toSatisfy/)
    expect(first.output).toMatch(/\+\s+"balance": -1/)
    expect(first.output).toMatch(/❯ race\.fixture\.ts:21:/)
    expect(first.output).not.toContain('Caused by')
    expect(first.results['the bank another one']?.status).toBe('passed')
    expect(first.kept).toHaveLength(1)
    expect(row(first, 'never lends')).toEqual(['× race.fixture.ts > the bank > never lends', expect.any(String), expect.any(String), 'until it failed', expect.any(String)])
    expect(row(first, 'another one').slice(1, 4)).toEqual(['6', expect.any(String), 'every schedule'])

    // Another checkout on another machine finds the same schedule: the seed is the test's identity.
    const token = tokenIn(message)
    const elsewhere = await runVitest(project(), 'race')
    expect(tokenIn((elsewhere.results[RACE] as ChildResult).message)).toBe(token)

    const replayed = await runVitest(folder, 'race', { HEDDLE_REPLAY: token })
    expect((replayed.results[RACE] as ChildResult).message).toContain('replayed')
    expect(row(replayed, 'never lends').slice(1, 4)).toEqual(['1', expect.any(String), 'replayed'])
    expect(row(replayed, 'another one')[1]).toBe('6')

    const fixed = await runVitest(folder, 'race', { FIXED: '1' })
    expect(fixed.results[RACE]?.status).toBe('passed')
    expect(row(fixed, 'never lends')[3]).toBe('every schedule')
    expect(fixed.kept).toEqual([])
  })

  test('HEDDLE_SCHEDULES goes before what the tests say, and a wrong one is refused', async () => {
    const few = await runVitest(project(), 'race', { HEDDLE_SCHEDULES: '2', FIXED: '1' })
    expect(row(few, 'another one').slice(1)).toEqual(['2', expect.any(String), 'a part', expect.any(String)])
    const wrong = await runVitest(project(), 'race', { HEDDLE_SCHEDULES: 'many' })
    expect(wrong.results[RACE]?.message).toContain('HEDDLE_SCHEDULES must be a whole number of at least 1, not "many"')
  })
})

describe('test.explore', () => {
  let shapes: Run
  beforeAll(async () => {
    shapes = await runVitest(project(), 'shapes')
  })
  const status = (name: string): string | undefined => shapes.results[name]?.status

  test('hooks run once, setup and the body once for each schedule', () => {
    expect(shapes.output).toContain('counts {"before":1,"after":1,"setup":6,"torn":6,"body":6}')
  })

  test('the chain is that of vitest', () => {
    for (const name of ['skipped', 'skipped if', 'not run']) expect(status(`chain ${name}`), name).toBe('skipped')
    expect(status('chain to be written')).toBe('todo')
    const passing = ['run', 'fails as expected', 'spread 1 and 2', 'spread 3 and 4', 'single x', 'single y', 'row 1', 'for 1', 'beside 1', 'beside 2', 'options first', 'a generator']
    for (const name of passing) expect(status(`chain ${name}`), name).toBe('passed')
    expect(row(shapes, 'options first')[1]).toBe('2')
  })

  test('only', async () => {
    // A run in CI refuses `.only`.
    const only = await runVitest(project(), 'only', { CI: '' })
    const of = (name: string): string | undefined => only.results[name]?.status
    expect([of('not this one'), of('only this one'), of('and this one with 1')]).toEqual(['skipped', 'passed', 'passed'])
  })

  test('fixtures are made once for a test', () => {
    expect(status('fixtures made once for all schedules')).toBe('passed')
  })

  test('what the configuration provides reaches every exploration', () => {
    expect(shapes.results['the suite has its defaults']?.message).toContain('500')
    expect(shapes.results['the suite has its defaults']?.message).toContain('StepLimitError')
  })

  test('labels never reached fail the test, at the test', () => {
    expect(shapes.results['the suite labels never reached']?.message).toContain('"the cache is warm"')
    expect(shapes.output).toMatch(/"the cache is warm"[^]*?❯ shapes\.fixture\.ts:\d+/)
  })

  test('a deadlock is told at the test: nobody threw it', () => {
    const { message } = shapes.results['the suite stuck'] as ChildResult
    expect(message).toContain('DeadlockError')
    expect(message).toContain('shapes.fixture.ts')
    expect(message).not.toContain('/dist/')
  })

  test('without bail every different failure is told, with its token', () => {
    const { message } = shapes.results['several failures'] as ChildResult
    const [first, others] = message.split('also found:\n') as [string, string]
    const headlines = ['Error: b came first', 'TypeError: c came first']
    const shown = headlines.filter((h) => first.startsWith(`InterleavingError: ${h}`))
    expect(shown).toHaveLength(1)
    const other = headlines.find((h) => !shown.includes(h)) as string
    expect(others.startsWith(`  in 2 schedules: ${other}\n    token   h1.`)).toBe(true)
    expect(row(shapes, 'several failures')).toEqual(['× shapes.fixture.ts > several failures', '6', expect.any(String), 'every schedule', expect.any(String)])
  })

  test("vitest's fake timers are refused", () => {
    expect(shapes.results["vitest's fake timers are refused"]?.message).toContain('vi.useFakeTimers() is on')
  })

  test('what is expected to fail is not kept', () => {
    expect(shapes.kept.filter((name) => name.includes('expected'))).toEqual([])
    expect(shapes.kept.some((name) => name.includes('stuck'))).toBe(true)
  })

  test('a search that ends because too much was equivalent says so', () => {
    const [, schedules, , explored] = row(shapes, 'more than its schedules')
    expect([Number(schedules) < 40, explored]).toEqual([true, 'a part'])
    expect(shapes.output).toContain(`more than its schedules" has ended after ${schedules} of at most 40 schedules: 40 more executions proved equivalent`)
  })

  test('0 choice points are a warning in the table', () => {
    expect(row(shapes, 'a generator').slice(1, 3)).toEqual(['1', '! 0'])
    expect(shapes.output).toContain('! warning: 0 choice points')
    expect(row(shapes, 'options first')[2]).not.toContain('!')
    expect(row(shapes, 'stuck').slice(1, 3)).toEqual(['1', '0'])
  })
})

describe('out of time', () => {
  test('an exploration ends with its report, and not in the next test', async () => {
    const timed = await runVitest(project(), 'timeout')
    expect(timed.results['longer than its time']?.status).toBe('passed')
    expect(timed.output).toMatch(/"timeout\.fixture\.ts > longer than its time" was ended by its timeout of 2500 ms, after \d+ of/)
    expect(row(timed, 'longer than its time')[3]).toBe('until the timeout')
    expect(timed.results['one endless schedule']?.message).toContain('its 2500 ms were over before its first schedule was')
    expect(timed.results['tried again']?.message).toContain('it was told to stop before its first schedule was')
    expect(timed.results['nothing goes on into the next test']?.status).toBe('passed')
    expect(timed.results['first of two']?.status).toBe('passed')
    const { status, message } = timed.results['never had its turn'] as ChildResult
    expect(status).toBe('failed')
    expect(message).toContain('before its first schedule could run')
  })
})
