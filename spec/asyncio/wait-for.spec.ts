import { expect, test } from 'vitest'
import {
  CancelledError,
  currentTask,
  type EventLoop,
  Future,
  getRunningLoop,
  newEventLoop,
  run,
  sleep,
  TimeoutError,
  ValueError,
  waitFor,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop, sleeper } from './scripts.ts'

both('R140 without a timeout a coroutine runs inline', [true, [1, 5]], function* (w) {
  const me = currentTask()
  const f = w.body(function* () {
    w.log.push(currentTask() === me)
    return 5
  })
  w.at(yield* on(waitFor(() => f(), null)))
})

both('R140 the time counts from when it starts to run', [5], function* (w) {
  const late = waitFor(new Future(), 2)
  yield* on(sleep(3))
  yield* w.outcome(late)
  w.log.push(loop().time())
})

both('R141 timeout 0: a coroutine never starts; what is done gives its result', [[4, 'TimeoutError'], [], [4, 7]], function* (w) {
  const started: number[] = []
  const f = w.body(function* () {
    started.push(1)
  })
  w.at(yield* w.outcome(waitFor(() => f(), 0)))
  w.log.push(started)
  const d = new Future<number>()
  d.setResult(7)
  w.at(yield* on(waitFor(d, 0)))
})

both('R141 timeout 0: what ends with a value or another error nevertheless', ['kept on', 'ValueError'], function* (w) {
  const stubborn = (how: boolean) =>
    w.task(function* () {
      try {
        yield* on(sleep(9))
      } catch {
        if (how) return 'kept on'
        throw new ValueError()
      }
    })
  for (const how of [true, false]) {
    const t = stubborn(how)
    yield* on(sleep(0))
    w.log.push(yield* w.outcome(waitFor(t, -1)))
  }
})

both('R142 a coroutine runs in the calling task, its first step at once', [true, [1, 'child ends'], [1, 'back']], function* (w) {
  const me = currentTask()
  const f = w.body(function* () {
    w.log.push(currentTask() === me)
    w.at('child ends')
  })
  yield* on(waitFor(() => f(), 5))
  w.at('back')
})

both('R142 a task ends in k, back in k+1', [[2, 'child ends'], [3, 'back']], function* (w) {
  const t = w.task(function* () {
    w.at('child ends')
  })
  yield* on(waitFor(t, 5))
  w.at('back')
})

both(
  'R143 the timer cancels the caller, who hands it on to a child task',
  [[3, 'timer'], [4, 'child', 'CancelledError'], [5, 'TimeoutError'], 1],
  function* (w) {
    loop().callLater(1, () => w.at('timer'))
    const t = w.task(sleeper(w, 'child', 9))
    w.at(yield* w.outcome(waitFor(t, 1)))
    w.log.push(loop().time())
  },
)

both('R143 a plain future or an inline coroutine: TimeoutError in k+1', [[2, 'timer'], [3, 'TimeoutError'], [5, 'timer'], [6, 'TimeoutError']], function* (w) {
  loop().callLater(1, () => w.at('timer'))
  w.at(yield* w.outcome(waitFor(new Future(), 1)))
  yield* on(sleep(0))
  loop().callLater(1, () => w.at('timer'))
  const f = w.body(function* () {
    yield* on(sleep(9))
  })
  w.at(yield* w.outcome(waitFor(() => f(), 1)))
})

both('R144 the child swallows the cancellation', ['survived', 'ValueError'], function* (w) {
  const f = (fails: boolean) =>
    w.body(function* () {
      try {
        yield* on(sleep(9))
      } catch {
        if (fails) throw new ValueError()
        return 'survived'
      }
    })
  for (const fails of [false, true]) w.log.push(yield* w.outcome(waitFor(() => f(fails)(), 1)))
})

both('R145 cancelled when the awaited future is done: the result is lost', ['outer cancelled', 1, false], function* (w) {
  const f = new Future<number>()
  const o = w.task(function* () {
    try {
      w.log.push(`outer got ${yield* on(waitFor(f, 10))}`)
    } catch (error) {
      if (error instanceof CancelledError) w.log.push('outer cancelled')
    }
  })
  yield* on(sleep(0))
  f.setResult(5)
  o.cancel()
  yield* on(o)
  w.log.push(o.cancelling(), o.cancelled())
})

both(
  'R145b the child gets the cancellation with its message, the caller goes on after it',
  [[2, 'cancel'], [3, 'child', 'CancelledError:m'], [4, 'outer', 'CancelledError:m']],
  function* (w) {
    const t = w.task(sleeper(w, 'child', 9))
    const o = w.task(function* () {
      w.at('outer', yield* w.outcome(waitFor(t, 10)))
    })
    yield* on(sleep(0))
    w.at('cancel')
    o.cancel('m')
    yield* on(o)
  },
)

both('R146 a second cancel goes to the child again', ['CancelledError:two', true, true], function* (w) {
  const t = w.task(function* () {
    try {
      yield* on(sleep(9))
    } catch {
      yield* on(sleep(3))
      return 'later ok'
    }
  })
  const o = w.task(function* () {
    w.log.push(yield* w.outcome(waitFor(t, 10)))
  })
  yield* on(sleep(0))
  o.cancel('one')
  yield* on(sleep(1))
  o.cancel('two')
  yield* on(o)
  w.log.push(t.done(), t.cancelled())
})

both('R147 result and timeout in one iteration: TimeoutError', ['TimeoutError', 1], function* (w) {
  const f = new Future<string>()
  loop().callLater(1, () => f.setResult('done'))
  w.log.push(yield* w.outcome(waitFor(f, 1)), loop().time())
})

both('R147b timeout first: the later setResult fails', ['TimeoutError', 'InvalidStateError'], function* (w) {
  const failures: unknown[] = []
  loop().setExceptionHandler((_, context) => failures.push((context.exception as Error).name))
  const f = new Future<string>()
  const t = w.task(function* () {
    return yield* w.outcome(waitFor(f, 1))
  })
  yield* on(sleep(0))
  loop().callAt(1, () => f.setResult('done'))
  w.log.push(yield* on(t), ...failures)
})

both('R148 the cause of the TimeoutError is the CancelledError', [true, true], function* (w) {
  try {
    yield* on(waitFor(sleep(9), 1))
  } catch (error) {
    w.log.push(error instanceof TimeoutError, (error as Error).cause instanceof CancelledError)
  }
})

test('R149 it needs a current task, without a timeout too', () => {
  const seen: unknown[] = []
  const l: EventLoop = newEventLoop()
  l.callSoon(() => {
    const steps = waitFor(new Future(), null)[Symbol.iterator]()
    try {
      steps.next()
    } catch (error) {
      seen.push(inWords(error))
    }
    l.stop()
  })
  l.runForeverSync()
  l.close()
  expect(seen).toEqual(['RuntimeError:Timeout should be used inside a task'])
})

test('a foreign promise that never settles is given up, as nobody can cancel it', async () => {
  const log: unknown[] = []
  await run(async () => {
    const never = new Promise<void>(() => {})
    try {
      await waitFor(never, 3)
    } catch (error) {
      log.push(inWords(error), getRunningLoop().time())
    }
  })
  expect(log).toEqual(['TimeoutError', 3])
})

test('an async function that waits inside is cancelled where it waits', async () => {
  const log: unknown[] = []
  await run(async () => {
    const body = async (): Promise<void> => {
      try {
        await sleep(9)
      } catch (error) {
        log.push(inWords(error))
        throw error
      }
    }
    await waitFor(body(), 3).then(undefined, (error: unknown) => log.push(inWords(error), getRunningLoop().time()))
  })
  expect(log).toEqual(['CancelledError', 'TimeoutError', 3])
})
