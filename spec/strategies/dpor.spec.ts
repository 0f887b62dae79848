import { describe, expect, it } from 'vitest'
import { ROWS } from '../../fixtures/dpor/index.ts'
import { running, straight } from '../../fixtures/dpor/program.ts'
import { twoLookups } from '../../fixtures/dpor/shared-variables.ts'
import {
  checkSync,
  choose,
  createTask,
  type ExploreOptions,
  gather,
  type Report,
  shared,
  type Suspension,
  type Task,
  TaskGroup,
  wait,
} from '../../src/index.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { Watched } from './watched.ts'

describe('dpor runs one execution for each trace of the published programs', () => {
  for (const { program, n, traces, slow, body } of ROWS) {
    if (slow === true) continue
    it(`${program} ${n}: ${traces}`, () => {
      const watched = new Watched(new Dpor())
      const report = checkSync(body, {
        strategy: watched,
        assume: 'tracked',
        bail: false,
        leaks: 'ignore',
        schedules: 2 * traces + 100,
      })
      // None proved to be equivalent to another, either.
      const { runs } = watched
      expect({ schedules: report.schedules, runs, exhausted: report.exhausted }).toEqual({ schedules: traces, runs: traces, exhausted: true })
    })
  }
})

/** The rule of 2005 with sleep sets: only the last one of the events that an event depends on is gone back to. */
class LastDependentOnly extends Dpor {
  protected override races(): readonly number[] {
    const races = super.races()
    const last = new Map<number, number>()
    for (let i = 0; i < races.length; i += 2) {
      const later = races[i + 1] as number
      last.set(later, Math.max(last.get(later) ?? -1, races[i] as number))
    }
    return [...last].flatMap(([later, earlier]) => [earlier, later])
  }
}

describe('a reduction that goes back to the last dependent event only', () => {
  const countOf = (strategy: Dpor, n: number): number =>
    checkSync(running(() => twoLookups(n)), { strategy, assume: 'tracked', bail: false, schedules: 1000 }).schedules

  it('loses traces of the readers with two lookups, which the rows above would show', () => {
    expect(countOf(new Dpor(), 6)).toBe(64)
    expect(countOf(new LastDependentOnly(), 2)).toBeLessThan(4)
    expect(countOf(new LastDependentOnly(), 6)).toBeLessThan(64)
  })
})

describe('assume', () => {
  const body = function* () {
    const [a, b] = [shared(0), shared(0)]
    yield* gather([createTask(straight(() => a.write(1))), createTask(straight(() => b.write(1)))])
  }
  const count = (options: ExploreOptions): number => checkSync(body, { bail: false, schedules: 1000, ...options }).schedules

  it("reduces nothing without 'tracked': steps of different tasks are taken to conflict", () => {
    expect(count({ strategy: 'dpor', assume: 'tracked' })).toBe(1)
    expect(count({ strategy: 'dpor' })).toBe(count({ strategy: 'exhaustive' }))
  })

  it('accepts nothing else', () => {
    expect(() => count({ assume: 'everything' as 'tracked' })).toThrow("option assume must be 'tracked', not everything")
  })
})

describe('joins', () => {
  const two = (join: (tasks: Task<void>[]) => Generator<Suspension, unknown, unknown>): Report =>
    checkSync(
      function* () {
        const cells = [shared(0), shared(0), shared(0)]
        yield* join(cells.map((cell) => createTask(straight(() => cell.write(1), () => cell.read()))))
        if (cells.some((cell) => cell.value !== 1)) throw new Error('lost')
      },
      { strategy: 'dpor', assume: 'tracked', bail: false, schedules: 1000 },
    )

  it.each<[string, (tasks: Task<void>[]) => Generator<Suspension, unknown, unknown>]>([
    ['gather', function* (tasks) { yield* gather(tasks) }],
    ['wait', function* (tasks) { yield* wait(tasks) }],
    ['awaiting one by one', function* (tasks) { for (const task of tasks) yield* task }],
    ['awaiting one by one, from the last', function* (tasks) { for (const task of tasks.toReversed()) yield* task }],
  ])('%s does not multiply the traces', (_, join) => {
    const report = two(join)
    expect([report.schedules, report.exhausted, report.failures]).toEqual([1, true, 0])
  })

  it('neither does a TaskGroup', () => {
    const report = checkSync(
      function* () {
        const cells = [shared(0), shared(0), shared(0)]
        yield* new TaskGroup().run(function* (group) {
          for (const cell of cells) group.createTask(straight(() => cell.write(1), () => cell.read()))
        })
      },
      { strategy: 'dpor', assume: 'tracked', bail: false, schedules: 1000 },
    )
    expect([report.schedules, report.exhausted]).toEqual([1, true])
  })
})

describe('what dpor is given', () => {
  it('may be a run much longer than those before it', () => {
    const body = function* () {
      const [x, y] = [shared(0), shared(0)]
      const times = choose(2) * 60
      const long = createTask(function* () {
        for (let i = 0; i < times; i++) yield* x.update((v) => v + 1)
      })
      yield* gather([long, createTask(straight(() => y.write(1), () => y.read()))])
      if (x.value !== times) throw new Error('lost')
    }
    const report = checkSync(body, { strategy: 'dpor', assume: 'tracked', bail: false, schedules: 100 })
    expect([report.schedules, report.exhausted, report.failures]).toEqual([2, true, 0])
  })

  it.each(['dpor', 'exhaustive', 'preemption'] as const)('must not change from run to run: %s says where it does', (strategy) => {
    let tasks = 1
    const body = function* () {
      const x = shared(0)
      tasks++
      yield* gather(Array.from({ length: tasks }, () => createTask(straight(() => x.write(1), () => x.read()))))
    }
    const { failure } = checkSync(body, { strategy, assume: 'tracked', schedules: 20 })
    expect(failure?.kind).toBe('nondeterminism')
    expect(String(failure?.error)).toMatch(/choice \d+ has \d+ options now, and had \d+/)
  })
})
