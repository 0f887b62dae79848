import { describe, expect, test } from 'vitest'
import {
  asCompleted,
  type Coroutine,
  createTask,
  Future,
  gather,
  pause,
  shield,
  sleep,
  type Strategy,
  timeout,
  wait,
  waitFor,
} from '../../src/index.ts'
import { exhaustive } from '../../src/strategies/index.ts'
import { everySync, interleavings } from '../support/count.ts'

/** Ways to wait for the end of two futures. */
const both: Record<string, (a: Future<number>, b: Future<number>) => Coroutine<unknown>> = {
  gather: function* (a, b) { return yield* gather([a, b]) },
  'gather, exceptions and all': function* (a, b) { return yield* gather([a, b], { returnExceptions: true }) },
  wait: function* (a, b) { return yield* wait([a, b]) },
  'wait, for an exception': function* (a, b) { return yield* wait([a, b], { returnWhen: 'FIRST_EXCEPTION' }) },
  'wait, for the first': function* (a, b) { return yield* wait([a, b], { returnWhen: 'FIRST_COMPLETED' }) },
  asCompleted: function* (a, b) {
    for (const next of asCompleted([a, b])) return yield* next
    return null
  },
  shield: function* (a) { return yield* shield(a) },
  waitFor: function* (a) { return yield* waitFor(a, 5) },
  timeout: function* (a) { return yield* timeout(5, () => a) },
  future: function* (a) { return yield* a },
}

/** Every schedule of `body`: what was picked and what ran, in one list for each. */
function listen(body: (ran: (name: string) => void) => Coroutine<unknown>, permute: 'tasks' | 'io') {
  const lists: string[][] = []
  let list: string[] = []
  const inner = exhaustive()
  const strategy: Strategy = {
    name: 'listening',
    begin(run) {
      lists.push((list = []))
      const more = inner.begin(run)
      if (!more) lists.pop()
      return more
    },
    pick(point) {
      const k = inner.pick(point)
      const { options } = point
      expect(options).toHaveLength(point.count)
      expect(point.count).toBeGreaterThan(1)
      for (const [i, o] of options.entries()) {
        expect(['handle', 'external', 'clock', 'value']).toContain(o.kind)
        expect(point.optionAt(i)).toBe(o)
      }
      const option = point.optionAt(k)
      // Under permute: 'io' one handle stands for all that are ready.
      if (permute === 'tasks' && option.task !== undefined) list.push(`picked ${option.task}`)
      return k
    },
    end: (outcome) => inner.end?.(outcome),
  }
  const report = everySync(() => body((name) => list.push(name)), { strategy, permute, leaks: 'ignore' })
  expect(report.failures).toBe(0)
  expect(lists).toHaveLength(report.schedules)
  return lists
}

const names = Object.keys(both)
/** Each beside another of its kind, and beside one of another kind. */
const pairs = names.flatMap((a, i): [string, string][] => [[a, a], [a, names[(i + 1) % names.length] as string]])

/** Two tasks that wait, one that doesn't; what they wait for ends all at once. */
function crowd(ways: readonly string[]) {
  return function* (ran: (name: string) => void): Coroutine<void> {
    const futures: Future<number>[] = []
    const tasks = ways.map((way, i) => {
      const [a, b] = [new Future<number>(), new Future<number>()]
      futures.push(a, b)
      return createTask(
        function* () {
          ran(`T${i}`)
          yield* (both[way] as (typeof both)[string])(a, b)
          ran(`T${i}`)
        },
        { name: `T${i}` },
      )
    })
    yield* sleep(1)
    tasks.push(createTask(function* () { ran('other') }, { name: 'other' }))
    for (const f of futures) f.setResult(1)
    yield* sleep(1)
    ran('main')
  }
}

describe('what is picked runs next, and what only counts is no choice', () => {
  test.each(pairs)('%s beside %s', (a, b) => {
    const lists = listen(crowd([a, b]), 'tasks')
    const orders = lists.map((list) => list.filter((x) => !x.startsWith('picked')).join(' '))
    expect(new Set(orders).size).toBe(orders.length)
    // The start of the two tasks; then the three that are ready.
    expect(orders).toHaveLength(interleavings(1, 1) * interleavings(1, 1, 1))
    for (const list of lists) {
      list.forEach((x, i) => {
        const [, picked] = /^picked (T\d|other)$/.exec(x) ?? []
        if (picked !== undefined) expect(list[i + 1]).toBe(picked)
      })
    }
  })
})

describe('that one of two has ended, where both are waited for, is nothing that an external could come before', () => {
  const together = ['gather', 'gather, exceptions and all', 'wait', 'wait, for an exception']
  test.each(together.flatMap((way) => (['tasks', 'io'] as const).map((permute) => ({ way, permute }))))('$way, permute: $permute', ({ way, permute }) => {
    const orders = (ends: boolean): string[][] =>
      listen(function* (ran) {
        const [a, b] = [new Future<number>(), new Future<number>()]
        const waiter = createTask(function* () {
          yield* (both[way] as (typeof both)[string])(a, b)
          ran('T')
        })
        yield* sleep(1)
        const outside = [pause('x'), pause('y')]
        if (ends) a.setResult(1)
        for (const one of outside) yield* one
        ran('main')
        expect([a.done(), waiter.done()]).toEqual([ends, false])
      }, permute)
    const [one, none] = [orders(true), orders(false)]
    expect(one).toEqual(none)
    expect(none.length).toBeGreaterThan(1)
  })
})
