import { expect } from 'vitest'
import {
  ALL_COMPLETED,
  asCompleted,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  type ReturnWhen,
  sleep,
  ValueError,
  wait,
} from '../../src/index.ts'
import { both, on } from './both.ts'
import { loop } from './scripts.ts'

both(
  'R130 refuses nothing, coroutines, a single future and a wrong returnWhen',
  [
    'ValueError:Set of Tasks/Futures is empty.',
    'TypeError:Passing coroutines is forbidden, use tasks explicitly.',
    'TypeError:expect a list of futures, not Future',
    'ValueError:Invalid return_when value: 5',
  ],
  function* (w) {
    const f = new Future()
    w.log.push(yield* w.outcome(wait([])))
    w.log.push(yield* w.outcome(wait([sleep(0) as unknown as Future])))
    w.log.push(yield* w.outcome(wait(f as unknown as Future[])))
    w.log.push(yield* w.outcome(wait([f], { returnWhen: 5 as unknown as ReturnWhen })))
  },
)

both('R131 two iterations even if all are done', [[1, 'wait'], [3, 'back', 1, 0]], function* (w) {
  const f = new Future<number>()
  f.setResult(1)
  w.at('wait')
  const [done, pending] = yield* on(wait([f]))
  w.at('back', done.size, pending.size)
})

both('R132 child ends in k, back in k+2', [[2, 'child ends'], [4, 'back', 1, 1]], function* (w) {
  const t = w.task(function* () {
    w.at('child ends')
  })
  const s = w.task(function* () {
    yield* on(sleep(9))
  })
  const [done, pending] = yield* on(wait([t, s], { returnWhen: FIRST_COMPLETED }))
  w.at('back', done.size, pending.size)
  s.cancel()
})

both('R133 FIRST_EXCEPTION: a cancelled future is no exception', [2, 1, 1], function* (w) {
  const nine = function* () {
    yield* on(sleep(9))
  }
  const a = w.task(nine)
  const b = w.task(function* () {
    yield* on(sleep(1))
    throw new ValueError()
  })
  const c = w.task(nine)
  yield* on(sleep(0))
  a.cancel()
  const [done, pending] = yield* on(wait([a, b, c], { returnWhen: FIRST_EXCEPTION }))
  w.log.push(done.size, pending.size, loop().time())
  c.cancel()
  b.exception()
})

both('R133 FIRST_EXCEPTION without one waits for all', [2, 0, 2], function* (w) {
  const a = w.task(function* () {
    yield* on(sleep(1))
  })
  const b = w.task(function* () {
    yield* on(sleep(2))
  })
  const [done, pending] = yield* on(wait([a, b], { returnWhen: FIRST_EXCEPTION }))
  w.log.push(done.size, pending.size, loop().time())
})

both('R134 a timeout raises nothing and cancels nothing', [0, 1, 1, false], function* (w) {
  const s = w.task(function* () {
    yield* on(sleep(9))
  })
  const [done, pending] = yield* on(wait([s], { timeout: 1 }))
  w.log.push(done.size, pending.size, loop().time(), s.cancelled())
  s.cancel()
})

both('R134 timer in k, back in k+1', [[2, 'timer'], [3, 'back']], function* (w) {
  loop().callLater(1, () => w.at('timer'))
  yield* on(wait([new Future()], { timeout: 1 }))
  w.at('back')
})

both('R135 what ends before the waiter runs counts as done', [2, 0], function* (w) {
  const a = new Future<number>()
  const b = new Future<number>()
  loop().callSoon(() => a.setResult(1))
  a.addDoneCallback(() => b.setResult(2))
  const [done, pending] = yield* on(wait([a, b], { returnWhen: FIRST_COMPLETED }))
  w.log.push(done.size, pending.size)
})

both('R136 cancelled while it waits: the children are untouched', ['CancelledError', false, 0], function* (w) {
  const s = new Future()
  const t = w.task(function* () {
    yield* on(wait([s]))
  })
  yield* on(sleep(0))
  t.cancel()
  w.log.push(yield* w.outcome(t))
  w.log.push(s.done(), s.waiters().length)
})

both('R137 timeout 0 is a timer all the same', [[1, 'wait 0'], [3, 'back']], function* (w) {
  w.at('wait 0')
  yield* on(wait([new Future()], { timeout: 0 }))
  w.at('back')
})

both('R138 duplicates count once, and the sets are in argument order', [['b', 'a'], 1], function* (w) {
  const task = (name: string, delay: number) =>
    w.task(function* () {
      yield* on(sleep(delay))
    }, name)
  const [a, b, c] = [task('a', 1), task('b', 2), task('c', 3)]
  const [done, pending] = yield* on(wait([b, a, b, c], { timeout: 2.5, returnWhen: ALL_COMPLETED }))
  w.log.push([...done].map((t) => t.getName()), pending.size)
  expect(pending.has(c)).toBe(true)
  c.cancel()
})

both('R139 any iterable will do, a generator of futures too', ['ok', [1]], function* (w) {
  const one = function* () {
    return 1
  }
  function* tasks() {
    yield w.task(one)
  }
  yield* on(wait(tasks()))
  const got: number[] = []
  for (const next of asCompleted(tasks())) got.push(yield* on(next))
  w.log.push('ok', got)
})
