import { describe, expect, test } from 'vitest'
import { EventLoop } from '../../src/asyncio/event-loop.ts'
import { Task } from '../../src/asyncio/task.ts'
import { Recording } from '../../src/explore/recording.ts'
import { decodeToken } from '../../src/explore/token.ts'
import { check, checkSync, choose, type ExploreOptions, gather, pause, replay, shared, sleep, sometimes, type Strategy } from '../../src/index.ts'
import { handle, pointOf, values } from '../strategies/points.ts'
import { marksIn } from '../support/marks.ts'

/** What a search ends with, what it says while it goes on, and what the run that is written down notes. */

const line = marksIn(import.meta.url)

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
    const run = (schedule: number, tracked: boolean): object => ({ schedule, seed: 4, tracked })
    const end = { failed: false, steps: expect.any(Number) as number }
    expect(told).toEqual([run(1, false), end, run(2, false), end, run(3, false)])
    told.length = 0
    checkSync(two, { strategy, seed: 4, assume: 'tracked', schedules: 1 })
    checkSync(two, { strategy, seed: 4, assume: 'tracked', permute: 'io', schedules: 1 })
    expect(told.filter((t) => 'schedule' in (t as object))).toMatchObject([run(1, true), run(2, true), run(1, false), run(2, false)])
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

describe('the run that is written down', () => {
  test('can be closed though it has not begun', () => {
    const recording = new Recording({ choose: () => 0 })
    expect(() => recording.close()).not.toThrow()
    expect(recording.waits).toEqual([])
    recording.choose(values(2))
    expect(recording.places[0]?.file).toMatch(/searching\.spec\.ts$/)
  })

  test('notes each choice: what was picked of how many, where in the trace, and which option goes on', () => {
    let pick = 1
    const recording = new Recording({ choose: () => pick })
    const loop = { steps: 1, time: () => 0 }
    recording.choose(pointOf([handle(1), handle(2), handle(3)], 3))
    recording.step(handle(2), loop)
    pick = 0
    recording.choose(pointOf([handle(4), handle(5)], 2))
    recording.step(handle(4), loop)
    expect(recording.choices).toEqual([{ pick: 1, count: 3, stay: 2, entry: 0 }, { pick: 0, count: 2, stay: -1, entry: 1 }])
  })

  test('has the values of shared things from the first step on, by the step that saw them', () => {
    const { failure } = checkSync(function* () {
      const cell = shared(1, 'cell')
      cell.value = cell.value + 1
      yield* sleep(0)
      throw new Error('look')
    }, { strategy: 'fifo' })
    expect(failure?.file.failing.values.map((v) => [v.entry, v.kind, v.value])).toEqual([[0, 'read', '1'], [0, 'write', '2']])
  })

  test('is bounded where the run goes on and on: values, accesses, lines of code; those of its end are kept besides', () => {
    const recording = new Recording({ choose: () => 0 })
    const loop = new EventLoop()
    recording.begin(loop)
    recording.valueSeen('n', 'read', 0)
    recording.step(handle(1), loop)
    for (let n = 1; n <= 10_001; n++) recording.valueSeen('n', 'write', n)
    const { values: seen, accesses } = recording
    expect([seen.length, seen[0]?.value, seen.at(-1)?.value]).toEqual([10_000, '1', '10000'])
    expect([seen.findIndex((v) => v.at === undefined), seen.findLastIndex((v) => v.at !== undefined)]).toEqual([5000, 4999])
    const madeAt = (maxSteps: number): number | undefined => {
      loop.maxSteps = maxSteps
      const task = new Task<unknown>(() => undefined, { loop })
      recording.taskMade(task) // made near the end
      return recording.madeAt(task)?.line
    }
    expect([madeAt(500), madeAt(499)]).toEqual([undefined, line('made near the end')])
    recording.close()
    const access = { kind: 'read', strand: { lane: 1 }, site: { name: 'n', file: 'f.ts', line: 1, column: 1, function: '' } }
    for (let object = 1; object <= 100_001; object++) recording.access({ ...access, object } as never)
    expect([accesses.length, accesses.at(-1)?.object]).toEqual([100_000, 100_000])
  })

  test('has the accesses that code tells of, and passes them on', () => {
    const told: unknown[] = []
    const recording = new Recording({ choose: () => 0, access: (a) => told.push(a.object) })
    const site = { name: 'n', file: 'f.ts', line: 3, column: 4, function: '' }
    const strand = { lane: 2 }
    recording.access({ object: 7, kind: 'read', strand, site } as never)
    recording.access({ object: 8, kind: 'write', strand, site: { ...site, function: 'pay' } } as never)
    recording.access({ object: 9, kind: 'write' })
    expect(told).toEqual([7, 8, 9])
    expect(recording.accesses).toEqual([
      { object: 7, kind: 'read', strand, name: 'n', at: { file: 'f.ts', line: 3, column: 4 }, task: undefined },
      { object: 8, kind: 'write', strand, name: 'n', at: { file: 'f.ts', line: 3, column: 4, function: 'pay' }, task: undefined },
    ])
  })
})
