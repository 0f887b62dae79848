import { expect, test } from 'vitest'
import {
  Barrier,
  BoundedSemaphore,
  Condition,
  createTask,
  currentTask,
  Event,
  Future,
  Lock,
  newEventLoop,
  Semaphore,
  sleep,
  TaskGroup,
  waitFor,
} from '../../../src/index.ts'
import { both, on, type Script, type World } from '../both.ts'
import { loop } from '../scripts.ts'

/** Takes something and notes that it has it; gives it back at once if told so. */
function taking(w: World, name: unknown, what: Lock | Semaphore, andRelease = false): () => Script<boolean> {
  return function* () {
    const got = yield* on(what.acquire())
    w.log.push(name)
    if (andRelease) what.release()
    return got
  }
}

const STATES = [
  ['lock', '[unlocked]', '[locked]'],
  ['condition', '[unlocked]', '[locked]'],
  ['semaphore', '[unlocked, value:1]', '[locked]'],
  ['bounded semaphore', '[unlocked, value:1]', '[locked]'],
] as const

function make(kind: (typeof STATES)[number][0]): Lock | Condition | Semaphore {
  if (kind === 'lock') return new Lock()
  if (kind === 'condition') return new Condition()
  return kind === 'semaphore' ? new Semaphore() : new BoundedSemaphore()
}

for (const [kind, free, taken] of STATES) {
  both(
    `a ${kind} says what state it is in, and how many wait [LockTests.test_repr] [ConditionTests.test_repr] [SemaphoreTests.test_repr]`,
    [free, taken, true, true],
    function* (w) {
      const it = make(kind)
      const ends = (): string => /\[[^\]]*\]>$/.exec(String(it))?.[0].slice(0, -1) ?? ''
      w.log.push(ends())
      yield* on(it.acquire())
      w.log.push(ends())
      const waiting = [1, 2].map(() => w.task(function* () { yield* on(it.acquire()) }))
      yield* on(sleep(0))
      w.log.push(String(it).includes('waiters:2') || kind === 'condition')
      for (const t of waiting) t.cancel()
      yield* on(w.all(waiting))
      w.log.push(!String(it).includes('waiters'))
    },
  )

  both(
    `with holds a ${kind} over waits, and only there [LockTests.test_context_manager] [ConditionTests.test_context_manager] [LockTests.test_context_manager_async_with]`,
    [false, true, true, false],
    function* (w) {
      const it = make(kind)
      yield* on(sleep(0.01))
      w.log.push(it.locked())
      const body = w.body(function* () {
        w.log.push(it.locked())
        yield* on(sleep(0.01))
        w.log.push(it.locked())
      })
      yield* on(it.with(body as () => never))
      w.log.push(it.locked())
    },
  )
}

test('a lock, a semaphore, a barrier is nothing to wait for itself [LockTests.test_lock] [SemaphoreTests.test_semaphore] [BarrierTests.test_barrier]', () => {
  for (const it of [new Lock(), new Semaphore(), new Barrier(5)]) {
    expect(Symbol.iterator in it || 'then' in it).toBe(false)
    expect(String(it)).toMatch(/unlocked|filling/)
  }
})

both('one release lets one waiter in, in the order of asking [LockTests.test_acquire]', [true, 0, 1, 1, 1, 2, 3, true], function* (w) {
  const lock = new Lock()
  w.log.push(yield* on(lock.acquire()))
  const tasks = [1, 2].map((n) => w.task(taking(w, n, lock)))
  yield* on(sleep(0))
  w.log.push(0)
  lock.release()
  yield* on(sleep(0))
  const after = (): unknown => w.log.at(-1)
  w.log.push(after())
  yield* on(sleep(0))
  w.log.push(after())
  tasks.push(w.task(taking(w, 3, lock)))
  lock.release()
  yield* on(sleep(0))
  lock.release()
  yield* on(sleep(0))
  w.log.push(tasks.every((t) => t.done() && t.result() === true))
})

for (const [name, what] of [
  ['a lock', () => new Lock()],
  ['a semaphore', () => new Semaphore()],
] as const) {
  both(
    `cancelled while it waits for ${name}, a task leaves no waiter behind [LockTests.test_acquire_cancel] [SemaphoreTests.test_acquire_cancel]`,
    ['CancelledError', false],
    function* (w) {
      const it = what()
      yield* on(it.acquire())
      const t = w.task(taking(w, 'never', it))
      loop().callSoon(() => t.cancel())
      w.log.push(yield* w.outcome(t))
      w.log.push(String(it).includes('waiters'))
    },
  )

  both(`without waiters ${name} is free after its release [LockTests.test_release_no_waiters] [SemaphoreTests.test_release_no_waiters]`, [true, false], function* (w) {
    const it = what()
    yield* on(it.acquire())
    w.log.push(it.locked())
    it.release()
    w.log.push(it.locked())
  })
}

both('released while the first waiter is cancelled: the next one gets it [LockTests.test_cancel_race]', [false, true, true, 'C'], function* (w) {
  const lock = new Lock()
  const gate = new Future<null>()
  const holder = w.task(function* () {
    yield* on(lock.acquire())
    yield* on(gate)
    lock.release()
  })
  yield* on(sleep(0))
  const b = w.task(taking(w, 'B', lock, true))
  yield* on(sleep(0))
  const c = w.task(taking(w, 'C', lock, true))
  yield* on(sleep(0))
  gate.setResult(null)
  b.cancel()
  yield* on(sleep(0))
  w.log.push(lock.locked(), holder.done(), b.cancelled())
  yield* on(c)
})

both('cancelled and released in one callback: exactly one of the rest gets the lock [LockTests.test_cancel_release_race]', [2, [true, true, false]], function* (w) {
  const lock = new Lock()
  yield* on(lock.acquire())
  const tasks = [1, 2, 3].map((n) => w.task(taking(w, n, lock)))
  yield* on(sleep(0))
  loop().callSoon(() => {
    tasks[0]?.cancel()
    lock.release()
  })
  yield* w.outcome(tasks[0] as never)
  w.log.push(tasks.map((t) => t.done()))
  tasks[2]?.cancel()
  yield* on(w.all(tasks))
})

both('a woken waiter that is cancelled wakes one that asked later [LockTests.test_finished_waiter_cancelled]', ['second', true, true], function* (w) {
  const lock = new Lock()
  yield* on(lock.acquire())
  const first = w.task(taking(w, 'first', lock))
  yield* on(sleep(0))
  const second = w.task(taking(w, 'second', lock))
  first.cancel()
  lock.release()
  yield* on(sleep(0))
  yield* on(second)
  w.log.push(lock.locked(), first.cancelled())
})

test('what nobody holds cannot be given back [LockTests.test_release_not_acquired] [SemaphoreTests.test_release_not_acquired]', () => {
  expect(() => new Lock().release()).toThrow('Lock is not acquired.')
  expect(() => new BoundedSemaphore().release()).toThrow('BoundedSemaphore released too many times')
})

both('an event says whether it is set, and how many wait [EventTests.test_repr]', ['unset', true, 'set'], function* (w) {
  const e = new Event()
  const state = (): string => /\[(\w+)/.exec(String(e))?.[1] ?? ''
  w.log.push(state())
  const t = w.task(function* () { yield* on(e.wait()) })
  yield* on(sleep(0))
  w.log.push(String(e).includes('waiters:1'))
  e.set()
  yield* on(t)
  w.log.push(state())
})

both('who asks after set() goes on before those who are only woken by it [EventTests.test_wait]', [0, 3, 1, 2], function* (w) {
  const e = new Event()
  const waiting = (n: number): (() => Script) => function* () {
    if (yield* on(e.wait())) w.log.push(n)
  }
  const tasks = [1, 2].map((n) => w.task(waiting(n)))
  yield* on(sleep(0))
  w.log.push(0)
  tasks.push(w.task(waiting(3)))
  e.set()
  yield* on(w.all(tasks))
})

both('wait on a set event gives true at once; clear takes the flag back [EventTests.test_wait_on_set] [EventTests.test_clear]', [false, true, [1, true], false], function* (w) {
  const e = new Event()
  w.log.push(e.isSet())
  e.set()
  w.log.push(e.isSet())
  w.at(yield* on(e.wait()))
  e.clear()
  w.log.push(e.isSet())
})

both('a cancelled wait leaves the event as it was [EventTests.test_wait_cancel]', ['CancelledError', '<Event [unset]>'], function* (w) {
  const e = new Event()
  const t = w.task(function* () { yield* on(e.wait()) })
  loop().callSoon(() => t.cancel())
  w.log.push(yield* w.outcome(t))
  w.log.push(String(e))
})

both('set, clear, set, set: the waiter is woken once [EventTests.test_clear_with_waiters]', [false, true, 1, '<Event [set]>'], function* (w) {
  const e = new Event()
  const t = w.task(function* () {
    if (yield* on(e.wait())) w.log.push(1)
  })
  yield* on(sleep(0))
  e.set()
  e.clear()
  w.log.push(e.isSet())
  e.set()
  e.set()
  w.log.push(String(e).includes('waiters:1'))
  yield* on(sleep(0))
  w.log.push(String(e))
  yield* on(t)
})

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
