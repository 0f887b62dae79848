import { describe, expect, test } from 'vitest'
import { check, checkSync, choose, gather, Lock, pause, sleep } from '../../src/index.ts'
import { sequencer } from '../../src/strategies/index.ts'
import { stepName, valueName } from '../../src/strategies/sequencer.ts'
import { handle, pointOf, values } from './points.ts'

/** Notes in which order three workers come by two places each. */
function workers(log: string[]) {
  return async () => {
    log.length = 0
    const worker = (name: string) => async () => {
      await pause(`${name}1`)
      log.push(`${name}1`)
      await pause(`${name}2`)
      log.push(`${name}2`)
    }
    await gather([worker('a'), worker('b'), worker('c')])
  }
}

describe('sequencer', () => {
  test('makes one schedule, and says that it was an order', async () => {
    const report = await check(workers([]), { strategy: sequencer(['Task-3: b1', 'Task-2: a1']) })
    expect(report).toMatchObject({ schedules: 1, exhausted: true, bound: 'the order that was given', strategy: 'sequencer' })
  })

  test.each([
    [['Task-4: c2', 'Task-2: a1'], ['b1', 'b2', 'c1', 'c2', 'a1', 'a2']],
    [['Task-2: a1', 'Task-3: b1', 'Task-3: b2', 'Task-2: a2'], ['a1', 'b1', 'b2', 'a2', 'c1', 'c2']],
    [['Task-4: c1', 'Task-3: b1', 'Task-2: a1', 'Task-4: c2', 'Task-3: b2', 'Task-2: a2'], ['c1', 'b1', 'a1', 'c2', 'b2', 'a2']],
  ])('the steps of %j come in this order, the rest as FIFO has it', async (order, expected) => {
    const log: string[] = []
    await check(workers(log), { strategy: sequencer(order) })
    const named = order.map((o) => o.replace(/.*: /, ''))
    expect(log.filter((x) => named.includes(x))).toEqual(named)
    expect(log.toSorted()).toEqual(expected.toSorted())
  })

  test('a step that cannot come is not waited for', async () => {
    const log: string[] = []
    const body = async () => {
      const lock = new Lock()
      await gather([
        () => lock.with(async () => {
          await pause('a')
          log.push('a')
        }),
        () => lock.with(async () => {
          await pause('b')
          log.push('b')
        }),
      ])
    }
    const report = await check(body, { strategy: sequencer(['Task-3: b', 'Task-2: a']) })
    // The first task has the lock: nobody else can go on, so that its step is let through.
    expect([report.failures, log]).toEqual([0, ['a', 'b']])
  })

  test('names values by their place', () => {
    const seen: number[] = []
    const report = checkSync(function* () {
      seen.push(choose(5, 'n'), choose(3, 'm'), choose(5, 'n'))
      yield* sleep(0)
    }, { strategy: sequencer(['m is option 2', 'n is option 4']) })
    expect(report.schedules).toBe(1)
    expect(seen).toEqual([0, 1, 3])
  })

  test('an external and its resumption are one step, with equal labels in a row too', async () => {
    const log: string[] = []
    const body = async () => {
      log.length = 0
      const loop = (name: string) => async () => {
        for (let i = 1; i <= 3; i++) {
          await pause('tick')
          log.push(`${name}${i}`)
        }
      }
      await gather([loop('a'), loop('b')])
    }
    const order = ['Task-3: tick', 'Task-3: tick', 'Task-2: tick', 'Task-3: tick', 'Task-2: tick', 'Task-2: tick']
    for (const permute of ['tasks', 'io'] as const) {
      await check(body, { strategy: sequencer(order), permute })
      expect(log, permute).toEqual(['b1', 'b2', 'a1', 'b3', 'a2', 'a3'])
    }
  })

  test('takes names only', () => {
    expect(() => sequencer([1 as never])).toThrow(/names of steps, not 1/)
  })
})

describe('the sequencer at choices made by hand', () => {
  const named = (lane: number | undefined, task: string, label: string): ReturnType<typeof handle> => handle(lane, { task, label })
  const [a, b, c, x] = [named(1, 'A', 'a'), named(2, 'B', 'b'), named(3, 'C', 'c'), named(4, 'X', 'x')]
  const begun = (...order: string[]): ReturnType<typeof sequencer> => {
    const strategy = sequencer(order)
    strategy.begin({ schedule: 1, seed: 1 })
    return strategy
  }

  test('steps have names', () => {
    expect(stepName({ kind: 'clock', task: 'T' } as never)).toBe('time passes')
    expect(stepName({ kind: 'handle', task: 'T', label: 'save' })).toBe('T: save')
    expect(stepName({ kind: 'external', task: undefined, label: undefined })).toBe('an external operation')
    expect(stepName({ kind: 'handle', task: undefined, label: undefined })).toBe('a callback')
    expect([valueName('letter', 2), valueName(undefined, 0)]).toEqual(['letter is option 3', 'choose is option 1'])
  })

  test('the next one comes first, then what is not in the order, then the earliest', () => {
    const strategy = begun('A: a', 'B: b', 'C: c')
    expect(strategy.pick(pointOf([c, x, b, a]))).toBe(3)
    expect(strategy.pick(pointOf([c, b, x]))).toBe(2)
    expect(strategy.pick(pointOf([x, c, b, handle(9)]))).toBe(0)
    expect([strategy.pick(pointOf([c, b])), strategy.pick(pointOf([b, c]))]).toEqual([1, 0])
    strategy.step?.(x)
    strategy.step?.(b)
    // A was to come before it, and is not waited for any more.
    expect([strategy.pick(pointOf([b, c])), strategy.pick(pointOf([c, a]))]).toEqual([1, 0])
    expect(strategy.begin({ schedule: 2, seed: 1 })).toBe(false)
  })

  test('the resumption of an external is no step of its own; one of another lane is', () => {
    const strategy = begun('T: p', 'T: q', 'T: p')
    const external = { kind: 'external', id: 90, lane: 5, task: 'T', label: 'p' } as const
    strategy.step?.(external)
    const resumes = named(5, 'T', 'p')
    // It belongs to what has come: free, and not the third of the order.
    expect(strategy.pick(pointOf([named(6, 'T', 'p'), resumes]))).toBe(1)
    strategy.step?.(resumes)
    expect(strategy.pick(pointOf([resumes, named(5, 'T', 'q')]))).toBe(1)
    strategy.step?.(named(5, 'T', 'q'))
    expect(strategy.pick(pointOf([x, resumes]))).toBe(1)
  })

  test('a step of the same name again is the next of that name; without a lane nothing is resumed', () => {
    const twice = begun('T: p', 'T: p', 'U: u')
    twice.step?.(named(5, 'T', 'p'))
    expect(twice.pick(pointOf([x, named(5, 'T', 'p')]))).toBe(1)
    twice.step?.(named(5, 'T', 'p'))
    expect(twice.pick(pointOf([x, named(5, 'U', 'u')]))).toBe(1)
    const without = begun('T: p', 'T: p')
    without.step?.({ kind: 'external', id: 91, task: 'T', label: 'p' })
    expect(without.pick(pointOf([x, named(undefined, 'T', 'p')]))).toBe(1)
  })

  test('another execution of the same object begins from the first', () => {
    const strategy = begun('A: a', 'B: b')
    strategy.step?.(a)
    strategy.step?.({ kind: 'external', id: 92, lane: 2, task: 'B', label: 'b' })
    strategy.begin({ schedule: 1, seed: 1 })
    expect(strategy.pick(pointOf([x, a]))).toBe(1)
    strategy.step?.(a)
    expect(strategy.pick(pointOf([x, b]))).toBe(1)
  })

  test('a value that the order does not say is the first, and nothing has come', () => {
    const strategy = begun('choose is option 3', 'A: a')
    expect(strategy.pick(pointOf([{ kind: 'value', id: 0, label: 'other' }, { kind: 'value', id: 1, label: 'other' }]))).toBe(0)
    expect(strategy.pick(values(2))).toBe(0)
    expect(strategy.pick(values(4))).toBe(2)
    expect(strategy.pick(values(4))).toBe(0)
    expect(strategy.pick(pointOf([x, a]))).toBe(1)
  })
})
