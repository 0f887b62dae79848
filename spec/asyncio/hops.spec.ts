import { expect, test } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  checkSync,
  ConcurrentFuture,
  type Coroutine,
  createTask,
  type Executor,
  Future,
  gather,
  runInExecutor,
  shield,
  sleep,
  type Strategy,
  type Suspension,
  TaskGroup,
  wait,
  waitFor,
} from '../../src/index.ts'
import { everySync, interleavings } from '../support/count.ts'

const waits: Record<string, (f: Future<number>) => Awaitable<unknown>> = {
  gather: (f) => gather([f]),
  wait: (f) => wait([f]),
  asCompleted: (f) => [...asCompleted([f])][0] ?? f,
  shield: (f) => shield(f),
  waitFor: (f) => waitFor(f, 5),
  TaskGroup: (f) =>
    new TaskGroup().run(function* (group) {
      group.createTask(f)
    }),
  'wait, for the first of two': (f) => wait([new Future(), f], { returnWhen: 'FIRST_COMPLETED' }),
  'asCompleted, of two': (f) => [...asCompleted([new Future<number>(), f])][0] ?? f,
  'a shield in a gather': (f) => gather([shield(f)]),
  'a gather in a wait': (f) => wait([gather([f])]),
}

const fails: Record<string, (f: Future<number>) => Awaitable<unknown>> = {
  'gather, of two': (f) => gather([new Future(), f]),
  'gather, of two, the first': (f) => gather([f, new Future()]),
  'wait, for an error': (f) => wait([new Future(), f], { returnWhen: 'FIRST_EXCEPTION' }),
  'gather, exceptions and all': (f) => gather([f], { returnExceptions: true }),
}

/** The orders in which two tasks end: one that waits, and one that is queued before what the first waits for ends. */
function orders(waiting: (f: Future<number>) => Awaitable<unknown> | Coroutine<unknown>, end: (f: Future<number>) => unknown): string[] {
  const found: string[] = []
  const report = checkSync(
    function* () {
      const order: string[] = []
      const f = new Future<number>()
      createTask(function* () {
        try {
          yield* waiting(f)
        } catch {
          order.push('told')
        }
        order.push('waiter')
      })
      yield* sleep(1)
      createTask(function* () {
        order.push('other')
      })
      end(f)
      yield* sleep(1)
      found.push(order.join(' '))
    },
    { strategy: 'exhaustive', leaks: 'ignore' },
  )
  expect(report).toMatchObject({ exhausted: true, failures: 0 })
  return found.toSorted()
}

const names = Object.keys(waits)
test.each(names)('what %s waits for may come before what was queued earlier, also where nobody awaits the task', (name) => {
  const found = orders(waits[name] as (typeof waits)[string], (f) => f.setResult(1))
  expect([...new Set(found)]).toEqual(['other waiter', 'waiter other'])
  // A task of a group is one more that runs.
  if (name !== 'TaskGroup') expect(found).toHaveLength(2)
})

const ends: Record<string, (f: Future<number>) => unknown> = {
  error: (f) => f.setException(new RangeError()),
  cancellation: (f) => f.cancel(),
}

test.each(Object.keys(fails).flatMap((name) => Object.keys(ends).map((end) => [name, end])))('%s: the same for its %s', (name, end) => {
  const found = orders(fails[name] as (typeof fails)[string], ends[end] as (typeof ends)[string])
  // A cancelled future is no error that wait() looks for.
  if (name === 'wait, for an error' && end === 'cancellation') expect(found).toEqual(['other'])
  else {
    const told = name.startsWith('gather, of two') ? 'told waiter' : 'waiter'
    expect(found).toEqual([`other ${told}`, `${told} other`])
  }
})

test('what is there already is no wait for one that has ended: the rest decides', () => {
  for (const way of ['gather', 'wait'] as const) {
    const found = orders((f) => {
      const before = new Future<number>()
      before.setResult(1)
      return way === 'gather' ? gather([before, f]) : wait([before, f])
    }, (f) => f.setResult(1))
    expect(found).toEqual(['other waiter', 'waiter other'])
  }
})

test('a job of an executor may be back before what was queued earlier; one that nobody waits for is no choice', () => {
  let current = new ConcurrentFuture<number>()
  const handing: Executor = { submit: () => current as never }
  const fresh = (): void => {
    current = new ConcurrentFuture<number>()
  }
  const awaited = orders(() => {
    fresh()
    return runInExecutor(handing, () => 1) as Future<number>
  }, () => current.setResult(1))
  expect(awaited).toEqual(['other waiter', 'waiter other'])
  const alone = orders(() => {
    fresh()
    void runInExecutor(handing, () => 1)
    return new Future()
  }, () => current.setResult(1))
  expect(alone).toEqual(['other'])
})

test('a group that still waits for one of its tasks is not told of the other ones', () => {
  const found = orders((f) => new TaskGroup().run(function* (group) {
    group.createTask(f)
    group.createTask(new Future())
  }), (f) => f.setResult(1))
  // Its tasks start in two orders; and the one that ends does so before the other task, or after it.
  expect(found).toEqual(['other', 'other', 'other', 'other'])
})

test('waitFor without any time goes on once what it has cancelled has ended', () => {
  const found = orders(function* (f) {
    const stubborn = createTask(function* () {
      try {
        yield* sleep(9)
      } catch {
        yield* f
      }
    })
    yield* sleep(0)
    yield* waitFor(stubborn, 0)
  }, (f) => f.setResult(1))
  // One that is cancelled before it has started has ended at once.
  expect(new Set(found)).toEqual(new Set(['other waiter', 'waiter other', 'told waiter other']))
})

test('that one of several has ended is no choice, and nor is it in a gather of gathers', () => {
  const twoSteps = (): Generator<Suspension, void> => (function* () { yield* sleep(0) })()
  const programs = [
    () => gather([twoSteps(), twoSteps()]),
    () => gather([gather([twoSteps()]), twoSteps()]),
    () => gather([gather([twoSteps()]), gather([twoSteps()])]),
    () => gather([gather([gather([twoSteps()]), twoSteps()])]),
  ]
  const counts = programs.map((make) => everySync(function* () { yield* make() }).schedules)
  expect(counts).toEqual(programs.map(() => interleavings(2, 2)))
})

test('the end of a gather stands where its last child has queued it, not where its first one ended', () => {
  const seen: string[] = []
  let log: string[] = []
  const name = (x: string) => function* () { log.push(x) }
  const strategy: Strategy = {
    name: 'watching',
    begin: ({ schedule }) => schedule <= 1,
    pick({ options }) {
      seen.push(options.map((o) => `${o.task} ${o.label}`).join(', '))
      return 0
    },
  }
  checkSync(function* () {
    log = []
    const [f, g] = [new Future<number>(), new Future<number>()]
    createTask(function* () { yield* gather([f, g]) }, { name: 'waiter' })
    yield* sleep(1)
    createTask(name('a'), { name: 'a' })
    f.setResult(1)
    createTask(name('b'), { name: 'b' })
    g.setResult(1)
    createTask(name('c'), { name: 'c' })
    yield* sleep(1)
  }, { strategy, leaks: 'ignore' })
  expect(seen[0]).toBe('a start, b start, waiter gather, c start')
})
