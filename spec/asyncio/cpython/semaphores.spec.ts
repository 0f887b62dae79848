import { expect, test } from 'vitest'
import { createTask, Semaphore, sleep, TaskGroup, waitFor } from '../../../src/index.ts'
import { both, on, type Script } from '../both.ts'
import { taking } from '../scripts.ts'

both('a task that got the permit keeps it; the one behind it gets none [SemaphoreTests.test_acquire_hang] [SemaphoreTests.test_acquire_cancel_before_awoken]', [true, [3], false, [3, 4]], function* (w) {
  const s = new Semaphore(0)
  const done: number[] = []
  const tasks = [1, 2, 3, 4].map((n) => w.task(function* () {
    yield* on(s.acquire())
    done.push(n)
  }))
  yield* on(sleep(0))
  tasks[0]?.cancel()
  tasks[1]?.cancel()
  s.release()
  yield* on(sleep(0))
  yield* on(sleep(0))
  w.log.push(s.locked(), [...done])
  w.log.push(tasks[3]?.done())
  s.release()
  yield* on(w.all(tasks))
  w.log.push(done)
})

both('a waiter cancelled by who holds the permit never runs, and the permit is there afterwards [SemaphoreTests.test_acquire_no_hang]', ['CancelledError', true], function* (w) {
  const s = new Semaphore(1)
  const second: { task?: ReturnType<typeof createTask> } = {}
  const first = w.task(function* () {
    yield* on(s.with(w.body(function* () { yield* on(sleep(0)) }) as never))
    second.task?.cancel()
  })
  second.task = w.task(function* () {
    yield* on(s.with(w.body(function* () { w.log.push('never') }) as never))
  })
  yield* on(first)
  w.log.push(yield* w.outcome(second.task))
  w.log.push(yield* on(waitFor(s.acquire(), 1)))
})

both('permits go in the order of asking, round after round [SemaphoreTests.test_acquire_fifo_order]', ['a1', 'b1', 'c1', 'a2', 'b2', 'c2'], function* (w) {
  const s = new Semaphore(1)
  const twice = (name: string): (() => Script) => function* () {
    for (const round of [1, 2]) {
      yield* on(s.acquire())
      w.log.push(`${name}${round}`)
      yield* on(sleep(0.01))
      s.release()
    }
  }
  yield* on(new TaskGroup().run(w.body(function* (g: TaskGroup) {
    for (const name of ['a', 'b', 'c']) g.createTask(() => w.body(twice(name))())
  }) as never))
})

both('who gives a permit back and asks again stands behind who waited [SemaphoreTests.test_acquire_fifo_order_2]', [1, 2, 3, 4], function* (w) {
  const s = new Semaphore(1)
  const tasks = [
    w.task(taking(w, 1, s)),
    w.task(function* () {
      yield* on(s.acquire())
      w.log.push(2)
      s.release()
      yield* on(s.acquire())
      w.log.push(4)
    }),
    w.task(taking(w, 3, s)),
  ]
  yield* on(sleep(0))
  s.release()
  s.release()
  yield* on(w.all(tasks))
})

both('permits given after a cancellation go to the rest, in order [SemaphoreTests.test_acquire_fifo_order_3]', [2, 3, true], function* (w) {
  const s = new Semaphore(0)
  const tasks = [1, 2, 3].map((n) => w.task(taking(w, n, s)))
  yield* on(sleep(0))
  tasks[0]?.cancel()
  yield* on(sleep(0))
  s.release()
  s.release()
  yield* on(w.all(tasks))
  w.log.push(tasks[0]?.cancelled())
})

both('two releases before anybody runs: two of three go on, and it stays locked [SemaphoreTests.test_acquire]', [true, true, false, 1, true, 2, 3, true, 4], function* (w) {
  const s = new Semaphore(3)
  w.log.push(yield* on(s.acquire()), yield* on(s.acquire()), s.locked())
  const tasks = [1, 2, 3].map((n) => w.task(taking(w, n, s)))
  yield* on(sleep(0))
  w.log.push(s.locked())
  tasks.push(w.task(taking(w, 4, s)))
  s.release()
  s.release()
  yield* on(sleep(0))
  w.log.push(s.locked())
  s.release()
  yield* on(w.all(tasks))
})

test('a semaphore of nothing is locked, one of less than nothing is none [SemaphoreTests.test_initial_value_zero] [SemaphoreTests.test_semaphore_value]', () => {
  expect(new Semaphore(0).locked()).toBe(true)
  expect(() => new Semaphore(-1)).toThrow('Semaphore initial value must be >= 0')
})
