import { describe, expect, test } from 'vitest'
import {
  asCompleted,
  type Coroutine,
  createTask,
  gather,
  getRunningLoop,
  sleep,
  type Task,
  TaskGroup,
  timeout,
  timeoutAt,
  wait,
  waitFor,
} from '../../src/index.ts'
import { everySync } from '../support/count.ts'

/** Ways to wait for a task for one second at most. */
const limits: Record<string, (task: Task<string>) => Coroutine<unknown>> = {
  waitFor: function* (task) { return yield* waitFor(task, 1) },
  timeout: function* (task) { return yield* timeout(1, () => task) },
  timeoutAt: function* (task) { return yield* timeoutAt(getRunningLoop().time() + 1, () => task) },
  'timeout, of a group': function* (task) {
    return yield* timeout(1, () => new TaskGroup().run(function* () { return yield* task }))
  },
  wait: function* (task) {
    const [done] = yield* wait([task], { timeout: 1 })
    return done.size === 1 ? 'value' : 'TimeoutError'
  },
  asCompleted: function* (task) {
    for (const next of asCompleted([task], { timeout: 1 })) return yield* next
    return null
  },
}

/** What there is to see: what is logged, and what the task itself has come to. */
const INTERRUPTS = [
  // Before the task goes on, after it has ended and before anybody knows, and too late.
  'TimeoutError, CancelledError',
  'inner, TimeoutError, value',
  'inner, value, value',
]
const outcomes: Record<string, readonly string[]> = {
  waitFor: INTERRUPTS,
  timeout: INTERRUPTS,
  timeoutAt: INTERRUPTS,
  'timeout, of a group': INTERRUPTS,
  // It looks at the task when it goes on itself.
  wait: ['TimeoutError, inner, value', 'inner, value, value'],
  asCompleted: ['TimeoutError, inner, value', 'inner, TimeoutError, value', 'inner, value, value'],
}

describe('a limit that ends at the moment of what it limits', () => {
  test.each(Object.keys(limits))('%s: either may come first', (name) => {
    const seen = new Set<string>()
    everySync(function* () {
      const log: string[] = []
      const inner = createTask(function* () {
        yield* sleep(1)
        log.push('inner')
        return 'value'
      })
      const outer = createTask(function* () {
        try {
          log.push(String(yield* (limits[name] as (typeof limits)[string])(inner)))
        } catch (error) {
          log.push((error as Error).name)
        }
      })
      const [, end] = yield* gather([outer, inner], { returnExceptions: true })
      log.push(end instanceof Error ? end.name : end)
      expect(getRunningLoop().time()).toBe(1)
      seen.add(log.join(', '))
    })
    expect([...seen].toSorted()).toEqual(outcomes[name])
  })
})
