import { expect, test } from 'vitest'
import { Barrier, BoundedSemaphore, Condition, Future, Lock, Semaphore, sleep } from '../../../src/index.ts'
import { both, on } from '../both.ts'
import { loop, taking } from '../scripts.ts'

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
