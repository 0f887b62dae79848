import { expect, test } from 'vitest'
import {
  BaseException,
  BaseExceptionGroup,
  CancelledError,
  currentTask,
  eagerTaskFactory,
  ExceptionGroup,
  LookupError,
  newEventLoop,
  run,
  sleep,
  SystemExit,
  TaskGroup,
  ValueError,
} from '../../src/index.ts'
import { both, inWords, on, type Script, type World } from './both.ts'
import { deep, loop, sleeper } from './scripts.ts'

/** What a group comes to: nothing, or its errors, members and all. */
function* group(w: World, body: (g: TaskGroup) => Script): Script<string | undefined> {
  try {
    yield* on(new TaskGroup().run(w.body(body)))
  } catch (error) {
    return deep(error)
  }
}

both('R190 last child ends in k, the block goes on in k+2', [[1, 'in'], [2, 'child ends'], [4, 'out']], function* (w) {
  yield* group(w, function* (g) {
    g.createTask(w.body(function* () { w.at('child ends') }))
    w.at('in')
  })
  w.at('out')
})

both('R191 no children left: no suspension; the value of the body comes out', [[1, 5]], function* (w) {
  const body = w.body(function* () {
    return 5
  })
  w.at(yield* on(new TaskGroup().run(body)))
})

both(
  'R192 a child fails: the others and the parent are cancelled, the group waits, the count is taken back',
  [[2, 'raise'], [4, 's', 'CancelledError'], [4, 'body', 'CancelledError'], [6, 'ExceptionGroup[ValueError:x]'], 0],
  function* (w) {
    const end = yield* group(w, function* (g) {
      g.createTask(w.body(sleeper(w, 's', 9)))
      g.createTask(
        w.body(function* () {
          w.at('raise')
          throw new ValueError('x')
        }),
      )
      try {
        yield* on(sleep(5))
      } catch (error) {
        w.at('body', inWords(error))
        throw error
      }
    })
    w.at(end)
    w.log.push(currentTask()?.cancelling())
  },
)

both('R193 errors in the order of the done callbacks', ['ExceptionGroup[ValueError:1,LookupError:2]', 'unhandled errors in a TaskGroup', true], function* (w) {
  const bad = (error: Error) =>
    w.body(function* () {
      throw error
    })
  try {
    yield* on(
      new TaskGroup().run((g) => {
        g.createTask(bad(new ValueError('1')))
        g.createTask(bad(new LookupError('2')))
      }),
    )
  } catch (error) {
    w.log.push(deep(error), (error as Error).message, error instanceof AggregateError)
  }
})

both('R194 the body fails: children first, the body’s error last', [[3, 's', 'CancelledError'], 'ExceptionGroup[LookupError:child,ValueError:body]'], function* (w) {
  w.log.push(
    yield* group(w, function* (g) {
      g.createTask(
        w.body(function* () {
          try {
            yield* sleeper(w, 's', 9)()
          } catch {
            throw new LookupError('child')
          }
        }),
      )
      yield* on(sleep(0))
      throw new ValueError('body')
    }),
  )
})

both('R195 a child that ends cancelled is no error', [undefined, true, 1], function* (w) {
  const tasks: { cancelled(): boolean; result(): unknown }[] = []
  const end = yield* group(w, function* (g) {
    const t = g.createTask(() => sleep(9))
    const u = g.createTask(() => sleep(1, 1))
    tasks.push(t, u)
    yield* on(sleep(0))
    t.cancel()
  })
  w.log.push(end, tasks[0]?.cancelled(), tasks[1]?.result())
})

both('R196 the parent is cancelled from outside', [[3, 'cancel'], [5, 's', 'CancelledError'], 'CancelledError:m', 1], function* (w) {
  const t = w.task(function* () {
    const body = w.body(function* (g: TaskGroup) {
      g.createTask(w.body(sleeper(w, 's', 9)))
    })
    yield* on(new TaskGroup().run(body))
  })
  yield* on(sleep(0))
  yield* on(sleep(0))
  w.at('cancel')
  t.cancel('m')
  w.log.push(yield* w.outcome(t), t.cancelling())
})

both('R197 … while a child fails: errors win, and the parent is cancelled again', ['ExceptionGroup[ValueError]', 1, 'CancelledError'], function* (w) {
  const t = w.task(function* () {
    const end = yield* group(w, function* (g) {
      g.createTask(
        w.body(function* () {
          try {
            yield* on(sleep(9))
          } catch {
            throw new ValueError()
          }
        }),
      )
    })
    w.log.push(end, currentTask()?.cancelling(), yield* w.outcome(sleep(0)))
  })
  yield* on(sleep(0))
  yield* on(sleep(0))
  t.cancel()
  yield* on(t)
})

both(
  'R198 when it takes no tasks',
  ['has not been entered', 'is finished', 'is shutting down', 'has already been entered'],
  function* (w) {
    const tail = (error: unknown) => String(error).split('> ').at(-1)
    const g = new TaskGroup()
    w.log.push(tail(w.attempt(() => g.createTask(() => sleep(0)))))
    yield* on(g.run(() => undefined))
    w.log.push(tail(w.attempt(() => g.createTask(() => sleep(0)))))
    yield* group(w, function* (late) {
      late.createTask(
        w.body(function* () {
          try {
            yield* on(sleep(9))
          } catch {
            w.log.push(tail(w.attempt(() => late.createTask(() => sleep(0)))))
          }
        }),
      )
      yield* on(sleep(0))
      throw new ValueError()
    })
    w.log.push(tail(yield* w.outcome(g.run(() => undefined))))
  },
)

both('R198 while the parent waits at the end, children may add tasks', [1, 'added'], function* (w) {
  yield* group(w, function* (g) {
    g.createTask(
      w.body(function* () {
        yield* on(sleep(1))
        g.createTask(
          w.body(function* () {
            w.log.push(loop().time(), 'added')
          }),
        )
      }),
    )
  })
})

test('R198b a refused coroutine is closed', () => {
  const closed: string[] = []
  function* one() {
    try {
      yield* sleep(0)
    } finally {
      closed.push('finally')
    }
  }
  const coroutine = one()
  expect(() => new TaskGroup().createTask(coroutine)).toThrow('has not been entered')
  expect(coroutine.next()).toEqual({ done: true, value: undefined })
  expect(closed).toEqual([])
})

test('R199 R199b SystemExit of a child: siblings cancelled, raised bare, the count stays', () => {
  const log: unknown[] = []
  const l = newEventLoop()
  const t = l.createTask(function* () {
    const siblings: { cancelled(): boolean }[] = []
    try {
      yield* new TaskGroup().run(function* (g) {
        siblings.push(g.createTask(() => sleep(9)))
        g.createTask(() => {
          throw new SystemExit()
        })
        yield* sleep(9)
      })
    } catch (error) {
      log.push(inWords(error), siblings[0]?.cancelled(), currentTask()?.cancelling())
    }
  })
  expect(() => l.runUntilCompleteSync(t)).toThrow(SystemExit)
  l.runUntilCompleteSync(t)
  l.close()
  expect(log).toEqual(['SystemExit', true, 1])
})

both('R200 a failing child cancels the parent in the body and at the end; the count is taken back', [[1, 0], [2, 0]], function* (w) {
  for (const inBody of [true, false]) {
    yield* on(
      w.task(function* () {
        yield* group(w, function* (g) {
          g.createTask(
            w.body(function* () {
              yield* on(sleep(1))
              throw new ValueError()
            }),
          )
          if (inBody) yield* on(sleep(5))
        })
        w.log.push([loop().time(), currentTask()?.cancelling()])
      }),
    )
  }
})

both('R201 an error that is no Exception: BaseExceptionGroup', ['BaseExceptionGroup', false, true], function* (w) {
  class AppBase extends BaseException {}
  try {
    yield* on(
      new TaskGroup().run((g) => {
        g.createTask(() => {
          throw new AppBase()
        })
      }),
    )
  } catch (error) {
    w.log.push((error as Error).name, error instanceof ExceptionGroup, error instanceof BaseExceptionGroup)
  }
})

both('R202 an outside cancel before the child’s wake-up in one iteration: no error is left', ['CancelledError', true, 1], function* (w) {
  const t = w.task(function* () {
    const me = currentTask()
    loop().callLater(1, () => me?.cancel())
    const body = w.body(function* (g: TaskGroup) {
      g.createTask(
        w.body(function* () {
          yield* on(sleep(1))
          throw new ValueError()
        }),
      )
    })
    yield* on(new TaskGroup().run(body))
  })
  w.log.push(yield* w.outcome(t), t.cancelled(), t.cancelling())
})

both('R203 siblings are cancelled in order of creation', ['a', 'b', 'c'], function* (w) {
  yield* group(w, function* (g) {
    for (const name of ['a', 'b', 'c']) {
      g.createTask(
        w.body(function* () {
          try {
            yield* on(sleep(9))
          } catch (error) {
            w.log.push(name)
            throw error
          }
        }),
      )
    }
    yield* on(sleep(0))
    throw new ValueError()
  })
})

both('R206 the parent swallowed the group’s cancellation: nothing is left to deliver', ['CancelledError', 'ExceptionGroup[ValueError]', 0, 'goes on'], function* (w) {
  const end = yield* group(w, function* (g) {
    g.createTask(
      w.body(function* () {
        throw new ValueError()
      }),
    )
    w.log.push(yield* w.outcome(sleep(9)))
  })
  w.log.push(end, currentTask()?.cancelling())
  yield* on(sleep(0))
  w.log.push('goes on')
})

test('R105 eager children: the done callback is queued all the same', async () => {
  const log: unknown[] = []
  await run(function* () {
    loop().setTaskFactory(eagerTaskFactory)
    try {
      yield* new TaskGroup().run(function* (g) {
        g.createTask(() => {
          throw new ValueError()
        })
        log.push([loop().tick, 'still in the body'])
        yield* sleep(1)
      })
    } catch (error) {
      log.push(deep(error), currentTask()?.cancelling())
    }
  })
  expect(log).toEqual([[1, 'still in the body'], 'ExceptionGroup[ValueError]', 0])
})

both('R207 the body raises CancelledError by itself: it comes out', ['CancelledError:mine', 0], function* (w) {
  const end = yield* group(w, function* () {
    throw new CancelledError('mine')
  })
  w.log.push(end, currentTask()?.cancelling())
})
