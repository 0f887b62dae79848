import { describe, expect, test } from 'vitest'
import { check, checkSync, choose, gather, pause, type Report, sleep } from '../../src/index.ts'

const two = async (): Promise<void> => {
  await Promise.all([pause('a'), pause('b'), pause('c')])
}

async function verdict(body: () => Promise<unknown>, options: object = {}): Promise<{ report: Report; text: string }> {
  const report = await check(body, { strategy: 'random', schedules: 500, ...options })
  return { report, text: String(report.failure?.error) }
}

describe('two runs of one schedule that differ are said, with the first difference', () => {
  test('a passing program whose choices depend on something outside', async () => {
    let runs = 0
    const { report, text } = await verdict(async () => {
      await two()
      // From the 100th run on there is one more choice in every other run.
      if (++runs >= 100 && runs % 2 === 1) await Promise.all([pause('x'), pause('y')])
    })
    expect(report.failure?.kind).toBe('nondeterminism')
    expect(report.schedules).toBe(100)
    expect(text).toMatch(/choice 3, after \d+ steps?, is one of 2 now .*(x|y).*there was none before/s)
    expect(text).toContain('setup')
  })

  test('a failure that comes every other time', async () => {
    let runs = 0
    const { report, text } = await verdict(async () => {
      await two()
      if (++runs % 2 === 0) throw new Error('sometimes')
    })
    expect(report.failure?.kind).toBe('nondeterminism')
    expect(text).toMatch(/the first failed \(error: Error: sometimes\), the second passed/)
    expect(text).toContain('`isolate: true` in the options of test.explore, or heddle explore --isolate, import the modules anew for every schedule)')
  })

  test('a deterministic program never is', async () => {
    const { report } = await verdict(two)
    expect(report.failure).toBeUndefined()
    expect(report.schedules).toBe(500)
  })
})

describe('state that outlives a schedule', () => {
  test('a program that fails only after other schedules is told from a race', async () => {
    const cache = new Map<string, number>()
    const { report, text } = await verdict(async () => {
      await two()
      cache.set(`entry ${cache.size}`, 1)
      if (cache.size > 3) throw new Error('the cache is too large')
    }, { strategy: 'auto' })
    expect(report.failure?.kind).toBe('nondeterminism')
    expect(report.schedules).toBe(4)
    expect(text).toMatch(/schedule 1, which had passed, failed .* now too, with the same choices: what failed is not an order/)
    expect(text).toContain('`setup`')
  })

  test('also where the second schedule is the one that fails', async () => {
    let runs = 0
    const { report, text } = await verdict(async () => {
      await two()
      if (++runs > 1) throw new Error('there was a run before')
    })
    expect([report.failure?.kind, report.schedules]).toEqual(['nondeterminism', 2])
    expect(text).toContain('schedule 1, which had passed, failed (error: Error: there was a run before) now too')
  })

  test('and is a race no more once it is reset', async () => {
    let cache = new Map<string, number>()
    const { report } = await verdict(async () => {
      await two()
      cache.set(`entry ${cache.size}`, 1)
      if (cache.size > 3) throw new Error('the cache is too large')
    }, { setup: () => void (cache = new Map()) })
    expect(report.failure).toBeUndefined()
  })

  test('a real race is still one, though a counter outlives the schedules', async () => {
    let calls = 0
    const { report } = await verdict(async () => {
      let balance = 0
      calls++
      const add = async (): Promise<void> => {
        const seen = balance
        await pause('save')
        balance = seen + 1
      }
      await Promise.all([add(), add()])
      if (balance !== 2) throw new Error('lost')
    })
    expect(calls).toBeGreaterThan(1)
    expect(report.failure?.kind).toBe('error')
  })
})

test('the failure that was seen is its cause', () => {
  let runs = 0
  const report = checkSync(function* () {
    runs++
    yield* gather([sleep(0), sleep(0)])
    if (runs === 1) throw new Error('only once')
  })
  expect(report.failure?.kind).toBe('nondeterminism')
  expect(report.failure?.error).toMatchObject({
    message: expect.stringContaining('setup') as string,
    cause: { message: 'only once' },
  })
})

test('it shows where the number of options changes, too', () => {
  let runs = 0
  const report = checkSync(function* () {
    runs++
    yield* gather(Array.from({ length: 2 + (runs % 2) }, () => sleep(0)))
  }, { strategy: 'exhaustive' })
  expect(report.failure?.kind).toBe('nondeterminism')
})

test('generators are checked as well', () => {
  let runs = 0
  const report = checkSync(function* () {
    if (++runs % 3 === 0) choose(3)
    choose(2)
  }, { strategy: 'random', schedules: 300 })
  expect(report.failure?.kind).toBe('nondeterminism')
})

test.each([2, 3])('with isolate the modules are not where it is looked for: a failure that is gone at run %i', async (gone) => {
  let runs = 0
  const body = async () => {
    await two()
    if (++runs !== gone) throw new Error('most often')
  }
  const { report, text } = await verdict(two, { isolate: () => body })
  expect(report.failure?.kind).toBe('nondeterminism')
  expect(text).toContain('although `isolate` imports modules anew')
  expect(text).not.toContain('isolate: true')
})

test('isolate gives the body anew for each schedule, in real time', async () => {
  let imports = 0
  const report = await check(async () => {}, {
    strategy: 'random',
    schedules: 20,
    isolate: async () => {
      await new Promise((r) => setTimeout(r, 1))
      const cache = new Set([++imports])
      return async () => {
        await two()
        cache.add(-1)
        if (cache.size > 2) throw new Error('the cache is too large')
      }
    },
  })
  expect(report.failure).toBeUndefined()
  expect(report.schedules).toBe(20)
  expect(imports).toBe(20)
  expect(report.choicePoints).toBeGreaterThan(0)
})
