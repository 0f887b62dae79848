import { expect, test } from 'vitest'
import { CancelledError, Future, gather, newEventLoop, sleep, ValueError } from '../../src/index.ts'
import { both, inWords, on, type World } from './both.ts'
import { loop, sleeper } from './scripts.ts'

const nine = (w: World) =>
  w.task(function* () {
    yield* on(sleep(9))
  })

both('R110 of nothing: done already, with []', [[1, [], true]], function* (w) {
  const g = gather([])
  w.at(yield* on(g), g.done())
})

both('R111 tasks in argument order; one object given twice is one child', [[2, 'a'], [2, 'b'], [4, [1, 2, 1]]], function* (w) {
  const child = (name: string, value: number) =>
    w.body(function* () {
      w.at(name)
      return value
    })
  const [a, b] = [child('a', 1), child('b', 2)]
  w.at(yield* on(gather([a, b, a])))
})

both('R112 last child ends in k, awaiter in k+2', [[2, 'child ends'], [3, 'child callback'], [4, 'awaiter']], function* (w) {
  const t = w.task(function* () {
    w.at('child ends')
  })
  t.addDoneCallback(() => w.at('child callback'))
  yield* on(gather([t]))
  w.at('awaiter')
})

both('R113 the first failure comes out, the others go on', [[2, 'raise'], [4, 'ValueError'], [6, 's', 'woke'], 1], function* (w) {
  const s = w.task(sleeper(w, 's', 1))
  const bad = w.body(function* () {
    w.at('raise')
    throw new ValueError()
  })
  w.at(yield* w.outcome(gather([s, () => bad()])))
  yield* on(s)
  w.log.push(loop().time())
})

both('R114 later failures are retrieved silently', ['ValueError:1', false], function* (w) {
  const tasks = [1, 2].map((n) =>
    w.task(function* () {
      yield* on(sleep(n))
      throw new ValueError(String(n))
    }),
  )
  w.log.push(yield* w.outcome(gather(tasks)))
  yield* on(sleep(3))
  w.log.push(tasks[1]?.unretrieved)
})

both('R115 a cancelled child is a failure; the outer is not cancelled', ['CancelledError:m', false, false, 'CancelledError:m'], function* (w) {
  const [t, s] = [nine(w), nine(w)]
  const g = gather([t, s])
  yield* on(sleep(0))
  t.cancel('m')
  w.log.push(yield* w.outcome(g), g.cancelled(), s.done(), inWords(g.exception()))
  s.cancel()
})

both('R116 returnExceptions: exceptions in their place', [['ValueError', 'CancelledError', 3], true, ''], function* (w) {
  const bad = w.body(function* () {
    throw new ValueError()
  })
  const t = nine(w)
  yield* on(sleep(0))
  loop().callSoon(() => t.cancel('m'))
  const results: unknown[] = yield* on(gather([() => bad(), t, sleep(0, 3)], { returnExceptions: true }))
  w.log.push(results.map((r) => (r instanceof Error ? inWords(r) : r)))
  const cancelled = results[1]
  if (cancelled instanceof CancelledError) w.log.push(cancelled.hasMessage, cancelled.message)
})

both(
  'R117 cancelling the awaiter cancels every child, in order, with the message',
  [[2, 'cancel', true], [3, 'a', 'CancelledError:m'], [3, 'b', 'CancelledError:m'], [5, 'outer', 'CancelledError:m']],
  function* (w) {
    const [a, b] = [w.task(sleeper(w, 'a', 9)), w.task(sleeper(w, 'b', 9))]
    const o = w.task(function* () {
      w.at('outer', yield* w.outcome(gather([a, b])))
    })
    yield* on(sleep(0))
    w.at('cancel', o.cancel('m'))
    yield* on(o)
  },
)

both('R118 returnExceptions: waits for all children, then CancelledError', [['a', 0], ['b', 2], ['CancelledError', 2], 2], function* (w) {
  let ended = 0
  const a = w.task(function* () {
    try {
      yield* on(sleep(9))
    } catch (error) {
      w.log.push(['a', loop().time()])
      throw error
    }
  })
  const b = w.task(function* () {
    yield* w.outcome(sleep(9))
    yield* on(sleep(2))
    w.log.push(['b', loop().time()])
    ended = loop().tick
  })
  const o = w.task(function* () {
    const end = yield* w.outcome(gather([a, b], { returnExceptions: true }))
    w.log.push([end, loop().time()], loop().tick - ended)
  })
  yield* on(sleep(0))
  o.cancel()
  yield* on(o)
})

both('R119 children that swallow the cancellation: CancelledError all the same', ['CancelledError', 'swallowed'], function* (w) {
  const t = w.task(function* () {
    yield* w.outcome(sleep(9))
    return 'swallowed'
  })
  const o = w.task(function* () {
    w.log.push(yield* w.outcome(gather([t])))
  })
  yield* on(sleep(0))
  o.cancel()
  yield* on(o)
  w.log.push(t.result())
})

both('R120 of what is done: done at once', [true, [1, [1, 2]]], function* (w) {
  const fs = [1, 2].map((n) => {
    const f = new Future<number>()
    f.setResult(n)
    return f
  })
  const g = gather(fs)
  w.log.push(g.done())
  w.at(yield* on(g))
})

both('R121 cancel is refused once all children are done', [false, true, 'CancelledError'], function* (w) {
  const f = new Future<number>()
  const g = gather([f])
  const o = w.task(function* () {
    yield* on(g)
  })
  yield* on(sleep(0))
  f.setResult(1)
  w.log.push(g.cancel(), o.cancel(), yield* w.outcome(o))
})

both('R122 tasks are not wrapped', [[2, 'f'], ['one task', 'one task']], function* (w) {
  const t = w.task(function* () {
    w.at('f')
    return 'one task'
  })
  w.log.push(yield* on(gather([t, t])))
})

test('R124 children of different loops', () => {
  const [a, b] = [newEventLoop().createFuture(), newEventLoop().createFuture()]
  expect(() => gather([a, b])).toThrow('different loop')
})

both('R125 the error of a cancelled gather is the last child’s', ['CancelledError:last', 'CancelledError'], function* (w) {
  const child = (message: string, delay: number) =>
    w.task(function* () {
      try {
        yield* on(sleep(9))
      } catch {
        if (delay > 0) yield* on(sleep(delay))
        throw new CancelledError(message)
      }
    })
  const outer = (children: Future<unknown>[]) =>
    w.task(function* () {
      yield* on(gather(children, { returnExceptions: true }))
    })
  const o = outer([child('first', 2), child('last', 0)])
  yield* on(sleep(0))
  o.cancel('outer')
  w.log.push(yield* w.outcome(o))
  const f = new Future<number>()
  const p = outer([child('first', 0), f])
  yield* on(sleep(0))
  yield* on(sleep(0))
  f.setResult(1)
  p.cancel('outer')
  w.log.push(yield* w.outcome(p))
})

both('R126 a child that failed before: done at once, the others go on', [true, 'ValueError', [1, 'no hop'], [2, 'other child goes on']], function* (w) {
  const f = new Future<number>()
  f.setException(new ValueError())
  const other = w.body(function* () {
    w.at('other child goes on')
  })
  const g = gather([() => other(), f])
  w.log.push(g.done(), yield* w.outcome(g))
  w.at('no hop')
  yield* on(sleep(0))
})
