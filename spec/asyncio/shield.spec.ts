import { expect, test } from 'vitest'
import { Future, runSync, shield, sleep, ValueError } from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop, sleeper } from './scripts.ts'

both('R170 what is done is given back as it is', [true], function* (w) {
  const f = new Future<number>()
  f.setResult(1)
  w.log.push(shield(f) === f)
})

both('R171 inner ends in k, awaiter goes on in k+2', [[2, 'inner ends'], [4, 'back', 5]], function* (w) {
  const f = w.body(function* () {
    w.at('inner ends')
    return 5
  })
  w.at('back', yield* on(shield(() => f())))
})

both(
  'R172 the awaiting task is cancelled: the inner one goes on',
  [[2, 'cancel'], [3, 'outer', 'CancelledError'], [6, 'inner', 'woke'], 'inner result'],
  function* (w) {
    const t = w.task(sleeper(w, 'inner', 1, 'inner result'))
    const o = w.task(function* () {
      w.at('outer', yield* w.outcome(shield(t)))
    })
    yield* on(sleep(0))
    w.at('cancel')
    o.cancel()
    yield* on(o)
    w.log.push(yield* on(t))
  },
)

both('R173 the inner one is cancelled: the outer too, without message', ['CancelledError', true], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(9))
  })
  const s = shield(t)
  yield* on(sleep(0))
  t.cancel('m')
  w.log.push(yield* w.outcome(s), s.cancelled())
})

for (const end of ['fails', 'is cancelled'] as const) {
  both(`R174 the outer is cancelled in the step in which the inner one ${end}: nobody is told of that`, [true, end === 'is cancelled'], function* (w) {
    const messages: string[] = []
    loop().setExceptionHandler((_, { message }) => messages.push(message))
    const inner = new Future<number>()
    const outer = shield(inner)
    outer.cancel()
    if (end === 'fails') inner.setException(new ValueError())
    else inner.cancel()
    yield* on(sleep(1))
    w.log.push(!inner.unretrieved && messages.length === 0, inner.cancelled())
  })
}

both('R174 the outer was cancelled: a later failure of the inner one is nobody’s', [true, 'ValueError'], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(1))
    throw new ValueError()
  })
  const s = shield(t)
  yield* on(sleep(0))
  s.cancel()
  yield* on(sleep(3))
  w.log.push(t.unretrieved, inWords(t.exception()))
})

test('a shield that somebody else has settled tells the exception handler, when the inner one ends', () => {
  runSync(function* () {
    const told: string[] = []
    loop().setExceptionHandler((_, { message, exception }) => told.push(message, (exception as Error).name))
    const inner = new Future<number>()
    const outer = shield(inner)
    outer.setResult(1)
    inner.setResult(2)
    yield* sleep(1)
    expect(told).toEqual(['Exception in callback of the library', 'InvalidStateError'])
    expect([outer.result(), inner.result()]).toEqual([1, 2])
  })
})
