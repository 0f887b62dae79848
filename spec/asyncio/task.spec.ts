import { expect, test } from 'vitest'
import {
  allTasks,
  CancelledError,
  BaseException,
  type Coroutine,
  createTask,
  currentTask,
  ensureFuture,
  Future,
  getRunningLoop,
  newEventLoop,
  run,
  runSync,
  sleep,
  SystemExit,
  Task,
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
