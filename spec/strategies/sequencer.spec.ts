import { describe, expect, test } from 'vitest'
import { check, checkSync, choose, gather, Lock, pause, sleep } from '../../src/index.ts'
import { sequencer } from '../../src/strategies/index.ts'

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
