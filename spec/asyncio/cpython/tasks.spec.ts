import { afterEach, expect, test } from 'vitest'
import {
  allTasks,
  ContextVar,
  copyContext,
  type Coroutine,
  createTask,
  currentTask,
  ensureFuture,
  Event,
  Future,
  gather,
  getRunningLoop,
  newEventLoop,
  setEventLoop,
  sleep,
  SystemExit,
  Task,
  TimeoutError,
  wait,
} from '../../../src/index.ts'
import { both, inWords, on, type Script } from '../both.ts'
import { loop } from '../scripts.ts'

afterEach(() => setEventLoop(null))

function* nothing(): Coroutine<string> {
  return 'ok'
}

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

both('a count of cancellations that can be taken back, while the task is pending [BaseTaskTests.test_cancelling] [BaseTaskTests.test_uncancel_basic]', [
  [0, false], [1, true, false], [0, false], [2, true], 'CancelledError', [true, true],
], function* (w) {
  const t = w.task(function* () {
    yield* w.outcome(sleep(10))
    currentTask()?.uncancel()
    yield* on(sleep(10))
  })
  yield* on(sleep(0.01))
  const words = (): boolean => String(t).includes(' cancelling ')
  w.log.push([t.cancelling(), words()])
  t.cancel()
  w.log.push([t.cancelling(), words(), t.cancelled()])
  yield* on(sleep(0.01))
  w.log.push([t.cancelling(), words()])
  t.cancel()
  t.cancel()
  w.log.push([t.cancelling(), words()])
  w.log.push(yield* w.outcome(t))
  t.uncancel()
  w.log.push([t.cancelled(), t.done()])
})

for (const [name, sleeping, deadline, ends] of [
  ['its time is up', 10, 0.1, [true, false, true, 0]],
  ['it is in time', 0, 10, [false, true, true, 0]],
] as const) {
  both(`a block with a deadline of one’s own, by cancel and uncancel: ${name} [BaseTaskTests.test_uncancel_structured_blocks]`, [[...ends]], function* (w) {
    const t = w.task(function* () {
      const self = currentTask() as Task<unknown>
      let [late, finished] = [false, false]
      const timer = loop().callLater(deadline, () => {
        late = true
        self.cancel()
      })
      try {
        try {
          yield* on(sleep(sleeping))
          finished = true
        } catch (error) {
          timer.cancel()
          if (late && self.uncancel() === 0) throw new TimeoutError()
          throw error
        }
        timer.cancel()
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error
      }
      yield* on(sleep(0))
      return [late, finished, true]
    })
    w.log.push([...((yield* on(t)) as unknown[]), t.cancelling()])
  })
}

/** What a task comes to: how it ended, and whether it can be cancelled again. */
function end(t: Task<unknown>): unknown[] {
  return [t.done(), t.cancelled(), t.cancel()]
}

both('cancelled in a sleep, in a bare yield, with the future that it waits for, or alone through that [BaseTaskTests.test_cancel] [BaseTaskTests.test_cancel_yield] [BaseTaskTests.test_cancel_inner_future] [BaseTaskTests.test_cancel_both_task_and_inner_future] [BaseTaskTests.test_task_cancel_waiter_future]', [
  ['CancelledError', true, true, false],
  ['CancelledError', true, true, false],
  ['CancelledError', true, true, false], true,
  ['CancelledError', true, true, false], true,
  ['CancelledError', true, true, false], true,
], function* (w) {
  const sleeping = w.task(function* () { yield* on(sleep(10)) })
  loop().callSoon(() => sleeping.cancel())
  w.log.push([yield* w.outcome(sleeping), ...end(sleeping)])
  const yielding = w.task(function* () {
    yield* on(sleep(0))
    yield* on(sleep(0))
  })
  yield* on(sleep(0))
  yielding.cancel()
  w.log.push([yield* w.outcome(yielding), ...end(yielding)])
  for (const how of ['future', 'both', 'task']) {
    const f = new Future<number>()
    const t = w.task(function* () { return yield* on(f) })
    yield* on(sleep(0))
    if (how !== 'task') f.cancel()
    if (how !== 'future') t.cancel()
    w.log.push([yield* w.outcome(t), ...end(t)], f.cancelled())
  }
})

both('a task that catches its cancellation may return, or go on to wait [BaseTaskTests.test_cancel_task_catching] [BaseTaskTests.test_cancel_task_ignoring]', [
  [true, 42, false], [true, 42, false, false],
], function* (w) {
  for (const goesOn of [false, true]) {
    const [f1, f2, f3] = [new Future<number>(), new Future<number>(), new Future<number>()]
    const t = w.task(function* (): Script {
      yield* on(f1)
      try {
        yield* on(f2)
      } catch {
        if (!goesOn) return 42
      }
      return yield* on(f3)
    })
    yield* on(sleep(0))
    f1.setResult(0)
    yield* on(sleep(0))
    yield* on(sleep(0))
    t.cancel()
    const log: unknown[] = [f2.cancelled()]
    if (goesOn) {
      yield* on(sleep(0))
      yield* on(sleep(0))
      f3.setResult(42)
    }
    log.push(yield* on(t))
    if (goesOn) log.push(f3.cancelled())
    w.log.push([...log, t.cancelled()])
  }
})

both('a task that cancels itself: at its next wait, at its end, and through a task that it waits for [BaseTaskTests.test_cancel_current_task] [BaseTaskTests.test_cancel_at_end] [BaseTaskTests.test_cancel_awaited_task]', [
  ['CancelledError', true, true, false], ['CancelledError', true, true, false], ['CancelledError', true, true, false], [true, true],
], function* (w) {
  const made: Task<unknown>[] = []
  const f = new Future<number>()
  const scripts: (() => Script)[] = [
    function* () { yield* on(sleep(100)) },
    function* () { return 12 },
    function* () {
      yield* on(made[3] as Task<unknown>)
    },
  ]
  for (const [i, script] of scripts.entries()) {
    made[i] = w.task(function* () {
      if (i === 2) {
        made[3] = w.task(function* () { yield* on(f) })
        yield* on(sleep(0))
      }
      currentTask()?.cancel()
      return yield* script()
    })
    const t = made[i] as Task<unknown>
    w.log.push([yield* w.outcome(t), ...end(t)])
  }
  w.log.push([made[3]?.cancelled(), f.cancelled()])
})

for (const started of [true, false]) {
  both(`the message of a cancellation, ${started ? 'with and without one' : 'of a task that had not begun'}, is what result() and exception() raise [BaseTaskTests.test_cancel_with_message_then_future_result] [BaseTaskTests.test_cancel_with_message_then_future_exception] [BaseTaskTests.test_cancel_with_message_before_starting_task] [BaseTaskTests.test_task_cancel_message_getter]`, [
    'CancelledError', 'CancelledError:my message', 'CancelledError', 'CancelledError:my message',
  ], function* (w) {
    for (const ask of ['result', 'exception'] as const) {
      for (const message of [undefined, 'my message']) {
        const t = w.task(function* () { yield* on(sleep(10)) })
        if (started) yield* on(sleep(0))
        t.cancel(message)
        yield* on(wait([t]))
        w.log.push(w.attempt(() => t[ask]()))
      }
    }
  })
}

both('an error made of a cancellation names it as its cause, message and all [BaseTaskTests.test_cancellation_exception_context]', ['cancelled', 'CancelledError:msg'], function* (w) {
  const inner = w.task(function* () { yield* on(sleep(10)) })
  yield* on(sleep(0))
  loop().callSoon(() => inner.cancel('msg'))
  const t = w.task(function* () {
    try {
      yield* on(inner)
    } catch (error) {
      throw new RangeError('cancelled', { cause: error })
    }
  })
  try {
    yield* on(t)
  } catch (error) {
    w.log.push((error as Error).message, inWords((error as Error).cause))
  }
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

both('a sleep that is left leaves no timer, and takes no time [BaseTaskTests.test_sleep_cancel] [BaseTaskTests.test_task_cancel_sleeping_task]', ['CancelledError', 0.1, undefined, 0.1], function* (w) {
  const t = w.task(function* () { yield* on(sleep(5000)) })
  loop().callLater(0.1, () => t.cancel())
  w.log.push(yield* w.outcome(t))
  w.log.push(loop().time(), yield* on(sleep(0)), loop().time())
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

test('SystemExit in answer to a cancellation leaves the loop, and is the task’s exception [BaseTaskTests.test_baseexception_during_cancel]', () => {
  const l = newEventLoop()
  const exit = new SystemExit()
  const t = l.createTask(function* () {
    try {
      yield* sleep(10)
    } catch {
      throw exit
    }
  })
  const once = (): void => {
    l.stop()
    l.runForeverSync()
  }
  once()
  t.cancel()
  expect(t.done()).toBe(false)
  expect(once).toThrow(SystemExit)
  expect([t.done(), t.cancelled(), t.exception() === exit]).toEqual([true, false, true])
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

both('a cancellation goes through coroutines to what they wait for, and comes back through them [BaseTaskTests.test_yield_future_passes_cancel]', [101, true], function* (w) {
  let proof = 0
  const f = new Future<number>()
  const inner = function* (): Script {
    try {
      return yield* on(f)
    } catch (error) {
      proof += 1
      throw error
    }
  }
  const t = w.task(function* () {
    try {
      yield* inner()
      proof += 10
    } catch {
      proof += 100
    }
  })
  yield* on(sleep(0))
  t.cancel()
  yield* on(t)
  w.log.push(proof, f.cancelled())
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

both('context variables: a task has the values of its making, and keeps its own [BaseTaskTests.test_context_1] [BaseTaskTests.test_context_2]', [
  'nope', 'nope', 'yes', 'yes', ...[0, 1].flatMap((j) => [`yes${j}`, ...[0, 1, 2].map((i) => `yes${i}-${j}`)]),
], function* (w) {
  const v = new ContextVar<string>('cvar', { default: 'nope' })
  w.log.push(v.get())
  const sub = w.task(function* () {
    yield* on(sleep(0.01))
    w.log.push(v.get())
    v.set('something else')
  })
  v.set('yes')
  yield* on(sub)
  w.log.splice(2, 0, 'yes')
  w.log.push(v.get())
  for (let j = 0; j < 2; j++) {
    const f = new Future<null>()
    f.addDoneCallback(() => void v.set('something else'))
    v.set(`yes${j}`)
    loop().callSoon(() => f.setResult(null))
    yield* on(f)
    w.log.push(v.get())
    for (let i = 0; i < 3; i++) {
      v.set(`yes${i}-${j}`)
      yield* on(sleep(0.001))
      w.log.push(v.get())
    }
  }
})

both('… a hundred at once, however they take turns [BaseTaskTests.test_context_3]', [0, -1], function* (w) {
  const v = new ContextVar<number>('cvar', { default: -1 })
  let wrong = 0
  yield* on(gather(Array.from({ length: 100 }, (_, n) => w.task(function* () {
    for (let i = 0; i < 10; i++) {
      v.set(n + i)
      yield* on(sleep(0.001 * (1 + ((n * 7 + i * 13) % 50))))
      if (v.get() !== n + i) wrong++
    }
  }))))
  w.log.push(wrong, v.get())
})

both('… and in a context that it is given, what it sets stays there [BaseTaskTests.test_context_4] [BaseTaskTests.test_context_5] [BaseTaskTests.test_context_6]', [
  undefined, 1, 2, undefined, 1, 2, undefined, 1, 2,
], function* (w) {
  const v = new ContextVar<number>('cvar')
  const makers = [
    (f: () => unknown, context: ReturnType<typeof copyContext>) => new Task(f as () => never, { context, loop: getRunningLoop() }),
    (f: () => unknown, context: ReturnType<typeof copyContext>) => createTask(f as () => never, { context }),
    (f: () => unknown, context: ReturnType<typeof copyContext>) => loop().createTask(f as () => never, { context }),
  ]
  for (const make of makers) {
    const context = copyContext()
    w.log.push(context.get(v))
    for (const n of [1, 2]) {
      yield* on(make(w.body(function* () {
        yield* on(sleep(0))
        v.set(n)
      }), context))
      w.log.push(context.get(v))
    }
  }
})

both('a task that is cancelled while it waits for an event may wait for it again', ['CancelledError', true], function* (w) {
  const e = new Event()
  const t = w.task(function* () {
    w.log.push(yield* w.outcome(e.wait()))
    return yield* on(e.wait())
  })
  yield* on(sleep(0))
  t.cancel()
  yield* on(sleep(0))
  e.set()
  w.log.push(yield* on(t))
})

test('a task that its loop refuses is none of its tasks [BaseTaskTests.test_error_in_call_soon]', () => {
  const l = newEventLoop()
  l.close()
  expect(() => new Task(nothing(), { loop: l })).toThrow('Event loop is closed')
  expect(() => l.createTask(nothing())).toThrow('Event loop is closed')
  expect(allTasks(l).size).toBe(0)
})

test('the stack of a cancellation shows where the task was interrupted [BaseTaskTests.test_cancel_traceback_for_future_result] [BaseTaskTests.test_cancel_traceback_for_future_exception]', () => {
  const l = newEventLoop()
  function* nested(): Coroutine<void> {
    yield* sleep(10)
  }
  for (const ask of ['result', 'exception'] as const) {
    const t = l.createTask(nested())
    l.callSoon(() => void t.cancel())
    l.callLater(1, () => l.stop())
    l.runForeverSync()
    const failures: string[] = []
    try {
      t[ask]()
    } catch (error) {
      failures.push((error as Error).stack ?? '')
    }
    expect(failures).toEqual([expect.stringMatching(/CancelledError[^]* nested .*tasks\.spec\.ts/)])
  }
})
