import { describe, expect, test } from 'vitest'
import { decodeToken } from '../../src/explore/token.ts'
import { check, checkSync, choose, type ExploreOptions, gather, pause, replay, sleep, sometimes, type Strategy } from '../../src/index.ts'

/** What a search ends with, and what it says while it goes on. */

const two = function* () {
  yield* gather([pause('a'), pause('b')])
}

describe('conditions that never held', () => {
  const body = function* () {
    yield* gather([pause('a'), pause('b')])
    sometimes(false, 'full')
    sometimes(true, 'empty')
    sometimes(false, 'say "half"')
  }
  const options: ExploreOptions = { name: 'a tank', strategy: 'random', seed: 9, schedules: 5 }

  test('are a failure where nothing else is, with the schedule in FIFO order', async () => {
    const report = checkSync(body, options)
    expect(report).toMatchObject({ schedules: 5, failures: 1, stopped: 'schedules', sometimes: { full: 0, empty: 5, 'say "half"': 0 } })
    const { failure } = report
    expect(failure).toMatchObject({ kind: 'never', schedule: 5, error: { message: 'sometimes(…) held in none of 5 schedules: "full", "say \\"half\\""' } })
    expect(failure?.firstToken).toBe(failure?.token)
    expect(failure?.file).toMatchObject({ name: 'a tank', strategy: 'random', seed: 9, before: failure?.file.after, incomplete: undefined })
    expect([decodeToken(failure?.token as string).picks.size, failure?.trace.steps.every((s) => (s.choice?.pick ?? 0) === 0)]).toEqual([0, true])
    expect(report.distinct).toEqual([{ failure, count: 1 }])
  })

  test('are none where a schedule failed, where it was told to end, or where another shard may see them', async () => {
    const failing = function* () {
      yield* body()
      throw new Error('x')
    }
    expect(checkSync(failing, options).failure?.kind).toBe('error')
    const controller = new AbortController()
    const aborting = function* () {
      controller.abort()
      yield* body()
    }
    expect(checkSync(aborting, { ...options, signal: controller.signal })).toMatchObject({ stopped: 'signal', schedules: 1, failures: 0 })
    expect(checkSync(body, { ...options, shard: { index: 1, count: 2 } }).failures).toBe(0)
  })
})

describe('a search', () => {
  const failing = function* () {
    const k = choose(3)
    yield* sleep(0)
    if (k === 1) throw new RangeError('one')
    if (k === 2) throw new TypeError('two')
  }

  test('counts what it has run', () => {
    const report = checkSync(failing, { strategy: 'exhaustive', bail: false })
    // Two steps of the body, and the value, in each.
    expect(report).toMatchObject({ schedules: 3, failures: 2, choicePoints: 3, steps: 6, stopped: 'exhausted', exhausted: true })
    expect(report.distinct.map((d) => [String(d.failure.error), d.count, d.failure.schedule])).toEqual([['RangeError: one', 1, 2], ['TypeError: two', 1, 3]])
    expect(report.failure).toBe(report.distinct[0]?.failure)
  })

  test('tells the strategy of each schedule and its end, and asks it no more when it has said that nothing is left', () => {
    const told: unknown[] = []
    const strategy: Strategy = { name: 'mine', begin: (run) => (told.push(run), run.schedule < 3), pick: () => 0, end: (outcome) => told.push(outcome) }
    expect(checkSync(two, { strategy, seed: 4 })).toMatchObject({ schedules: 2, strategy: 'mine', stopped: 'exhausted' })
    const run = (schedule: number, tracked: boolean, inOrder = false): object => ({ schedule, seed: 4, tracked, inOrder })
    const end = { failed: false, steps: expect.any(Number) as number }
    expect(told).toEqual([run(1, false), end, run(2, false), end, run(3, false)])
    told.length = 0
    checkSync(two, { strategy, seed: 4, assume: 'tracked', schedules: 1 })
    checkSync(two, { strategy, seed: 4, assume: 'tracked', permute: 'io', schedules: 1 })
    expect(told.filter((t) => 'schedule' in (t as object))).toMatchObject([run(1, true), run(2, true), run(1, false, true), run(2, false, true)])
  })

  test('that replays says so, whatever comes of it', async () => {
    const lost = (fails: boolean) =>
      function* () {
        yield* gather([pause('a'), pause('b')])
        if (fails) throw new Error('lost')
      }
    const found = checkSync(lost(true), { name: 'pays', strategy: 'fifo', seed: 3 })
    const { failure } = found
    const token = failure?.token as string
    const again = await replay(lost(true), token, { seed: 3 })
    expect(again).toMatchObject({ schedules: 1, failures: 1, strategy: 'replay', stopped: 'failure', seed: 3 })
    expect(again.steps).toBe(found.steps)
    expect(again.choicePoints).toBe(failure?.trace.steps.filter((s) => s.choice !== undefined).length)
    expect(again.failure?.file).toMatchObject({ name: 'pays', strategy: 'replay', schedule: 1, before: again.failure?.file.after, incomplete: undefined })
    expect(await replay(lost(false), token)).toMatchObject({ schedules: 1, failures: 0, strategy: 'replay', stopped: 'schedules' })
  })

  test('can be asked what it is at, by whoever finds that a run has no end', async () => {
    const ask = (): string => (globalThis as unknown as Record<symbol, () => string>)[Symbol.for('heddle.watchdog')]?.() ?? ''
    const said: string[] = []
    const strategy: Strategy = { name: 'last', begin: ({ schedule }) => schedule < 3, pick: (p) => p.options.length - 1 }
    const body = async (): Promise<void> => {
      await Promise.all([pause('a'), pause('b')])
      said.push(ask())
    }
    await check(body, { name: 'the "first"', strategy, seed: 6 })
    await check(body, { strategy, seed: 6, schedules: 1 })
    const lines = said.map((s) => s.split('\n'))
    expect(lines.map(([where]) => where)).toEqual([
      '  in the exploration "the \\"first\\"": run 1 of strategy last with seed 6',
      '  in the exploration "the \\"first\\"": run 2 of strategy last with seed 6',
      '  in an exploration without a name: run 1 of strategy last with seed 6',
    ])
    for (const [, token] of lines) {
      expect(token).toMatch(/^ {2}token {3}h1\./)
      expect(decodeToken((token as string).trim().split(/ +/)[1] as string)).toMatchObject({ unfinished: true, picks: new Map([[0, 1]]), choices: 1 })
    }
    expect(ask()).toBe('')
    // What reruns a schedule knows no token for it.
    said.length = 0
    await check(async () => {
      await body()
      throw new Error('always')
    }, { strategy, schedules: 1 })
    expect(said.some((s) => !s.includes('token'))).toBe(true)
  })
})
