import { afterEach, expect, test, vi } from 'vitest'
import {
  CancelledError,
  ConcurrentCancelledError,
  ConcurrentFuture,
  ConcurrentInvalidStateError,
  type Coroutine,
  createTask,
  type ExceptionContext,
  Future,
  getRunningLoop,
  InvalidStateError,
  isFuture,
  newEventLoop,
  runCoroutineThreadsafe,
  runSync,
  setEventLoop,
  sleep,
  Task,
  ValueError,
  wrapFuture,
  ensureFuture,
} from '../../../src/index.ts'
import { both, inWords, on } from '../both.ts'
import { iterate, loop } from '../scripts.ts'

afterEach(() => {
  setEventLoop(null)
  vi.restoreAllMocks()
})

test('futures are known by their kind, tasks among them [BaseFutureTests.test_isfuture] [GenericTaskTests.test_future_subclass]', () => {
  const l = newEventLoop()
  expect([new Future({ loop: l }), l.createTask(sleep(0)), Future, 1, Promise.resolve(), {}].map(isFuture)).toEqual([true, true, false, false, false, false])
  expect(Task.prototype).toBeInstanceOf(Future)
})

test('it belongs to the running loop, else to the current one, else to none [BaseFutureTests.test_constructor_without_loop] [BaseFutureTests.test_constructor_use_running_loop] [BaseFutureTests.test_constructor_use_global_loop]', () => {
  expect(() => new Future()).toThrow('no current event loop')
  const l = newEventLoop()
  expect(l.runUntilCompleteSync(function* () { return new Future().getLoop() })).toBe(l)
  setEventLoop(l)
  expect(new Future().getLoop()).toBe(l)
})

test('pending, then one end for good [BaseFutureTests.test_initial_state] [BaseFutureTests.test_cancel] [BaseFutureTests.test_result] [BaseFutureTests.test_exception] [BaseFutureTests.test_exception_class] [BaseFutureTests.test_set_result_unless_cancelled]', () => {
  const l = newEventLoop()
  const ends: [string, (f: Future<number>) => void][] = [
    ['cancelled', (f) => f.cancel()],
    ['result', (f) => f.setResult(42)],
    ['exception', (f) => f.setException(new ValueError('own'))],
    ['exception', (f) => f.setException(ValueError)],
  ]
  for (const [how, end] of ends) {
    const f = new Future<number>({ loop: l })
    expect([f.done(), f.cancelled()]).toEqual([false, false])
    expect(() => f.result()).toThrow(InvalidStateError)
    expect(() => f.exception()).toThrow(InvalidStateError)
    end(f)
    expect([f.done(), f.cancelled()]).toEqual([true, how === 'cancelled'])
    if (how === 'result') expect([f.result(), f.exception()]).toEqual([42, null])
    else expect(() => f.result()).toThrow(how === 'cancelled' ? CancelledError : ValueError)
    if (how === 'cancelled') expect(() => f.exception()).toThrow(CancelledError)
    if (how === 'exception') expect(f.exception()).toBeInstanceOf(ValueError)
    expect(() => f.setResult(1)).toThrow(InvalidStateError)
    expect(() => f.setException(new ValueError())).toThrow(InvalidStateError)
    expect(f.cancel()).toBe(false)
  }
})

test('the message of a cancellation goes to who asks [BaseFutureTests.test_future_cancel_message_getter]', () => {
  const l = newEventLoop()
  const f = new Future<number>({ loop: l })
  f.cancel('my message')
  expect(() => l.runUntilCompleteSync(f)).toThrow(expect.objectContaining({ name: 'CancelledError', message: 'my message' }))
})

test('waiting for one twice waits once [BaseFutureTests.test_yield_from_twice] [BaseFutureTests.test_iter] [BaseFutureTests.test_future_stop_iteration_args]', () => {
  const f = new Future<unknown>({ loop: newEventLoop() })
  const g = (function* (): Generator<unknown, unknown> {
    yield ['B', (yield* f) as unknown]
    return (yield* f) as unknown
  })()
  expect(g.next().value).toBe(f)
  const unresolved = f[Symbol.iterator]()
  unresolved.next()
  expect(() => unresolved.next()).toThrow("await wasn't used with future")
  f.setResult([1, 2])
  expect(g.next().value).toEqual(['B', [1, 2]])
  expect(g.next()).toEqual({ done: true, value: [1, 2] })
})

both('callbacks run once it has ended, however it has, but for those removed [BaseFutureDoneCallbackTests.test_callbacks_invoked_on_set_result] [BaseFutureDoneCallbackTests.test_callbacks_invoked_on_set_exception] [BaseFutureDoneCallbackTests.test_callbacks_remove_first_callback] [BaseFutureDoneCallbackTests.test_callbacks_remove_first_and_second_callback] [BaseFutureDoneCallbackTests.test_callbacks_remove_third_callback]', [
  [0, 1, 2], [1, 2], [2], [0, 1], [0, 1, 2],
], function* (w) {
  for (const removed of [[], [0, 0], [0, 1, 0], [2, 2], 'fails'] as const) {
    const bag: number[] = []
    const f = new Future<string>()
    const callbacks = [0, 1, 2].map((n) => () => void bag.push(n))
    for (const c of callbacks) f.addDoneCallback(c)
    if (removed === 'fails') f.setException(new ValueError())
    else {
      for (const n of removed) f.removeDoneCallback(callbacks[n] as () => void)
      f.setResult('foo')
    }
    if (bag.length > 0) w.log.push('too early')
    yield* on(sleep(0))
    w.log.push(bag)
    f.exception()
  }
})

both('how many were removed is told [BaseFutureDoneCallbackTests.test_remove_done_callback]', [1, 0, 6, [2]], function* (w) {
  const bag: number[] = []
  const [a, b, c] = [1, 2, 3].map((n) => () => void bag.push(n)) as [() => void, () => void, () => void]
  const f = new Future<string>()
  f.addDoneCallback(a)
  f.addDoneCallback(b)
  w.log.push(f.removeDoneCallback(b), f.removeDoneCallback(c))
  f.addDoneCallback(b)
  for (let i = 0; i < 5; i++) f.addDoneCallback(a)
  w.log.push(f.removeDoneCallback(a))
  f.setResult('foo')
  yield* on(sleep(0))
  w.log.push(bag)
})

both('a callback that removes another one comes too late [BaseFutureDoneCallbackTests.test_schedule_callbacks_list_mutation_1]', [0, 'other', 'other'], function* (w) {
  const other = (): void => void w.log.push('other')
  const f = new Future<number>()
  f.addDoneCallback(() => w.log.push(f.removeDoneCallback(other)))
  f.addDoneCallback(other)
  f.addDoneCallback(other)
  f.setResult(1)
  yield* on(sleep(0))
})

test('in words, with where it was made in debug mode; callbacks go when it ends [BaseFutureTests.test_future_repr] [BaseFutureTests.test_future_source_traceback] [BaseTaskTests.test_task_source_traceback]', () => {
  const l = newEventLoop()
  l.setDebug(true)
  const made = new Future({ loop: l })
  expect(String(made)).toMatch(/^<Future pending created at .*futures\.spec\.ts:\d+>$/)
  expect(String(l.createFuture())).toMatch(/^<Future pending created at .*futures\.spec\.ts:\d+>$/)
  expect(String(l.createTask(sleep(0)))).toMatch(/^<Task pending name='Task-1' coro=<coroutine\(\)> created at .*futures\.spec\.ts:\d+>$/)
  l.setDebug(false)
  expect(String(made)).toMatch(/created at/)
  expect(String(new Future({ loop: l }))).toBe('<Future pending>')
  function f(): void {}
  const called = new Future<number>({ loop: l })
  for (let i = 0; i < 10; i++) called.addDoneCallback(f)
  expect(String(called)).toBe('<Future pending cb=[f(), <8 more>, f()]>')
  called.cancel()
  expect(String(called)).toBe('<Future cancelled>')
})

test('a future in its own words, through all its tasks, ends [FutureReprTests.test_recursive_repr_for_pending_tasks]', () => {
  runSync(function* () {
    const f = new Future<unknown>()
    const t = createTask(f)
    yield* sleep(0)
    f.setResult([f, t])
    expect(String(f)).toMatch(/^<Future finished result=\[.*\.\.\..*\]>$/)
    yield* t
  })
})

for (const debug of [false, true]) {
  test(`an exception that nobody has looked at is told, ${debug ? 'with where its future was made' : 'once'} [BaseFutureTests.test_tb_logger_exception_unretrieved] [BaseFutureTests.test_future_exception_never_retrieved] [BaseFutureTests.test_future_exception_never_retrieved_debug] [BaseEventLoopTests.test_default_exc_handler_coro]`, () => {
    const told: ExceptionContext[] = []
    const l = newEventLoop()
    l.setDebug(debug)
    l.setExceptionHandler((_, c) => told.push(c))
    const f = l.createFuture()
    f.setException(new ValueError('boom'))
    const t = l.createTask(function* () {
      yield* sleep(0.01)
      throw new RangeError()
    })
    t.addDoneCallback(() => l.stop())
    l.runForeverSync()
    l.close()
    expect(told.map((c) => [c.message, inWords(c.exception), c.future === f, c.future === t])).toEqual([
      ['Future exception was never retrieved', 'ValueError:boom', true, false],
      ['Task exception was never retrieved', 'RangeError', false, true],
    ])
    for (const c of told) {
      if (debug) expect(c.sourceTraceback).toMatch(/futures\.spec\.ts:\d+$/)
      else expect('sourceTraceback' in c).toBe(false)
    }
  })
}

test('what was looked at, cancelled, or never failed is not told [BaseFutureTests.test_tb_logger_abandoned] [BaseFutureTests.test_tb_logger_not_called_after_cancel] [BaseFutureTests.test_tb_logger_result_unretrieved] [BaseFutureTests.test_tb_logger_result_retrieved] [BaseFutureTests.test_tb_logger_exception_retrieved] [BaseFutureTests.test_tb_logger_exception_result_retrieved] [BaseTaskTests.test_tb_logger_not_called_after_cancel]', () => {
  const told: unknown[] = []
  const l = newEventLoop()
  l.setExceptionHandler((_, c) => told.push(c.message))
  const looks: ((f: Future<number>) => unknown)[] = [
    () => 0,
    (f) => f.setResult(1),
    (f) => [f.setResult(1), f.result()],
    (f) => [f.setException(new ValueError()), f.cancel()],
    (f) => [f.setException(new ValueError()), f.exception()],
    (f) => [f.setException(new ValueError()), expect(() => f.result()).toThrow()],
  ]
  for (const look of looks) look(l.createFuture<number>())
  l.runUntilCompleteSync(function* () {
    const t = createTask(function* (): Coroutine<void> { throw new TypeError() })
    yield* sleep(0.05)
    t.cancel()
  })
  l.close()
  expect(told).toEqual([])
})

test('every awaiter gets one exception, whose stack does not grow [FutureTests.test_future_traceback] [BaseTaskTests.test_exception_traceback]', () => {
  runSync(function* () {
    const t = createTask(function* (): Coroutine<void> { throw new TypeError('42') })
    yield* sleep(0)
    const stack = (t.exception() as Error).stack
    expect(stack).toContain('futures.spec.ts')
    for (let i = 0; i < 5; i++) {
      try {
        yield* t
      } catch (error) {
        expect((error as Error).stack).toBe(stack)
      }
    }
  })
})

test('a job’s future becomes the loop’s, one of a loop stays what it is [BaseFutureTests.test_wrap_future] [BaseFutureTests.test_wrap_future_future] [DuckTests.test_wrap_future] [DuckTests.test_ensure_future] [BaseFutureTests.test_copy_state]', () => {
  class Mine extends Future<number> {}
  const l = newEventLoop()
  const mine = new Mine({ loop: l })
  expect([wrapFuture(mine) === mine, ensureFuture(mine) === mine]).toEqual([true, true])
  const end = (act: (job: ConcurrentFuture<number>) => void): Future<number> => {
    const job = new ConcurrentFuture<number>()
    const f = wrapFuture(job, { loop: l })
    expect(isFuture(f)).toBe(true)
    act(job)
    iterate(l)
    return f
  }
  expect(end((job) => job.setResult(10)).result()).toBe(10)
  expect(() => end((job) => job.setException(new RangeError())).result()).toThrow(RangeError)
  expect(end((job) => job.cancel()).cancelled()).toBe(true)
  expect(() => wrapFuture(5 as never, { loop: l })).toThrow('concurrent.futures.Future is expected, got 5')
})

test('… of the running loop, else of the current one, else of none [BaseFutureTests.test_wrap_future_without_loop] [BaseFutureTests.test_wrap_future_use_running_loop] [BaseFutureTests.test_wrap_future_use_global_loop]', () => {
  const job = new ConcurrentFuture<number>()
  expect(() => wrapFuture(job)).toThrow('no current event loop')
  const l = newEventLoop()
  expect(l.runUntilCompleteSync(function* () { return wrapFuture(job).getLoop() })).toBe(l)
  setEventLoop(l)
  expect(wrapFuture(job).getLoop()).toBe(l)
})

test('cancelling the loop’s future cancels a job that has not ended [BaseFutureTests.test_wrap_future_cancel] [BaseFutureTests.test_wrap_future_cancel2]', () => {
  const l = newEventLoop()
  for (const ended of [false, true]) {
    const job = new ConcurrentFuture<number>()
    const f = wrapFuture(job, { loop: l })
    if (ended) job.setResult(42)
    f.cancel()
    iterate(l)
    expect([job.cancelled(), f.cancelled()]).toEqual([!ended, true])
    if (ended) expect(job.result()).toBe(42)
  }
})

test('R282 the classes of errors that jobs have for themselves become asyncio’s own', () => {
  const l = newEventLoop()
  for (const [given, wanted] of [
    [new ConcurrentCancelledError('m'), CancelledError],
    [new ConcurrentInvalidStateError('m'), InvalidStateError],
  ] as const) {
    const job = new ConcurrentFuture<number>()
    const f = wrapFuture(job, { loop: l })
    job.setException(given)
    iterate(l)
    expect(f.exception()).toBeInstanceOf(wanted)
    expect((f.exception() as Error).message).toBe('m')
  }
  const cancelled = new ConcurrentFuture<number>()
  expect(() => cancelled.result()).toThrow(ConcurrentInvalidStateError)
  cancelled.cancel()
  expect(() => cancelled.result()).toThrow(ConcurrentCancelledError)
  expect(() => cancelled.setResult(1)).toThrow(ConcurrentInvalidStateError)
  expect(new ConcurrentInvalidStateError('m').name).toBe('ConcurrentInvalidStateError')
})

test('R284 runCoroutineThreadsafe: a task of the loop, from the next iteration; either cancels the other', () => {
  const l = newEventLoop()
  const seen: unknown[] = []
  const good = runCoroutineThreadsafe(sleep(1, 'slept'), l)
  good.addDoneCallback((f) => seen.push(f.result(), l.time()))
  const bad = runCoroutineThreadsafe(function* (): Coroutine<void> { throw new RangeError('bad') }, l)
  expect([good.done(), bad.done()]).toEqual([false, false])
  const tasks: Task<unknown>[] = []
  const outside = runCoroutineThreadsafe(function* () {
    tasks.push(loop().acting as Task<unknown>)
    yield* sleep(10)
  }, l)
  const inside = runCoroutineThreadsafe(function* () {
    yield* sleep(0.5)
    loop().acting?.cancel()
    yield* sleep(10)
  }, l)
  l.callLater(0.2, () => outside.cancel())
  l.callLater(2, () => l.stop())
  l.runForeverSync()
  expect(seen).toEqual(['slept', 1])
  expect(bad.exception()).toBeInstanceOf(RangeError)
  expect([outside.cancelled(), tasks[0]?.cancelled(), inside.cancelled()]).toEqual([true, true, true])
  expect(() => runCoroutineThreadsafe(5 as never, l)).toThrow('A coroutine object is required')
  expect(() => runCoroutineThreadsafe(l.createFuture(), l)).toThrow('A coroutine object is required')
  const told: unknown[] = []
  l.setExceptionHandler((_, c) => told.push(inWords(c.exception)))
  l.setTaskFactory(() => { throw new TypeError('no tasks') })
  const refused = runCoroutineThreadsafe(sleep(0), l)
  iterate(l)
  expect([inWords(refused.exception()), told]).toEqual(['TypeError:no tasks', ['TypeError:no tasks']])
  l.close()
  expect(() => runCoroutineThreadsafe(sleep(0), l)).toThrow('Event loop is closed')
})

test('a step of a task that somebody has settled by force is told as such [SetMethodsTest.test_set_result_causes_invalid_state] [SetMethodsTest.test_set_exception_causes_invalid_state]', () => {
  const l = newEventLoop()
  const told: unknown[] = []
  l.setExceptionHandler((_, c) => told.push(c.exception))
  const make = (): Task<unknown> => l.createTask<unknown>(sleep(0.1))
  const [a, b] = [make(), make()]
  Future.prototype.setResult.call(a, 'spam')
  Future.prototype.setException.call(b, new RangeError())
  expect(l.runUntilCompleteSync(a)).toBe('spam')
  expect(() => l.runUntilCompleteSync(b)).toThrow(RangeError)
  expect(told).toHaveLength(2)
  for (const e of told) {
    expect(e).toBeInstanceOf(InvalidStateError)
    expect((e as Error).message).toMatch(/^step\(\): already done/)
  }
})

test('debug mode tells of coroutines of the library that nobody has awaited, when the loop is closed [EventLoopTestsMixin.test_run_until_complete_nesting]', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const forgetting = function* (): Coroutine<void> {
    // A busy machine may make a step slow.
    getRunningLoop().slowCallbackDuration = 600
    sleep(1)
    sleep(0)
    new Future<number>()
    const kept = sleep(2)
    const closed = sleep(3)
    ;(closed as unknown as Generator).return(undefined)
    yield* kept
    expect(() => getRunningLoop().runUntilCompleteSync(sleep(5))).toThrow('This event loop is already running')
  }
  runSync(forgetting, { debug: true })
  expect(warn.mock.calls.map((c) => String(c[0]).replace(/created at .*[/\\]/, 'created at '))).toEqual([
    expect.stringMatching(/^RuntimeWarning: coroutine 'sleep' was never awaited \(created at futures\.spec\.ts:\d+\)$/),
    expect.stringMatching(/^RuntimeWarning: coroutine 'sleep' was never awaited/),
    expect.stringMatching(/^RuntimeWarning: coroutine 'sleep' was never awaited/),
  ])
  warn.mockClear()
  runSync(forgetting)
  expect(warn).not.toHaveBeenCalled()
})
