import { expect, test } from 'vitest'
import { CancelledError, DeadlockError, Future, InvalidStateError, newEventLoop, run, runSync, setEventLoop, sleep, ValueError } from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop } from './scripts.ts'

test('R040 states, and what they do not allow', () => {
  const l = newEventLoop()
  const [f, p] = [new Future<number>({ loop: l }), new Future<number>({ loop: l })]
  expect([f.done(), f.cancelled()]).toEqual([false, false])
  f.setResult(1)
  expect([f.done(), f.cancelled(), f.result(), f.exception()]).toEqual([true, false, 1, null])
  expect(() => f.setResult(2)).toThrow(InvalidStateError)
  expect(() => f.setException(new ValueError())).toThrow(InvalidStateError)
  expect(() => p.result()).toThrow('Result is not set.')
  expect(() => p.exception()).toThrow('Exception is not set.')
})

both('R041 callbacks are queued as one block, in order', [[1, 'set'], [2, 'before'], [2, 'a'], [2, 'b'], [2, 'after']], function* (w) {
  const f = new Future<number>()
  f.addDoneCallback(() => w.at('a'))
  f.addDoneCallback(() => w.at('b'))
  loop().callSoon(() => w.at('before'))
  f.setResult(1)
  loop().callSoon(() => w.at('after'))
  w.at('set')
  yield* on(sleep(0))
})

both('R042 a callback of a done future runs in the next iteration', [[1, 'added'], [2, 'late', true]], function* (w) {
  const f = new Future<number>()
  f.setResult(1)
  f.addDoneCallback((g) => w.at('late', g === f))
  w.at('added')
  yield* on(sleep(0))
})

both('R043 removeDoneCallback removes all equal ones that are not queued yet', [2, [2, 'b'], 0], function* (w) {
  const f = new Future<number>()
  const a = (): void => w.at('a')
  f.addDoneCallback(a)
  f.addDoneCallback(() => w.at('b'))
  f.addDoneCallback(a)
  w.log.push(f.removeDoneCallback(a))
  f.setResult(1)
  yield* on(sleep(0))
  w.log.push(f.removeDoneCallback(a))
})

both('R043b what is queued cannot be taken back; one added twice runs twice', [0, [2, 'a'], [2, 'a']], function* (w) {
  const f = new Future<number>()
  const a = (): void => w.at('a')
  f.addDoneCallback(a)
  f.addDoneCallback(a)
  f.setResult(1)
  w.log.push(f.removeDoneCallback(a))
  yield* on(sleep(0))
})

both(
  'R044 cancel: readers get a new error with the message every time',
  [true, false, true, 'CancelledError:m', 'CancelledError:m', 'CancelledError:m', false],
  function* (w) {
    const f = new Future<number>()
    w.log.push(f.cancel('m'), f.cancel('n'), f.cancelled())
    w.log.push(w.attempt(() => f.result()), w.attempt(() => f.exception()), yield* w.outcome(f))
    const [a, b] = [w.attempt(() => f.makeCancelledError()), w.attempt(() => f.makeCancelledError())]
    w.log.push(a === b)
  },
)

both('R046 every awaiter gets the same exception', [true, true], function* (w) {
  const error = new ValueError()
  const f = new Future<number>()
  f.setException(error)
  for (let i = 0; i < 2; i++) {
    try {
      yield* on(f)
    } catch (e) {
      w.log.push(e === error)
    }
  }
})

both('R048 await on a done future does not suspend', [[1, 'a'], [1, 5]], function* (w) {
  const f = new Future<number>()
  f.setResult(5)
  w.at('a')
  w.at(yield* on(f))
})

test('R049 resumed while it is pending', () => {
  const l = newEventLoop()
  const steps = new Future<number>({ loop: l })[Symbol.iterator]()
  steps.next()
  expect(() => steps.next()).toThrow("await wasn't used with future")
})

test('R050 an error class is instantiated', () => {
  const f = new Future<number>({ loop: newEventLoop() })
  f.setException(ValueError)
  expect(f.exception()).toBeInstanceOf(ValueError)
})

test('R051 what clears the flag of an exception that nobody has looked at', () => {
  const l = newEventLoop()
  const failed = (): Future<number> => {
    const f = new Future<number>({ loop: l })
    f.setException(new ValueError())
    return f
  }
  const looks: [string, (f: Future<number>) => unknown, boolean][] = [
    ['nothing', () => 0, true],
    ['exception', (f) => f.exception(), false],
    ['result', (f) => expect(() => f.result()).toThrow(), false],
    ['cancel', (f) => f.cancel(), false],
    ['done, cancelled, words', (f) => [f.done(), f.cancelled(), String(f)], true],
  ]
  for (const [name, look, left] of looks) {
    const f = failed()
    look(f)
    expect([name, f.unretrieved]).toEqual([name, left])
  }
})

test('R052 exceptions that nobody has looked at are told when the loop is closed', () => {
  const told: unknown[] = []
  const l = newEventLoop()
  l.setExceptionHandler((_, c) => told.push([c.message, inWords(c.exception), c.future !== undefined]))
  const f = l.createFuture()
  f.setException(new ValueError('future'))
  const seen = l.createFuture()
  seen.setException(new ValueError('seen'))
  seen.exception()
  l.createTask(() => {
    throw new ValueError('task')
  })
  l.callSoon(() => l.stop())
  l.runForeverSync()
  l.close()
  expect(told).toEqual([
    ['Future exception was never retrieved', 'ValueError:future', true],
    ['Task exception was never retrieved', 'ValueError:task', true],
  ])
})

test('R053 it belongs to the running loop, or to the current one', () => {
  runSync(function* () {
    expect(new Future().getLoop()).toBe(loop())
  })
  setEventLoop(null)
  expect(() => new Future()).toThrow('There is no current event loop')
  const l = newEventLoop()
  setEventLoop(l)
  expect(new Future().getLoop()).toBe(l)
  setEventLoop(null)
})

test('R054 in words', () => {
  const l = newEventLoop()
  const make = (): Future<number> => new Future<number>({ loop: l })
  function f(): void {}
  const finished = make()
  finished.setResult(1)
  const failed = make()
  failed.setException(new ValueError('x'))
  failed.exception()
  const cancelled = make()
  cancelled.cancel()
  const called = [1, 2, 3].map((n) => {
    const future = make()
    for (let i = 0; i < n; i++) future.addDoneCallback(f)
    return future
  })
  expect([make(), finished, failed, cancelled, ...called].map(String)).toEqual([
    '<Future pending>',
    '<Future finished result=1>',
    "<Future finished exception=ValueError('x')>",
    '<Future cancelled>',
    '<Future pending cb=[f()]>',
    '<Future pending cb=[f(), f()]>',
    '<Future pending cb=[f(), <1 more>, f()]>',
  ])
})

test('a future nobody settles is a deadlock, under both front ends', async () => {
  expect(() =>
    runSync(function* () {
      yield* new Future()
    }),
  ).toThrow(DeadlockError)
  await expect(
    run(async () => {
      await new Future()
    }),
  ).rejects.toThrow(DeadlockError)
  expect(new CancelledError('m').hasMessage).toBe(true)
})
