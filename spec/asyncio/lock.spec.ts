import { describe, expect, test } from 'vitest'
import { CancelledError, createTask, DeadlockError, getRunningLoop, Lock, runSync } from '../../src/index.ts'
import { both, inWords, on, type Script, type World } from './both.ts'

/** A task that takes the lock, logs, and gives it back; logs a cancellation, too. */
function user(w: World, lock: Lock, name: string): () => Script<void> {
  return function* () {
    try {
      yield* on(lock.with(() => w.at(name)))
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error
      w.at(name, inWords(error))
      throw error
    }
  }
}

describe('Lock', () => {
  both('R210 acquire of a free lock does not suspend and gives true', [[1, true], true], function* (w) {
    const lock = new Lock()
    w.at(yield* on(lock.acquire()))
    w.log.push(lock.locked())
  })

  both(
    'R211 release wakes the first waiter, who has the lock one iteration later; between them it is free',
    [[2, 'release'], [2, false], [3, 'a'], [4, 'b']],
    function* (w) {
      const lock = new Lock()
      yield lock.acquire()
      const tasks = [w.task(user(w, lock, 'a')), w.task(user(w, lock, 'b'))]
      yield w.turn()
      w.at('release')
      lock.release()
      w.at(lock.locked())
      yield w.all(tasks)
    },
  )

  both('R212 a newcomer queues behind the woken waiter', ['a', 'barger'], function* (w) {
    const lock = new Lock()
    yield lock.acquire()
    const a = w.task(() => on(lock.with(() => w.log.push('a'))))
    yield w.turn()
    lock.release()
    yield lock.with(() => w.log.push('barger'))
    yield a
  })

  both(
    'R213 the woken waiter is cancelled before it runs: the next one gets the lock',
    [[3, 'a', 'CancelledError'], [4, 'b'], false],
    function* (w) {
      const lock = new Lock()
      yield lock.acquire()
      const a = w.task(user(w, lock, 'a'))
      const b = w.task(user(w, lock, 'b'))
      yield w.turn()
      lock.release()
      a.cancel()
      yield w.all([a, b])
      w.log.push(lock.locked())
    },
  )

  both(
    'R213 the woken waiter and the next are both cancelled: the third gets it',
    [[2, 'release'], [3, 'a', 'CancelledError'], [3, 'b', 'CancelledError'], [4, 'c'], [6, false]],
    function* (w) {
      const lock = new Lock()
      yield lock.acquire()
      const [a, b, c] = [w.task(user(w, lock, 'a')), w.task(user(w, lock, 'b')), w.task(user(w, lock, 'c'))] as const
      yield w.turn()
      lock.release()
      w.at('release')
      a.cancel()
      b.cancel()
      yield w.all([a, b, c])
      w.at(lock.locked())
    },
  )

  both(
    'R214 release of a free lock is a RuntimeError; any task may release',
    ['RuntimeError:Lock is not acquired.', 'another task may release', false],
    function* (w) {
      const lock = new Lock()
      w.log.push(w.attempt(() => lock.release()))
      yield lock.acquire()
      yield w.task(function* () {
        lock.release()
      })
      w.log.push('another task may release', lock.locked())
    },
  )

  both('R215 acquire does not wait behind waiters that are all cancelled', [true, 'CancelledError', true], function* (w) {
    const lock = new Lock()
    yield lock.acquire()
    const t = w.task(() => on(lock.acquire()))
    yield w.turn()
    t.cancel()
    lock.release()
    const before = w.tick
    yield lock.acquire()
    w.log.push(w.tick === before)
    w.log.push(yield* w.outcome(t))
    w.log.push(lock.locked())
  })

  both(
    'R216 a waiter cancelled while the lock is held just leaves the queue',
    [[3, 'a', 'CancelledError:m'], [3, 'locked', true], [4, 'b'], [6, 'locked', false]],
    function* (w) {
      const lock = new Lock()
      yield lock.acquire()
      const a = w.task(user(w, lock, 'a'))
      const b = w.task(user(w, lock, 'b'))
      yield w.turn()
      a.cancel('m')
      yield w.turn()
      w.at('locked', lock.locked())
      lock.release()
      yield w.all([a, b])
      w.at('locked', lock.locked())
    },
  )

  both('acquire is lazy, as a coroutine is: nothing happens before it is awaited', [false, true], function* (w) {
    const lock = new Lock()
    const later = lock.acquire()
    yield w.turn()
    w.log.push(lock.locked())
    yield later
    w.log.push(lock.locked())
  })

  both('with hands over the lock, gives what the body gives, and releases after an error', [true, 7, 'RangeError:x', false], function* (w) {
    const lock = new Lock()
    const seven = yield* on(
      lock.with(
        w.body(function* (held: Lock): Script<number> {
          w.log.push(held === lock && held.locked())
          yield w.turn()
          return 7
        }),
      ),
    )
    w.log.push(seven)
    const failing = lock.with(
      w.body(function* (): Script<number> {
        yield w.turn()
        throw new RangeError('x')
      }),
    )
    w.log.push(yield* w.outcome(failing), lock.locked())
  })

  both('with releases when its body is cancelled', ['CancelledError:stop', false], function* (w) {
    const lock = new Lock()
    const t = w.task(() =>
      on(
        lock.with(
          w.body(function* () {
            yield getRunningLoop().createFuture()
          }),
        ),
      ),
    )
    yield w.turn()
    t.cancel('stop')
    w.log.push(yield* w.outcome(t), lock.locked())
  })
})

describe('Lock: which loop', () => {
  test('R266 a lock that somebody had to wait for belongs to that loop', () => {
    const lock = new Lock({ name: 'shared' })
    const contend = function* () {
      yield* lock.acquire()
      const t = createTask(() => lock.acquire())
      getRunningLoop().callSoon(() => lock.release())
      yield* t
    }
    runSync(contend)
    expect(lock.locked()).toBe(true)
    expect(() => runSync(() => lock.acquire())).toThrow(/^<Lock 'shared' \[locked\]> is bound to a different event loop$/)
  })

  test('R266 a lock that nobody had to wait for belongs to none', () => {
    const lock = new Lock()
    const use = function* () {
      return yield* lock.with(() => 1)
    }
    expect([runSync(use), runSync(use)]).toEqual([1, 1])
  })
})

describe('Lock: in words', () => {
  test('a deadlock says which lock each task waits for and who holds it', () => {
    const crossed = function* () {
      const [a, b] = [new Lock({ name: 'a' }), new Lock()] as const
      yield* a.acquire()
      const t = createTask(
        function* () {
          yield* b.acquire()
          yield* a.acquire()
        },
        { name: 'other' },
      )
      getRunningLoop().callLater(1, () => {})
      yield* getRunningLoop().createTask(function* () {}, { name: 'pause' })
      yield* b.acquire()
      yield* t
    }
    let message = ''
    try {
      runSync(crossed)
    } catch (error) {
      expect(error).toBeInstanceOf(DeadlockError)
      message = (error as Error).message
    }
    expect(message).toContain('Task-1 waits for a Lock held by other')
    expect(message).toContain("other waits for Lock 'a' held by Task-1")
  })

  test('toString shows name, state and waiters', () => {
    const shown = runSync(function* () {
      const lock = new Lock({ name: 'a' })
      const before = String(lock)
      yield* lock.acquire()
      const t = createTask(() => lock.acquire())
      yield* createTask(function* () {})
      const after = String(lock)
      lock.release()
      yield* t
      return [before, after, String(new Lock())]
    })
    expect(shown).toEqual(["<Lock 'a' [unlocked]>", "<Lock 'a' [locked, waiters:1]>", '<Lock [unlocked]>'])
  })
})
