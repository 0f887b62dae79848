import { describe, expect, test } from 'vitest'
import { CancelledError, Condition, createTask, Lock, runSync, sleep } from '../../src/index.ts'
import { both, inWords, on, type Script, type World } from './both.ts'

/** A task that waits on the condition once, and logs how that went. */
function waiter(w: World, condition: Condition, name: string): () => Script<void> {
  return () =>
    on(
      condition.with(
        w.body(function* (): Script<void> {
          try {
            w.at(name, yield* on(condition.wait()))
          } catch (error) {
            w.at(name, inWords(error))
            if (error instanceof CancelledError) throw error
          }
        }),
      ),
    )
}

describe('Condition', () => {
  both(
    'R230 wait and notify without the lock are RuntimeErrors',
    [
      'RuntimeError:cannot wait on un-acquired lock',
      'RuntimeError:cannot notify on un-acquired lock',
      'RuntimeError:cannot notify on un-acquired lock',
    ],
    function* (w) {
      const c = new Condition()
      w.log.push(yield* w.outcome(c.wait()))
      w.log.push(
        w.attempt(() => c.notify()),
        w.attempt(() => c.notifyAll()),
      )
    },
  )

  both('R230 it is enough that another task holds the lock', [true], function* (w) {
    const c = new Condition()
    yield c.acquire()
    yield w.task(function* () {
      c.notify()
    })
    w.log.push(c.locked())
  })

  both(
    'R231 notifyAll wakes all at once; they take the lock one after another',
    [[2, 'notify'], [3, 'a'], [6, 'b']],
    function* (w) {
      const c = new Condition()
      const f = (name: string) => () =>
        on(
          c.with(
            w.body(function* () {
              yield c.wait()
              w.at(name)
              yield w.turn()
              yield w.turn()
            }),
          ),
        )
      const tasks = [w.task(f('a')), w.task(f('b'))]
      yield w.turn()
      yield c.with(() => {
        w.at('notify')
        c.notifyAll()
      })
      yield w.all(tasks)
    },
  )

  both(
    'R231, R233 notify(2) wakes two and keeps the lock; a notified waiter that is cancelled passes it on',
    [[3, 'still held', true], [4, 'a', 'CancelledError'], [4, 'b', true], [5, 'c', true], [7, 'd waits', true], [8, 'd', true], [10, 'end']],
    function* (w) {
      const c = new Condition()
      const tasks = ['a', 'b', 'c', 'd'].map((name) => w.task(waiter(w, c, name)))
      yield w.turn()
      yield w.turn()
      yield c.with(() => {
        c.notify(2)
        tasks[0]?.cancel()
        w.at('still held', c.locked())
      })
      for (let i = 0; i < 4; i++) yield w.turn()
      w.at('d waits', tasks[3]?.done() === false)
      yield c.with(() => c.notifyAll())
      yield w.all(tasks)
      w.at('end')
    },
  )

  both(
    'R232 a cancelled wait acquires the lock first; further cancellations do not interrupt that, the last one is raised',
    [[2, 'acquired'], [5, 'release', false], [6, 'CancelledError:three', true], [7, 3]],
    function* (w) {
      const c = new Condition()
      const t = w.task(() =>
        on(
          c.with(
            w.body(function* (): Script<void> {
              const how = yield* w.outcome(c.wait())
              w.at(how, c.locked())
            }),
          ),
        ),
      )
      yield w.turn()
      yield c.acquire()
      w.at('acquired')
      for (const message of ['one', 'two', 'three']) {
        t.cancel(message)
        yield w.turn()
      }
      w.at('release', t.done())
      c.release()
      yield t
      w.at(t.cancelling())
    },
  )

  both(
    'R233 a notified waiter that is cancelled before it runs passes the notification on',
    ['a CancelledError', 'b true', true],
    function* (w) {
      const c = new Condition()
      const f = (name: string) => () =>
        on(
          c.with(
            w.body(function* (): Script<void> {
              w.log.push(`${name} ${String(yield* w.outcome(c.wait()))}`)
            }),
          ),
        )
      const [a, b] = [w.task(f('a')), w.task(f('b'))] as const
      yield w.turn()
      yield w.turn()
      yield c.with(() => {
        c.notify()
        a.cancel()
      })
      yield w.all([a, b])
      w.log.push(b.done())
    },
  )

  both(
    'R233 a waiter cancelled without a notification wakes another one all the same: a spurious wake-up',
    [[4, 'a', 'CancelledError'], [5, 'b', true], [7, true, false]],
    function* (w) {
      const c = new Condition()
      const [a, b] = [w.task(waiter(w, c, 'a')), w.task(waiter(w, c, 'b'))] as const
      yield w.turn()
      yield w.turn()
      a.cancel()
      yield w.all([a, b])
      w.at(a.cancelled(), b.cancelled())
    },
  )

  both(
    'R234 waitFor waits until the predicate holds and gives its value; it does not suspend if it holds at once',
    [[2, 'at once', 'yes'], [6, 'value', 2]],
    function* (w) {
      const c = new Condition()
      let n = 0
      const t = w.task(() =>
        on(
          c.with(
            w.body(function* (): Script<void> {
              w.at('at once', yield* on(c.waitFor(() => 'yes')))
              w.at('value', yield* on(c.waitFor(() => n >= 2 && n)))
            }),
          ),
        ),
      )
      yield w.turn()
      for (let i = 0; i < 3; i++) {
        yield c.with(() => {
          n++
          c.notify()
        })
        // As long as CPython's program, which sleeps here: one turn for the timer, one for the sleeper.
        yield w.turn()
        yield w.turn()
        if (i === 0) yield w.turn()
      }
      yield t
    },
  )

  for (const [how, make] of [
    ['as first argument', (lock: Lock) => new Condition(lock)],
    ['as an option', (lock: Lock) => new Condition({ lock })],
  ] as const) {
    both(`R234 two conditions share a lock, given ${how}`, [[3, true, true], [4, 'd', true], [4, 'c', true]], function* (w) {
      const lock = new Lock()
      const [c, d] = [make(lock), make(lock)] as const
      const tasks = [w.task(waiter(w, c, 'c')), w.task(waiter(w, d, 'd'))]
      yield w.turn()
      yield w.turn()
      yield d.with(() => {
        w.at(lock.locked(), c.locked())
        d.notify()
        c.notify()
      })
      yield w.all(tasks)
    })
  }

  both('with hands over the condition and releases after an error', [true, 'RangeError:x', false], function* (w) {
    const c = new Condition()
    const failing = c.with(
      w.body(function* (held: Condition): Script<void> {
        w.log.push(held === c && held.locked())
        yield w.turn()
        throw new RangeError('x')
      }),
    )
    w.log.push(yield* w.outcome(failing), c.locked())
  })

  test('R266 a condition that was waited on belongs to that loop', () => {
    const c = new Condition({ name: 'c' })
    const once = function* () {
      createTask(() => c.with(() => c.notify()))
      yield* c.with(() => c.wait())
    }
    runSync(once)
    expect(() => runSync(once)).toThrow("<Condition 'c' [locked]> is bound to a different event loop")
  })

  test('R266 and so does its lock, which has its name', () => {
    const c = new Condition({ name: 'c' })
    const contended = function* () {
      yield* c.acquire()
      const other = createTask(() => c.acquire())
      yield* sleep(1)
      c.release()
      yield* other
      c.release()
    }
    runSync(contended)
    expect(() => runSync(contended)).toThrow("<Lock 'c' [locked]> is bound to a different event loop")
  })

  test('a deadlock tells the notification from the lock', () => {
    const body = function* () {
      const c = new Condition({ name: 'stock' })
      createTask(() => c.with(() => c.wait()), { name: 'customer' })
      yield* createTask(function* () {})
      yield* c.with(function* () {
        yield* createTask(function* () {})
        yield* c.acquire()
      })
    }
    expect(() => runSync(body)).toThrow(
      /Task-1 waits for the lock of Condition 'stock' held by Task-1\n +customer waits for a notification of Condition 'stock'/,
    )
  })
})
