import { beforeEach, expect, test } from 'vitest'
import {
  CancelledError,
  type Coroutine,
  type EventLoop,
  Future,
  gather,
  newEventLoop,
  setEventLoop,
  shield,
  sleep,
  type Task,
  ValueError,
} from '../../../src/index.ts'
import { both, inWords, on } from '../both.ts'
import { iterate } from '../scripts.ts'

beforeEach(() => setEventLoop(null))

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
    iterate(other, 3)
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
    iterate(l, 3)
    expect([all.done(), calls()]).toEqual([false, 0])
    fs[2]?.setResult(3)
    iterate(l, 3)
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
    iterate(l, 3)
    expect([all.done(), all.cancelled(), calls()]).toEqual([true, false, 1])
    const e = all.exception()
    expect(e === error || e instanceof CancelledError).toBe(true)
    fs[2]?.setResult(3)
    fs[3]?.cancel()
    fs[4]?.setException(new TypeError())
    iterate(l, 3)
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
  iterate(l, 3)
  expect(all.done()).toBe(false)
  fs[3]?.setResult(3)
  fs[4]?.cancel()
  fs[5]?.setException(e2)
  const got = l.runUntilCompleteSync(all)
  iterate(l, 3)
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
  iterate(l, 3)
  a.setResult(null)
  iterate(l, 3)
  b.setResult(null)
  iterate(l, 3)
  expect(t.exception()).toBeInstanceOf(RangeError)
  l.close()
  expect(told).toEqual([])
})

test('a gather refuses its cancellation once all children are done [BaseTaskTests.test_cancel_gather_1]', () => {
  const l = newEventLoop()
  const f = l.createFuture<number>()
  const [all] = l.runUntilCompleteSync(function* () { return [gather([function* () { return yield* f }])] }) as unknown as [Future<number[]>]
  const t = l.createTask(function* () { return yield* all })
  iterate(l, 3)
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
