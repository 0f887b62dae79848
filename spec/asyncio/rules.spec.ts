/** Rules of the event loop's contract that no other spec names. */
import { expect, test } from 'vitest'
import {
  BaseException,
  CancelledError,
  type Coroutine,
  createTask,
  currentTask,
  type ExceptionContext,
  Future,
  gather,
  getRunningLoop,
  newEventLoop,
  sleep,
  SystemExit,
  type Task,
  TaskGroup,
  ValueError,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop } from './scripts.ts'

both('R045 exception() is null after a result; result() raises the stored exception itself', [null, true], function* (w) {
  const [good, bad] = [new Future<number>(), new Future<number>()]
  good.setResult(1)
  const error = new ValueError()
  bad.setException(error)
  w.log.push(good.exception())
  try {
    bad.result()
  } catch (e) {
    w.log.push(e === error)
  }
  yield* on(sleep(0))
})

both('R061 what a coroutine returns is its task’s result at once; callbacks come an iteration later', [[2, 'returns'], [3, 'callback', 5]], function* (w) {
  const t = w.task(function* () {
    w.at('returns')
    return 5
  })
  t.addDoneCallback(() => w.at('callback', t.result()))
  yield* on(t)
})

both('R065 await on a task that is done does not suspend', [[3, 5], [3, 5]], function* (w) {
  const t = w.task(function* () { return 5 })
  yield* on(t)
  w.at(yield* on(t))
  w.at(yield* on(t))
})

both('R069 a wake-up brings no value: await reads it again, so that a later reader finds the flag cleared', ['ValueError', false], function* (w) {
  const f = new Future<number>()
  loop().callSoon(() => f.setException(new ValueError()))
  w.log.push(yield* w.outcome(f))
  w.log.push(f.unretrieved)
})

test('R071 SystemExit is the task’s exception, and leaves the loop as well', () => {
  const l = newEventLoop()
  const exit = new SystemExit('now')
  const t = l.createTask(function* (): Coroutine<void> { throw exit })
  expect(() => l.runForeverSync()).toThrow(exit)
  expect([t.done(), t.exception() === exit]).toEqual([true, true])
})

test('R074 cancel() makes an exception count as looked at, also where it comes too late', () => {
  const l = newEventLoop()
  const told: string[] = []
  l.setExceptionHandler((_, c) => told.push(c.message))
  const t = l.createTask(function* (): Coroutine<void> { throw new ValueError() })
  l.callSoon(() => l.stop())
  l.runForeverSync()
  expect(t.cancel()).toBe(false)
  l.close()
  expect(told).toEqual([])
})

both('R081 an undelivered cancellation: a CancelledError that comes is kept, any other exception is replaced', ['CancelledError:of the future', 'CancelledError:of the task'], function* (w) {
  for (const error of [new CancelledError('of the future'), new ValueError('of the future')]) {
    const f = new Future<number>()
    const t = w.task(function* () { yield* on(f) })
    yield* on(sleep(0))
    f.setException(error)
    t.cancel('of the task')
    w.log.push(yield* w.outcome(t))
  }
})

both('R106 a generator is a coroutine here, unlike in Python, where only a coroutine object is one', [1], function* (w) {
  w.log.push(yield* on(createTask((function* (): Coroutine<number> { return 1 })())))
})

both('R123 cancelling a gather that is done does nothing: its children go on', [false, [false, 'ended']], function* (w) {
  const slow = w.task(function* () {
    yield* on(sleep(1))
    return 'ended'
  })
  const all = gather([w.task(function* () { throw new ValueError() }), slow])
  yield* w.outcome(all)
  w.log.push(all.cancel())
  const end = yield* on(slow)
  w.log.push([slow.cancelled(), end])
})

test('R204 a child that fails when its parent task is done already is told to the exception handler', () => {
  const l = newEventLoop()
  const told: ExceptionContext[] = []
  l.setExceptionHandler((_, c) => told.push(c))
  const parent = l.createTask(function* () {
    const g = new TaskGroup()
    // Entered, and left by a way that leaves it no time to wait for its children.
    const block = g.run(function* () {
      g.createTask(function* (): Coroutine<void> {
        yield* sleep(1)
        throw new ValueError('orphan')
      }, { name: 'child' })
      yield* sleep(0)
    })[Symbol.iterator]()
    block.next()
  })
  l.runUntilCompleteSync(parent)
  l.callLater(2, () => l.stop())
  l.runForeverSync()
  expect(told).toHaveLength(1)
  expect(told[0]?.message).toMatch(/^Task <Task .*name='child'.* has errored out but its parent task <Task .*> is already completed$/)
  expect([inWords(told[0]?.exception), told[0]?.task?.getName()]).toEqual(['ValueError:orphan', 'child'])
})

both('R205 errors after the first abort are collected; the parent is not cancelled again', ['CancelledError', 0, ['ValueError', 'RangeError']], function* (w) {
  const fails = (delay: number, error: Error) => w.body(function* () {
    try {
      yield* on(sleep(delay))
    } catch {
      yield* on(sleep(1))
    }
    throw error
  })
  let met = ''
  try {
    yield* on(new TaskGroup().run(w.body(function* (g: TaskGroup) {
      g.createTask(() => fails(1, new ValueError())() as never)
      g.createTask(() => fails(5, new RangeError())() as never)
      met = String(yield* w.outcome(sleep(10)))
      yield* on(sleep(3))
    }) as never))
  } catch (error) {
    w.log.push(met, currentTask()?.cancelling(), (error as AggregateError).errors.map((e) => (e as Error).name))
  }
})

test('a base exception of one’s own in a callback goes to the handler, not out of the loop', () => {
  class Own extends BaseException {}
  const l = newEventLoop()
  const told: unknown[] = []
  l.setExceptionHandler((_, c) => told.push(c.exception instanceof Own))
  l.callSoon(() => { throw new Own() })
  const t: Task<boolean> = l.createTask(function* () { return getRunningLoop() === l })
  expect([l.runUntilCompleteSync(t), told]).toEqual([true, [true]])
})
