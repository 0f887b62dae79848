import { expect, test } from 'vitest'
import {
  CancelledError,
  currentTask,
  ExceptionGroup,
  Future,
  newEventLoop,
  RuntimeError,
  run,
  sleep,
  type Timeout,
  timeout,
  timeoutAt,
  ValueError,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop } from './scripts.ts'

both(
  'R160 timer in k: CancelledError in the body in k+1, converted at once',
  [[2, 'timer'], [3, 'body', 'CancelledError'], [3, 'TimeoutError'], true, 0],
  function* (w) {
    loop().callLater(1, () => w.at('timer'))
    const t = timeout(1)
    const body = w.body(function* () {
      try {
        yield* on(sleep(9))
      } catch (error) {
        w.at('body', inWords(error))
        throw error
      }
    })
    w.at(yield* w.outcome(t.run(body)))
    w.log.push(t.expired(), currentTask()?.cancelling())
  },
)

both('R160 a subclass of CancelledError is converted too', ['TimeoutError'], function* (w) {
  class Mine extends CancelledError {}
  const body = w.body(function* () {
    try {
      yield* on(sleep(9))
    } catch {
      throw new Mine()
    }
  })
  w.log.push(yield* w.outcome(timeout(1, body)))
})

both(
  'R161 a deadline that has passed: no timeout for a body that does not suspend',
  [[1, 'no suspension', false], [2, 'TimeoutError']],
  function* (w) {
    const t = timeout(0)
    yield* on(t.run(() => undefined))
    w.at('no suspension', t.expired())
    const body = w.body(function* () {
      yield* on(sleep(0))
      yield* on(sleep(9))
    })
    w.at(yield* w.outcome(timeout(-1, body)))
  },
)

both('R162 the body swallows the CancelledError: expired, no TimeoutError', ['kept on', true, 0], function* (w) {
  const t = timeout(1)
  const body = w.body(function* () {
    try {
      yield* on(sleep(9))
    } catch {
      return 'kept on'
    }
  })
  w.log.push(yield* on(t.run(body)), t.expired(), currentTask()?.cancelling())
})

both('R163 nested with equal deadlines: the outer converts', ['inner CancelledError', 'TimeoutError', [true, true], 0], function* (w) {
  const [a, b] = [timeout(1), timeout(1)]
  const inner = w.body(function* () {
    yield* on(sleep(9))
  })
  const outer = w.body(function* () {
    try {
      yield* on(b.run(inner))
    } catch (error) {
      w.log.push(`inner ${inWords(error)}`)
      throw error
    }
  })
  w.log.push(yield* w.outcome(a.run(outer)), [a.expired(), b.expired()], currentTask()?.cancelling())
})

both('R164 a cancel from elsewhere before delivery wins', ['CancelledError', true, 1], function* (w) {
  const t = w.task(function* () {
    yield* on(
      timeout(
        1,
        w.body(function* () {
          yield* on(sleep(9))
        }),
      ),
    )
  })
  yield* on(sleep(0))
  loop().callAt(1, () => t.cancel())
  w.log.push(yield* w.outcome(t), t.cancelled(), t.cancelling())
})

both('R165 the body makes another error of it', ['ValueError', true], function* (w) {
  const t = timeout(1)
  const body = w.body(function* () {
    try {
      yield* on(sleep(9))
    } catch {
      throw new ValueError()
    }
  })
  w.log.push(yield* w.outcome(t.run(body)), t.expired())
})

/** An error whose cause has a cause. */
function twice(cause: unknown): Error {
  return new Error('outer', { cause: new Error('inner', { cause }) })
}

both('R157 the CancelledError among the causes of another error becomes a TimeoutError', ['TimeoutError', 'CancelledError'], function* (w) {
  const body = w.body(function* () {
    try {
      yield* on(sleep(9))
    } catch (cause) {
      throw twice(cause)
    }
  })
  try {
    yield* on(timeout(1, body))
  } catch (error) {
    const named = ((error as Error).cause as Error).cause as Error
    w.log.push(inWords(named), inWords(named.cause))
  }
})

both('R157 in an ExceptionGroup the causes of the members too', ['TimeoutError'], function* (w) {
  const body = w.body(function* () {
    try {
      yield* on(sleep(9))
    } catch (cause) {
      throw new ExceptionGroup('group', [new Error('member', { cause })])
    }
  })
  try {
    yield* on(timeout(1, body))
  } catch (error) {
    w.log.push(inWords(((error as ExceptionGroup).errors[0] as Error).cause))
  }
})

both(
  'R166 entered once; rescheduled only inside',
  [
    'RuntimeError:Timeout has already been entered',
    'RuntimeError:Timeout has not been entered',
    'RuntimeError:Cannot change state of finished Timeout',
    'RuntimeError:Cannot change state of expired Timeout',
  ],
  function* (w) {
    const finished = timeout(1)
    yield* on(finished.run(() => undefined))
    w.log.push(yield* w.outcome(finished.run(() => undefined)))
    const expired = timeout(0)
    yield* w.outcome(
      expired.run(
        w.body(function* () {
          yield* on(sleep(1))
        }),
      ),
    )
    for (const t of [timeout(1), finished, expired]) w.log.push(w.attempt(() => t.reschedule(5)))
  },
)

both('R167 reschedule: null disables, a new time replaces', [2, false, 3, 'TimeoutError'], function* (w) {
  const first = w.body(function* (t: Timeout) {
    t.reschedule(null)
    yield* on(sleep(2))
    return t
  })
  const t = yield* on(timeout(1, first))
  w.log.push(loop().time(), t.expired())
  const second = w.body(function* (again: Timeout) {
    again.reschedule(loop().time() + 1)
    yield* on(sleep(9))
  })
  const how = yield* w.outcome(timeout(50, second))
  w.log.push(loop().time(), how)
})

both('R167 a time that has passed fires in the next iteration', [[3, 'TimeoutError']], function* (w) {
  const body = w.body(function* (t: Timeout) {
    t.reschedule(-1)
    yield* on(sleep(9))
  })
  w.at(yield* w.outcome(timeout(50, body)))
})

test('R168 outside a task', () => {
  const seen: unknown[] = []
  const l = newEventLoop()
  l.callSoon(() => {
    try {
      timeout(1).enter()
    } catch (error) {
      seen.push(inWords(error))
    }
    l.stop()
  })
  l.runForeverSync()
  l.close()
  expect(seen).toEqual(['RuntimeError:Timeout should be used inside a task'])
})

both('R169 the result first, the timer in the same iteration: the result is lost', ['TimeoutError', true, 1], function* (w) {
  const f = new Future<string>()
  loop().callAt(1, () => f.setResult('r'))
  const t = timeout(1)
  const body = w.body(function* () {
    return yield* on(f)
  })
  w.log.push(yield* w.outcome(t.run(body)), t.expired(), loop().time())
})

both('R158 the deadline is fixed by the call; timeoutAt takes a moment', [3, 'TimeoutError', 7, 'TimeoutError', null], function* (w) {
  const t = timeout(3)
  yield* on(sleep(1))
  const body = w.body(function* () {
    yield* on(sleep(99))
  })
  const first = yield* w.outcome(t.run(body))
  w.log.push(loop().time(), first)
  const second = yield* w.outcome(timeoutAt(7, body))
  w.log.push(loop().time(), second, timeout(null).when())
})

both('R159 in words', ['<Timeout [created]>', '<Timeout [active] when=2.5>', '<Timeout [finished]>'], function* (w) {
  const t = timeoutAt(2.5)
  w.log.push(String(t))
  yield* on(t.run((inside) => void w.log.push(String(inside))))
  w.log.push(String(t))
})

test('await using: the block raises TimeoutError when the deadline has passed', async () => {
  const log: unknown[] = []
  await run(async () => {
    try {
      await using _block = timeout(1).enter()
      await sleep(9)
    } catch (error) {
      const e = error as { error?: unknown; suppressed?: unknown }
      log.push(inWords(e.error), inWords(e.suppressed))
    }
    await using quiet = timeout(5).enter()
    await sleep(1)
    log.push(quiet.expired())
  })
  expect(log).toEqual(['TimeoutError', 'CancelledError', false])
  expect(() => timeoutAt(1).reschedule(2)).toThrow(RuntimeError)
})
