import { expect, test } from 'vitest'
import { Event, LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull, sleep, TaskGroup, waitFor } from '../../../src/index.ts'
import { both, on, type Script, type World } from '../both.ts'
import { loop } from '../scripts.ts'

const KINDS = [
  ['first in first out', () => new Queue<number>(), [1, 3, 2]],
  ['last in first out', () => new LifoQueue<number>(), [2, 3, 1]],
  ['least first', () => new PriorityQueue<number>(), [1, 2, 3]],
] as const

for (const [name, make, order] of KINDS) {
  both(`items come out ${name} [QueueBasicTests.test_order] [LifoQueueTests.test_order] [PriorityQueueTests.test_order]`, [...order], function* (w) {
    const q = make()
    for (const item of [1, 3, 2]) yield* on(q.put(item))
    for (let i = 0; i < 3; i++) w.log.push(yield* on(q.get()))
  })

  both(`${name}: two workers do a hundred items, then join goes on [_QueueJoinTestMixin.test_task_done]`, [4950, 0], function* (w) {
    const q = make()
    for (let i = 0; i < 100; i++) q.putNowait(i)
    let sum = 0
    const workers = [1, 2].map(() => w.task(function* () {
      for (;;) {
        sum += yield* on(q.get())
        q.taskDone()
      }
    }))
    yield* on(q.join())
    w.log.push(sum)
    for (const t of workers) t.cancel()
    yield* on(w.all(workers))
    w.log.push(q.qsize())
  })

  both(`${name}: nothing to do, so join does not wait, twice [_QueueJoinTestMixin.test_join_empty_queue]`, [[1, 'joined']], function* (w) {
    const q = make()
    yield* on(q.join())
    yield* on(q.join())
    w.at('joined')
  })

  test(`${name}: done more often than put is refused; the unfinished are told in words [_QueueJoinTestMixin.test_task_done_underflow] [_QueueJoinTestMixin.test_format]`, () => {
    const q = make()
    expect(() => q.taskDone()).toThrow('task_done() called too many times')
    expect(String(q)).toMatch(/maxsize=0/)
    expect(String(q)).not.toMatch(/tasks/)
    q.putNowait(1)
    q.putNowait(2)
    expect(String(q)).toMatch(/maxsize=0.*tasks:2/)
  })
}

both('a queue says what is in it and who waits [QueueBasicTests.test_repr] [QueueBasicTests.test_str]', [true, true, true], function* (w) {
  const q = new Queue<number>(1)
  const getter = w.task(function* () { yield* on(q.get()) })
  yield* on(sleep(0))
  w.log.push(/^<Queue.*maxsize=1.*getters:1/.test(String(q)))
  getter.cancel()
  yield* w.outcome(getter)
  q.putNowait(5)
  const putter = w.task(function* () { yield* on(q.put(6)) })
  yield* on(sleep(0))
  w.log.push(/items:1.*putters:1/.test(`${q}`), String(q) === `${q}`)
  putter.cancel()
  yield* w.outcome(putter)
})

both('empty and full follow what is put and got [QueueBasicTests.test_empty] [QueueBasicTests.test_full]', [true, false, 1, true, false, true], function* (w) {
  const q = new Queue<number>()
  w.log.push(q.empty())
  yield* on(q.put(1))
  w.log.push(q.empty(), yield* on(q.get()), q.empty(), q.full())
  const one = new Queue<number>(1)
  yield* on(one.put(1))
  w.log.push(one.full())
})

test('what can be had at once is had; what cannot is refused [QueueGetTests.test_nonblocking_get] [QueueGetTests.test_nonblocking_get_exception] [QueuePutTests.test_nonblocking_put] [QueuePutTests.test_nonblocking_put_exception]', () => {
  const q = new Queue<number>(1)
  expect(() => q.getNowait()).toThrow(QueueEmpty)
  q.putNowait(1)
  expect(() => q.putNowait(2)).toThrow(QueueFull)
  expect(q.getNowait()).toBe(1)
})

both('a size that is no whole number is full above it [QueuePutTests.test_float_maxsize]', [false, true, 'QueueFull', true], function* (w) {
  const q = new Queue<number>(1.3)
  q.putNowait(1)
  w.log.push(q.full())
  q.putNowait(2)
  w.log.push(q.full(), w.attempt(() => q.putNowait(3)))
  const other = new Queue<number>(1.3)
  yield* on(other.put(1))
  yield* on(other.put(2))
  w.log.push(other.full())
})

both('neither put nor get waits where it need not [QueueGetTests.test_blocking_get] [QueuePutTests.test_blocking_put]', [[1, 1]], function* (w) {
  const q = new Queue<number>()
  yield* on(q.put(1))
  w.at(yield* on(q.get()))
})

both('a putter goes on as soon as there is room [QueueBasicTests.test_maxsize]', [2, [0, 1], 0, [0, 1, 2], 1, 2, true], function* (w) {
  const q = new Queue<number>({ maxsize: 2 })
  w.log.push(q.maxsize)
  const put: number[] = []
  const t = w.task(function* () {
    for (let i = 0; i < 3; i++) {
      yield* on(q.put(i))
      put.push(i)
    }
  })
  yield* on(sleep(0))
  yield* on(sleep(0))
  w.log.push([...put], yield* on(q.get()))
  yield* on(sleep(0))
  w.log.push([...put], yield* on(q.get()), yield* on(q.get()), t.done())
})

both('a getter waits for an item, a putter for room [QueueGetTests.test_blocking_get_wait] [QueuePutTests.test_blocking_put_wait]', [false, 1, 0.01, false, true, 0.02], function* (w) {
  const q = new Queue<number>(1)
  const started = new Event()
  const getter = w.task(function* () {
    started.set()
    return yield* on(q.get())
  })
  yield* on(started.wait())
  w.log.push(getter.done())
  loop().callLater(0.01, () => q.putNowait(1))
  w.log.push(yield* on(getter), loop().time())
  loop().callLater(0.01, () => void q.getNowait())
  const putter = w.task(function* () {
    yield* on(q.put(1))
    yield* on(q.put(2))
    return true
  })
  yield* on(sleep(0))
  w.log.push(putter.done())
  w.log.push(yield* on(putter), loop().time())
})

both('taking an item lets the putter in that waits [QueueGetTests.test_get_with_putters] [QueueGetTests.test_get_with_waiting_putters]', ['a', 'b', true], function* (w) {
  const q = new Queue<string>(1)
  const putters = ['a', 'b'].map((item) => w.task(function* () { yield* on(q.put(item)) }))
  yield* on(sleep(0))
  w.log.push(yield* on(q.get()), yield* on(q.get()))
  yield* on(w.all(putters))
  w.log.push(q.empty())
})

both('an item goes to the getter that was not cancelled [QueueGetTests.test_get_cancelled_race] [QueuePutTests.test_put_with_waiting_getters]', [true, 'a'], function* (w) {
  const q = new Queue<string>()
  const [gone, left] = [1, 2].map(() => w.task(function* () { return yield* on(q.get()) }))
  yield* on(sleep(0))
  gone?.cancel()
  yield* on(sleep(0))
  w.log.push(gone?.done())
  yield* on(q.put('a'))
  w.log.push(yield* on(left as never))
})

both('a getter that runs out of time leaves the queue [QueueGetTests.test_cancelled_getters_not_being_held_in_self_getters]', ['TimeoutError', false], function* (w) {
  const q = new Queue<number>(5)
  w.log.push(yield* w.outcome(waitFor(q.get(), 0.1)))
  w.log.push(String(q).includes('getters'))
})

both('a producer and a consumer share one place, and both end [QueueGetTests.test_why_are_getters_waiting]', [0], function* (w) {
  const q = new Queue<number>(1)
  const many = (act: (i: number) => Script): (() => Script) => function* () {
    for (let i = 0; i < 5; i++) yield* act(i)
  }
  yield* on(new TaskGroup().run(w.body(function* (g: TaskGroup) {
    g.createTask(() => w.body(many((i) => on(q.put(i))))())
    g.createTask(() => w.body(many(() => on(q.get())))())
  }) as never))
  w.log.push(q.qsize())
})

both('room for several made in one step lets several putters in [QueuePutTests.test_why_are_putters_waiting]', [2], function* (w) {
  const q = new Queue<number>(2)
  yield* on(new TaskGroup().run(w.body(function* (g: TaskGroup) {
    g.createTask(() => w.body(function* () {
      yield* on(sleep(0))
      for (let n = q.qsize(); n > 0; n--) q.getNowait()
    })())
    for (let i = 0; i < 4; i++) g.createTask(() => w.body(function* () { yield* on(q.put(i)) })())
  }) as never))
  w.log.push(q.qsize())
})

/** Cancels a task that has been woken already, and does the same again in its place. */
function* again<T>(w: World, start: () => Script<T>, wake: () => void): Script<T> {
  const first = w.task(start)
  yield* on(sleep(0))
  wake()
  first.cancel()
  w.log.push(yield* w.outcome(first))
  return yield* on(w.task(start))
}

both('a woken getter that is cancelled loses no item [QueuePutTests.test_get_cancel_drop_one_pending_reader]', ['CancelledError', 1], function* (w) {
  const q = new Queue<number>()
  w.log.push(yield* again(w, () => on(q.get()), () => {
    q.putNowait(1)
    q.putNowait(2)
  }))
})

both('of three getters one is cancelled: the others get both items [QueuePutTests.test_get_cancel_drop_many_pending_readers]', ['CancelledError', [1, 2]], function* (w) {
  const q = new Queue<number>()
  const readers = [1, 2, 3].map(() => w.task(() => on(q.get())))
  yield* on(sleep(0))
  q.putNowait(1)
  q.putNowait(2)
  readers[0]?.cancel()
  w.log.push(yield* w.outcome(readers[0] as never))
  yield* on(w.all(readers))
  w.log.push(readers.slice(1).map((t) => t.result()).toSorted())
})

both('a woken putter that is cancelled puts nothing [QueuePutTests.test_put_cancel_drop] [QueuePutTests.test_cancelled_put_silence_value_error_exception]', ['CancelledError', 2, 0], function* (w) {
  const q = new Queue<number>(1)
  q.putNowait(1)
  yield* again(w, () => on(q.put(2)), () => void q.getNowait())
  w.log.push(q.getNowait(), q.qsize())
})

both('who need not wait has put before anybody takes [QueuePutTests.test_put_cancelled]', [1, true], function* (w) {
  const q = new Queue<number>()
  const t = w.task(function* () {
    yield* on(q.put(1))
    return true
  })
  w.log.push(yield* on(q.get()))
  w.log.push(t.done() && t.result())
})

both('a putter cancelled before its turn leaves the others theirs [QueuePutTests.test_put_cancelled_race]', [[true, false], true, 'a', 'b'], function* (w) {
  const q = new Queue<string>(1)
  const [a, b, x] = ['a', 'b', 'X'].map((item) => w.task(function* () { yield* on(q.put(item)) }))
  yield* on(sleep(0))
  w.log.push([a?.done(), b?.done()])
  x?.cancel()
  yield* on(sleep(0))
  w.log.push(x?.done(), q.getNowait())
  yield* on(sleep(0))
  w.log.push(q.getNowait())
  yield* on(b as never)
})

both('a cancelled putter leaves the queue [QueuePutTests.test_cancelled_puts_not_being_held_in_self_putters]', [true, 'CancelledError', false], function* (w) {
  const q = new Queue<number>(1)
  q.putNowait(1)
  const t = w.task(function* () { yield* on(q.put(1)) })
  yield* on(sleep(0))
  w.log.push(String(q).includes('putters:1'))
  t.cancel()
  w.log.push(yield* w.outcome(t))
  w.log.push(String(q).includes('putters'))
})
