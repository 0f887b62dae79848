import { beforeEach, expect, test } from 'vitest'
import {
  asCompleted,
  createTask,
  ensureFuture,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  gather,
  newEventLoop,
  setEventLoop,
  shield,
  sleep,
  type Task,
  TimeoutError,
  wait,
} from '../../../src/index.ts'
import { both, inWords, on, type World } from '../both.ts'
import { iterate, loop } from '../scripts.ts'

beforeEach(() => setEventLoop(null))

function sleepers(w: World, ...delays: number[]): Task<unknown>[] {
  return delays.map((d) => w.task(function* () { yield* on(sleep(d)) }))
}

/** Which of these are in a set. */
function which(set: Set<unknown>, all: readonly unknown[]): number[] {
  return all.flatMap((x, i) => (set.has(x) ? [i] : []))
}

both('wait: all of them, given as a list or an iterator; done ones cost no time [BaseTaskTests.test_wait] [BaseTaskTests.test_wait_with_iterator_of_tasks] [BaseTaskTests.test_wait_duplicate_coroutines]', [
  [[0, 1], 0, 0.15], [[0, 1], 0, 0.15], [[0, 1], 0, 0.15], [[0, 1], 0, 0.15],
], function* (w) {
  const tasks = sleepers(w, 0.1, 0.15)
  const [a, b] = tasks as [Task<unknown>, Task<unknown>]
  for (const given of [[b, a], [b, a], [b, a][Symbol.iterator]() as IterableIterator<Task<unknown>>, [b, b, a]]) {
    const [done, pending] = yield* on(wait(given))
    w.log.push([which(done, tasks), pending.size, loop().time()])
  }
})

both('wait: until the first, until the first exception (before or during), for a time [BaseTaskTests.test_wait_first_completed] [BaseTaskTests.test_wait_first_exception] [BaseTaskTests.test_wait_first_exception_in_wait] [BaseTaskTests.test_wait_with_timeout] [BaseTaskTests.test_wait_concurrent_complete]', [
  [[1], [0], 0.1], [[1], [0], 0.1], [[1], [0], 0.2], [[0], [1], 0.3], [[0], [1], 0.4],
], function* (w) {
  const show = (tasks: readonly unknown[], [done, pending]: [Set<unknown>, Set<unknown>]): void => {
    w.log.push([which(done, tasks), which(pending, tasks), Math.round(loop().time() * 10) / 10])
  }
  const first = sleepers(w, 10, 0.1)
  show(first, yield* on(wait(first, { returnWhen: FIRST_COMPLETED })))
  for (const delay of [0, 0.1]) {
    const tasks = [...sleepers(w, 10), w.task(function* () {
      yield* on(sleep(delay))
      throw new RangeError('err')
    })]
    show(tasks, yield* on(wait(tasks, { returnWhen: FIRST_EXCEPTION })))
  }
  for (const timeout of [0.11, 0.1]) {
    const tasks = sleepers(w, 0.1, 0.15)
    // They are asleep before the wait begins, so that of equal deadlines theirs comes first.
    yield* on(sleep(0))
    show(tasks, yield* on(wait(tasks, { timeout })))
    for (const t of tasks) t.cancel()
  }
})

both('wait: what ends before the waiter runs again counts as done [BaseTaskTests.test_wait_really_done]', [[[0, 1], 0]], function* (w) {
  const yielding = (n: number): Task<unknown> => w.task(function* () {
    for (let i = 0; i < n; i++) yield* on(sleep(0))
  })
  const tasks = [yielding(1), yielding(2)]
  const [done, pending] = yield* on(wait([tasks[1] as Task<unknown>, tasks[0] as Task<unknown>], { returnWhen: FIRST_COMPLETED }))
  w.log.push([which(done, tasks), pending.size])
})

both('wait: exceptions are nobody’s until they are asked for; nor is a cancellation held off [BaseTaskTests.test_wait_with_exception] [BaseTaskTests.test_yield_wait_does_not_shield_cancel]', [
  [2, 0, 1, 0.15], 'CancelledError', 1,
], function* (w) {
  const tasks = [...sleepers(w, 0.1), w.task(function* () {
    yield* on(sleep(0.15))
    throw new RangeError('really')
  })]
  const [done, pending] = yield* on(wait(tasks))
  w.log.push([done.size, pending.size, [...done].filter((t) => t.exception() !== null).length, loop().time()])
  let proof = 0
  const f = new Future<null>()
  const outer = w.task(function* () {
    const inner = w.task(function* () {
      yield* on(f)
      proof += 1
    })
    yield* on(wait([inner]))
    proof += 100
  })
  yield* on(sleep(0))
  yield* on(sleep(0))
  outer.cancel()
  w.log.push(yield* w.outcome(outer))
  f.setResult(null)
  yield* on(sleep(0))
  w.log.push(proof)
})

both('wait refuses nothing, a single one, and a moment that there is not [BaseTaskTests.test_wait_errors] [BaseTaskTests.test_wait_invalid_args]', [
  'ValueError', 'ValueError', 'ValueError', 'TypeError', 'TypeError',
], function* (w) {
  const f = new Future<number>()
  f.setResult(1)
  const attempts = [
    wait(new Set<Future<unknown>>()),
    wait([]),
    wait([f], { returnWhen: -1 as never }),
    wait(f as never),
    wait((function* () {})() as never),
  ]
  for (const a of attempts.slice(0, 4)) w.log.push(String(yield* w.outcome(a)).split(':')[0])
  w.log.push(String(yield* w.outcome(wait(sleep(0) as never))).split(':')[0])
})

both('asCompleted: in the order in which they end, whichever is awaited first [BaseTaskTests.test_as_completed] [BaseTaskTests.test_as_completed_reverse_wait]', ['a', 'b', 'c', 0.15, 'a', 'b', 0.1], function* (w) {
  for (const next of asCompleted([sleep(0.01, 'a'), sleep(0.15, 'c'), sleep(0.01, 'b')])) w.log.push(yield* on(next))
  w.log.push(loop().time())
  const begun = loop().time()
  const [first, second] = [...asCompleted([sleep(0.05, 'a'), sleep(0.1, 'b')])]
  w.log.push(yield* on(second as never), yield* on(first as never), Math.round((loop().time() - begun) * 100) / 100)
})

both('asCompleted: out of time the rest raises TimeoutError; in time nothing is left of it [BaseTaskTests.test_as_completed_with_timeout] [BaseTaskTests.test_as_completed_with_unused_timeout]', ['a', 'TimeoutError', 0.12, 'a', 0.13], function* (w) {
  const tasks = [sleep(0.1, 'a'), sleep(0.15, 'b')].map((s) => createTask(s))
  for (const next of asCompleted(tasks, { timeout: 0.12 })) w.log.push(yield* w.outcome(next))
  w.log.push(loop().time())
  for (const next of asCompleted([sleep(0.01, 'a')], { timeout: 1 })) w.log.push(yield* on(next))
  w.log.push(loop().time())
})

both('asCompleted: awaited side by side, each gives another one; one given twice counts once [BaseTaskTests.test_as_completed_concurrent] [BaseTaskTests.test_as_completed_duplicate_coroutines] [BaseTaskTests.test_as_completed_coroutine_use_running_loop]', [['a', 'b'], ['ham', 'spam']], function* (w) {
  const tasks = [...asCompleted([sleep(0.05, 'a'), sleep(0.05, 'b')])].map((next) => ensureFuture(next))
  const [done] = yield* on(wait(tasks))
  w.log.push([...done].map((t) => t.result()).toSorted())
  const ham = sleep(0.01, 'ham')
  const got: unknown[] = []
  for (const next of asCompleted([ham, ham, sleep(0.02, 'spam')])) got.push(yield* on(next))
  w.log.push(got)
})

test('asCompleted refuses a single one, and coroutines where there is no loop [BaseTaskTests.test_as_completed_invalid_args] [BaseTaskTests.test_as_completed_coroutine_without_loop]', () => {
  const l = newEventLoop()
  expect(() => asCompleted(l.createFuture() as never)).toThrow(TypeError)
  expect(() => asCompleted(sleep(0) as never)).toThrow(TypeError)
  expect(() => [...asCompleted([sleep(0)])]).toThrow('no current event loop')
})

test('shield gives what the inner one ends with, result, exception or cancellation; what is done is given back [BaseTaskTests.test_shield_result] [BaseTaskTests.test_shield_exception] [BaseTaskTests.test_shield_cancel_inner] [BaseTaskTests.test_shield_cancel_outer] [BaseTaskTests.test_shield_shortcut]', () => {
  const l = newEventLoop()
  const shielded = (act: (inner: Future<number>, outer: Future<number>) => void): [Future<number>, Future<number>] => {
    const inner = l.createFuture<number>()
    const outer = shield(inner)
    iterate(l, 3)
    act(inner, outer)
    iterate(l, 3)
    return [inner, outer]
  }
  expect(shielded((inner) => inner.setResult(42))[1].result()).toBe(42)
  const error = new RangeError('expected')
  expect(shielded((inner) => inner.setException(error))[1].exception()).toBe(error)
  expect(shielded((inner) => inner.cancel())[1].cancelled()).toBe(true)
  const [inner, outer] = shielded((_, o) => o.cancel())
  expect([outer.cancelled(), inner.done(), String(inner)]).toEqual([true, false, '<Future pending>'])
  const done = l.createFuture<number>()
  done.setResult(42)
  expect(l.runUntilCompleteSync(shield(done))).toBe(42)
})

both('a cancelled shield leaves the inner one going on [BaseTaskTests.test_shield_effect]', ['CancelledError', 1], function* (w) {
  let proof = 0
  const f = new Future<null>()
  const t = w.task(function* () {
    yield* on(shield(w.task(function* () {
      yield* on(f)
      proof += 1
    })))
    proof += 100
  })
  yield* on(sleep(0))
  yield* on(sleep(0))
  t.cancel()
  w.log.push(yield* w.outcome(t))
  f.setResult(null)
  yield* on(sleep(0))
  w.log.push(proof)
})

both('a shield around a gather, and a gather of shields: only the outer ones are cancelled [BaseTaskTests.test_shield_gather] [BaseTaskTests.test_gather_shield]', [
  true, [1, 2], 'CancelledError', true, true, [1, 2],
], function* (w) {
  const futures = (): [Future<number>, Future<number>] => [new Future<number>(), new Future<number>()]
  const end = function* ([a, b]: Future<number>[]): Generator<ReturnType<typeof sleep>, void> {
    a?.setResult(1)
    b?.setResult(2)
    for (let i = 0; i < 3; i++) yield sleep(0)
  }
  const inner = futures()
  const parent = gather(inner)
  const outer = shield(parent)
  yield* on(sleep(0))
  outer.cancel()
  yield* on(sleep(0))
  w.log.push(outer.cancelled())
  yield* end(inner)
  w.log.push(parent.result())
  const children = futures()
  const shields = children.map((c) => shield(c))
  const all = gather(shields)
  yield* on(sleep(0))
  all.cancel()
  for (let i = 0; i < 3; i++) yield* on(sleep(0))
  w.log.push(inWords(all.exception()), ...shields.map((s) => s.cancelled()))
  yield* end(children)
  w.log.push(children.map((c) => c.result()))
})

both('a time limit of asCompleted is an error of the time kind', [true], function* (w) {
  for (const next of asCompleted([sleep(2)], { timeout: 1 })) {
    try {
      yield* on(next)
    } catch (error) {
      w.log.push(error instanceof TimeoutError)
    }
  }
})
