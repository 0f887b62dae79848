import { expect, test } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  checkSync,
  createTask,
  Future,
  gather,
  shield,
  sleep,
  TaskGroup,
  wait,
  waitFor,
} from '../../src/index.ts'

const waits: Record<string, (f: Future<number>) => Awaitable<unknown>> = {
  gather: (f) => gather([f]),
  wait: (f) => wait([f]),
  asCompleted: (f) => [...asCompleted([f])][0] ?? f,
  shield: (f) => shield(f),
  waitFor: (f) => waitFor(f, 5),
  TaskGroup: (f) =>
    new TaskGroup().run(function* (group) {
      group.createTask(f)
    }),
}

test.each(Object.keys(waits))('what %s waits for may come before what was queued earlier, also where nobody awaits the task', (name) => {
  const orders = new Set<string>()
  const report = checkSync(
    function* () {
      const order: string[] = []
      const f = new Future<number>()
      createTask(function* () {
        const waiting = waits[name]?.(f)
        if (waiting !== undefined) yield* waiting
        order.push('waiter')
      })
      yield* sleep(1)
      createTask(function* () {
        order.push('other')
      })
      f.setResult(1)
      yield* sleep(1)
      orders.add(order.join(' '))
    },
    { strategy: 'exhaustive' },
  )
  expect(report.exhausted).toBe(true)
  expect([...orders].sort()).toEqual(['other waiter', 'waiter other'])
})
