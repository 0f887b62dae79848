import { afterEach, describe, expect, test, vi } from 'vitest'
import { ProgressLine, progressWords } from '../../src/adapters/progress.ts'
import { check, explore, pause, type Progress } from '../../src/index.ts'

// Explorations take the host's clock when they are imported: theirs goes on by 20 ms whenever they look, and by nothing else.
const restore = vi.hoisted(() => {
  const real = performance.now
  let now = 0
  performance.now = () => (now += 20)
  return () => (performance.now = real)
})
restore()

class Output {
  text = ''
  readonly isTTY: boolean
  readonly columns: number | undefined
  constructor(isTTY: boolean, columns?: number) {
    this.isTTY = isTTY
    this.columns = columns
  }
  write(text: string): void {
    this.text += text
  }
}

const at = (elapsed: number, schedules = 1000, failures = 0): Progress => ({
  elapsed,
  schedules,
  failures,
  steps: 5,
  choicePoints: 2 * schedules,
  explored: null,
})
afterEach(() => vi.unstubAllEnvs())

describe('in a terminal', () => {
  test('it appears after two seconds, is written over, and goes away', () => {
    const out = new Output(true)
    const line = new ProgressLine(out, { name: 'transfer', schedules: 100_000, live: true })
    line.tell(at(100))
    line.tell(at(1999))
    expect(out.text).toBe('')
    line.tell(at(2000, 12_345))
    expect(out.text).toBe('\rheddle: transfer: 12,345 of 100,000 schedules, 6,173/s, 24,690 choice points, 2 s\u001B[K')
    out.text = ''
    line.tell(at(2100, 13_000, 2))
    expect(out.text).toBe('\rheddle: transfer: 13,000 of 100,000 schedules, 2 failed, 6,190/s, 26,000 choice points, 2 s\u001B[K')
    out.text = ''
    line.end()
    expect(out.text).toBe('\r\u001B[K')
    line.end()
    expect(out.text).toBe('\r\u001B[K')
  })

  test('a short exploration writes nothing at all', () => {
    const out = new Output(true)
    const line = new ProgressLine(out, { live: true })
    line.tell(at(1500))
    line.end()
    expect(out.text).toBe('')
  })

  test('it fits the width: a line that wraps could not be written over', () => {
    const out = new Output(true, 30)
    new ProgressLine(out, { name: 'a name that is much too long for it', live: true }).tell(at(5000))
    expect(out.text.replace('\r', '').replace('\u001B[K', '').length).toBeLessThan(30)
  })

  test('CI has none, although it may say that it is a terminal', () => {
    vi.stubEnv('CI', 'true')
    const out = new Output(true)
    const line = new ProgressLine(out)
    line.tell(at(5000))
    expect(out.text).toBe('')
    vi.stubEnv('CI', '')
    new ProgressLine(out).tell(at(5000))
    expect(out.text).toContain('\r')
  })
})

describe('the words', () => {
  const progress: Progress = { elapsed: 2000, schedules: 412, failures: 0, steps: 5, choicePoints: 3512, explored: 0.125 }
  const options = { name: 'src/bank.test.ts > the bank > never lends', schedules: 1000 }
  const figures = '412 of 1,000 schedules, 206/s, 3,512 choice points, ≈12% of the space, 2 s'

  test('say how much of the space is explored where that can be told', () => {
    expect(progressWords(options, progress)).toBe(`heddle: src/bank.test.ts > the bank > never lends: ${figures}`)
    expect(progressWords(options, { ...progress, explored: 0.00001 })).toContain(', <0.01% of the space, ')
    expect(progressWords(options, { ...progress, explored: null })).toBe(
      'heddle: src/bank.test.ts > the bank > never lends: 412 of 1,000 schedules, 206/s, 3,512 choice points, 2 s',
    )
    expect(progressWords({}, { ...progress, choicePoints: 1, elapsed: 0, explored: 1 })).toBe(
      'heddle: 412 schedules, 1 choice point, ≈100% of the space, 0 s',
    )
  })

  test('keep the end of a name that is too long, and then drop the lesser figures', () => {
    const at110 = progressWords(options, progress, 110)
    expect(at110).toHaveLength(110)
    expect(at110).toMatch(/^heddle: ….*bank > never lends: /)
    expect(at110.endsWith(figures)).toBe(true)
    expect(progressWords(options, progress, 80)).toMatch(/^heddle: ….*never lends: 412 of 1,000 schedules, 206\/s, ≈12% of the space, 2 s$/)
    expect(progressWords(options, progress, 72)).toMatch(/^heddle: ….*never lends: 412 of 1,000 schedules, ≈12% of the space, 2 s$/)
    for (let width = 1; width < 150; width++) expect(progressWords(options, progress, width).length).toBeLessThanOrEqual(width)
  })
})

test('a log gets a line every thirty seconds', () => {
  const out = new Output(false)
  const line = new ProgressLine(out, { name: 'transfer' })
  for (let ms = 100; ms <= 95_000; ms += 100) line.tell(at(ms))
  line.end()
  expect(out.text.split('\n')).toEqual([
    expect.stringContaining(', 30 s'),
    expect.stringContaining(', 60 s'),
    expect.stringContaining(', 90 s'),
    '',
  ])
  expect(out.text).not.toContain('\r')
  expect(out.text).not.toContain('\u001B')
})

describe('explore', () => {
  const body = async () => {
    await Promise.all(Array.from({ length: 8 }, () => pause()))
  }
  const long = { strategy: 'random', schedules: Number.POSITIVE_INFINITY, timeLimit: 2600 } as const

  test('shows it on standard error, beside what the user asks for; check does not', async () => {
    vi.stubEnv('CI', '')
    const written: string[] = []
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    const isTTY = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY')
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true })
    try {
      const told: Progress[] = []
      await explore(body, { ...long, name: 'a long one', onProgress: (p) => told.push(p) })
      expect(told.length).toBeGreaterThan(5)
      // Eight pauses complete in 8! orders, and each schedule has a choice for each but the last.
      for (const { schedules, choicePoints, explored } of told) {
        expect(choicePoints).toBe(7 * schedules)
        expect(explored).toBeCloseTo(Math.min(1, schedules / 40_320), 10)
      }
      expect(written.some((text) => text.includes('heddle: a long one: '))).toBe(true)
      expect(written.at(-1)).toBe('\r\u001B[K')
      written.length = 0
      await check(body, long)
      expect(written).toEqual([])
    } finally {
      write.mockRestore()
      if (isTTY === undefined) Reflect.deleteProperty(process.stderr, 'isTTY')
      else Object.defineProperty(process.stderr, 'isTTY', isTTY)
    }
  })
})

describe('the share of the space', () => {
  const body = async () => {
    await Promise.all(Array.from({ length: 6 }, () => pause()))
  }
  const told = async (strategy: 'exhaustive' | 'auto' | 'pct'): Promise<Progress[]> => {
    const seen: Progress[] = []
    await check(body, { strategy, schedules: 700, onProgress: (p) => seen.push(p) })
    return seen
  }

  test('is exact for a search: it runs each of the 6! orders once', async () => {
    const seen = await told('exhaustive')
    expect(seen.length).toBeGreaterThan(10)
    for (const { schedules, explored } of seen) expect(explored).toBeCloseTo(schedules / 720, 10)
  })

  test('is estimated by auto, as soon as it has an estimate', async () => {
    const shares = (await told('auto')).map((p) => p.explored)
    expect(shares.at(-1)).toBeGreaterThan(0.5)
  })

  test('is not known of others', async () => {
    for (const { explored } of await told('pct')) expect(explored).toBeNull()
  })
})
