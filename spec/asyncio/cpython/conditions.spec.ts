import { expect, test } from 'vitest'
import { Condition, createTask, currentTask, Lock, newEventLoop, sleep, waitFor } from '../../../src/index.ts'
import { both, on, type Script } from '../both.ts'
import { loop } from '../scripts.ts'

both('notified waiters go on one by one, each holding the lock [ConditionTests.test_wait]', [false, [], true, [1], true, [1], true, [1, 2], true, [1, 2, 3], true], function* (w) {
  const c = new Condition()
  const woken: number[] = []
  const tasks = [1, 2, 3].map((n) => w.task(function* () {
    yield* on(c.acquire())
    if (yield* on(c.wait())) woken.push(n)
  }))
  yield* on(sleep(0))
  w.log.push(c.locked())
  yield* on(c.acquire())
  c.notify()
  const show = function* (): Script<void> {
    yield* on(sleep(0))
    w.log.push([...woken], c.locked())
  }
  yield* show()
  c.release()
  yield* show()
  c.notify(2)
  yield* show()
  c.release()
  yield* show()
  c.release()
  yield* show()
  yield* on(w.all(tasks))
})

both('notify wakes as many as it says, however many that are [ConditionTests.test_notify] [ConditionTests.test_notify_all]', [[1], [1, 2, 3], [1, 2, 3, 4, 5]], function* (w) {
  const c = new Condition()
  const woken: number[] = []
  const waiting = (n: number): (() => Script) => function* () {
    yield* on(c.acquire())
    if (yield* on(c.wait())) woken.push(n)
    c.release()
  }
  const tasks = [1, 2, 3].map((n) => w.task(waiting(n)))
  const notifying = function* (...counts: (number | 'all')[]): Script<void> {
    yield* on(sleep(0))
    yield* on(c.acquire())
    for (const n of counts) if (n === 'all') c.notifyAll()
    else c.notify(n)
    c.release()
    for (let i = 0; i < 4; i++) yield* on(sleep(0))
    w.log.push([...woken])
  }
  yield* notifying(1)
  yield* notifying(1, 2048)
  tasks.push(...[4, 5].map((n) => w.task(waiting(n))))
  yield* notifying('all')
  yield* on(w.all(tasks))
})

both('without the lock neither waiting nor notifying is allowed [ConditionTests.test_wait_unacquired] [ConditionTests.test_notify_unacquired] [ConditionTests.test_notify_all_unacquired]', [
  'RuntimeError:cannot wait on un-acquired lock',
  'RuntimeError:cannot notify on un-acquired lock',
  'RuntimeError:cannot notify on un-acquired lock',
], function* (w) {
  const c = new Condition()
  w.log.push(yield* w.outcome(c.wait()), w.attempt(() => c.notify()), w.attempt(() => c.notifyAll()))
})

both('a cancelled wait has the lock again [ConditionTests.test_wait_cancel]', ['CancelledError', true, false], function* (w) {
  const c = new Condition()
  yield* on(c.acquire())
  const t = w.task(function* () { yield* on(c.wait()) })
  loop().callSoon(() => t.cancel())
  w.log.push(yield* w.outcome(t))
  w.log.push(c.locked(), String(c).includes('waiters'))
})

both('cancelled while the lock is somebody else’s: it is the waiter’s in the end [ConditionTests.test_wait_cancel_contested]', [false, true, 'CancelledError', true], function* (w) {
  const c = new Condition()
  yield* on(c.acquire())
  const t = w.task(function* () { yield* on(c.wait()) })
  yield* on(sleep(0))
  w.log.push(c.locked())
  yield* on(c.acquire())
  w.log.push(c.locked())
  c.notify()
  loop().callSoon(() => t.cancel())
  loop().callSoon(() => c.release())
  w.log.push(yield* w.outcome(t))
  w.log.push(c.locked())
})

both('notified, then cancelled while it takes the lock: cancelled once it has it [ConditionTests.test_wait_cancel_after_notify]', [false, true], function* (w) {
  const c = new Condition()
  const t = w.task(function* () {
    yield* on(c.with(w.body(function* () { yield* on(c.wait()) }) as never))
  })
  yield* on(sleep(0))
  yield* on(c.acquire())
  c.notify()
  yield* on(sleep(0))
  t.cancel()
  yield* on(sleep(0))
  w.log.push(t.done())
  c.release()
  yield* w.outcome(t)
  w.log.push(t.cancelled())
})

both('waitFor looks again at each notification, and gives what the predicate gives [ConditionTests.test_wait_for] [ConditionTests.test_wait_for_unacquired]', [
  [], ['seen'], [1, 2], 'RuntimeError:cannot wait on un-acquired lock',
], function* (w) {
  const c = new Condition()
  let open = false
  const got: string[] = []
  const t = w.task(function* () {
    yield* on(c.acquire())
    if (yield* on(c.waitFor(() => open))) got.push('seen')
    c.release()
  })
  yield* on(sleep(0))
  for (const next of [false, true]) {
    open = next
    yield* on(c.acquire())
    c.notify()
    c.release()
    yield* on(sleep(0))
    yield* on(sleep(0))
    w.log.push([...got])
  }
  yield* on(t)
  const free = new Condition()
  w.log.push(yield* on(free.waitFor(() => [1, 2])), yield* w.outcome(free.waitFor(() => false)))
})

both('a condition shares the lock that it is given [ConditionTests.test_explicit_lock]', [[true, true], [true, true], [false, false]], function* (w) {
  const lock = new Lock()
  const c = new Condition(lock)
  const look = w.body(function* () { w.log.push([lock.locked(), c.locked()]) })
  yield* on(c.with(look as never))
  yield* on(lock.with(look as never))
  w.log.push([lock.locked(), c.locked()])
})

test('a lock in which somebody waited in one loop, and a condition over it, refuse another [ConditionTests.test_ambiguous_loops]', () => {
  const lock = new Lock()
  const bind = newEventLoop()
  bind.runUntilCompleteSync(function* () {
    yield* lock.acquire()
    const waiter = createTask(lock.acquire())
    yield* sleep(0)
    waiter.cancel()
    yield* sleep(0)
  })
  const other = newEventLoop()
  other.runUntilCompleteSync(function* () {
    expect(currentTask()).not.toBeNull()
    const c = new Condition(lock)
    const failures: string[] = []
    try {
      yield* c.acquire()
    } catch (e) {
      failures.push(String(e))
    }
    expect(failures).toEqual([expect.stringContaining('is bound to a different event loop')])
  })
})

both('a wait with a timeout inside with: the lock is held afterwards [ConditionTests.test_timeout_in_block]', ['TimeoutError', true], function* (w) {
  const c = new Condition()
  yield* on(c.with(w.body(function* () {
    w.log.push(yield* w.outcome(waitFor(c.wait(), 0.5)))
    w.log.push(c.locked())
  }) as never))
})
