import { describe, expect, test } from 'vitest'
import { BoundedSemaphore, createTask, getRunningLoop, runSync, Semaphore } from '../../src/index.ts'
import { both, on, type Script, type World } from './both.ts'

function taker(w: World, s: Semaphore, name: string): () => Script<void> {
  return function* () {
    const how = yield* w.outcome(s.acquire())
    if (how === true) w.at(name)
    else w.at(name, how)
  }
}

describe('Semaphore', () => {
  both(
    'R240 release grants the permit to the first waiter at once, who runs one iteration later',
    [[1, true], [1, 'locked', true], [2, 'release'], [2, 'locked', true], [3, 'a']],
    function* (w) {
      const s = new Semaphore(1)
      w.at(yield* on(s.acquire()))
      w.at('locked', s.locked())
      const a = w.task(taker(w, s, 'a'))
      yield w.turn()
      w.at('release')
      s.release()
      w.at('locked', s.locked())
      yield a
    },
  )

  both(
    'R241 a granted waiter cancelled before it runs gives the permit to the next',
    [[3, 'a', 'CancelledError'], [4, 'b'], [6, true]],
    function* (w) {
      const s = new Semaphore(0)
      const [a, b] = [w.task(taker(w, s, 'a')), w.task(taker(w, s, 'b'))] as const
      yield w.turn()
      s.release()
      a.cancel()
      yield w.all([a, b])
      w.at(s.locked())
    },
  )

  both('R241 … and back to the semaphore if nobody waits', ['CancelledError', false, true], function* (w) {
    const s = new Semaphore(0)
    const a = w.task(() => on(s.acquire()))
    yield w.turn()
    s.release()
    a.cancel()
    w.log.push(yield* w.outcome(a), s.locked())
    yield s.acquire()
    w.log.push(s.locked())
  })

  both(
    'R242 too many releases of a BoundedSemaphore, and a negative start, are ValueErrors',
    [
      'ValueError:BoundedSemaphore released too many times',
      'ValueError:Semaphore initial value must be >= 0',
      'ValueError:Semaphore initial value must be >= 0',
      'ValueError:BoundedSemaphore released too many times',
    ],
    function* (w) {
      const s = new BoundedSemaphore(1)
      w.log.push(
        w.attempt(() => s.release()),
        w.attempt(() => new Semaphore(-1)),
        w.attempt(() => new BoundedSemaphore(-1)),
      )
      yield s.acquire()
      s.release()
      w.log.push(w.attempt(() => s.release()))
    },
  )

  both('R243 newcomers queue while somebody waits, though permits are there', ['first', 'second', 'newcomer'], function* (w) {
    const s = new Semaphore(0)
    const f = (name: string) =>
      function* (): Script<void> {
        yield s.acquire()
        w.log.push(name)
      }
    const tasks = [w.task(f('first')), w.task(f('second'))]
    yield w.turn()
    for (let i = 0; i < 3; i++) s.release()
    yield* f('newcomer')()
    yield w.all(tasks)
  })

  both(
    'R243 locked() is true while a granted waiter has not run',
    [[2, 'locked', true], [3, 'a'], [3, 'b'], [5, 'locked', true]],
    function* (w) {
      const s = new Semaphore(1)
      yield s.acquire()
      const a = w.task(taker(w, s, 'a'))
      yield w.turn()
      s.release()
      s.release()
      w.at('locked', s.locked())
      const b = w.task(taker(w, s, 'b'))
      yield w.all([a, b])
      w.at('locked', s.locked())
    },
  )

  both(
    'R244 three releases and a cancellation: two waiters go on, one permit stays',
    [[3, 'a', 'CancelledError'], [3, 'b'], [3, 'c'], [5, false], [5, true]],
    function* (w) {
      const s = new Semaphore(0)
      const tasks = ['a', 'b', 'c'].map((name) => w.task(taker(w, s, name)))
      yield w.turn()
      s.release()
      tasks[0]?.cancel()
      s.release()
      s.release()
      yield w.all(tasks)
      w.at(s.locked())
      yield s.acquire()
      w.at(s.locked())
    },
  )

  both(
    'R244 whoever takes a permit after waiting grants all that are left, so that the next ones go on together',
    [[3, 'released', true], [4, 'a'], [5, 'b'], [5, 'c'], [7, true]],
    function* (w) {
      const s = new Semaphore(0)
      const a = w.task(taker(w, s, 'a'))
      yield w.turn()
      const releases = w.task(function* () {
        for (let i = 0; i < 3; i++) s.release()
        w.at('released', s.locked())
      })
      yield w.all([a, releases, w.task(taker(w, s, 'b')), w.task(taker(w, s, 'c'))])
      w.at(s.locked())
    },
  )

  both('R245 a waiter that leaves gives its permit on', [['a', 'b'], true], function* (w) {
    const s = new Semaphore(0)
    const out: string[] = []
    const f = (name: string) =>
      function* (): Script<void> {
        yield s.acquire()
        out.push(name)
      }
    const [x, a, b] = [w.task(f('x')), w.task(f('a')), w.task(f('b'))] as const
    yield w.turn()
    s.release()
    x.cancel()
    s.release()
    yield w.turn()
    yield w.turn()
    w.log.push(out, s.locked())
    yield w.all([x, a, b])
  })

  both('with holds a permit and gives it back after an error', [true, true, 'RangeError:x', false], function* (w) {
    const s = new BoundedSemaphore(1)
    const failing = s.with(
      w.body(function* (held: Semaphore): Script<void> {
        w.log.push(held === s, held.locked())
        yield w.turn()
        throw new RangeError('x')
      }),
    )
    w.log.push(yield* w.outcome(failing), s.locked())
  })

  test('R266 a semaphore that somebody had to wait for belongs to that loop', () => {
    const s = new Semaphore(0)
    runSync(function* () {
      getRunningLoop().callSoon(() => s.release())
      yield* s.acquire()
    })
    expect(() => runSync(() => s.acquire())).toThrow('<Semaphore [locked]> is bound to a different event loop')
  })

  test('a deadlock says who holds the permits, where permits are things held', () => {
    const body = function* () {
      const s = new Semaphore(2, { name: 'slots' })
      createTask(() => new Semaphore(0).acquire(), { name: 'listener' })
      yield* s.acquire()
      yield* createTask(() => s.acquire(), { name: 'greedy' })
      yield* s.acquire()
    }
    expect(() => runSync(body)).toThrow(
      /Task-1 waits for Semaphore 'slots' held by Task-1, greedy\n +listener waits for a Semaphore$/,
    )
    const givenBack = function* () {
      const s = new Semaphore(2, { name: 'slots' })
      yield* s.acquire()
      yield* createTask(function* () {
        yield* s.acquire()
        s.release()
      }, { name: 'fair' })
      yield* createTask(() => s.acquire(), { name: 'greedy' })
      yield* s.acquire()
    }
    expect(() => runSync(givenBack)).toThrow("Task-1 waits for Semaphore 'slots' held by Task-1, greedy")
  })
})
