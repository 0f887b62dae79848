import { expect, test } from 'vitest'
import {
  checkSync,
  type Coroutine,
  createTask,
  Future,
  gather,
  getRunningLoop,
  shield,
  sleep,
  TaskGroup,
  TimeoutError,
  timeout,
  ValueError,
  wait,
  waitFor,
} from '../../src/index.ts'
import { inWords } from './both.ts'

/** Every ending of a body over all its schedules, sorted, and how many schedules there are. */
function endings(body: () => Coroutine<unknown>): { ends: string[]; schedules: number } {
  const ends = new Set<string>()
  const report = checkSync(
    function* () {
      ends.add(String(yield* body()))
    },
    { strategy: 'exhaustive', leaks: 'ignore' },
  )
  expect([report.exhausted, report.failures]).toEqual([true, 0])
  return { ends: [...ends].sort(), schedules: report.schedules }
}

function* ending(work: Iterable<unknown>): Coroutine<string> {
  try {
    return String(yield* work as Coroutine<unknown>)
  } catch (error) {
    return inWords(error)
  }
}

test('a result and a timeout with one deadline: either may win, whichever was armed first', () => {
  for (const resultFirst of [true, false]) {
    const { ends } = endings(function* () {
      const f = new Future<string>()
      const l = getRunningLoop()
      l.setExceptionHandler(() => {})
      const set = (): void => f.setResult('result')
      if (resultFirst) l.callAt(1, set)
      const t = createTask(ending(waitFor(f, 1)))
      yield* sleep(0)
      if (!resultFirst) l.callAt(1, set)
      return yield* t
    })
    expect(ends).toEqual(['TimeoutError', 'result'])
  }
})

test('between the failure of a child and the abort of its group, others may run', () => {
  const { ends } = endings(function* () {
    let failed = false
    const log: string[] = []
    const f = new Future<string>()
    const outside = function* (): Coroutine<void> {
      yield* sleep(1)
      if (failed && !f.done()) f.setResult('served after the failure')
    }
    try {
      yield* new TaskGroup().run(function* (group) {
        group.createTask(function* () {
          log.push(yield* ending(f))
        })
        group.createTask(function* () {
          yield* sleep(1)
          failed = true
          throw new ValueError()
        })
        createTask(outside())
        yield* sleep(9)
      })
    } catch {
      // The group's error is the same in all of them.
    }
    return log.join()
  })
  expect(ends).toEqual(['CancelledError', 'served after the failure'])
})

test('bookkeeping is no choice: one task behind shield, wait and gather has one schedule', () => {
  const child = function* (): Coroutine<number> {
    yield* sleep(1)
    return 1
  }
  expect(endings(() => ending(shield(child()))).schedules).toBe(1)
  expect(endings(() => ending(gather([child()]))).schedules).toBe(1)
  expect(endings(() => ending(wait([createTask(child())]))).schedules).toBe(1)
  expect(endings(() => ending(waitFor(child(), 5))).schedules).toBe(1)
  expect(
    endings(() =>
      ending(
        new TaskGroup().run((group) => {
          group.createTask(child())
        }),
      ),
    ).schedules,
  ).toBe(1)
})

test('wait does not change the six schedules of the lost update', () => {
  let n = 0
  const report = checkSync(
    function* () {
      n = 0
      function* increment(): Coroutine<void> {
        const read = n
        yield* sleep(0)
        n = read + 1
      }
      yield* wait([createTask(increment()), createTask(increment())])
      if (n !== 2) throw new Error(`lost update: ${n}`)
    },
    { strategy: 'exhaustive', bail: false },
  )
  expect([report.schedules, report.failures, report.exhausted]).toEqual([6, 4, true])
})

test('a timeout block whose body never waits has no choice', () => {
  expect(endings(() => ending(timeout(0, () => 'quick'))).ends).toEqual(['quick'])
  expect(new TimeoutError()).toBeInstanceOf(Error)
})
