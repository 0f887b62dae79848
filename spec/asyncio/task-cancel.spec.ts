import { expect, test, vi } from 'vitest'
import {
  check,
  type Coroutine,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  Lock,
  runSync,
  sleep,
  Task,
  ValueError,
  wait,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop } from './scripts.ts'

both('R068 sleep cancels its timer when it is left early', [[4, 'CancelledError'], 0], function* (w) {
  const t = w.task(function* () {
    yield* on(sleep(9))
  })
  yield* on(sleep(0))
  t.cancel()
  w.at(yield* w.outcome(t))
  w.log.push(loop().time())
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

test('R088 … and so do others who wait for one of them', () => {
  const ended: string[] = []
  runSync(function* () {
    const tasks: Task<unknown>[] = []
    const waiting = (name: string, other: number) =>
      createTask(function* (): Coroutine<void> {
        try {
          yield* tasks[other] as Task<unknown>
        } finally {
          ended.push(name)
        }
      })
    tasks.push(waiting('first', 1), waiting('second', 0))
    for (const other of [0, 1, 1]) waiting(`for ${other}`, other)
    yield* sleep(0)
  })
  expect(ended.toSorted()).toEqual(['first', 'for 0', 'for 1', 'for 1', 'second'])
})

test('a cancellation is delivered once: to who waits for a native body, and not also to what that waits for later', async () => {
  const seen: unknown[] = []
  const report = await check(async () => {
    let open: () => void = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const task = createTask(function* () {
      try {
        yield* new Lock().with(async () => {
          await gate
          await sleep(5)
          seen.push('the body has slept', getRunningLoop().time())
        })
      } catch (error) {
        seen.push((error as Error).name)
      }
    })
    await sleep(1)
    task.cancel()
    open()
    await sleep(9)
  }, { strategy: 'fifo' })
  expect(report.failure).toBeUndefined()
  expect(seen).toEqual(['CancelledError', 'the body has slept', 6])
})

// CPython throws the cancellation into the coroutine, which closes it: it has been awaited, and can't be again.
test.each([0, 1])('a sleep(%i) whose task is cancelled before it starts is over', (delay) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  runSync(function* () {
    getRunningLoop().slowCallbackDuration = 600
    const asleep = sleep(delay)
    const task = createTask(asleep)
    task.cancel()
    try {
      yield* task
    } catch (error) {
      expect(inWords(error)).toBe('CancelledError')
    }
    expect(() => asleep[Symbol.iterator]()).toThrow('cannot reuse already awaited coroutine')
    const closed = sleep(delay)
    ;(closed as unknown as Generator).return(undefined)
    expect(() => closed[Symbol.iterator]()).toThrow('cannot reuse already awaited coroutine')
  }, { debug: true })
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})
