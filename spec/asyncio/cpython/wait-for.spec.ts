import { Future, sleep, type Task, waitFor } from '../../../src/index.ts'
import { both, on, type Script, type World } from '../both.ts'
import { loop } from '../scripts.ts'

/** Sleeps for long, and notes that it was left. */
function leaving(seen: { running?: boolean }): () => Script<string> {
  return function* () {
    seen.running = true
    try {
      yield* on(sleep(10))
    } finally {
      seen.running = false
    }
    return 'done'
  }
}

/** Takes its time over a cancellation. */
function slowToEnd(w: World, seen: { running?: boolean }): Task<unknown> {
  return w.task(function* () {
    try {
      yield* on(sleep(10))
    } catch (error) {
      yield* on(sleep(0.1))
      throw error
    } finally {
      seen.running = false
    }
  })
}

both('cancelled or out of time, what runs inside is left [AsyncioWaitForTest.test_asyncio_wait_for_cancelled] [AsyncioWaitForTest.test_asyncio_wait_for_timeout]', ['CancelledError', false, 'TimeoutError', false], function* (w) {
  const seen: { running?: boolean } = {}
  const inner = w.body(leaving(seen))
  const t = w.task(function* () { yield* on(waitFor(inner, 20)) })
  yield* on(sleep(0))
  t.cancel()
  w.log.push(yield* w.outcome(t))
  w.log.push(seen.running)
  w.log.push(yield* w.outcome(waitFor(w.body(leaving(seen)), 5)))
  w.log.push(seen.running)
})

both('without time: what is done gives its value, what is not is cancelled, what has not begun never does [AsyncioWaitForTest.test_wait_for_timeout_less_then_0_or_0] [AsyncioWaitForTest.test_wait_for_timeout_less_then_0_or_0_coroutine_do_not_started] [AsyncioWaitForTest.test_wait_for_timeout_less_then_0_or_0_future_done]', [
  'done', 'TimeoutError', undefined, ['TimeoutError', true, false], ['TimeoutError', true, false],
], function* (w) {
  const f = new Future<string>()
  f.setResult('done')
  w.log.push(yield* on(waitFor(f, 0)))
  const never: { running?: boolean } = {}
  w.log.push(yield* w.outcome(waitFor(w.body(leaving(never)), 0)))
  w.log.push(never.running)
  for (const time of [0, -1]) {
    const seen: { running?: boolean } = {}
    const t = w.task(leaving(seen))
    yield* on(sleep(0))
    w.log.push([yield* w.outcome(waitFor(t, time)), t.cancelled(), seen.running])
  }
})

both('a task that is out of time has been cancelled when waitFor gives up [AsyncioWaitForTest.test_wait_for]', ['TimeoutError', true, false], function* (w) {
  const seen: { running?: boolean } = {}
  const t = w.task(leaving(seen))
  w.log.push(yield* w.outcome(waitFor(t, 0.1)))
  w.log.push(t.cancelled(), seen.running)
})

both('without a timeout, and with time to spare, the value comes out [AsyncioWaitForTest.test_wait_for_blocking] [AsyncioWaitForTest.test_wait_for_race_condition]', ['done', 'ok', 0.1], function* (w) {
  w.log.push(yield* on(waitFor(w.body(function* () { return 'done' }), null)))
  const f = new Future<string>()
  loop().callLater(0.1, () => f.setResult('ok'))
  w.log.push(yield* on(waitFor(f, 0.2)), loop().time())
})

both('what swallows the cancellation and returns gives its value [AsyncioWaitForTest.test_wait_for_cancellation_race_condition]', [1], function* (w) {
  w.log.push(yield* on(waitFor(w.body(function* () {
    yield* w.outcome(sleep(1))
    return 1
  }), 0.01)))
})

for (const time of [0.05, 0]) {
  both(`with ${time} s left it waits until the task has ended, and names the cancellation as cause [AsyncioWaitForTest.test_wait_for_waits_for_task_cancellation] [AsyncioWaitForTest.test_wait_for_waits_for_task_cancellation_w_timeout_0]`, [
    'TimeoutError', 'CancelledError', false,
  ], function* (w) {
    const seen: { running?: boolean } = {}
    const t = slowToEnd(w, seen)
    yield* on(sleep(0.01))
    try {
      yield* on(waitFor(t, time))
    } catch (error) {
      w.log.push((error as Error).name, ((error as Error).cause as Error).name)
    }
    w.log.push(seen.running)
  })
}

both('an error instead of the cancellation comes out [AsyncioWaitForTest.test_wait_for_reraises_exception_during_cancellation]', ['RangeError:own'], function* (w) {
  const t = w.task(function* () {
    try {
      yield* on(sleep(0.2))
    } catch {
      throw new RangeError('own')
    }
  })
  w.log.push(yield* w.outcome(waitFor(t, 0.1)))
})

both('cancelled while it waits for a task that holds up its cancellation, it hands that on and takes what the task ends with [AsyncioWaitForTest.test_wait_for_self_cancellation]', [42, 42], function* (w) {
  const inner = w.task(function* () {
    yield* w.outcome(sleep(0.3))
    yield* w.outcome(sleep(0.3))
    yield* on(sleep(0.3))
    return 42
  })
  const t = w.task(function* () { return yield* on(waitFor(inner, 0.1)) })
  yield* on(sleep(0.2))
  t.cancel()
  // So since 3.12; 3.11 ended it with CancelledError.
  w.log.push(yield* w.outcome(t))
  w.log.push(yield* on(inner))
})

for (const time of [null, 60]) {
  both(`cancelling who waits, with ${time === null ? 'no timeout' : 'time left'}, cancels what it waits for [AsyncioWaitForTest.test_cancel_blocking_wait_for] [AsyncioWaitForTest.test_cancel_wait_for]`, [
    'CancelledError', true, true, true,
  ], function* (w) {
    const f = new Future<number>()
    const t = w.task(function* () {
      return yield* on(waitFor(w.body(function* () { return yield* on(f) }), time))
    })
    yield* on(sleep(0))
    w.log.push(yield* (function* (): Script {
      const cancelled = t.cancel()
      const end = yield* w.outcome(t)
      w.log.push(end, cancelled)
      return f.cancelled()
    })())
    w.log.push(t.cancelled())
  })
}
