import {
  BaseException,
  ContextVar,
  copyContext,
  createTask,
  currentTask,
  KeyboardInterrupt,
  sleep,
  type Task,
  TaskGroup,
} from '../../../src/index.ts'
import { expect, test } from 'vitest'
import { newEventLoop } from '../../../src/index.ts'
import { both, on, type Script, type World } from '../both.ts'
import { deep } from '../scripts.ts'

class OwnBase extends BaseException {
  override readonly name = 'OwnBase'
}

/** A group as a wait; its error, with members, in words. */
function* grouped(w: World, body: (g: TaskGroup) => Script): Script<unknown> {
  try {
    return yield* on(new TaskGroup().run(w.body(body) as never))
  } catch (error) {
    return deep(error)
  }
}

/** The same, its error left as it is. */
function run(w: World, body: (g: TaskGroup) => Script): Script {
  return on(new TaskGroup().run(w.body(body) as never))
}

/** Adds a task to a group. */
function add<T>(w: World, g: TaskGroup, script: () => Script<T>): Task<T> {
  return g.createTask<T>(() => w.body(script)() as never)
}

const after = (delay: number, then: () => unknown) => function* (): Script {
  yield* on(sleep(delay))
  return then()
}

const fails = (error: () => unknown) => (): never => {
  throw error()
}

/** Sleeps, and throws this instead of a cancellation. */
const orThrow = (delay: number, error: () => unknown) => function* (): Script {
  try {
    yield* on(sleep(delay))
  } catch {
    throw error()
  }
  return undefined
}

/** Sleeps, and notes a cancellation. */
const noting = (delay: number, note: () => unknown) => function* (): Script {
  try {
    yield* on(sleep(delay))
  } catch (error) {
    note()
    throw error
  }
  return undefined
}

/** Starts a script as a task, cancels it after 0.1 s, and gives its end. */
function* cancelled(w: World, script: () => Script, waitFirst = 0.1): Script<unknown> {
  const t = w.task(script)
  yield* on(sleep(waitFirst))
  if (t.done()) return 'was done'
  t.cancel()
  try {
    return yield* on(t)
  } catch (error) {
    return deep(error)
  }
}

both('the block ends when its tasks have, added at once or later, and their results stay [TestTaskGroup.test_taskgroup_01] [TestTaskGroup.test_taskgroup_02]', [42, 11, 0.2, 42, 11, 0.55], function* (w) {
  for (const pause of [0, 0.15]) {
    const tasks: Task<unknown>[] = []
    yield* run(w, function* (g) {
      tasks.push(add(w, g, after(0.1, () => 42)))
      if (pause > 0) yield* on(sleep(pause))
      tasks.push(add(w, g, after(0.2, () => 11)))
      return undefined
    })
    for (const t of tasks) w.log.push(t.result())
    w.log.push(Math.round(currentTask()!.getLoop().time() * 100) / 100)
  }
})

both('a task that is cancelled by the body disturbs nobody [TestTaskGroup.test_taskgroup_03]', [true, 11], function* (w) {
  const tasks: Task<unknown>[] = []
  yield* run(w, function* (g) {
    tasks.push(add(w, g, after(1, () => 42)))
    yield* on(sleep(0.15))
    tasks[0]?.cancel()
    tasks.push(add(w, g, after(0.2, () => 11)))
    return undefined
  })
  w.log.push(tasks[0]?.cancelled(), tasks[1]?.result())
})

both('one fails: its siblings and the body are cancelled, and the errors come in a group [TestTaskGroup.test_taskgroup_04] [TestTaskGroup.test_cancel_children_on_child_error]', [
  'sibling', 'body', 'ExceptionGroup[RangeError,RangeError]',
], function* (w) {
  w.log.push(yield* grouped(w, function* (g) {
    for (let i = 0; i < 2; i++) add(w, g, after(0.1, fails(() => new RangeError())))
    add(w, g, noting(5, () => w.log.push('sibling')))
    return yield* noting(10, () => w.log.push('body'))()
  }))
})

for (const bodyWaits of [false, true]) {
  both(`cancelled from outside ${bodyWaits ? 'in the body' : 'at the end'}: all are cancelled, and it comes out as such [TestTaskGroup.test_cancellation] [TestTaskGroup.test_taskgroup_07] [TestTaskGroup.test_taskgroup_22]`, [
    'CancelledError', bodyWaits ? 15 : 5,
  ], function* (w) {
    let n = 0
    w.log.push(yield* cancelled(w, () => run(w, function* (g) {
      for (let i = 0; i < 5; i++) add(w, g, noting(5, () => n++))
      return bodyWaits ? yield* noting(10, () => (n += 10))() : undefined
    })))
    w.log.push(n)
  })
}

const five = 'ExceptionGroup[RangeError,RangeError,RangeError,RangeError,RangeError]'

both('errors in answer to a cancellation from outside win over it, through groups in groups [TestTaskGroup.test_taskgroup_08] [TestTaskGroup.test_taskgroup_11] [TestTaskGroup.test_taskgroup_12]', [
  five, `ExceptionGroup[${five}]`, `ExceptionGroup[${five}]`,
], function* (w) {
  const inner = (): Script => run(w, function* (g) {
    for (let i = 0; i < 5; i++) add(w, g, orThrow(10, () => new RangeError()))
    yield* on(sleep(10))
    return undefined
  })
  w.log.push(yield* cancelled(w, inner))
  w.log.push(yield* cancelled(w, () => run(w, () => inner())))
  w.log.push(yield* cancelled(w, () => run(w, function* (g) {
    add(w, g, after(10, () => undefined))
    return yield* inner()
  })))
})

for (const delay of [0.1, 0]) {
  both(`the body fails ${delay > 0 ? 'after a wait' : 'at once'}: its tasks are cancelled [TestTaskGroup.test_taskgroup_09] [TestTaskGroup.test_taskgroup_10]`, ['ExceptionGroup[RangeError]', true, true], function* (w) {
    const tasks: Task<unknown>[] = []
    w.log.push(yield* grouped(w, function* (g) {
      tasks.push(add(w, g, after(1, () => 42)), add(w, g, after(2, () => 11)))
      if (delay > 0) yield* on(sleep(delay))
      throw new RangeError()
    }))
    for (const t of tasks) w.log.push(t.cancelled())
  })
}

both('a group in a group: who fails, and whose error is in which [TestTaskGroup.test_taskgroup_13] [TestTaskGroup.test_taskgroup_14]', [
  'ExceptionGroup[RangeError]', 'ExceptionGroup[ExceptionGroup[RangeError]]',
], function* (w) {
  for (const [outer, inner] of [[0.1, 10], [10, 0.1]] as const) {
    w.log.push(yield* grouped(w, function* (g) {
      add(w, g, after(outer, fails(() => new RangeError())))
      return yield* run(w, function* (g2) {
        add(w, g2, after(inner, fails(() => new RangeError())))
      })
    }))
  }
})

both('a task fails while the body holds up its cancellation from outside, with or without a task between [TestTaskGroup.test_taskgroup_15] [TestTaskGroup.test_taskgroup_16]', [
  'ExceptionGroup[RangeError]', 'ExceptionGroup[RangeError]',
], function* (w) {
  const group = (): Script => run(w, function* (g) {
    add(w, g, after(0.3, fails(() => new RangeError())))
    try {
      yield* on(sleep(10))
    } catch (error) {
      yield* on(sleep(0.5))
      throw error
    }
    return undefined
  })
  w.log.push(yield* cancelled(w, group))
  w.log.push(yield* cancelled(w, function* () {
    return yield* on(w.task(group))
  }))
})

both('an empty group hands a cancellation on; another error of the body in its place is grouped [TestTaskGroup.test_taskgroup_17] [TestTaskGroup.test_taskgroup_18]', [
  10, 'CancelledError', 'ExceptionGroup[RangeError]',
], function* (w) {
  w.log.push(yield* cancelled(w, () => run(w, () => noting(10, () => w.log.push(10))())))
  w.log.push(yield* cancelled(w, () => run(w, () => orThrow(10, () => new RangeError())())))
})

both('what the body makes of the group’s cancellation: another error joins, a base exception makes it a base group, an interrupt comes out bare [TestTaskGroup.test_taskgroup_19] [TestTaskGroup.test_taskgroup_20] [TestTaskGroup.test_taskgroup_20a] [TestTaskGroup.test_taskgroup_21a]', [
  'ExceptionGroup[RangeError,TypeError]', 'KeyboardInterrupt', 'BaseExceptionGroup[RangeError,OwnBase]', 'BaseExceptionGroup[OwnBase,TypeError]',
], function* (w) {
  const pairs = [
    [() => new RangeError(), () => new TypeError()],
    [() => new RangeError(), () => new KeyboardInterrupt()],
    [() => new RangeError(), () => new OwnBase()],
    [() => new OwnBase(), () => new TypeError()],
  ] as const
  for (const [child, body] of pairs) {
    // Each in a task of its own: an interrupt leaves the count of cancellations up.
    w.log.push(yield* on(w.task(() => grouped(w, function* (g) {
      add(w, g, after(0.1, fails(child)))
      return yield* orThrow(10, body)()
    }))))
  }
})

both('tasks come and go while the body runs [TestTaskGroup.test_taskgroup_23]', [true, '<TaskGroup entered>'], function* (w) {
  yield* run(w, function* (g) {
    for (let i = 0; i < 10; i++) {
      yield* on(sleep(0.1))
      add(w, g, after(0.3, () => undefined))
      if (i === 5) w.log.push(/tasks=[1-4] /.test(String(g)))
    }
    yield* on(sleep(1.35))
    w.log.push(String(g))
    return undefined
  })
})

both('tasks may add tasks, and the group waits for those too [TestTaskGroup.test_taskgroup_24]', [0.3], function* (w) {
  yield* run(w, function* (g) {
    add(w, g, after(0.1, () => {
      add(w, g, after(0.1, () => undefined))
      add(w, g, after(0.2, () => undefined))
    }))
  })
  w.log.push(Math.round(currentTask()!.getLoop().time() * 100) / 100)
})

both('… until one fails, which ends them however many there are [TestTaskGroup.test_taskgroup_25]', ['ExceptionGroup[RangeError]', true], function* (w) {
  let heads = 0
  w.log.push(yield* grouped(w, function* (g) {
    const hydra = function* (): Script {
      heads++
      yield* on(sleep(0.01))
      add(w, g, hydra)
      add(w, g, hydra)
      return undefined
    }
    add(w, g, hydra)
    add(w, g, function* () {
      for (;;) {
        if (heads >= 10) break
        yield* on(sleep(0.015))
      }
      throw new RangeError()
    })
  }))
  w.log.push(heads >= 10)
})

both('its tasks take a name and a context [TestTaskGroup.test_taskgroup_task_name] [TestTaskGroup.test_taskgroup_task_context]', ['yolo', undefined, 1, 2], function* (w) {
  const v = new ContextVar<number>('v')
  yield* run(w, function* (g) {
    w.log.push(g.createTask(sleep(0), { name: 'yolo' }).getName())
    const context = copyContext()
    w.log.push(context.get(v))
    for (const n of [1, 2]) {
      yield* on(g.createTask(() => w.body(function* () {
        yield* on(sleep(0))
        v.set(n)
      })() as never, { context }))
      w.log.push(context.get(v))
    }
    return undefined
  })
})

both('after a failure it takes no more tasks [TestTaskGroup.test_taskgroup_no_create_task_after_failure]', [true, 'ExceptionGroup[RangeError]'], function* (w) {
  w.log.push(yield* grouped(w, function* (g) {
    add(w, g, after(0.001, fails(() => new RangeError())))
    add(w, g, noting(1, () => w.log.push(/is shutting down/.test(String(w.attempt(() => g.createTask(sleep(0))))))))
  }))
})

both('the cleanup of a body inside fails as well: both errors, and no cancellation is left [TestTaskGroup.test_taskgroup_context_manager_exit_raises]', ['ExceptionGroup[RangeError,TypeError]', 0], function* (w) {
  w.log.push(yield* grouped(w, function* (g) {
    try {
      add(w, g, function* () { throw new RangeError() })
      yield* on(sleep(1))
    } finally {
      // The library's user has made a mistake in its clean-up.
      yield* (function* (): Script { throw new TypeError() })()
    }
  }))
  w.log.push(currentTask()?.cancelling())
})

both('it is entered once, and takes tasks only inside [TestTaskGroup.test_taskgroup_already_entered] [TestTaskGroup.test_taskgroup_double_enter] [TestTaskGroup.test_taskgroup_finished] [TestTaskGroup.test_taskgroup_not_entered]', [
  'has not been entered', 'has already been entered', 'is finished', 'has already been entered',
], function* (w) {
  const g = new TaskGroup()
  const why = (got: unknown): unknown => /(has|is) .*$/.exec(String(got))?.[0].replace(/^.*?(has|is) /, '$1 ')
  const c = sleep(0)
  w.log.push(why(w.attempt(() => g.createTask(c))))
  const empty = w.body(function* () { return undefined })
  yield* on(g.run(w.body(function* () {
    w.log.push(why(yield* w.outcome(g.run(empty as never))))
  }) as never))
  w.log.push(why(w.attempt(() => g.createTask(sleep(0)))), why(yield* w.outcome(g.run(empty as never))))
})

test('it needs a task around it [TestTaskGroup.test_taskgroup_without_parent_task]', () => {
  const l = newEventLoop()
  const failures: string[] = []
  l.callSoon(() => {
    const g = new TaskGroup()
    const block = g.run(() => undefined)[Symbol.iterator]()
    try {
      block.next()
    } catch (error) {
      failures.push((error as Error).message)
    }
    l.stop()
  })
  l.runForeverSync()
  expect(failures).toEqual([expect.stringContaining('cannot determine the parent task')])
  expect(() => createTask(sleep(0))).toThrow('no running event loop')
})
