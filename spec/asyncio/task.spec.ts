import { expect, test } from 'vitest'
import {
  allTasks,
  CancelledError,
  BaseException,
  type Coroutine,
  createTask,
  currentTask,
  DeadlockError,
  eagerTaskFactory,
  ensureFuture,
  Future,
  gather,
  getRunningLoop,
  newEventLoop,
  run,
  runSync,
  sleep,
  Task,
  ValueError,
  wait,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop } from './scripts.ts'

both('R060 tasks start in order, in the next iteration', [[1, 'created'], [2, 'a'], [2, 'b']], function* (w) {
  for (const name of ['a', 'b']) {
    w.task(function* () {
      w.at(name)
    })
  }
  w.at('created')
  yield* on(sleep(0))
})

both('R062 a future set in k: the waiting task goes on in k+1', [[1, 'wait'], [2, 'set'], [3, 'resumed']], function* (w) {
  const f = new Future<null>()
  loop().callSoon(() => {
    w.at('set')
    f.setResult(null)
  })
  w.at('wait')
  yield* on(f)
  w.at('resumed')
})

both('R063 a chain of tasks', [[3, 'b ends'], [4, 'a resumes'], [5, 'main']], function* (w) {
  const b = w.task(function* () {
    yield* on(sleep(0))
    w.at('b ends')
  })
  const a = w.task(function* () {
    yield* on(b)
    w.at('a resumes')
  })
  yield* on(a)
  w.at('main')
})

both('R066 a bare yield goes on behind what is queued', [[1, 'main 0'], [2, 'other'], [2, 'main 1'], [3, 'main 2']], function* (w) {
  loop().callSoon(() => w.at('other'))
  for (let i = 0; i < 2; i++) {
    w.at(`main ${i}`)
    yield* on(sleep(0))
  }
  w.at('main 2')
})

both('R067 sleep: timer in k, the task in k+1; 0 or less is a bare yield', [[1, 'sleep'], [2, 1, 'timer'], [3, 1, 'resumed'], [4, 'neg', 'r']], function* (w) {
  loop().callLater(1, () => w.at(loop().time(), 'timer'))
  w.at('sleep')
  yield* on(sleep(1))
  w.at(loop().time(), 'resumed')
  w.at('neg', yield* on(sleep(-3, 'r')))
})

both('R067b sleep of NaN', ['ValueError:Invalid delay: NaN (not a number)'], function* (w) {
  w.log.push(yield* w.outcome(sleep(Number.NaN)))
})

both('R068 sleep cancels its timer when it is left early', [[4, 'CancelledError'], 0], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(9))
  })
  yield* on(sleep(0))
  t.cancel()
  w.at(yield* w.outcome(t))
  w.log.push(loop().time())
})

both('R070 a coroutine that ends with CancelledError makes the task cancelled', [true, 'CancelledError:mine', 0], function* (w) {
  const t = w.task(function* () {
    throw new CancelledError('mine')
  })
  yield* on(wait([t]))
  w.log.push(t.cancelled(), yield* w.outcome(t), t.cancelling())
})

both('R072 any other BaseException is stored', [true, 'caught'], function* (w) {
  class Base extends BaseException {}
  const t = w.task(function* () {
    throw new Base()
  })
  yield* on(wait([t]))
  w.log.push(t.exception() instanceof Base)
  try {
    yield* on(t)
  } catch {
    w.log.push('caught')
  }
})

both('R073 cancel counts, and is refused when the task is done', [true, true, 2, false, 2], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(9))
  })
  yield* on(sleep(0))
  w.log.push(t.cancel(), t.cancel(), t.cancelling())
  yield* on(wait([t]))
  w.log.push(t.cancel(), t.cancelling())
})

both('R075 cancel in k: CancelledError in k+1', [[2, 'cancel', true, false], [3, 't', 'CancelledError:m'], [4, 'main']], function* (w) {
  const t = w.task(function* () {
    try {
      yield* on(new Future())
    } catch (error) {
      w.at('t', inWords(error))
      throw error
    }
  })
  yield* on(sleep(0))
  w.at('cancel', t.cancel('m'), t.cancelled())
  yield* w.outcome(t)
  w.at('main')
})

both('R076 the awaited future is done: its result is lost', [[2, 'set, cancel', true], [3, 'CancelledError:m']], function* (w) {
  const f = new Future<number>()
  const t = w.task(function* () {
    w.at(yield* w.outcome(f))
  })
  yield* on(sleep(0))
  f.setResult(5)
  w.at('set, cancel', t.cancel('m'))
  yield* on(t)
})

both('R076b … and its exception counts as retrieved', [[3, 'CancelledError'], false], function* (w) {
  const f = new Future<number>()
  const t = w.task(function* () {
    w.at(yield* w.outcome(f))
  })
  yield* on(sleep(0))
  f.setException(new ValueError())
  t.cancel()
  yield* on(t)
  w.log.push(f.unretrieved)
})

both('R077 cancelled before the first step: no line of the body runs', [true, true, 'CancelledError:early', 3], function* (w) {
  const t = w.task(function* () {
    try {
      w.at('never')
    } finally {
      w.at('never either')
    }
  })
  w.log.push(t.cancel('early'))
  const end = yield* w.outcome(t)
  w.log.push(t.cancelled(), end, loop().tick)
})

both('R078 cancelled in a bare yield', [[3, 'CancelledError']], function* (w) {
  const t = w.task(function* () {
    w.at(yield* w.outcome(sleep(0)))
  })
  yield* on(sleep(0))
  t.cancel()
  yield* on(t)
})

both('R079 a task that cancels itself: at its next suspension', [[2, 'a', true], [2, 'a awaits'], [3, 'a', 'CancelledError:self']], function* (w) {
  yield* on(
    w.task(function* () {
      w.at('a', currentTask()?.cancel('self'))
      w.at('a awaits')
      w.at('a', yield* w.outcome(new Future()))
    }),
  )
})

both('R079b … returning: it ends cancelled', [true, 'CancelledError:self', true], function* (w) {
  const t = w.task(function* () {
    currentTask()?.cancel('self')
    return 5
  })
  yield* on(wait([t]))
  w.log.push(t.cancelled(), yield* w.outcome(t), t.cancelled())
})

both('R079c … awaiting something done does not deliver', [[2, 'at once', 7], 'CancelledError'], function* (w) {
  const done = new Future<number>()
  done.setResult(7)
  yield* on(
    w.task(function* () {
      currentTask()?.cancel()
      w.at('at once', yield* on(done))
      w.log.push(yield* w.outcome(sleep(0)))
    }),
  )
})

both('R080 … ending with another exception: that stands', [false, 'ValueError'], function* (w) {
  const t = w.task(function* () {
    currentTask()?.cancel()
    throw new ValueError()
  })
  yield* on(wait([t]))
  w.log.push(t.cancelled(), inWords(t.exception()))
})

both('R082 several cancels: the first message while it waits, the last before it starts', [['CancelledError:one', undefined], 2, 'CancelledError:two'], function* (w) {
  const got: unknown[] = []
  const body = function* () {
    got.push(yield* w.outcome(new Future()))
    got.push(yield* w.outcome(sleep(0)))
  }
  const t = w.task(body)
  yield* on(sleep(0))
  t.cancel('one')
  t.cancel('two')
  yield* on(t)
  w.log.push(got, t.cancelling())
  const early = w.task(body)
  early.cancel('one')
  early.cancel('two')
  w.log.push(yield* w.outcome(early))
})

both('R083 a caught CancelledError is over', [1, 'result', false, 1], function* (w) {
  const t = w.task(function* () {
    yield* w.outcome(sleep(9))
    yield* on(sleep(1))
    w.log.push(currentTask()?.cancelling())
    return 'result'
  })
  yield* on(sleep(0))
  t.cancel()
  w.log.push(yield* on(t), t.cancelled(), t.cancelling())
})

both('R084 uncancel', [1, 0, 0], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(9))
  })
  yield* on(sleep(0))
  t.cancel()
  t.cancel()
  w.log.push(t.uncancel(), t.uncancel(), t.uncancel())
  yield* w.outcome(t)
})

both('R084b R084c it takes an undelivered cancellation back only at 0', [undefined, 0, 'CancelledError', 1], function* (w) {
  for (const n of [1, 2]) {
    yield* on(
      w.task(function* () {
        const t = currentTask()
        for (let i = 0; i < n; i++) t?.cancel()
        t?.uncancel()
        w.log.push(yield* w.outcome(sleep(0)), t?.cancelling())
      }),
    )
  }
})

both(
  'R085 outer awaits inner, who swallows the cancellation',
  [[2, 'cancel outer', true], [3, 'inner', 'CancelledError'], [5, 'outer got', 'value'], 1, 1, false],
  function* (w) {
    const inner = w.task(function* () {
      w.at('inner', yield* w.outcome(sleep(9)))
      yield* on(sleep(0))
      return 'value'
    })
    const outer = w.task(function* () {
      w.at('outer got', yield* on(inner))
    })
    yield* on(sleep(0))
    w.at('cancel outer', outer.cancel())
    yield* on(outer)
    w.log.push(inner.cancelling(), outer.cancelling(), outer.cancelled())
  },
)

both('R086 … or ends with another exception', ['ValueError'], function* (w) {
  const inner = w.task(function* () {
    yield* w.outcome(sleep(9))
    throw new ValueError()
  })
  const outer = w.task(function* () {
    w.log.push(yield* w.outcome(inner))
  })
  yield* on(sleep(0))
  outer.cancel()
  yield* on(outer)
})

both('R087 inner cancelled by a third party', ['CancelledError:m', 0, true], function* (w) {
  const inner = w.task(function* () {
    yield* on(sleep(9))
  })
  const outer = w.task(function* () {
    try {
      yield* on(inner)
    } catch (error) {
      w.log.push(inWords(error))
      throw error
    }
  })
  yield* on(sleep(0))
  inner.cancel('m')
  yield* on(wait([outer]))
  w.log.push(outer.cancelling(), outer.cancelled())
})

both('R047 the first reader gets the message, later ones none', ['CancelledError:m', 'CancelledError', 'CancelledError'], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(9))
  })
  yield* on(sleep(0))
  t.cancel('m')
  for (let i = 0; i < 3; i++) w.log.push(yield* w.outcome(t))
})

both('R088 tasks that wait for each other: cancel says so, and changes nothing', [true, 0, 0, false], function* (w) {
  const tasks: Task<unknown>[] = []
  for (const other of [1, 0]) {
    tasks.push(
      w.task(function* () {
        yield* on(tasks[other] as Task<unknown>)
      }),
    )
  }
  yield* on(sleep(0))
  w.log.push(String(w.attempt(() => tasks[0]?.cancel())).startsWith('RuntimeError:'))
  w.log.push(tasks[0]?.cancelling(), tasks[1]?.cancelling(), tasks[0]?.done())
})

test('R088 … and the end of the run parts them', () => {
  const ended: string[] = []
  runSync(function* () {
    const tasks: Task<unknown>[] = []
    for (const other of [1, 0]) {
      tasks.push(
        createTask(function* (): Coroutine<void> {
          try {
            yield* tasks[other] as Task<unknown>
          } finally {
            ended.push(`task ${other}`)
          }
        }),
      )
    }
    yield* sleep(0)
  })
  expect(ended).toHaveLength(2)
})

both(
  'R089 a task cannot await itself, and nobody can await it then',
  [[3, 'RuntimeError:Task cannot await on itself'], [4, "RuntimeError:await wasn't used with future"]],
  function* (w) {
    const t = w.task(function* () {
      w.at(String(yield* w.outcome(currentTask() as Task<unknown>)).split(': ')[0])
      yield* on(sleep(1))
    })
    for (let i = 0; i < 3; i++) yield* on(sleep(0))
    w.at(yield* w.outcome(t))
  },
)

test('R090 a bad yield: thrown in the next iteration, and the task goes on', () => {
  const log: unknown[] = []
  runSync(function* () {
    try {
      yield 5 as never
    } catch (error) {
      log.push(loop().tick, inWords(error))
    }
    yield* sleep(0)
    log.push('went on')
  })
  expect(log).toEqual([2, 'RuntimeError:Task got bad yield: 5', 'went on'])
})

both('R091 a future of another loop', [[2, true]], function* (w) {
  const f = new Future({ loop: newEventLoop() })
  const end = String(yield* w.outcome(f))
  w.at(end.startsWith('RuntimeError:') && end.endsWith('attached to a different loop'))
})

test('R092 names', () => {
  const l = newEventLoop()
  const tasks = [l.createTask(sleep(0)), l.createTask(sleep(0)), l.createTask(sleep(0), { name: 'x' })]
  tasks[0]?.setName(5 as never)
  expect(tasks.map((t) => t.getName())).toEqual(['5', 'Task-2', 'x'])
})

test('R093 createTask outside a run, and of no coroutine', () => {
  expect(() => createTask(sleep(0))).toThrow('no running event loop')
  expect(() => newEventLoop().createTask(5 as never)).toThrow('a coroutine was expected, got 5')
})

both('R095 there is no current task in a callback', [null, true], function* (w) {
  const f = new Future<number>()
  f.addDoneCallback(() => w.log.push(currentTask()))
  f.setResult(1)
  yield* on(sleep(0))
  w.log.push(currentTask() !== null)
})

both('R096 allTasks', [2, 1], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(0))
  })
  w.log.push(allTasks().size)
  yield* on(t)
  w.log.push(allTasks().size)
})

test('R098 in words', () => {
  const words: string[] = []
  runSync(function* () {
    const t = createTask(
      function* f() {
        yield* new Future()
      },
      { name: 'a' },
    )
    words.push(String(t))
    yield* sleep(0)
    words.push(String(t))
    t.cancel()
    words.push(String(t))
    yield* wait([t])
    words.push(String(t))
    const ok = createTask(function* f() { return 1 }, { name: 'b' })
    yield* ok
    words.push(String(ok))
  })
  expect(words).toEqual([
    "<Task pending name='a' coro=<f()>>",
    "<Task pending name='a' coro=<f()> wait_for=<Future pending cb=[Task.wakeup()]>>",
    "<Task cancelling name='a' coro=<f()> wait_for=<Future cancelled>>",
    "<Task cancelled name='a' coro=<f()>>",
    "<Task finished name='b' coro=<f()> result=1>",
  ])
})

both(
  'R099 a task has no setters',
  ['RuntimeError:Task does not support set_result operation', 'RuntimeError:Task does not support set_exception operation'],
  function* (w) {
    const t = currentTask()
    w.log.push(w.attempt(() => t?.setResult()), w.attempt(() => t?.setException()))
  },
)

both('R100 callbacks and wake-ups share one list', [[2, 'y'], [3, 'x'], [4, 'cb x'], [4, 'y sees x']], function* (w) {
  const x = w.task(function* () {
    yield* on(sleep(0))
    w.at('x')
  })
  const y = w.task(function* () {
    w.at('y')
    x.addDoneCallback(() => w.at('cb x'))
    yield* on(x)
    w.at('y sees x')
  })
  yield* on(y)
})

test('R102 an eager task runs its first step inside createTask', () => {
  const log: unknown[] = []
  runSync(function* () {
    const l = loop()
    l.setTaskFactory(eagerTaskFactory)
    const me = currentTask()
    const a = l.createTask(function* () {
      log.push([l.tick, 'starts', currentTask() !== me, allTasks().size])
      return 'other'
    })
    log.push([l.tick, 'created'], a.done(), currentTask() === me, allTasks().has(a as Task<unknown>), a.getCoro())
  })
  expect(log).toEqual([[1, 'starts', true, 2], [1, 'created'], true, true, false, null])
})

test('R103 an eager task that suspends is an ordinary one from then on', () => {
  const log: unknown[] = []
  runSync(function* () {
    const l = loop()
    l.setTaskFactory(eagerTaskFactory)
    const a = l.createTask(function* () {
      log.push([l.tick, 'starts'])
      yield* sleep(0)
      log.push([l.tick, 'goes on'])
    })
    log.push([l.tick, 'created'], a.done(), allTasks().has(a as Task<unknown>))
    yield* a
    log.push([l.tick, 'main'])
  })
  expect(log).toEqual([[1, 'starts'], [1, 'created'], false, true, [2, 'goes on'], [3, 'main']])
})

test('R104 gather of eager coroutines, callbacks and errors of eager tasks', () => {
  const log: unknown[] = []
  runSync(function* () {
    const l = loop()
    l.setTaskFactory(eagerTaskFactory)
    const g = gather([() => 1, () => 2])
    log.push(g.done(), yield* g, [l.tick, 'no hop'])
    const t = l.createTask(() => 3)
    t.addDoneCallback(() => log.push([l.tick, 'done callback']))
    const bad = l.createTask(() => {
      throw new ValueError()
    })
    yield* sleep(0)
    log.push(inWords(bad.exception()))
  })
  expect(log).toEqual([true, [1, 2], [1, 'no hop'], [2, 'done callback'], 'ValueError'])
})

test('R274 ensureFuture', () => {
  runSync(function* () {
    const f = new Future<number>()
    expect(ensureFuture(f)).toBe(f)
    const t = ensureFuture(sleep(0))
    expect(t).toBeInstanceOf(Task)
    yield* t
    expect(() => ensureFuture(5 as never)).toThrow('An asyncio.Future, a coroutine or an awaitable is required')
  })
})

test('SystemExit of a task leaves the run, whichever front end', async () => {
  const { SystemExit } = await import('../../src/index.ts')
  expect(() =>
    runSync(function* () {
      yield* createTask(() => {
        throw new SystemExit('out')
      })
    }),
  ).toThrow('out')
  await expect(
    run(async () => {
      await createTask(async () => {
        throw new SystemExit('out')
      })
    }),
  ).rejects.toThrow('out')
  expect(DeadlockError).toBeDefined()
})

test('R064 a coroutine that is awaited runs inline: no iteration passes unless it suspends', async () => {
  function* inner(): Coroutine<string> {
    return `${currentTask()?.getName()} in ${getRunningLoop().tick}`
  }
  const inGenerators = runSync(function* () {
    return [`${currentTask()?.getName()} in ${getRunningLoop().tick}`, yield* inner()]
  })
  expect(inGenerators[1]).toBe(inGenerators[0])
  const where = () => `${currentTask()?.getName()} in ${getRunningLoop().tick}`
  const inNative = await run(async () => [where(), await (async () => where())(), where()])
  expect(new Set(inNative).size).toBe(1)
})
