import { expect, test } from 'vitest'
import { currentTask, Future, newEventLoop, sleep, TimeoutError, type Timeout, timeout, timeoutAt, ValueError } from '../../../src/index.ts'
import { both, on, type Script, type World } from '../both.ts'
import { loop } from '../scripts.ts'

/** A timeout block under either front end. */
function block(w: World, t: Timeout, body: (t: Timeout) => Script): Script {
  return w.outcome(t.run(w.body(body) as never))
}

const long = function* (): Script<void> {
  yield* on(sleep(10))
}

both('after its time a block ends with TimeoutError, and says so [TimeoutTests.test_timeout_basic] [TimeoutTests.test_timeout_at_basic]', [
  ['TimeoutError', true, 0.01], ['TimeoutError', true, 0.02, 0.02],
], function* (w) {
  const t = timeout(0.01)
  w.log.push([yield* block(w, t, long), t.expired(), loop().time()])
  const at = timeoutAt(loop().time() + 0.01)
  w.log.push([yield* block(w, at, long), at.expired(), loop().time(), at.when()])
})

both('of two blocks with one deadline only the outer ends with TimeoutError; both have expired [TimeoutTests.test_nested_timeouts]', ['CancelledError', 'TimeoutError', true, true], function* (w) {
  const [outer, inner] = [timeoutAt(0.01), timeoutAt(0.01)]
  w.log.push(yield* block(w, outer, function* () {
    try {
      yield* on(inner.run(w.body(long) as never))
    } catch (error) {
      w.log.push((error as Error).name)
      throw error
    }
  }))
  w.log.push(outer.expired(), inner.expired())
})

both('the body sees a cancellation first [TimeoutTests.test_waiter_cancelled]', ['CancelledError', 'TimeoutError'], function* (w) {
  w.log.push(yield* block(w, timeout(0.01), function* () {
    try {
      yield* on(sleep(10))
    } catch (error) {
      w.log.push((error as Error).name)
      throw error
    }
  }))
})

both('in time, or without a deadline, nothing happens [TimeoutTests.test_timeout_not_called] [TimeoutTests.test_timeout_disabled] [TimeoutTests.test_timeout_at_disabled]', [
  [undefined, false, 10], [undefined, false, null], [undefined, false, null], 0.03,
], function* (w) {
  for (const t of [timeout(10), timeout(null), timeoutAt(null)]) {
    w.log.push([yield* block(w, t, function* () { yield* on(sleep(0.01)) }), t.expired(), t.when()])
  }
  w.log.push(loop().time())
})

for (const delay of [0, -11]) {
  for (const wait of [10, 0]) {
    both(`a deadline ${delay === 0 ? 'of now' : 'that has passed'} ends a block at its first wait, be it sleep(${wait}) [TimeoutTests.test_timeout_zero] [TimeoutTests.test_timeout_zero_sleep_zero] [TimeoutTests.test_timeout_in_the_past_sleep_zero]`, [
      'TimeoutError', true, delay, 0,
    ], function* (w) {
      const t = timeout(delay)
      w.log.push(yield* block(w, t, function* () { yield* on(sleep(wait)) }))
      w.log.push(t.expired(), t.when(), loop().time())
    })
  }
}

both('another exception of the body comes out, with the time up or not [TimeoutTests.test_foreign_exception_passed] [TimeoutTests.test_foreign_exception_on_timeout]', ['ValueError:own', false, 'ValueError:late', true], function* (w) {
  const own = timeout(0.01)
  w.log.push(yield* block(w, own, function* () { throw new ValueError('own') }), own.expired())
  const late = timeout(0.01)
  w.log.push(yield* block(w, late, function* () {
    try {
      yield* on(sleep(1))
    } catch {
      throw new ValueError('late')
    }
  }), late.expired())
})

both('a cancellation by somebody else in time stays one [TimeoutTests.test_foreign_cancel_doesnt_timeout_if_not_expired]', ['CancelledError', false], function* (w) {
  const t = timeout(10)
  w.log.push(yield* block(w, t, function* () {
    currentTask()?.cancel()
    yield* on(sleep(10))
  }), t.expired())
})

both('a task that met a timeout was not cancelled [TimeoutTests.test_outer_task_is_not_cancelled]', ['TimeoutError', false, true], function* (w) {
  const t = w.task(function* () { w.log.push(yield* block(w, timeout(0.001), long)) })
  yield* on(t)
  w.log.push(t.cancelled(), t.done())
})

both('each of two nested deadlines has its effect, whichever is earlier [TimeoutTests.test_nested_timeouts_concurrent] [TimeoutTests.test_nested_timeouts_loop_busy]', [
  'inner TimeoutError', 'outer TimeoutError', 0.1, 'inner CancelledError', 'outer TimeoutError', 0.102,
], function* (w) {
  for (const [out, within] of [[0.1, 0.01], [0.002, 0.1]] as const) {
    const end = yield* block(w, timeout(out), function* () {
      try {
        yield* on(timeout(within, w.body(long) as never))
      } catch (error) {
        w.log.push(`inner ${(error as Error).name}`)
        if (!(error instanceof TimeoutError)) throw error
      }
      yield* on(sleep(10))
    })
    w.log.push(`outer ${String(end)}`, Math.round(loop().time() * 1000) / 1000)
  }
})

both('a new deadline replaces the old, none takes it away [TimeoutTests.test_reschedule]', [10, 30, null, 'CancelledError', false], function* (w) {
  const entered = new Future<Timeout>()
  const t = w.task(function* () {
    yield* on(timeoutAt(10).run(w.body(function* (within: Timeout) {
      entered.setResult(within)
      yield* on(sleep(50))
    }) as never))
  })
  const made = yield* on(entered)
  w.log.push(made.when())
  made.reschedule(30)
  w.log.push(made.when())
  made.reschedule(null)
  w.log.push(made.when())
  t.cancel()
  w.log.push(yield* w.outcome(t))
  w.log.push(made.expired())
})

both('what it is in words [TimeoutTests.test_repr_active] [TimeoutTests.test_repr_expired] [TimeoutTests.test_repr_finished] [TimeoutTests.test_repr_disabled]', [
  '<Timeout [active] when=10>', '<Timeout [finished]>', '<Timeout [active] when=none>', '<Timeout [expired]>',
], function* (w) {
  const look = function* (t: Timeout): Script<void> { w.log.push(String(t)) }
  const t = timeout(10)
  yield* block(w, t, look)
  w.log.push(String(t))
  yield* block(w, timeout(null), look)
  const late = timeout(0.01)
  yield* block(w, late, long)
  w.log.push(String(late))
})

both('a block in the cleanup of one whose time is up has its own time [TimeoutTests.test_nested_timeout_in_finally]', ['TimeoutError', 'TimeoutError', 0.02], function* (w) {
  w.log.push(yield* block(w, timeout(0.01), function* () {
    try {
      yield* on(sleep(1))
    } finally {
      w.log.push(yield* block(w, timeout(0.01), long))
    }
  }), loop().time())
})

both('in a task that was cancelled before, a block counts only what comes in it [TimeoutTests.test_timeout_after_cancellation] [TimeoutTests.test_cancel_in_timeout_after_cancellation]', ['CancelledError', 'TimeoutError', 'CancelledError', 2], function* (w) {
  currentTask()?.cancel()
  w.log.push(yield* w.outcome(sleep(1)))
  w.log.push(yield* block(w, timeout(0), function* () { yield* on(sleep(1)) }))
  w.log.push(yield* block(w, timeout(1), function* () {
    currentTask()?.cancel()
    yield* on(sleep(2))
  }))
  w.log.push(currentTask()?.cancelling())
})

both('the cause of a TimeoutError is the cancellation [TimeoutTests.test_timeout_exception_cause]', ['CancelledError'], function* (w) {
  try {
    yield* on(timeout(0, w.body(long) as never))
  } catch (error) {
    w.log.push(((error as Error).cause as Error).name)
  }
})

both('it is entered once, and its deadline moves only inside [TimeoutTests.test_timeout_already_entered] [TimeoutTests.test_timeout_double_enter] [TimeoutTests.test_timeout_finished] [TimeoutTests.test_timeout_expired] [TimeoutTests.test_timeout_expiring] [TimeoutTests.test_timeout_not_entered]', [
  'RuntimeError:Timeout has not been entered',
  'RuntimeError:Timeout has already been entered',
  'RuntimeError:Timeout has already been entered',
  'RuntimeError:Cannot change state of finished Timeout',
  'RuntimeError:Cannot change state of expiring Timeout',
  'RuntimeError:Cannot change state of expired Timeout',
], function* (w) {
  const t = timeout(0.01)
  w.log.push(w.attempt(() => t.reschedule(1)))
  yield* block(w, t, function* () { w.log.push(yield* block(w, t, long)) })
  w.log.push(yield* block(w, t, long), w.attempt(() => t.reschedule(1)))
  const late = timeout(0.01)
  yield* block(w, late, function* () {
    try {
      yield* on(sleep(1))
    } catch (error) {
      w.log.push(w.attempt(() => late.reschedule(1)))
      throw error
    }
  })
  w.log.push(w.attempt(() => late.reschedule(1)))
})

test('outside a task it cannot be entered, and stays as it was [TimeoutTests.test_timeout_without_task]', () => {
  const l = newEventLoop()
  const failures: unknown[] = []
  l.callSoon(() => {
    const t = timeout(0.01)
    for (const call of [() => t.enter(), () => t.reschedule(0.02)]) {
      try {
        call()
      } catch (error) {
        failures.push((error as Error).message)
      }
    }
    l.stop()
  })
  l.runForeverSync()
  expect(failures).toEqual(['Timeout should be used inside a task', 'Timeout has not been entered'])
})
