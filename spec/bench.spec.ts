import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type Baseline, bestOf, changesOf, readBaseline, writeBaseline } from '../bench/baseline.ts'
import { measure, type Result } from '../bench/measure.ts'
import type { RateRow } from '../bench/row.ts'
import { rows } from '../bench/rows/index.ts'
import { render } from '../bench/table.ts'

const EFFORT = { repetitions: 3, seconds: 1, warmUp: 2, seeds: 5 }

/** A contender that does so many units a second, by a clock of its own, and this much slower in every other turn. */
function contender(name: string, rates: readonly number[]) {
  let turn = 0
  return { name, run: (size: number) => ({ units: size, seconds: size / (rates[turn++ % rates.length] as number) }) }
}

function row(ours: readonly number[], theirs: readonly number[], goal?: RateRow['rivals'][number]['goal']): RateRow {
  const rival = { id: 'floor', ...contender('the floor', theirs), ...(goal === undefined ? {} : { goal }) }
  return { id: 'r', title: 'work', unit: 'units', meaning: 'nothing', ours: contender('heddle', ours), rivals: [rival] }
}

function baseline(ratio: number, spread: number): Baseline {
  return { machine: '', runs: 3, ratios: { r: { floor: { ratio, spread } } } }
}

describe('a row of the bench', () => {
  test('has the ratio of the rates, and holds it to the goal in its own terms', async () => {
    const slower = await measure(row([500], [1000], { atMostTime: 2.1 }), EFFORT)
    expect(slower.rivals[0]).toMatchObject({ ratio: 0.5, met: true })
    expect(render(slower)).toContain('2.00 × its time ≤ 2.1 met')
    const missed = await measure(row([500], [1000], { atMostTime: 1.9 }), EFFORT)
    expect(missed.rivals[0]?.met).toBe(false)
    expect(render(missed)).toContain('NOT MET')
    expect((await measure(row([3000], [1000], { atLeast: 3.5 }), EFFORT)).rivals[0]).toMatchObject({ ratio: 3, met: false })
  })

  test('compares turn with turn: what slows both down changes nothing', async () => {
    const result = await measure(row([500, 50, 5], [1000, 100, 10]), EFFORT)
    expect(result.rivals[0]?.ratio).toBeCloseTo(0.5)
  })

  test('may be a count, of which less is better', async () => {
    const counts = { name: 'heddle', count: (seed: number) => seed }
    const rival = { id: 'other', name: 'other', count: (seed: number) => 10 * seed }
    const result = await measure({ id: 'c', title: '', unit: '', meaning: '', ours: counts, rivals: [rival], goalCount: 2 }, EFFORT)
    expect(result).toMatchObject({ met: false, ours: { median: 3, min: 1, max: 5 }, rivals: [{ ratio: 10, median: 30 }] })
  })
})

describe('the baseline', () => {
  const result = async (ratio: number): Promise<Result> => measure(row([1000 * ratio], [1000]), EFFORT)

  test('lets a ratio be worse by 15 %, or by three times what single runs differed by', async () => {
    const worse = async (ratio: number, known: Baseline) => changesOf(await result(ratio), known, false)[0]?.worse
    expect([await worse(0.86, baseline(1, 0.01)), await worse(0.84, baseline(1, 0.01))]).toEqual([false, true])
    expect([await worse(0.71, baseline(1, 0.1)), await worse(0.69, baseline(1, 0.1))]).toEqual([false, true])
    expect(await worse(2, baseline(1, 0.01))).toBe(false)
  })

  test('lets a quick run be worse by half', async () => {
    const worse = async (ratio: number) => changesOf(await result(ratio), baseline(1, 0.01), true)[0]?.worse
    expect([await worse(0.51), await worse(0.49)]).toEqual([false, true])
  })

  test('says nothing about rows and rivals that it does not know', async () => {
    expect(changesOf(await result(0.1), { machine: '', runs: 3, ratios: { other: {} } }, false)).toEqual([])
    expect(changesOf(await result(0.1), { machine: '', runs: 3, ratios: { r: { cpython: { ratio: 1, spread: 0 } } } }, false)).toEqual([])
  })

  test('takes the best of several attempts', async () => {
    const [first, second] = [changesOf(await result(0.6), baseline(1, 0), false), changesOf(await result(0.9), baseline(1, 0), false)]
    expect(bestOf(first, second)).toEqual(second)
    expect(bestOf(second, first)).toEqual(second)
  })

  test('is the median of several runs, and the farthest of them', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'heddle-baseline-'))
    try {
      const file = join(directory, 'baseline.json')
      writeBaseline(file, 'a machine', [[await result(1), await result(0.9), await result(1.2)]])
      const measured = { r: { floor: { ratio: 1, spread: 0.2 } } }
      expect(readBaseline(file)).toEqual({ machine: 'a machine', runs: 3, ratios: measured })
      const kept = { other: { floor: { ratio: 2, spread: 0 } }, r: { floor: { ratio: 3, spread: 0 } } }
      writeBaseline(file, 'a machine', [[await result(1), await result(0.9), await result(1.2)]], kept)
      expect(readBaseline(file).ratios).toEqual({ ...kept, ...measured })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

test('the baseline knows every ratio: who adds one records it', () => {
  const { ratios } = readBaseline(fileURLToPath(new URL('../bench/baseline.json', import.meta.url)))
  const all = rows.flatMap((r) => r.rivals.map((x) => [r.id, x.id] as const))
  expect(all.filter(([id, rival]) => ratios[id]?.[rival] === undefined)).toEqual([])
})

test('every row has a name of its own and somebody to be compared with, by a name without versions', () => {
  expect(new Set(rows.map((r) => r.id)).size).toBe(rows.length)
  // The ones beside CPython have nobody where it is missing.
  expect(rows.filter((r) => r.rivals.length === 0 && !/^(sleep-zero|gather|timers)/.test(r.id)).map((r) => r.id)).toEqual([])
  expect(rows.flatMap((r) => r.rivals.map((x) => x.id)).filter((id) => !/^[a-z-]+$/.test(id))).toEqual([])
})
