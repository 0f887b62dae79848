import { afterEach, expect, test } from 'vitest'
import {
  asCompleted,
  CancelledError,
  type Coroutine,
  createTask,
  ensureFuture,
  type EventLoop,
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
  ValueError,
  wait,
} from '../../../src/index.ts'
import { both, inWords, on, type World } from '../both.ts'
import { loop } from '../scripts.ts'

afterEach(() => setEventLoop(null))

/** Lets a loop run for some iterations. */
function briefly(l: EventLoop, iterations = 3): void {
  for (let i = 0; i < iterations; i++) {
    l.stop()
    l.runForeverSync()
  }
}

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
    briefly(l)
    act(inner, outer)
    briefly(l)
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

for (const [name, make] of [
  ['shield', (): Future<unknown> => shield(sleep(0, 42))],
  ['gather', (): Future<unknown> => gather([sleep(0, 'abc'), sleep(0, 'abc')])],
  ['gather of nothing', (): Future<unknown> => gather([])],
] as const) {
  test(`${name} works in the running loop, else in the current one, else not [BaseTaskTests.test_shield_coroutine_without_loop] [BaseTaskTests.test_shield_coroutine_use_running_loop] [BaseTaskTests.test_shield_coroutine_use_global_loop] [CoroutineGatherTests.test_constructor_without_loop] [CoroutineGatherTests.test_constructor_use_running_loop] [CoroutineGatherTests.test_constructor_use_global_loop] [FutureGatherTests.test_constructor_empty_sequence_without_loop] [FutureGatherTests.test_constructor_empty_sequence_use_running_loop] [FutureGatherTests.test_constructor_empty_sequence_use_global_loop]`, () => {
    expect(make).toThrow('no current event loop')
    const l = newEventLoop()
    // Not the future itself: it would be what the run waits for.
    const [inside] = l.runUntilCompleteSync(function* () { return [make()] }) as [Future<unknown>]
    expect(inside.getLoop()).toBe(l)
    l.runUntilCompleteSync(inside)
    setEventLoop(l)
    const outside = make()
    expect(outside.getLoop()).toBe(l)
    const result = l.runUntilCompleteSync(outside)
    expect(result).toEqual(name === 'shield' ? 42 : name === 'gather' ? ['abc', 'abc'] : [])
  })
}

test('gather of futures: of one loop; of two it is refused [FutureGatherTests.test_constructor_homogenous_futures] [FutureGatherTests.test_constructor_heterogenous_futures]', () => {
  const [l, other] = [newEventLoop(), newEventLoop()]
  const children = [1, 2, 3].map(() => other.createFuture())
  for (let i = 0; i < 2; i++) {
    const all = gather(children)
    expect(all.getLoop()).toBe(other)
    briefly(other)
    expect(all.done()).toBe(false)
  }
  expect(() => gather([l.createFuture(), other.createFuture()])).toThrow(ValueError)
})

/** Futures, their gather, and how often its callback was called. */
function gathered(l: EventLoop, n: number, returnExceptions = false): { fs: Future<unknown>[]; all: Future<unknown[]>; calls: () => number } {
  const fs = Array.from({ length: n }, () => l.createFuture())
  const all = (returnExceptions ? gather(fs, { returnExceptions: true }) : gather(fs)) as Future<unknown[]>
  let calls = 0
  all.addDoneCallback(() => calls++)
  return { fs, all, calls: () => calls }
}

for (const returnExceptions of [false, true]) {
  test(`results in argument order, whatever order they come in, ${returnExceptions ? 'exceptions' : 'errors'} aside [GatherTestsBase.test_success] [GatherTestsBase.test_result_exception_success]`, () => {
    const l = newEventLoop()
    const { fs, all, calls } = gathered(l, 3, returnExceptions)
    fs[1]?.setResult(2)
    fs[0]?.setResult(1)
    briefly(l)
    expect([all.done(), calls()]).toEqual([false, 0])
    fs[2]?.setResult(3)
    briefly(l)
    expect([all.result(), calls()]).toEqual([[1, 2, 3], 1])
  })
}

test('the first exception, or cancellation, is what a gather ends with; later ones do nothing [GatherTestsBase.test_one_exception] [FutureGatherTests.test_one_cancellation]', () => {
  const l = newEventLoop()
  const error = new RangeError()
  for (const act of [(f: Future<unknown>) => f.setException(error), (f: Future<unknown>) => f.cancel()]) {
    const { fs, all, calls } = gathered(l, 5)
    fs[0]?.setResult(1)
    act(fs[1] as Future<unknown>)
    briefly(l)
    expect([all.done(), all.cancelled(), calls()]).toEqual([true, false, 1])
    const e = all.exception()
    expect(e === error || e instanceof CancelledError).toBe(true)
    fs[2]?.setResult(3)
    fs[3]?.cancel()
    fs[4]?.setException(new TypeError())
    briefly(l)
    expect(calls()).toBe(1)
    fs[4]?.exception()
  }
})

test('with returnExceptions exceptions and cancellations are among the results [GatherTestsBase.test_return_exceptions] [FutureGatherTests.test_result_exception_one_cancellation]', () => {
  const l = newEventLoop()
  const [e1, e2] = [new RangeError(), new TypeError()]
  const { fs, all, calls } = gathered(l, 6, true)
  fs[0]?.setResult(1)
  fs[1]?.setException(e1)
  fs[2]?.cancel()
  briefly(l)
  expect(all.done()).toBe(false)
  fs[3]?.setResult(3)
  fs[4]?.cancel()
  fs[5]?.setException(e2)
  const got = l.runUntilCompleteSync(all)
  briefly(l)
  expect(got.map((x) => (x instanceof Error ? inWords(x) : x))).toEqual([1, 'RangeError', 'CancelledError', 3, 'CancelledError', 'TypeError'])
  expect([got[1] === e1, got[5] === e2, calls()]).toEqual([true, true, 1])
})

both('one coroutine given several times is one child; something that can’t be awaited refuses all [CoroutineGatherTests.test_duplicate_coroutines] [CoroutineGatherTests.test_issue46672]', [['abc', 'abc', 'def', 'abc'], 'TypeError', 'ended'], function* (w) {
  const c = sleep(0, 'abc')
  w.log.push(yield* on(gather([c, c, sleep(0, 'def'), c])))
  const other = w.task(function* () { w.log.push('ended') })
  w.log.push(String(w.attempt(() => gather([other, {} as never]))).split(':')[0])
  yield* on(other)
})

both('cancelling who gathers cancels all children, and what they wait for [CoroutineGatherTests.test_cancellation_broadcast]', [true, 'CancelledError', false, [true, true, true], 0], function* (w) {
  let proof = 0
  const f = new Future<null>()
  const children = [1, 2].map(() => w.task(function* () {
    yield* on(f)
    proof++
  }))
  const made: Future<unknown>[] = []
  const outer = w.task(function* () {
    made.push(gather(children))
    yield* on(made[0] as Future<unknown>)
    proof += 100
  })
  yield* on(sleep(0))
  yield* on(sleep(0))
  w.log.push(outer.cancel())
  w.log.push(yield* w.outcome(outer))
  w.log.push(made[0]?.cancel(), [f.cancelled(), ...children.map((c) => c.cancelled())])
  w.log.push(proof)
})

test('the exceptions of later children count as retrieved [CoroutineGatherTests.test_exception_marking]', () => {
  const l = newEventLoop()
  const told: unknown[] = []
  l.setExceptionHandler((_, c) => told.push(c.message))
  const [a, b] = [l.createFuture<null>(), l.createFuture<null>()]
  const inner = function* (f: Future<null>): Coroutine<void> {
    yield* f
    throw new RangeError('not to be ignored')
  }
  const t = l.createTask(function* () { yield* gather([inner(a), inner(b)]) })
  briefly(l)
  a.setResult(null)
  briefly(l)
  b.setResult(null)
  briefly(l)
  expect(t.exception()).toBeInstanceOf(RangeError)
  l.close()
  expect(told).toEqual([])
})

test('a gather refuses its cancellation once all children are done [BaseTaskTests.test_cancel_gather_1]', () => {
  const l = newEventLoop()
  const f = l.createFuture<number>()
  const [all] = l.runUntilCompleteSync(function* () { return [gather([function* () { return yield* f }])] }) as unknown as [Future<number[]>]
  const t = l.createTask(function* () { return yield* all })
  briefly(l)
  let refused: boolean | null = null
  // The child is done one iteration after its future, its gather one later still.
  const child = l.liveTasks().find((x) => x !== (t as unknown)) as Task<unknown>
  child.addDoneCallback(() => (refused = !all.cancel()))
  f.setResult(42)
  expect(l.runUntilCompleteSync(t)).toEqual([42])
  expect([refused, all.cancelled()]).not.toContain(null)
  expect(all.cancelled()).toBe(false)
})

for (const message of [undefined, 'my message']) {
  both(`a gather that returns exceptions hands a cancellation on all the same, ${message === undefined ? 'bare' : 'with its message'} [BaseTaskTests.test_cancel_gather_2]`, [
    message === undefined ? 'CancelledError' : `CancelledError:${message}`,
  ], function* (w) {
    const t = w.task(function* () {
      for (let time = 0; time <= 1; time += 0.05) yield* on(gather([sleep(0.05)], { returnExceptions: true }))
    })
    yield* on(sleep(0.22))
    t.cancel(message)
    w.log.push(yield* w.outcome(t))
  })
}

both('a time limit of asCompleted is an error of the time kind', [true], function* (w) {
  for (const next of asCompleted([sleep(2)], { timeout: 1 })) {
    try {
      yield* on(next)
    } catch (error) {
      w.log.push(error instanceof TimeoutError)
    }
  }
})
