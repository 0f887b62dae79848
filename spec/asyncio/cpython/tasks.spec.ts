import { beforeEach, expect, test } from 'vitest'
import {
  allTasks,
  copyContext,
  type Coroutine,
  createTask,
  currentTask,
  ensureFuture,
  Future,
  gather,
  newEventLoop,
  setEventLoop,
  sleep,
  Task,
} from '../../../src/index.ts'
import { both, on } from '../both.ts'
import { loop, nothing } from '../scripts.ts'

beforeEach(() => setEventLoop(null))

test('a task gives what its coroutine gives, in the loop that it was made for [BaseTaskTests.test_task_class] [BaseTaskTests.test_create_task_with_async_function] [BaseTaskTests.test_create_task_with_asynclike_function] [BaseTaskTests.test_create_task_with_noncoroutine]', async () => {
  const l = newEventLoop()
  for (let twice = 0; twice < 2; twice++) {
    const t = new Task(nothing(), { loop: l })
    expect([l.runUntilCompleteSync(t), t.done(), t.result(), t.getLoop() === l]).toEqual(['ok', true, 'ok', true])
    expect(() => new Task(123 as never, { loop: l })).toThrow('a coroutine was expected, got 123')
    expect(() => l.createTask(123 as never)).toThrow('a coroutine was expected, got 123')
    const asked: unknown[] = []
    const like = {
      next: () => (asked.push('next'), { done: true as const, value: 42 }),
      throw: (e: unknown): never => { throw e },
      return: () => ({ done: true as const, value: 0 }),
      [Symbol.iterator]() { return this },
    }
    expect([l.runUntilCompleteSync(l.createTask(like as never)), asked]).toEqual([42, ['next']])
    expect(await l.runUntilComplete(l.createTask(async () => 7))).toBe(7)
  }
})

both('createTask makes a task of the running loop, with a name if it is given one [BaseTaskTests.test_bare_create_task] [BaseTaskTests.test_bare_create_named_task] [BaseEventLoopTests.test_create_named_task_with_default_factory]', [true, 'ok', 'No-op', 'loop’s'], function* (w) {
  const t = createTask(nothing())
  w.log.push(t instanceof Task, yield* on(t))
  const named = [createTask(nothing(), { name: 'No-op' }), loop().createTask(nothing(), { name: 'loop’s' })]
  for (const n of named) w.log.push(n.getName())
  yield* on(gather(named))
})

test('R094 what a factory makes has the name that createTask was given', () => {
  const l = newEventLoop()
  const options: unknown[] = []
  l.setTaskFactory((loop_, coroutine, given) => {
    options.push(given)
    return new Task(coroutine, { ...given, loop: loop_ })
  })
  const context = copyContext()
  const tasks = [
    l.createTask(nothing(), { name: 'test_task' }),
    l.createTask(nothing(), { context }),
    l.createTask(nothing(), { eagerStart: true, name: 'n' }),
    l.createTask(nothing()),
  ]
  expect(tasks.map((t) => t.getName())).toEqual(['test_task', 'Task-2', 'n', 'Task-4'])
  expect([options[0], Object.keys(options[1] as object), options[2], options[3]]).toEqual([undefined, ['context'], { eagerStart: true }, undefined])
  l.runUntilCompleteSync(gather(tasks))
})

test('R107 eagerStart: the first step runs in the call, where the loop runs', () => {
  const l = newEventLoop()
  const log: string[] = []
  const body = (name: string) => function* (): Coroutine<void> {
    log.push(name)
    yield* sleep(0)
  }
  const early = l.createTask(body('before the run'), { eagerStart: true })
  log.push('made')
  l.runUntilCompleteSync(function* () {
    const t = createTask(body('eager'), { eagerStart: true })
    log.push('made')
    createTask(body('later'))
    yield* t
    yield* early
  })
  expect(log).toEqual(['made', 'before the run', 'eager', 'made', 'later'])
})

test('ensureFuture: what is a future stays, what is none becomes a task, of the loop that is asked for [BaseTaskTests.test_ensure_future_coroutine] [BaseTaskTests.test_ensure_future_future] [BaseTaskTests.test_ensure_future_task] [BaseTaskTests.test_ensure_future_awaitable] [BaseTaskTests.test_ensure_future_neither] [BaseTaskTests.test_ensure_future_error_msg] [BaseEventLoopTests.test_run_until_complete_loop]', () => {
  const [l, other] = [newEventLoop(), newEventLoop()]
  const t = ensureFuture(nothing(), { loop: l })
  expect([t.getLoop() === l, l.runUntilCompleteSync(t)]).toEqual([true, 'ok'])
  expect(() => ensureFuture(nothing())).toThrow('no current event loop')
  const inside = l.runUntilCompleteSync(function* () { return ensureFuture(nothing()) })
  expect([inside.getLoop() === l, l.runUntilCompleteSync(inside)]).toEqual([true, 'ok'])
  setEventLoop(l)
  expect(ensureFuture(nothing()).getLoop()).toBe(l)
  for (const f of [l.createFuture(), l.createTask(nothing())]) {
    expect(ensureFuture(f) === f && ensureFuture(f, { loop: l }) === f).toBe(true)
    expect(() => ensureFuture(f, { loop: other })).toThrow('The future belongs to a different loop than the one specified as the loop argument')
    expect(() => other.runUntilCompleteSync(f)).toThrow('different loop')
  }
  expect(l.runUntilCompleteSync(ensureFuture(sleep(0, 'awaited'), { loop: l }))).toBe('awaited')
  expect(() => ensureFuture('ok' as never)).toThrow(TypeError)
})

test('what no task can be made of is closed [BaseEventLoopTests.test_create_task_error_closes_coro]', () => {
  const l = newEventLoop()
  l.close()
  const g = nothing()
  expect(() => ensureFuture(g, { loop: l })).toThrow('Event loop is closed')
  expect(g.next()).toEqual({ done: true, value: undefined })
})

both('a task of another loop’s future: the error says whose and which [BaseTaskTests.test_other_loop_future]', [true], function* (w) {
  const f = newEventLoop().createFuture()
  w.log.push(/Task .* got .*Future .*attached to a different loop/.test(String(yield* w.outcome(f))))
})

both('a task cannot wait for itself, nor has it setters; it ends all the same [BaseTaskTests.test_task_awaits_on_itself] [BaseTaskTests.test_task_set_methods]', [true, 'not support set_result', 'not support set_exception', 'ok'], function* (w) {
  const made: { task?: Task<unknown> } = {}
  made.task = w.task(function* () { return yield* on(made.task as Task<unknown>) })
  w.log.push(/Task cannot await on itself/.test(String(yield* w.outcome(made.task))))
  const t = createTask(nothing())
  for (const call of [() => t.setResult(), () => t.setException()]) w.log.push(/not support \w+/.exec(String(w.attempt(call)))?.[0])
  w.log.push(yield* on(t))
})

test('in words: pending, cancelling, cancelled, finished, and what it waits for [BaseTaskTests.test_task_repr] [BaseTaskTests.test_task_repr_autogenerated] [BaseTaskTests.test_task_repr_name_not_str] [BaseTaskTests.test_task_repr_wait_for]', () => {
  const l = newEventLoop()
  function notmuch(): Coroutine<string> {
    return nothing()
  }
  function called(): void {}
  const t = l.createTask(notmuch, { name: 'TestTask' })
  t.addDoneCallback(called)
  expect(String(t)).toBe("<Task pending name='TestTask' coro=<notmuch()> cb=[called()]>")
  t.cancel()
  expect(String(t)).toBe("<Task cancelling name='TestTask' coro=<notmuch()> cb=[called()]>")
  expect(() => l.runUntilCompleteSync(t)).toThrow()
  expect(String(t)).toBe("<Task cancelled name='TestTask' coro=<notmuch()>>")
  const [a, b] = [l.createTask(notmuch), l.createTask(notmuch)]
  const numbers = [a, b].map((x) => Number(/^<Task pending name='Task-(\d+)'/.exec(String(x))?.[1]))
  expect(numbers[0]).toBeLessThan(numbers[1] as number)
  l.runUntilCompleteSync(gather([a, b]))
  expect(String(a)).toMatch(/^<Task finished name='Task-\d+' coro=<notmuch\(\)> result='ok'>$/)
  a.setName(6 as never)
  expect(a.getName()).toBe('6')
  const f = l.createFuture()
  const waiting = l.createTask(f)
  l.callSoon(() => l.stop())
  l.runForeverSync()
  expect(String(waiting)).toContain(`wait_for=${String(f)}>`)
})

test('a loop that is stopped leaves its task as it is; the next run goes on with it [BaseTaskTests.test_stop_while_run_in_complete] [EventLoopTestsMixin.test_run_until_complete_stopped]', () => {
  const l = newEventLoop()
  let x = 0
  const t = l.createTask(function* () {
    while (x < 10) {
      yield* sleep(0.1)
      if (++x === 2) l.stop()
    }
  })
  expect(() => l.runUntilCompleteSync(t)).toThrow('Event loop stopped before Future completed.')
  expect([t.done(), x]).toEqual([false, 2])
  expect(l.time()).toBeCloseTo(0.2)
  t.cancel()
  expect(() => l.runUntilCompleteSync(t)).toThrow(expect.objectContaining({ name: 'CancelledError' }))
})

both('sleep takes its time and gives its value; sleep(0) lets others run first [BaseTaskTests.test_sleep] [SleepTests.test_sleep_zero]', ['yeah', 0.1, 0, 1, 11], function* (w) {
  yield* on(sleep(0.05))
  w.log.push(yield* on(sleep(0.05, 'yeah')), loop().time())
  let n = 0
  loop().callSoon(() => n++)
  w.log.push(n)
  const got = yield* on(sleep(0, 10))
  w.log.push(n, n + got)
})

both('a future of a class of one’s own is waited for like any [BaseTaskTests.test_step_result_future]', [true, true], function* (w) {
  class Mine extends Future<object> {}
  const f = new Mine()
  const t = w.task(function* () { return yield* on(f) })
  yield* on(sleep(0))
  w.log.push(String(f).startsWith('<Mine pending cb=['))
  const result = {}
  f.setResult(result)
  w.log.push((yield* on(t)) === result)
})

test('the current task: in a step its own, outside none [BaseTaskTests.test_current_task] [BaseCurrentLoopTests.test_current_task_no_running_loop] [BaseCurrentLoopTests.test_current_task_no_running_loop_implicit] [BaseCurrentLoopTests.test_current_task_with_implicit_loop] [BaseTaskIntrospectionTests.test__enter_task] [BaseTaskIntrospectionTests.test__leave_task]', () => {
  const l = newEventLoop()
  expect(currentTask(l)).toBeNull()
  expect(() => currentTask()).toThrow('no running event loop')
  const seen: unknown[] = []
  const t = l.createTask(function* (): Coroutine<void> {
    seen.push(currentTask() === t, currentTask(l) === t)
    l.callSoon(() => seen.push(currentTask()))
    yield* sleep(0)
  })
  l.runUntilCompleteSync(t)
  expect([seen, currentTask(l)]).toEqual([[true, true, null], null])
})

both('… and so while others run in between [BaseTaskTests.test_current_task_with_interleaving_tasks]', [[true, true], [true, true]], function* (w) {
  const [f1, f2] = [new Future<boolean>(), new Future<boolean>()]
  const made: Task<unknown>[] = []
  const is = (i: number): boolean => currentTask() === made[i]
  made.push(
    w.task(function* () {
      const seen = [is(0)]
      yield* on(f1)
      seen.push(is(0))
      f2.setResult(true)
      return seen
    }),
    w.task(function* () {
      const seen = [is(1)]
      f1.setResult(true)
      yield* on(f2)
      return [...seen, is(1)]
    }),
  )
  for (const t of made) w.log.push(yield* on(t))
})

test('all tasks are those of the loop that are not done [BaseTaskIntrospectionTests.test__register_task_1] [BaseTaskIntrospectionTests.test__register_task_2] [BaseTaskIntrospectionTests.test__register_task_3] [BaseTaskIntrospectionTests.test__unregister_task]', () => {
  const [l, other] = [newEventLoop(), newEventLoop()]
  expect(allTasks(l).size).toBe(0)
  const t = l.createTask(nothing())
  expect([allTasks(l).has(t), allTasks(l).size, allTasks(other).size]).toEqual([true, 1, 0])
  l.runUntilCompleteSync(t)
  expect(allTasks(l).size).toBe(0)
})

test('a task that is pending when its loop is closed is told, with where it was made in debug mode [BaseTaskTests.test_log_destroyed_pending_task]', () => {
  const l = newEventLoop()
  const told: unknown[] = []
  l.setDebug(true)
  l.setExceptionHandler((_, c) => told.push([Object.keys(c).toSorted(), c.message, c.task === t, /tasks\.spec\.ts:\d+$/.test(c.sourceTraceback ?? '')]))
  const t = l.createTask(l.createFuture())
  expect([...allTasks(l)].map((x) => x === t)).toEqual([true])
  l.stop()
  l.runForeverSync()
  l.close()
  expect(told).toEqual([[['message', 'sourceTraceback', 'task'], 'Task was destroyed but it is pending!', true, true]])
})

test('a task knows its coroutine [BaseTaskTests.test_get_coro]', () => {
  const l = newEventLoop()
  const c = nothing()
  const t = l.createTask(c)
  l.runUntilCompleteSync(t)
  expect(t.getCoro() === c).toBe(true)
})

test('a task that its loop refuses is none of its tasks [BaseTaskTests.test_error_in_call_soon]', () => {
  const l = newEventLoop()
  l.close()
  expect(() => new Task(nothing(), { loop: l })).toThrow('Event loop is closed')
  expect(() => l.createTask(nothing())).toThrow('Event loop is closed')
  expect(allTasks(l).size).toBe(0)
})
