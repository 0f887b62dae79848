import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseResults } from '../../src/cli/parse-results.ts'
import { isFailing, type ScenarioResult } from '../../src/cli/results.ts'
import { heddle, tokenIn } from './heddle.ts'

const PLAIN = 'fixtures/cli/plain.mjs'
const DISTURBED = 'fixtures/cli/disturbed.mjs'
const CANCELLED = 'fixtures/cli/cancelled.mjs'
const BANK = 'fixtures/cli/bank.ts'
const folder = mkdtempSync(join(tmpdir(), 'heddle-cli-'))
let files = 0
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs explore, and gives the results beside what was printed. */
async function explored(...args: string[]) {
  const json = join(folder, `results-${++files}.json`)
  const ended = await heddle(['explore', ...args, '--json', json])
  if (ended.code === 2) throw new Error(ended.err)
  return { ...ended, json, results: parseResults(readFileSync(json, 'utf8'), json).results }
}

/** What must not depend on time. */
function timeless(results: readonly ScenarioResult[]): unknown {
  return results.map((r) => ({ ...r, elapsed: 0 }))
}

describe('heddle explore', () => {
  it('finds a race in a TypeScript file, through Vite, and shows it at the line of the source', async () => {
    const { code, out } = await heddle(['explore', BANK, '--name', 'lost deposit'])
    expect(code).toBe(1)
    expect(out).toContain('Error: lost a deposit: 1')
    expect(out).toContain('fixtures/cli/bank.ts:10')
    expect(out).toMatch(/replay {2}npx heddle replay fixtures\/cli\/bank.ts --name 'lost deposit' --token h1\./)
    expect(out).toContain('1 scenario, 1 failing')
  })

  it('ends with 0 where nothing is found, and says when all schedules were run', async () => {
    const { code, out } = await heddle(['explore', PLAIN, '--name', 'sound'])
    expect(code).toBe(0)
    expect(out).toMatch(/✓ .*plain.mjs > sound {2}6 schedules, \d+ choice points, all there are, auto/)
    expect(out).toContain('1 scenario, nothing found; 6 schedules')
  })

  it('runs generator, async and synchronous bodies, and warns where there is nothing to explore', async () => {
    const { code, results, out } = await explored(PLAIN, '--name', 'synchronous')
    expect(code).toBe(0)
    expect(results[0]).toMatchObject({ scenario: 'synchronous', choicePoints: 0 })
    expect(out).toContain('0 choice points: there was nothing to explore')
    const both = await explored(PLAIN, '--name', 'asynchronous')
    expect(both.results[0]).toMatchObject({ exhausted: true, schedules: 2 })
  })

  it('says how many executions were equivalent to others, and where these were too many', async () => {
    const tracked = [CANCELLED, '--strategy', 'dpor', '--assume', 'tracked', '--schedules']
    const all = await explored(...tracked, '1000')
    const { schedules, equivalent } = all.results[0] as ScenarioResult
    expect(equivalent).toBeGreaterThan(schedules)
    expect(all.out).toContain(`${schedules} schedules, `)
    expect(all.out).toContain(`  ${equivalent} more executions proved equivalent to some of these\n`)
    const shards = await explored(...tracked, '1000', '--workers', '2')
    expect(shards.results[0]).toMatchObject({ schedules, equivalent, exhausted: true })
    const most = schedules + 1
    const cut = await explored(...tracked, String(most))
    expect(cut.results[0]).toMatchObject({ equivalent: most, exhausted: false, stopped: 'schedules' })
    expect(cut.out).toContain(`  ${most} more executions proved equivalent to some of these: no more than --schedules ${most} of them are run`)
  })

  it('tells different failures apart and counts them without --bail', async () => {
    const { code, out, results } = await explored(PLAIN, '--name', 'rare', '--no-bail', '--strategy', 'exhaustive', '--schedules', '5000')
    expect(code).toBe(1)
    // Four tasks that begin, and four pauses that end: 8! / 2^4 orders.
    expect(results[0]).toMatchObject({ exhausted: true, schedules: 2520 })
    const kinds = results[0]?.distinct.map((d) => `${d.file.error.name}: ${d.file.error.message}`)
    expect(kinds?.toSorted()).toEqual(['Error: from the end', 'RangeError: from the middle'])
    expect(results[0]?.distinct.reduce((n, d) => n + d.count, 0)).toBe(results[0]?.failures)
    expect(out).toContain('2 of 2 different failures, in ')
  })

  it('stops at the first failure of a scenario by default, and goes on to the next', async () => {
    const { results } = await explored(PLAIN, '--strategy', 'random', '--schedules', '300')
    expect(results.map((r) => r.scenario)).toEqual(['lost update', 'rare', 'sound', 'never both', 'asynchronous', 'synchronous'])
    expect(results.map((r) => r.failures)).toEqual([1, 1, 0, 1, 0, 0])
  })

  it('fails where a condition never held', async () => {
    const { code, out } = await heddle(['explore', PLAIN, '--name', 'never both', '--strategy', 'exhaustive'])
    expect(code).toBe(1)
    expect(out).toContain('three at once')
  })

  it.each([
    ['random', '--bail'],
    ['exhaustive', '--no-bail'],
    ['auto', '--bail'],
  ])('two workers give the same results however fast each is: %s %s', async (strategy, bail) => {
    const args = [PLAIN, '--strategy', strategy, bail, '--workers', '2', '--schedules', '400', '--seed', '7']
    const [a, b] = await Promise.all([explored(...args), explored(...args)])
    expect(timeless(b.results)).toEqual(timeless(a.results))
    expect(a.results.map(isFailing)).toEqual([true, true, false, true, false, false])
  })

  it('two workers explore together what one does', async () => {
    const one = await explored(PLAIN, '--name', 'rare', '--no-bail', '--strategy', 'exhaustive', '--schedules', '5000')
    const two = await explored(PLAIN, '--name', 'rare', '--no-bail', '--strategy', 'exhaustive', '--workers', '2', '--schedules', '5000')
    const { schedules, failures, exhausted } = one.results[0] as ScenarioResult
    expect(two.results[0]).toMatchObject({ schedules, failures, exhausted })
    expect(two.results[0]?.distinct.map((d) => [d.key, d.count]).toSorted()).toEqual(
      one.results[0]?.distinct.map((d) => [d.key, d.count]).toSorted(),
    )
  })

  it('--time ends it with what there is', async () => {
    const { results, code } = await explored('fixtures/cli/endless.mjs', '--time', '300ms', '--strategy', 'random', '--no-bail')
    const [{ failures, schedules } = { failures: -1, schedules: -1 }] = results
    // As far as a busy machine gets in that time.
    expect(results[0]).toMatchObject({ stopped: 'time', most: null })
    expect(schedules).toBeGreaterThanOrEqual(0)
    expect(code).toBe(failures > 0 ? 1 : 0)
  })

  it('Ctrl-C prints what was found so far', async () => {
    const args = ['explore', 'fixtures/cli/endless.mjs', '--schedules', '1000000000', '--strategy', 'random', '--no-bail', '--workers', '2']
    const { code, out, err } = await heddle(args, { signalAfter: 'found' })
    expect(err).toContain('Ctrl-C again to leave at once')
    expect(out).toContain('interrupted')
    expect(out).toContain('the last came first')
    expect(code).toBe(1)
  })

  it('loses nothing when a scenario ends the process, or the results cannot be written', async () => {
    const exits = await heddle(['explore', PLAIN, 'fixtures/cli/exits.mjs', '--name', 's'])
    expect(exits.code).toBe(2)
    expect(exits.out).toContain('plain.mjs > sound  6 schedules')
    expect(exits.err).toContain('exit code 3: scenarios must not call process.exit()')
    const unwritten = await heddle(['explore', PLAIN, '--name', 'lost update', '--json', 'fixtures/cli'])
    expect(unwritten.code).toBe(2)
    expect(unwritten.out).toContain('Error: lost an update: 1')
    expect(unwritten.err).toContain("fixtures/cli can't be written: it is a directory")
  })

  it('--reporter json prints results alone, --reporter github annotations too', async () => {
    const json = await heddle(['explore', PLAIN, '--name', 'lost update', '--reporter', 'json'])
    expect(parseResults(json.out, 'stdout').results).toHaveLength(1)
    const github = await heddle(['explore', PLAIN, '--name', 'lost update', '--reporter', 'github'])
    expect(github.out).toMatch(/^::error file=fixtures\/cli\/plain.mjs,title=heddle%3A .* lost update::Error: lost an update: 1%0A/m)
  })

  it('--first begins with the schedule of that number', async () => {
    const args = [PLAIN, '--name', 'rare', '--strategy', 'pct', '--seed', '11']
    const found = (await explored(...args)).results[0]?.distinct[0]?.file
    const number = found?.schedule as number
    expect(number).toBeGreaterThan(1)
    const alone = await explored(...args, '--first', String(number), '--schedules', '1')
    expect(alone.results[0]).toMatchObject({ schedules: 1, failures: 1 })
    expect(alone.results[0]?.distinct[0]?.file.firstToken).toBe(found?.firstToken)
  })

  it('--corpus keeps failing schedules, and runs them first next time', async () => {
    const corpus = join(folder, 'corpus')
    const first = await explored(PLAIN, '--name', 'rare', '--corpus', corpus, '--strategy', 'random', '--workers', '2')
    expect(first.results[0]?.distinct.length).toBe(readdirSync(corpus).length)
    const second = await explored(PLAIN, '--name', 'rare', '--corpus', corpus, '--strategy', 'random')
    expect(second.results[0]).toMatchObject({ schedules: 1, failures: 1 })
    expect(second.out).toContain('found by the corpus')
  })

  it('--plugin makes every await a choice point, in JavaScript too', async () => {
    const off = await explored(BANK, '--name', 'sound', '--no-plugin', '--strategy', 'exhaustive', '--bail')
    expect(off.results[0]?.exhausted).toBe(true)
    const on = await explored('fixtures/cli/untouched.mjs', '--plugin', '--strategy', 'exhaustive')
    expect(on.code).toBe(1)
    expect(on.out).toContain('lost a deposit')
    const without = await explored('fixtures/cli/untouched.mjs', '--strategy', 'exhaustive')
    expect(without.results[0]).toMatchObject({ choicePoints: 0, failures: 0 })
  })
})

describe('timer functions that a module takes when it is loaded', () => {
  const TAKEN = 'fixtures/cli/taken-timers.mjs'

  it('are on virtual time all the same', async () => {
    const { code, results } = await explored(TAKEN, '--name', 'time passes')
    expect(code).toBe(0)
    expect(results[0]).toMatchObject({ failures: 0, exhausted: true })
  })

  it('and so a matter of order, which replays', async () => {
    const { code, out } = await explored(TAKEN, '--name', 'too late')
    expect(code).toBe(1)
    expect(out).toContain('Error: the deadline came first')
    expect((await heddle(['replay', TAKEN, '--token', tokenIn(out)])).code).toBe(1)
  })
})

describe('heddle explore --cancel, --faults', () => {
  it('finds what only a cancellation breaks, and its token replays without the option', async () => {
    const args = [DISTURBED, '--name', 'unsafe lock']
    expect((await explored(...args)).results[0]).toMatchObject({ failures: 0, exhausted: true, dimensions: { cancellations: { coverage: 'none' } } })
    for (const tasks of [['any'], ['second'], ['nobody', 'first']]) {
      const { code, results, out } = await explored(...args, ...tasks.flatMap((t) => ['--cancel', t]))
      expect(code).toBe(1)
      expect(results[0]?.cancel).toEqual(tasks[0] === 'any' ? true : tasks)
      expect(out).toContain('ledger')
      const again = await heddle(['replay', DISTURBED, '--token', tokenIn(out)])
      expect(again.out).toContain('unsafe lock: reproduced')
      expect(again.code).toBe(1)
    }
    expect((await explored(...args, '--cancel', 'nobody')).results[0]).toMatchObject({ failures: 0, exhausted: true })
  })

  it('says how far the cancellations went', async () => {
    const { code, out, results } = await explored(DISTURBED, '--name', 'safe lock', '--cancel', 'first', '--cancel', 'second')
    expect(code).toBe(0)
    const { places, tried } = results[0]?.dimensions?.cancellations ?? { places: 0, tried: -1 }
    expect(tried).toBe(places)
    expect(out).toContain(`cancellations: ${places} of ${places} places tried, in every order`)
  })

  it('--faults says how many there may be', async () => {
    const args = [DISTURBED, '--name', 'second attempt']
    expect((await explored(...args)).results[0]).toMatchObject({ failures: 0, exhausted: true, dimensions: { faults: { places: 1, tried: 1 } } })
    expect((await explored(...args, '--faults', '0')).results[0]).toMatchObject({ schedules: 1, failures: 0 })
    const { code, out } = await explored(...args, '--faults', '2')
    expect(code).toBe(1)
    expect(out).toContain('IoError')
    expect((await heddle(['replay', DISTURBED, '--token', tokenIn(out)])).code).toBe(1)
  })
})

describe('heddle replay', () => {
  it('reproduces a token with exit code 1', async () => {
    const token = tokenIn((await heddle(['explore', PLAIN, '--name', 'lost update'])).out)
    const { code, out } = await heddle(['replay', PLAIN, '--token', token])
    expect(code).toBe(1)
    expect(out).toContain('plain.mjs > lost update: reproduced')
    expect(out).toContain('Error: lost an update: 1')
  })

  it('ends with 2 where the program is another, naming the first step that differs', async () => {
    const token = tokenIn((await heddle(['explore', PLAIN, '--name', 'lost update'])).out)
    const { code, err } = await heddle(['replay', PLAIN, '--token', token, '--name', 'sound'])
    expect(code).toBe(2)
    expect(err).toMatch(/^heddle: the program has changed since this token was made: step \d+ differs/)
  })
})
