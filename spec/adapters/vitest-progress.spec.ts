import { afterAll, describe, expect, test, vi } from 'vitest'
import HeddleReporter from '../../src/adapters/vitest/reporter.ts'
import { screenOf } from '../support/terminal.ts'
import { type ChildRun, childVitest, copyOf, removeCopies } from './child-vitest.ts'

afterAll(removeCopies)

/** The exploration ends once its line has been seen three times: see fixtures/vitest/progress.config.ts. */
const LINE = /heddle: progress\.fixture\.ts > takes its time: [\d,]+ schedules, [\d,]+\/s, [\d,]+ choice points, \S+% of the space, \d+ s/

/** Between these vitest draws its window. */
const BEGIN = '\u001B[?2026h'
const END = '\u001B[?2026l'

const run = (args: readonly string[], env: Record<string, string>): Promise<ChildRun> =>
  childVitest(copyOf('vitest'), ['--config', 'progress.config.ts', ...args], env)

function expectPassed({ results, output }: ChildRun): void {
  expect(results.map((r) => [r.title, r.status])).toEqual([
    ['takes its time', 'passed'],
    ['a short one', 'passed'],
  ])
  expect(output).not.toContain('a short one: ')
}

describe('an exploration that takes its time', () => {
  test.each(['forks', 'threads'])("has a line in vitest's window, which is written over and goes away: %s", async (pool) => {
    const live = await run(['--pool', pool], { TERMINAL: '1', CI: '' })
    expectPassed(live)
    const windows = live.raw.split(BEGIN).map((text) => screenOf(text.split(END)[0] as string).join('\n'))
    const told = windows.filter((text) => LINE.test(text))
    expect(new Set(told.map((text) => LINE.exec(text)?.[0])).size).toBeGreaterThan(2)
    for (const text of told) expect(text.split('heddle: ')).toHaveLength(2)
    expect(told.some((text) => text.includes('Test Files'))).toBe(true)
    const screen = screenOf(live.raw).join('\n')
    expect(screen).not.toMatch(LINE)
    expect(screen).toMatch(/✓ progress\.fixture\.ts \(2 tests\)/)
    expect(screen).toMatch(/progress\.fixture\.ts > takes its time +[\d,]+ /)
  })

  test.each([
    ['forks', ''],
    ['threads', '1'],
  ])('has a line now and then in a log: %s, CI=%s', async (pool, CI) => {
    const log = await run(['--pool', pool], { CI })
    expectPassed(log)
    const lines = log.output.split('\n').filter((line) => line.includes('takes its time: '))
    expect(new Set(lines).size).toBeGreaterThan(2)
    for (const line of lines) expect(line.replace(LINE, '')).toBe('')
  })

  test('is told of where there is a place for it only, and where it is wanted', () => {
    const provide = vi.fn()
    const start = (reporter: HeddleReporter): void => {
      reporter.onInit({ provide })
      reporter.onTestRunStart()
      reporter.onTestRunEnd([])
    }
    vi.stubEnv('TMPDIR', '/nowhere/at/all')
    start(new HeddleReporter())
    vi.unstubAllEnvs()
    start(new HeddleReporter({ progress: false }))
    expect(provide).not.toHaveBeenCalled()
    start(new HeddleReporter({ progress: { after: 5 } }))
    expect(provide).toHaveBeenCalledWith('heddleProgress', { directory: expect.stringContaining('heddle-progress-'), after: 5 })
  })

  test('needs no reporter', async () => {
    const { results, output } = await childVitest(copyOf('vitest'), ['race', '--reporter', 'json', '--outputFile', 'results.json'], { FIXED: '1' })
    expect(results.map((r) => r.status)).toEqual(['passed', 'passed'])
    expect(output).not.toContain('heddle:')
  })
})
