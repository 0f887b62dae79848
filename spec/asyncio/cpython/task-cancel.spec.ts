import { expect, test } from 'vitest'
import {
  type Coroutine,
  currentTask,
  Event,
  Future,
  newEventLoop,
  sleep,
  SystemExit,
  Task,
  TimeoutError,
  wait,
} from '../../../src/index.ts'
import { both, inWords, on, type Script } from '../both.ts'
import { iterate, loop } from '../scripts.ts'

both('a count of cancellations that can be taken back, while the task is pending [BaseTaskTests.test_cancelling] [BaseTaskTests.test_uncancel_basic]', [
  [0, false], [1, true, false], [0, false], [2, true], 'CancelledError', [true, true],
], function* (w) {
  const t = w.task(function* () {
    yield* w.outcome(sleep(10))
    currentTask()?.uncancel()
    yield* on(sleep(10))
  })
  yield* on(sleep(0.01))
  const words = (): boolean => String(t).includes(' cancelling ')
  w.log.push([t.cancelling(), words()])
  t.cancel()
  w.log.push([t.cancelling(), words(), t.cancelled()])
  yield* on(sleep(0.01))
  w.log.push([t.cancelling(), words()])
  t.cancel()
  t.cancel()
  w.log.push([t.cancelling(), words()])
  w.log.push(yield* w.outcome(t))
  t.uncancel()
  w.log.push([t.cancelled(), t.done()])
})

for (const [name, sleeping, deadline, ends] of [
  ['its time is up', 10, 0.1, [true, false, true, 0]],
  ['it is in time', 0, 10, [false, true, true, 0]],
] as const) {
  both(`a block with a deadline of one’s own, by cancel and uncancel: ${name} [BaseTaskTests.test_uncancel_structured_blocks]`, [[...ends]], function* (w) {
    const t = w.task(function* () {
      const self = currentTask() as Task<unknown>
      let [late, finished] = [false, false]
      const timer = loop().callLater(deadline, () => {
        late = true
        self.cancel()
      })
      try {
        try {
          yield* on(sleep(sleeping))
          finished = true
        } catch (error) {
          timer.cancel()
          if (late && self.uncancel() === 0) throw new TimeoutError()
          throw error
        }
        timer.cancel()
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error
      }
      yield* on(sleep(0))
      return [late, finished, true]
    })
    w.log.push([...((yield* on(t)) as unknown[]), t.cancelling()])
  })
}

/** What a task comes to: how it ended, and whether it can be cancelled again. */
function end(t: Task<unknown>): unknown[] {
  return [t.done(), t.cancelled(), t.cancel()]
}

both('cancelled in a sleep, in a bare yield, with the future that it waits for, or alone through that [BaseTaskTests.test_cancel] [BaseTaskTests.test_cancel_yield] [BaseTaskTests.test_cancel_inner_future] [BaseTaskTests.test_cancel_both_task_and_inner_future] [BaseTaskTests.test_task_cancel_waiter_future]', [
  ['CancelledError', true, true, false],
  ['CancelledError', true, true, false],
  ['CancelledError', true, true, false], true,
  ['CancelledError', true, true, false], true,
  ['CancelledError', true, true, false], true,
], function* (w) {
  const sleeping = w.task(function* () { yield* on(sleep(10)) })
  loop().callSoon(() => sleeping.cancel())
  w.log.push([yield* w.outcome(sleeping), ...end(sleeping)])
  const yielding = w.task(function* () {
    yield* on(sleep(0))
    yield* on(sleep(0))
  })
  yield* on(sleep(0))
  yielding.cancel()
  w.log.push([yield* w.outcome(yielding), ...end(yielding)])
  for (const how of ['future', 'both', 'task']) {
    const f = new Future<number>()
    const t = w.task(function* () { return yield* on(f) })
    yield* on(sleep(0))
    if (how !== 'task') f.cancel()
    if (how !== 'future') t.cancel()
    w.log.push([yield* w.outcome(t), ...end(t)], f.cancelled())
  }
})

both('a task that catches its cancellation may return, or go on to wait [BaseTaskTests.test_cancel_task_catching] [BaseTaskTests.test_cancel_task_ignoring]', [
  [true, 42, false], [true, 42, false, false],
], function* (w) {
  for (const goesOn of [false, true]) {
    const [f1, f2, f3] = [new Future<number>(), new Future<number>(), new Future<number>()]
    const t = w.task(function* (): Script {
      yield* on(f1)
      try {
        yield* on(f2)
      } catch {
        if (!goesOn) return 42
      }
      return yield* on(f3)
    })
    yield* on(sleep(0))
    f1.setResult(0)
    yield* on(sleep(0))
    yield* on(sleep(0))
    t.cancel()
    const log: unknown[] = [f2.cancelled()]
    if (goesOn) {
      yield* on(sleep(0))
      yield* on(sleep(0))
      f3.setResult(42)
    }
    log.push(yield* on(t))
    if (goesOn) log.push(f3.cancelled())
    w.log.push([...log, t.cancelled()])
  }
})

both('a task that cancels itself: at its next wait, at its end, and through a task that it waits for [BaseTaskTests.test_cancel_current_task] [BaseTaskTests.test_cancel_at_end] [BaseTaskTests.test_cancel_awaited_task]', [
  ['CancelledError', true, true, false], ['CancelledError', true, true, false], ['CancelledError', true, true, false], [true, true],
], function* (w) {
  const made: Task<unknown>[] = []
  const f = new Future<number>()
  const scripts: (() => Script)[] = [
    function* () { yield* on(sleep(100)) },
    function* () { return 12 },
    function* () {
      yield* on(made[3] as Task<unknown>)
    },
  ]
  for (const [i, script] of scripts.entries()) {
    made[i] = w.task(function* () {
      if (i === 2) {
        made[3] = w.task(function* () { yield* on(f) })
        yield* on(sleep(0))
      }
      currentTask()?.cancel()
      return yield* script()
    })
    const t = made[i] as Task<unknown>
    w.log.push([yield* w.outcome(t), ...end(t)])
  }
  w.log.push([made[3]?.cancelled(), f.cancelled()])
})

for (const started of [true, false]) {
  both(`the message of a cancellation, ${started ? 'with and without one' : 'of a task that had not begun'}, is what result() and exception() raise [BaseTaskTests.test_cancel_with_message_then_future_result] [BaseTaskTests.test_cancel_with_message_then_future_exception] [BaseTaskTests.test_cancel_with_message_before_starting_task] [BaseTaskTests.test_task_cancel_message_getter]`, [
    'CancelledError', 'CancelledError:my message', 'CancelledError', 'CancelledError:my message',
  ], function* (w) {
    for (const ask of ['result', 'exception'] as const) {
      for (const message of [undefined, 'my message']) {
        const t = w.task(function* () { yield* on(sleep(10)) })
        if (started) yield* on(sleep(0))
        t.cancel(message)
        yield* on(wait([t]))
        w.log.push(w.attempt(() => t[ask]()))
      }
    }
  })
}

both('an error made of a cancellation names it as its cause, message and all [BaseTaskTests.test_cancellation_exception_context]', ['cancelled', 'CancelledError:msg'], function* (w) {
  const inner = w.task(function* () { yield* on(sleep(10)) })
  yield* on(sleep(0))
  loop().callSoon(() => inner.cancel('msg'))
  const t = w.task(function* () {
    try {
      yield* on(inner)
    } catch (error) {
      throw new RangeError('cancelled', { cause: error })
    }
  })
  try {
    yield* on(t)
  } catch (error) {
    w.log.push((error as Error).message, inWords((error as Error).cause))
  }
})

both('a sleep that is left leaves no timer, and takes no time [BaseTaskTests.test_sleep_cancel] [BaseTaskTests.test_task_cancel_sleeping_task]', ['CancelledError', 0.1, undefined, 0.1], function* (w) {
  const t = w.task(function* () { yield* on(sleep(5000)) })
  loop().callLater(0.1, () => t.cancel())
  w.log.push(yield* w.outcome(t))
  w.log.push(loop().time(), yield* on(sleep(0)), loop().time())
})

test('SystemExit in answer to a cancellation leaves the loop, and is the task’s exception [BaseTaskTests.test_baseexception_during_cancel]', () => {
  const l = newEventLoop()
  const exit = new SystemExit()
  const t = l.createTask(function* () {
    try {
      yield* sleep(10)
    } catch {
      throw exit
    }
  })
  iterate(l)
  t.cancel()
  expect(t.done()).toBe(false)
  expect(() => iterate(l)).toThrow(SystemExit)
  expect([t.done(), t.cancelled(), t.exception() === exit]).toEqual([true, false, true])
})

both('a cancellation goes through coroutines to what they wait for, and comes back through them [BaseTaskTests.test_yield_future_passes_cancel]', [101, true], function* (w) {
  let proof = 0
  const f = new Future<number>()
  const inner = function* (): Script {
    try {
      return yield* on(f)
    } catch (error) {
      proof += 1
      throw error
    }
  }
  const t = w.task(function* () {
    try {
      yield* inner()
      proof += 10
    } catch {
      proof += 100
    }
  })
  yield* on(sleep(0))
  t.cancel()
  yield* on(t)
  w.log.push(proof, f.cancelled())
})

both('a task that is cancelled while it waits for an event may wait for it again', ['CancelledError', true], function* (w) {
  const e = new Event()
  const t = w.task(function* () {
    w.log.push(yield* w.outcome(e.wait()))
    return yield* on(e.wait())
  })
  yield* on(sleep(0))
  t.cancel()
  yield* on(sleep(0))
  e.set()
  w.log.push(yield* on(t))
})

test('the stack of a cancellation shows where the task was interrupted [BaseTaskTests.test_cancel_traceback_for_future_result] [BaseTaskTests.test_cancel_traceback_for_future_exception]', () => {
  const l = newEventLoop()
  function* nested(): Coroutine<void> {
    yield* sleep(10)
  }
  for (const ask of ['result', 'exception'] as const) {
    const t = l.createTask(nested())
    l.callSoon(() => void t.cancel())
    l.callLater(1, () => l.stop())
    l.runForeverSync()
    const failures: string[] = []
    try {
      t[ask]()
    } catch (error) {
      failures.push((error as Error).stack ?? '')
    }
    expect(failures).toEqual([expect.stringMatching(/CancelledError[^]* nested .*task-cancel\.spec\.ts/)])
  }
})
