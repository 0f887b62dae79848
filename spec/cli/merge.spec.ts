import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseFailureFile, failureFileText } from '../../src/index.ts'
import { parseResults } from '../../src/cli/parse-results.ts'
import type { ScenarioResult } from '../../src/cli/results.ts'
import { heddle, tokenIn } from './heddle.ts'

const PLAIN = 'fixtures/cli/plain.mjs'
const folder = mkdtempSync(join(tmpdir(), 'heddle-merge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)
const resultsIn = (name: string): readonly ScenarioResult[] => parseResults(readFileSync(at(name), 'utf8'), name).results

async function shards(count: number, ...args: string[]): Promise<string[]> {
  const files: string[] = []
  for (let index = 1; index <= count; index++) {
    const file = at(`${args.join('').replaceAll(/\W/g, '')}-${index}-of-${count}.json`)
    const { code, err } = await heddle(['explore', PLAIN, ...args, '--shard', `${index}/${count}`, '--json', file])
    expect([0, 1], err).toContain(code)
    files.push(file)
  }
  return files
}

const RARE = ['--name', 'rare', '--no-bail', '--strategy', 'exhaustive', '--schedules', '5000']
const whole = at('whole.json')
beforeAll(() => heddle(['explore', PLAIN, ...RARE, '--json', whole]))

describe('heddle merge', () => {
  it('joins the shards of a search into the whole', async () => {
    const files = await shards(3, ...RARE)
    // In any order.
    const { code, out } = await heddle(['merge', ...files.toReversed(), '--json', at('merged.json')])
    expect(code).toBe(1)
    const [all] = resultsIn('whole.json')
    const [merged] = resultsIn('merged.json')
    expect(merged).toMatchObject({ schedules: 2520, exhausted: true, failures: all?.failures, shards: { count: 3 } })
    expect(merged?.distinct.map((d) => [d.key, d.count]).toSorted()).toEqual(all?.distinct.map((d) => [d.key, d.count]).toSorted())
    expect(out).toContain('2,520 schedules')
    expect(out).toContain('all there are')
  })

  it('random shards find at their own machines what one machine finds, with the same numbers', async () => {
    const args = ['--name', 'rare', '--no-bail', '--strategy', 'random', '--schedules', '300', '--seed', '5']
    const files = await shards(2, ...args)
    await heddle(['explore', PLAIN, ...args, '--json', at('random.json')])
    await heddle(['merge', ...files, '--json', at('random-merged.json')])
    const [all] = resultsIn('random.json')
    const [merged] = resultsIn('random-merged.json')
    const essence = (r: ScenarioResult | undefined): unknown => [
      r?.schedules,
      r?.failures,
      r?.steps,
      r?.distinct.map((d) => [d.count, d.file.schedule, d.file.failing.token]),
    ]
    expect(essence(merged)).toEqual(essence(all))
    expect(all?.failures).toBeGreaterThan(3)
    // One that a shard has found replays alone.
    const token = tokenIn((await heddle(['merge', ...files])).out)
    expect((await heddle(['replay', PLAIN, '--token', token])).code).toBe(1)
  })

  it('a condition that held in one shard only has held; one that held in none has not', async () => {
    const files = await shards(2, '--name', 'never both', '--strategy', 'exhaustive')
    const { code, out } = await heddle(['merge', ...files])
    expect(code).toBe(1)
    expect(out).toContain('never held in any schedule: "three at once"')
    expect(out).toMatch(/sometimes "both": in \d+ of/)
  })

  it('says which shards are missing, and does not pass for the whole', async () => {
    const files = await shards(3, '--name', 'sound', '--strategy', 'exhaustive')
    expect(await heddle(['merge', ...files])).toMatchObject({ code: 0, out: expect.stringContaining('6 schedules') })
    const partly = await heddle(['merge', files[0] as string, files[2] as string])
    expect(partly.code).toBe(2)
    expect(partly.err).toContain('the results of 2/3 are missing')
  })

  it('refuses a shard that is there twice, and shards of different explorations', async () => {
    const [one, two] = (await shards(2, '--name', 'sound', '--strategy', 'random', '--seed', '1')) as [string, string]
    const twice = await heddle(['merge', one, two, two])
    expect([twice.code, twice.err]).toEqual([2, expect.stringContaining('shard 2/2 is there twice')])
    const [, other] = (await shards(2, '--name', 'sound', '--strategy', 'random', '--seed', '2')) as [string, string]
    const mixed = await heddle(['merge', one, other])
    expect([mixed.code, mixed.err]).toEqual([2, expect.stringContaining('no shards of one exploration: seed 1 and 2')])
    const [, cancelled] = (await shards(2, '--name', 'sound', '--strategy', 'random', '--seed', '1', '--cancel', 'any')) as [string, string]
    expect((await heddle(['merge', one, cancelled])).err).toContain('no shards of one exploration: cancel undefined and true')
  })
})

describe('heddle show', () => {
  it('shows a failure of a results file in words, as a page, as a trace and as a diagram', async () => {
    const words = await heddle(['show', whole])
    expect(words).toMatchObject({ code: 0, err: '' })
    expect(words.out).toMatch(/^(Error|RangeError): from the /)
    const files = await heddle(['show', whole, '--number', '2', '--html', at('out/page.html'), '--trace', at('trace.json'), '--mermaid'])
    expect(files.code).toBe(0)
    expect(files.out).toContain('sequenceDiagram')
    expect(readFileSync(at('out/page.html'), 'utf8')).toMatch(/^<!doctype html>/i)
    expect(JSON.parse(readFileSync(at('trace.json'), 'utf8'))).toHaveProperty('traceEvents')
  })

  it('shows a failure file, as the corpus keeps them', async () => {
    const results = at('kept.json')
    await heddle(['explore', PLAIN, '--name', 'lost update', '--json', results])
    const file = resultsIn('kept.json')[0]?.distinct[0]?.file
    if (file === undefined) throw new Error('nothing was found')
    writeFileSync(at('failure.json'), failureFileText(file))
    expect(parseFailureFile(readFileSync(at('failure.json'), 'utf8')).failing.token).toBe(file.failing.token)
    const { code, out } = await heddle(['show', at('failure.json')])
    expect([code, out]).toEqual([0, expect.stringContaining('Error: lost an update: 1')])
    const test = await heddle(['show', at('failure.json'), '--test'])
    expect([test.code, test.out]).toEqual([0, expect.stringMatching(/import \{ test \} from 'vitest'[^]*test\(/)])
  })
})
