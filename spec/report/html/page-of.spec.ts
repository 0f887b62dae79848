import { describe, expect, test } from 'vitest'
import { check, gather, pause, shared } from '../../../src/index.ts'
import { embed } from '../../../src/report/html/embed.ts'
import { failureHtml } from '../../../src/report/html/failure-html.ts'
import { pageOf } from '../../../src/report/html/page-of.ts'
import { failureFileOf, longFile, scheduleRecordOf, stepRecord } from '../../support/failure-files.ts'

const external = [
  stepRecord(1),
  stepRecord(2, { task: 'save', lane: 2, label: 'get', kind: 'external', choice: { pick: 1, count: 2, options: ['a', 'b'] } }),
  stepRecord(2, { task: 'save', lane: 2, label: 'get', at: { file: 'a.ts', line: 3 } }),
  stepRecord(3, { at: { file: 'a.ts', line: 3 }, preemption: true }),
]

describe('what the page shows', () => {
  test('an external and the resumption that follows are one row, with the choice of the one and the place of the other', () => {
    const page = pageOf(failureFileOf({ failing: scheduleRecordOf(external) }))
    expect(page.failing.rows).toHaveLength(3)
    expect(page.failing.rows[1]).toMatchObject({ choice: { pick: 1 }, place: 0 })
    expect(page.places.map((p) => p.words)).toEqual(['a.ts:3'])
  })

  test('places are short by the folders that all of them share', () => {
    const places = (...files: string[]) => {
      const steps = files.map((file, i) => stepRecord(i + 1, { at: { file, line: 1 } }))
      return pageOf(failureFileOf({ failing: scheduleRecordOf(steps) })).places.map((p) => p.short)
    }
    expect(places('/a/b/c.ts')).toEqual(['c.ts:1'])
    expect(places('/a/b/c.ts', '/a/bd/c.ts')).toEqual(['b/c.ts:1', 'bd/c.ts:1'])
    expect(places('C:\\x\\a.ts', 'C:\\x\\b.ts')).toEqual(['a.ts:1', 'b.ts:1'])
    expect(places('a.ts', 'b.ts')).toEqual(['a.ts:1', 'b.ts:1'])
  })

  test('accesses stand in the row of their step, in order, name by name', () => {
    const values = [
      { entry: 1, name: 'n', kind: 'read', value: '0' },
      { entry: 2, name: 'n', kind: 'write', value: '1' },
      { entry: 3, name: '__proto__', kind: 'write', value: 'x' },
    ] as const
    const page = pageOf(failureFileOf({ failing: scheduleRecordOf(external, values) }))
    expect(page.failing.histories).toEqual([
      { name: 'n', rows: [1, 1], writes: [false, true], values: ['0', '1'] },
      { name: '__proto__', rows: [2], writes: [true], values: ['x'] },
    ])
  })

  test('begins at the pick that differs, else at what is repeated, else at the first switch, else at the beginning', () => {
    const passing = { ...scheduleRecordOf(external), words: 'w', entry: 2 }
    expect(pageOf(failureFileOf({ failing: scheduleRecordOf(external), passing })).begin).toBe(1)
    expect(pageOf(failureFileOf({ failing: scheduleRecordOf(external) })).begin).toBe(2)
    expect(pageOf(failureFileOf({ failing: scheduleRecordOf(external.slice(0, 2)) })).begin).toBe(0)
  })

  test('says how large the schedule is and was, what timed out, and what is repeated or left out', () => {
    const file = failureFileOf({
      failing: { ...scheduleRecordOf(external), omitted: { entry: 3, count: 70 } },
      incomplete: true,
      timeouts: [{ task: 'main', time: 3, waitsFor: 'save', waitsAt: { file: 'a.ts', line: 9, column: 2 } }],
      repeats: { entry: 1, length: 2, times: 40 },
    })
    const { facts, failing, begin } = pageOf(file)
    expect(begin).toBe(1)
    expect(facts).toEqual([
      'schedule 7, found by auto, seed 42',
      '1 switch, 1 pick off FIFO, 4 steps',
      'minimised from 3 switches, 4 picks off FIFO, 9 steps, as far as its budget went',
      'the time limit of main ran out while it waited for save, at a.ts:9:2',
      'the marked stretch was run 40 times in a row',
    ])
    expect(failing.rows.map((r) => [r.omitted, r.repeated])).toEqual([
      [undefined, undefined],
      [undefined, true],
      [70, undefined],
    ])
  })

  test('takes what an exploration found, schedule and neighbour alike', async () => {
    const { failure } = await check(
      async () => {
        const balance = shared(100, 'balance')
        const take = async (n: number) => {
          const before = balance.value
          await pause('log in')
          balance.value = before - n
        }
        await gather([() => take(10), () => take(20)])
        if (balance.value !== 70) throw new Error('lost update')
      },
      { name: 'takes' },
    )
    const file = failure?.file
    expect(file).toBeDefined()
    if (file === undefined) return
    const page = pageOf(file)
    expect(page.failing.rows.map((r) => r.step)).toEqual([...new Set(file.failing.steps.map((s) => s.step))])
    expect(page.failing.rows.filter((r) => r.preemption)).toHaveLength(failure?.switches ?? -1)
    expect(failureHtml(file)).toBe(failureHtml(file))
  })
})

describe('embedding', () => {
  test.each([['</script>'], ['<!--<script>'], ['&amp;'], ['\u2028\u2029\ud800'], ['__proto__']])('%j comes back, and no sign of HTML is in it', (text) => {
    const data = { text, list: [text], [`${text}x`]: 1 }
    expect(embed(data)).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(embed(data))).toEqual(data)
  })

  test('a page grows with its schedule, no faster', () => {
    const size = (steps: number): number => failureHtml(longFile(steps, 6)).length
    const [base, one, two] = [size(0), size(2000), size(4000)]
    expect(two - base).toBeLessThan(2.2 * (one - base))
  })
})
