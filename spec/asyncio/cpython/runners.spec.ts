import { afterEach, expect, test } from 'vitest'
import {
  check,
  ContextVar,
  createTask,
  currentTask,
  Event,
  eagerTaskFactory,
  getEventLoop,
  getRunningLoop,
  isCoroutine,
  isCoroutineFunction,
  newEventLoop,
  Runner,
  run,
  runInExecutor,
  runSync,
  setEventLoop,
  sleep,
  Task,
  toThread,
  gather,
  copyContext,
} from '../../../src/index.ts'
import { both, on } from '../both.ts'

afterEach(() => setEventLoop(null))

test('run gives what main returns, and raises what it raises [RunTests.test_asyncio_run_return] [RunTests.test_asyncio_run_raises]', async () => {
  const main = (fail: boolean) => function* () {
    yield* sleep(0)
    if (fail) throw new RangeError('spam')
    return 42
  }
  expect(runSync(main(false))).toBe(42)
  expect(() => runSync(main(true))).toThrow('spam')
  const native = async (fail: boolean): Promise<number> => {
    await sleep(0)
    if (fail) throw new RangeError('spam')
    return 42
  }
  expect(await run(() => native(false))).toBe(42)
  await expect(run(() => native(true))).rejects.toThrow('spam')
})

test('only coroutines are run: no number, no future [RunTests.test_asyncio_run_only_coro] [RunnerTests.test_run_non_coro] [RunnerTests.test_run_future]', async () => {
  expect(() => runSync(1 as never)).toThrow('a coroutine was expected')
  await expect(run(1 as never)).rejects.toThrow('a coroutine was expected')
  const runner = new Runner()
  expect(() => runner.runSync(123 as never)).toThrow('a coroutine was expected')
  expect(() => runner.runSync(runner.getLoop().createFuture())).toThrow('a coroutine was expected')
  runner.closeSync()
})

test('debug mode is what the call says, off otherwise [RunTests.test_asyncio_run_debug] [RunnerTests.test_debug] [RunnerTests.test_non_debug]', () => {
  const debugging = function* (): Generator<never, boolean> {
    return getRunningLoop().getDebug()
  }
  expect([false, true, undefined].map((debug) => runSync(debugging(), { debug }))).toEqual([false, true, false])
  for (const debug of [true, false]) {
    const runner = new Runner({ debug })
    expect(runner.getLoop().getDebug()).toBe(debug)
    runner.closeSync()
  }
})

test('not from inside a run, be it run or a runner’s [RunTests.test_asyncio_run_from_running_loop] [RunnerTests.test_recursive_run]', () => {
  const inside = (call: () => unknown) => function* (): Generator<never, void> {
    call()
  }
  expect(() => runSync(inside(() => runSync(sleep(0))))).toThrow('cannot be called from a running')
  const runner = new Runner()
  expect(() => runner.runSync(inside(() => runner.runSync(sleep(0))))).toThrow('Runner.run() cannot be called from a running event loop')
  runner.closeSync()
})

test('what is left is cancelled; what fails then is told [RunTests.test_asyncio_run_cancels_hanging_tasks] [RunTests.test_asyncio_run_reports_hanging_tasks_errors]', () => {
  const left: Task<unknown>[] = []
  const told: unknown[] = []
  const result = runSync(function* () {
    getRunningLoop().setExceptionHandler((_, c) => told.push([c.message, c.task === left[1], (c.exception as Error).name]))
    left.push(createTask(sleep(0.1)))
    left.push(createTask(function* () {
      try {
        yield* sleep(0.1)
      } catch {
        throw new RangeError()
      }
    }))
    yield* sleep(0)
    return 123
  })
  expect([result, ...left.map((t) => t.done())]).toEqual([123, true, true])
  expect(told).toEqual([['unhandled exception during asyncio.run() shutdown', true, 'RangeError']])
})

test('an async generator that a leftover task reads is left at its wait, and its finally runs [RunTests.test_asyncio_run_closes_gens_after_hanging_tasks_errors]', async () => {
  const log: string[] = []
  async function* endless(): AsyncGenerator<number> {
    try {
      for (;;) {
        yield 1
        await sleep(1)
      }
    } finally {
      log.push('generator closed')
    }
  }
  class FancyExit extends Error {}
  await expect(run(async () => {
    createTask(async () => {
      let n = 0
      for await (const one of endless()) n += one
      return n
    })
    await sleep(0)
    throw new FancyExit()
  })).rejects.toThrow(FancyExit)
  expect(log).toEqual(['generator closed'])
})

test('run makes its loop the current one, a runner does so once [RunTests.test_asyncio_run_set_event_loop] [RunnerTests.test_set_event_loop_called_once]', () => {
  const before = newEventLoop()
  setEventLoop(before)
  const runner = new Runner()
  runner.runSync(sleep(0))
  const made = getEventLoop()
  expect(made).not.toBe(before)
  const other = newEventLoop()
  setEventLoop(other)
  runner.runSync(sleep(0))
  expect(getEventLoop()).toBe(other)
  runner.closeSync()
  expect(() => getEventLoop()).toThrow('no current event loop')
})

test('a main that was cancelled from inside ends the run so, whatever its task can do [RunTests.test_asyncio_run_without_uncancel]', () => {
  class Plain extends Task<unknown> {
    override uncancel(): number {
      throw new TypeError('cannot uncancel')
    }
  }
  const l = newEventLoop()
  l.setTaskFactory((loop, coroutine, options) => new Plain(coroutine as never, { ...options, loop }) as never)
  expect(() => runSync(function* () {
    currentTask()?.cancel()
    yield* new Event().wait()
  }, { loopFactory: () => l })).toThrow(expect.objectContaining({ name: 'CancelledError' }))
})

test('a runner keeps one loop and one context until it is closed, once for all [RunnerTests.test_run] [RunnerTests.test_run_keeps_context] [RunnerTests.test_custom_factory] [RunnerTests.test_explicit_close] [RunnerTests.test_double_close] [RunnerTests.test_second_with_block_raises]', async () => {
  const v = new ContextVar<number>('v', { default: -1 })
  const l = newEventLoop()
  const runner = new Runner({ loopFactory: () => l })
  expect(runner.getLoop()).toBe(l)
  const swap = (n: number) => function* () {
    const old = v.get()
    yield* sleep(0)
    v.set(n)
    return old
  }
  expect([runner.runSync(swap(1)), runner.runSync(swap(2))]).toEqual([-1, 1])
  expect(runner.runSync(function* () { return copyContext() }).get(v)).toBe(2)
  runner.closeSync()
  runner.closeSync()
  expect(l.isClosed()).toBe(true)
  expect(() => runner.getLoop()).toThrow('Runner is closed')
  expect(() => runner.runSync(sleep(0))).toThrow('Runner is closed')
  const native = new Runner()
  expect(await native.run(async () => 'done')).toBe('done')
  const made = native.getLoop()
  await native.close()
  await native.close()
  expect(made.isClosed()).toBe(true)
  await expect(native.run(async () => 1)).rejects.toThrow('Runner is closed')
})

both('toThread gives what the function gives, once, with its arguments, and its error [ToThreadTests.test_to_thread] [ToThreadTests.test_to_thread_once] [ToThreadTests.test_to_thread_args_kwargs] [ToThreadTests.test_to_thread_exception] [EventLoopTestsMixin.test_run_in_executor]', [
  42, ['test', { something: true }], 1, 'RangeError:test', 'yo',
], function* (w) {
  w.log.push(yield* on(toThread((a: number, b: number) => a + b, 40, 2)))
  let calls = 0
  w.log.push(yield* on(toThread((...args: unknown[]) => {
    calls++
    return args
  }, 'test', { something: true })), calls)
  w.log.push(yield* w.outcome(toThread(() => { throw new RangeError('test') })))
  w.log.push(yield* on(runInExecutor(null, (s: string) => s, 'yo')))
})

both('ten jobs at once, each in the context of its call [ToThreadTests.test_to_thread_concurrent] [ToThreadTests.test_to_thread_contextvars]', [10, 'parrot'], function* (w) {
  let calls = 0
  yield* on(gather(Array.from({ length: 10 }, () => toThread(() => void calls++))))
  const v = new ContextVar<string>('v')
  v.set('parrot')
  w.log.push(calls, yield* on(toThread(() => v.get())))
})

test('after its cancellation a job calls nothing in a loop that was closed [EventLoopTestsMixin.test_run_in_executor_cancel]', () => {
  const l = newEventLoop()
  const f = l.runInExecutor(null, () => 1)
  f.cancel()
  l.runUntilCompleteSync(l.shutdownDefaultExecutor())
  l.close()
  expect([f.cancelled(), l.isClosed()]).toEqual([true, true])
})

test('what is a coroutine, and what makes one [CoroutineTests.test_iscoroutine] [CoroutineTests.test_iscoroutinefunction] [BaseTaskTests.test_iscoroutinefunction]', () => {
  const generator = function* (): Generator<never, number> { return 1 }
  expect([generator(), sleep(1), new Event().wait(), generator, 5, Promise.resolve()].map(isCoroutine)).toEqual([true, true, true, false, false, false])
  expect([generator, async () => {}, () => {}, generator(), 5].map(isCoroutineFunction)).toEqual([true, true, false, false, false])
})

test('coroutines call coroutines, in debug mode too [CoroutineTests.test_async_def_coroutines] [BaseTaskTests.test_task_basics]', async () => {
  const [inner, innerNative] = [function* (): Generator<never, string> { return 'spam' }, async (): Promise<string> => 'spam']
  for (const debug of [false, true]) {
    expect(runSync(function* () { return yield* inner() }, { debug })).toBe('spam')
    expect(await run(async () => await innerNative(), { debug })).toBe('spam')
  }
})

both('what was awaited once cannot be awaited again [CoroutineTests.test_double_await]', ['RuntimeError:cannot reuse already awaited coroutine', 'RuntimeError:cannot reuse already awaited coroutine', 'RuntimeError:coroutine is being awaited already'], function* (w) {
  for (const c of [new Event().wait(), sleep(1)]) {
    const t = createTask<unknown>(c)
    yield* on(sleep(0))
    w.log.push(yield* w.outcome(c))
    t.cancel()
  }
  const c = sleep(1)
  createTask(c)
  yield* on(sleep(0))
  w.log.push(yield* w.outcome(createTask(c)))
})

test('eager native functions keep their own waits, in a plain run too', async () => {
  const seen: unknown[] = []
  await run(async () => {
    getRunningLoop().setTaskFactory(eagerTaskFactory)
    const child = createTask(async () => {
      try {
        await sleep(100)
      } catch (error) {
        seen.push((error as Error).name)
      }
      await Promise.resolve()
      await sleep(1)
      seen.push(currentTask()?.getName())
      return 'ended'
    }, { name: 'child' })
    await sleep(1)
    seen.push(currentTask()?.getName())
    child.cancel()
    seen.push(await child)
  })
  expect(seen).toEqual(['Task-1', 'CancelledError', 'child', 'ended'])
})

test('… and in an exploration', async () => {
  const names: (string | undefined)[] = []
  const report = await check(async () => {
    const child = createTask(async () => {
      await sleep(1)
      await Promise.resolve()
      await sleep(1)
      names.push(currentTask()?.getName())
    }, { name: 'child', eagerStart: true })
    await sleep(1)
    names.push(currentTask()?.getName())
    await child
  }, { strategy: 'fifo', schedules: 1 })
  expect([report.failures, names]).toEqual([0, ['Task-1', 'child']])
})
