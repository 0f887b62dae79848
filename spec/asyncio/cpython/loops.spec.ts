import { afterEach, expect, test, vi } from 'vitest'
import {
  type Coroutine,
  createTask,
  EventLoop,
  type ExceptionContext,
  type Executor,
  Future,
  getEventLoop,
  getRunningLoop,
  Handle,
  KeyboardInterrupt,
  newEventLoop,
  setEventLoop,
  sleep,
  SystemExit,
  Task,
  TimerHandle,
} from '../../../src/index.ts'
import { both, inWords, on } from '../both.ts'
import { iterate, loop, raise } from '../scripts.ts'

afterEach(() => {
  setEventLoop(null)
  vi.restoreAllMocks()
})

test('callSoon and callLater call with their arguments, in a handle and a timer [BaseEventLoopTests.test_call_soon] [BaseEventLoopTests.test_call_later] [EventLoopTestsMixin.test_call_soon] [EventLoopTestsMixin.test_call_later] [EventLoopTestsMixin.test_call_soon_threadsafe] [EventLoopTestsMixin.test_call_soon_threadsafe_same_thread] [BaseEventLoopTests.test_run_once] [BaseEventLoopTests.test__add_callback_handle]', () => {
  const l = newEventLoop()
  const results: unknown[] = []
  const handle = l.callSoon((a: string, b: string) => results.push([a, b]), 'hello', 'world')
  const timer = l.callLater(0.1, (s: string) => {
    results.push(s)
    l.stop()
  }, 'hello world')
  expect([handle instanceof Handle, handle instanceof TimerHandle, timer instanceof TimerHandle]).toEqual([true, false, true])
  l.callSoonThreadsafe((s: string) => results.push(s), 'from elsewhere')
  l.callSoon((s: string) => results.push(s), 'from here')
  l.runForeverSync()
  expect(results).toEqual([['hello', 'world'], 'from elsewhere', 'from here', 'hello world'])
})

test('no delay, no moment is a TypeError; a negative delay is over already [BaseEventLoopTests.test_call_later] [BaseEventLoopTests.test_time_and_call_at] [BaseEventLoopTests.test_call_later_negative_delays]', () => {
  const l = newEventLoop()
  for (const wrong of [null, undefined, '1']) {
    expect(() => l.callLater(wrong as never, () => {})).toThrow(TypeError)
    expect(() => l.callAt(wrong as never, () => {})).toThrow(TypeError)
  }
  const calls: string[] = []
  l.callLater(-1, (s: string) => calls.push(s), 'a')
  l.callLater(-2, (s: string) => calls.push(s), 'b')
  iterate(l)
  expect([calls, l.time()]).toEqual([['b', 'a'], 0])
  l.callAt(l.time() + 0.1, () => l.stop())
  l.runForeverSync()
  expect(l.time()).toBe(0.1)
})

test('a handle that was cancelled is not called; a cancelled timer takes no time [BaseEventLoopTests.test__add_callback_cancelled_handle] [HandleTests.test_handle] [TimerTests.test_timer] [TimerTests.test_when] [BaseEventLoopTests.test__run_once]', () => {
  const l = newEventLoop()
  const calls: unknown[] = []
  const note = (...args: number[]): void => void calls.push(args)
  const handle = l.callSoon(note, 1)
  const [early, late] = [l.callLater(5, note, 5), l.callLater(10, note, 10)]
  expect([handle.cancelled(), early.cancelled(), early.when(), late.when()]).toEqual([false, false, 5, 10])
  handle.cancel()
  early.cancel()
  expect([handle.cancelled(), early.cancelled()]).toEqual([true, true])
  l.callAt(10, () => l.stop())
  const before = l.tick
  l.runForeverSync()
  expect([calls, l.time(), l.tick - before <= 2]).toEqual([[[10]], 10, true])
})

test('a timer that is due calls at once; what it queues waits for the next iteration [BaseEventLoopTests.test__run_once_schedule_handle]', () => {
  const l = newEventLoop()
  const log: string[] = []
  l.callLater(-1, () => {
    log.push('due')
    l.callSoon(() => log.push('queued'))
  })
  iterate(l)
  expect(log).toEqual(['due'])
  iterate(l)
  expect(log).toEqual(['due', 'queued'])
})

test('cancelled timers, many or few, are forgotten without a call [BaseEventLoopTests.test__run_once_cancelled_event_cleanup]', () => {
  const l = newEventLoop()
  let calls = 0
  const timers = Array.from({ length: 200 }, (_, i) => l.callLater(i % 2 === 0 ? 100 : 3600, () => calls++))
  for (const t of timers.slice(1)) t.cancel()
  l.callLater(200, () => l.stop())
  l.runForeverSync()
  expect([calls, l.time()]).toEqual([1, 200])
})

test('debug mode refuses coroutines and what cannot be called, wherever callbacks go [BaseEventLoopTests.test_call_soon_non_callable] [BaseEventLoopTests.test_set_debug] [BaseEventLoopWithSelectorTests.test_call_coroutine]', () => {
  const l = newEventLoop()
  l.setDebug(true)
  expect(l.getDebug()).toBe(true)
  function* make(): Coroutine<void> {}
  for (const wrong of [1, make, make(), async () => {}]) {
    for (const call of [
      () => l.callSoon(wrong as never),
      () => l.callSoonThreadsafe(wrong as never),
      () => l.callLater(60, wrong as never),
      () => l.callAt(60, wrong as never),
      () => l.runInExecutor(null, wrong as never),
    ]) expect(call).toThrow(TypeError)
  }
  l.setDebug(false)
  expect(l.getDebug()).toBe(false)
})

test('a closed loop refuses whatever would run; a running one its end [BaseEventLoopTests.test_close] [EventLoopTestsMixin.test_close] [EventLoopTestsMixin.test_close_running_event_loop]', () => {
  const l = newEventLoop()
  expect(() => l.runUntilCompleteSync(function* () { l.close() })).toThrow('Cannot close a running event loop')
  expect(l.isClosed()).toBe(false)
  for (let i = 0; i < 3; i++) l.close()
  expect(l.isClosed()).toBe(true)
  const f = l.createFuture()
  for (const call of [
    () => l.runForeverSync(),
    () => l.runUntilCompleteSync(f),
    () => l.callSoon(() => {}),
    () => l.callSoonThreadsafe(() => {}),
    () => l.callLater(1, () => {}),
    () => l.callAt(1, () => {}),
    () => l.createTask(sleep(0)),
    () => l.runInExecutor(null, () => {}),
  ]) expect(call).toThrow('Event loop is closed')
})

test('runUntilComplete takes its time, wants a coroutine, and does not nest [EventLoopTestsMixin.test_run_until_complete] [BaseEventLoopTests.test_run_until_complete_type_error] [RunningLoopTests.test_running_loop_within_a_loop]', () => {
  const l = newEventLoop()
  l.runUntilCompleteSync(sleep(0.1))
  expect(l.time()).toBe(0.1)
  expect(() => l.runUntilCompleteSync('blah' as never)).toThrow(TypeError)
  const inner = newEventLoop()
  expect(() => l.runUntilCompleteSync(function* () { inner.runForeverSync() })).toThrow('while another loop is running')
})

test('five short sleeps take ten iterations and two [EventLoopTestsMixin.test_timeout_rounding]', () => {
  const l = newEventLoop()
  const before = l.tick
  l.runUntilCompleteSync(function* () {
    for (const delay of [1e-2, 1e-4, 1e-6, 1e-8, 1e-10]) yield* sleep(delay)
  })
  expect(l.tick - before).toBe(12)
})

test('stopped before it runs, a loop runs one iteration without waiting [BaseEventLoopTests.test_run_forever_pre_stopped]', () => {
  const l = newEventLoop()
  let called = false
  l.callLater(1, () => (called = true))
  iterate(l)
  expect([called, l.time()]).toEqual([false, 0])
})

test('what leaves a loop leaves nothing behind that stops the next run or complains at the end [BaseEventLoopTests.test_run_until_complete_loop_orphan_future_close_loop] [BaseEventLoopTests.test_run_forever_keyboard_interrupt] [BaseEventLoopTests.test_run_until_complete_baseexception]', () => {
  const l = newEventLoop()
  const told: unknown[] = []
  l.setExceptionHandler((_, c) => told.push(c.message))
  l.callSoon(() => raise(new SystemExit()))
  expect(() => l.runUntilCompleteSync(sleep(0.1))).toThrow(SystemExit)
  l.runUntilCompleteSync(sleep(0.2))
  expect(() => l.runUntilCompleteSync(function* (): Coroutine<void> { throw new KeyboardInterrupt() })).toThrow(KeyboardInterrupt)
  let iterations = 0
  l.callSoon(() => {
    iterations++
    l.callSoon(() => {
      iterations++
      l.stop()
    })
  })
  l.runForeverSync()
  l.close()
  expect([iterations, told]).toEqual([2, []])
})

test('R018 a task that ends with SystemExit queues no stop for the next run', () => {
  const l = newEventLoop()
  expect(() => l.runUntilCompleteSync(function* (): Coroutine<void> { throw new SystemExit() })).toThrow(SystemExit)
  expect(l.runUntilCompleteSync(sleep(1, 'whole'))).toBe('whole')
})

test('errors of callbacks go to the handler that was set, else are printed [BaseEventLoopTests.test_default_exc_handler_callback] [BaseEventLoopTests.test_set_exc_handler_custom] [BaseEventLoopTests.test_set_exc_handler_invalid] [BaseEventLoopTests.test_set_exc_handler_broken] [HandleTests.test_callback_with_exception]', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  const printed = (): string => String(print.mock.calls.at(-1)?.[0])
  const l = newEventLoop()
  function zeroError(): void {
    throw new RangeError('zero')
  }
  for (const start of [() => l.callSoon(zeroError), () => l.callLater(0, zeroError)]) {
    start()
    iterate(l)
    expect(printed()).toMatch(/^Exception in callback zeroError\(\)\n[^]*RangeError: zero/)
    print.mockClear()
  }
  expect(l.getExceptionHandler()).toBeNull()
  expect(() => l.setExceptionHandler('spam' as never)).toThrow('A callable object or None')
  const told: ExceptionContext[] = []
  const handler = (_: EventLoop, c: ExceptionContext): void => void told.push(c)
  l.setExceptionHandler(handler)
  expect(l.getExceptionHandler()).toBe(handler)
  l.setDebug(true)
  const handle = l.callSoon(zeroError)
  iterate(l)
  expect(told).toHaveLength(1)
  expect([told[0]?.message, told[0]?.handle === handle]).toEqual(['Exception in callback zeroError()', true])
  expect(told[0]?.sourceTraceback).toMatch(/loops\.spec\.ts:\d+$/)
  expect(print).not.toHaveBeenCalled()
  l.setExceptionHandler(() => raise(new TypeError('spam')))
  l.callSoon(zeroError)
  iterate(l)
  expect(printed()).toMatch(/^Unhandled error in exception handler/)
  l.setExceptionHandler(null)
  l.callSoon(zeroError)
  iterate(l)
  expect(printed()).toMatch(/^Exception in callback zeroError/)
})

test('a default handler of a class of one’s own that fails is said, and the loop goes on [BaseEventLoopTests.test_default_exc_handler_broken]', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  const contexts: ExceptionContext[] = []
  class Mine extends EventLoop {
    override defaultExceptionHandler(context: ExceptionContext): void {
      contexts.push(context)
      throw new TypeError('spam')
    }
  }
  const l = new Mine()
  l.callSoon(() => raise(new RangeError('zero')))
  iterate(l)
  expect(print.mock.calls).toEqual([['Exception in default exception handler']])
  l.setExceptionHandler(() => raise(new TypeError('ham')))
  l.callSoon(() => raise(new RangeError('zero')))
  iterate(l)
  expect(print.mock.calls.at(-1)).toEqual(['Exception in default exception handler while handling an unexpected error in custom exception handler'])
  expect(inWords(contexts.at(-1)?.context?.exception)).toBe('RangeError:zero')
})

test('tasks are made by the factory that was set, or by the loop’s own class [BaseEventLoopTests.test_set_task_factory] [BaseEventLoopTests.test_set_task_factory_invalid] [BaseEventLoopTests.test_create_task] [BaseEventLoopTests.test_create_named_task_with_custom_factory]', () => {
  class MyTask extends Task<unknown> {}
  const l = newEventLoop()
  const factory = ((of: EventLoop, c: never) => new MyTask(c, { loop: of })) as never
  expect(() => l.setTaskFactory(1 as never)).toThrow('task factory must be a callable or None')
  expect(l.getTaskFactory()).toBeNull()
  l.setTaskFactory(factory)
  expect(l.getTaskFactory()).toBe(factory)
  const mine = l.createTask(sleep(0), { name: 'test_task' })
  expect([mine instanceof MyTask, mine.getName()]).toEqual([true, 'test_task'])
  l.runUntilCompleteSync(mine)
  l.setTaskFactory(null)
  const plain = l.createTask(sleep(0))
  expect(plain instanceof MyTask).toBe(false)
  l.runUntilCompleteSync(plain)
  class MyLoop extends EventLoop {
    override createTask<T>(c: never): Task<T> {
      return new MyTask(c, { loop: this }) as Task<unknown> as Task<T>
    }
  }
  const other = new MyLoop()
  setEventLoop(other)
  const made = other.runUntilCompleteSync(function* () { return [createTask(sleep(0))] })
  expect(made[0] instanceof MyTask).toBe(true)
})

test('an executor is what can be given jobs [BaseEventLoopTests.test_set_default_executor] [BaseEventLoopTests.test_set_default_executor_error]', () => {
  const l = newEventLoop()
  const dummy = { submit: () => raise(new RangeError('no jobs')) } as Executor
  expect(() => l.setDefaultExecutor({} as never)).toThrow('executor must have a submit method')
  expect(l.runUntilCompleteSync(l.runInExecutor(null, () => 'simulated'))).toBe('simulated')
  l.setDefaultExecutor(dummy)
  expect(() => l.runInExecutor(null, () => 1)).toThrow('no jobs')
  l.setDefaultExecutor(null)
  expect(l.runUntilCompleteSync(l.runInExecutor(null, () => 'again'))).toBe('again')
})

test('R031 debug mode says which callback and which task’s step took long [BaseEventLoopWithSelectorTests.test_log_slow_callbacks]', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const l = newEventLoop()
  l.setDebug(true)
  l.slowCallbackDuration = 0
  function stopLoop(): void {
    l.stop()
  }
  l.callSoon(stopLoop)
  l.runForeverSync()
  expect(warn.mock.calls.at(-1)?.[0]).toMatch(/^Executing <Handle stopLoop\(\).*> took \d+\.\d{3} seconds/)
  l.createTask(function stopping() { l.stop() }, { name: 'stopper' })
  l.runForeverSync()
  expect(warn.mock.calls.at(-1)?.[0]).toMatch(/^Executing .*stopper.* took \d+\.\d{3} seconds/)
})

test('handles and timers in words, with arguments and their place in debug mode, cancelled or not [HandleTests.test_handle_repr] [HandleTests.test_handle_repr_debug] [HandleTests.test_handle_source_traceback] [TimerTests.test_timer_repr] [TimerTests.test_timer_repr_debug]', () => {
  const l = newEventLoop()
  const noop = { noop: (...args: number[]): void => expect(args).toBeUndefined() }.noop
  const plain = [l.callSoon(noop, 1, 2), l.callAt(123, noop)]
  expect(plain.map(String)).toEqual(['<Handle noop()>', '<TimerHandle when=123 noop()>'])
  for (const h of plain) h.cancel()
  expect(plain.map(String)).toEqual(['<Handle cancelled>', '<TimerHandle cancelled when=123>'])
  l.setDebug(true)
  const place = / created at .*loops\.spec\.ts:\d+>$/
  const debugged = [l.callSoon(noop, 1, 2), l.callSoonThreadsafe(noop, 1, 2), l.callAt(123, noop), l.callLater(123, noop)]
  const words = (): string[] => debugged.map((h) => String(h).replace(place, ' [place]>'))
  expect(words()).toEqual(['<Handle noop(1, 2) [place]>', '<Handle noop(1, 2) [place]>', '<TimerHandle when=123 noop() [place]>', '<TimerHandle when=123 noop() [place]>'])
  for (const h of debugged) {
    h.cancel()
    h.cancel()
  }
  expect(words()).toEqual(['<Handle cancelled noop(1, 2) [place]>', '<Handle cancelled noop(1, 2) [place]>', '<TimerHandle cancelled when=123 noop() [place]>', '<TimerHandle cancelled when=123 noop() [place]>'])
})

test('R034 timers are ordered by their moments, and equal if they would make the same call then [TimerTests.test_timer_comparison]', () => {
  const l = newEventLoop()
  const callback = (): void => {}
  const [a, b, late] = [l.callAt(1, callback), l.callAt(1, callback), l.callAt(11, callback)]
  expect([a < b, b < a, a <= b, b <= a, a > b, a >= b, a.equals(b)]).toEqual([false, false, true, true, false, true, true])
  expect([a < late, late < a, a <= late, a >= late, late > a, a.equals(late)]).toEqual([true, false, true, false, true, false])
  expect([a.equals(l.callAt(1, () => {})), a.equals(l.callAt(1, callback as (n: number) => void, 1)), a.equals(l.callSoon(callback)), a.equals(5)]).toEqual([false, false, false, false])
  const withArgument = (x: unknown) => l.callAt(2, callback as (...xs: unknown[]) => void, 'same', x)
  expect([withArgument(1).equals(withArgument(1)), withArgument(NaN).equals(withArgument(NaN)), withArgument(1).equals(withArgument(2))]).toEqual([true, true, false])
  b.cancel()
  expect([a.equals(b), a.equals(a)]).toEqual([false, true])
})

test('the current loop: what was set, a loop only; a run’s own while it runs [PolicyTests.test_get_event_loop] [PolicyTests.test_get_event_loop_after_set_none] [PolicyTests.test_new_event_loop] [PolicyTests.test_set_event_loop] [GetEventLoopTestsMixin.test_get_event_loop_returns_running_loop] [GetEventLoopTestsMixin.test_get_event_loop_returns_running_loop2]', () => {
  const [l, other] = [newEventLoop(), newEventLoop()]
  expect(l).toBeInstanceOf(EventLoop)
  setEventLoop(other)
  expect(() => setEventLoop({} as never)).toThrow(TypeError)
  expect([getEventLoop() === other, getEventLoop() === other]).toEqual([true, true])
  setEventLoop(null)
  for (let i = 0; i < 2; i++) {
    expect(() => getEventLoop()).toThrow('no current event loop')
    expect(() => getRunningLoop()).toThrow('no running event loop')
    expect(l.runUntilCompleteSync(function* () { return getEventLoop() === l && getRunningLoop() === l })).toBe(true)
  }
  setEventLoop(l)
  expect(getEventLoop()).toBe(l)
})

both('a callback may not settle what is settled, and is told so', ['InvalidStateError'], function* (w) {
  const f = new Future<number>()
  const told: string[] = []
  loop().setExceptionHandler((_, c) => told.push((c.exception as Error).name))
  f.setResult(1)
  loop().callSoon(() => f.setResult(2))
  yield* on(sleep(0))
  w.log.push(...told)
})
