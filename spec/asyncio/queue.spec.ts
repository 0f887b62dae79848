import { describe, expect, test } from 'vitest'
import { createTask, getRunningLoop, PriorityQueue, Queue, runSync } from '../../src/index.ts'
import { heapUsed } from '../support/heap.ts'
import { both, on } from './both.ts'
import { getter, putter } from './scripts.ts'

describe('Queue', () => {
  both(
    'R260 put and get do not suspend where they need not wait; putNowait wakes the first getter',
    [[1, undefined], [1, 5], [2, 'put'], [3, 'got', 7]],
    function* (w) {
      const q = new Queue()
      w.at(yield* on(q.put(5)))
      w.at(yield* on(q.get()))
      const t = w.task(getter(w, q, 'got'))
      yield w.turn()
      w.at('put')
      q.putNowait(7)
      yield t
    },
  )

  both('R261 a woken getter is handed nothing: a get before it runs takes the item', ['thief 1', 'waiter 2'], function* (w) {
    const q = new Queue<number>()
    const t = w.task(function* () {
      w.log.push(`waiter ${yield* on(q.get())}`)
    })
    yield w.turn()
    q.putNowait(1)
    w.log.push(`thief ${yield* on(q.get())}`)
    q.putNowait(2)
    yield t
  })

  both(
    'R261 … and the woken getter queues again at the end',
    [[2, 'thief', 1], [4, 'b', 2], [4, 'a', 3]],
    function* (w) {
      const q = new Queue()
      const tasks = [w.task(getter(w, q, 'a')), w.task(getter(w, q, 'b'))]
      yield w.turn()
      q.putNowait(1)
      w.at('thief', q.getNowait())
      yield w.turn()
      q.putNowait(2)
      q.putNowait(3)
      yield w.all(tasks)
    },
  )

  both(
    'R262 a woken getter that is cancelled wakes the next one',
    [[3, 'a', 'CancelledError'], [4, 'b', 1]],
    function* (w) {
      const q = new Queue()
      const [a, b] = [w.task(getter(w, q, 'a')), w.task(getter(w, q, 'b'))] as const
      yield w.turn()
      q.putNowait(1)
      a.cancel()
      yield w.all([a, b])
    },
  )

  both(
    'R262 … but only if there is an item',
    [[3, 'a', 'CancelledError'], [4, 'b waits', true], [5, 'b', 2]],
    function* (w) {
      const q = new Queue()
      const [a, b] = [w.task(getter(w, q, 'a')), w.task(getter(w, q, 'b'))] as const
      yield w.turn()
      q.putNowait(1)
      a.cancel()
      q.getNowait()
      yield w.turn()
      yield w.turn()
      w.at('b waits', !b.done())
      q.putNowait(2)
      yield w.all([a, b])
    },
  )

  both(
    'R262 … and without an item nobody loses his place',
    [[3, 'a', 'CancelledError'], [5, 'b', 2], [5, 'c', 3]],
    function* (w) {
      const q = new Queue()
      const tasks = ['a', 'b', 'c'].map((name) => w.task(getter(w, q, name)))
      yield w.turn()
      q.putNowait(1)
      tasks[0]?.cancel()
      q.getNowait()
      yield w.turn()
      yield w.turn()
      q.putNowait(2)
      q.putNowait(3)
      yield w.all(tasks)
    },
  )

  both(
    'R262 a getter that is cancelled without having been woken wakes nobody',
    [[3, 'b', 'CancelledError'], [3, 'a', 1], [6, 'c', 2], [6, 'd', 3]],
    function* (w) {
      const q = new Queue()
      const tasks = ['a', 'b', 'c', 'd'].map((name) => w.task(getter(w, q, name)))
      yield w.turn()
      tasks[1]?.cancel()
      q.putNowait(1)
      for (let i = 0; i < 3; i++) yield w.turn()
      q.putNowait(2)
      q.putNowait(3)
      yield w.all(tasks)
    },
  )

  both(
    'R262 a woken putter that is cancelled wakes the next one',
    [[2, 0], [3, 'a', 'CancelledError'], [4, 'b', undefined], [6, 'b', true]],
    function* (w) {
      const q = new Queue(1)
      q.putNowait(0)
      const [a, b] = [w.task(putter(w, q, 'a')), w.task(putter(w, q, 'b'))] as const
      yield w.turn()
      w.at(q.getNowait())
      a.cancel()
      yield w.all([a, b])
      w.at(q.getNowait(), q.empty())
    },
  )

  both(
    'R263 QueueEmpty, QueueFull, and taskDone too often',
    ['QueueEmpty', undefined, 'QueueFull', true, undefined, 'ValueError:task_done() called too many times'],
    function* (w) {
      const q = new Queue(1)
      w.log.push(
        w.attempt(() => q.getNowait()),
        w.attempt(() => q.putNowait(1)),
        w.attempt(() => q.putNowait(2)),
        q.full(),
        w.attempt(() => q.taskDone()),
        w.attempt(() => q.taskDone()),
      )
    },
  )

  test.each([
    [new Queue(), 0],
    [new Queue(0), 0],
    [new Queue(-1), -1],
    [new Queue({ name: 'q' }), 0],
  ])('R264 %s takes any number of items', (q, maxsize) => {
    for (let i = 0; i < 100; i++) q.putNowait(i)
    expect([q.maxsize, q.full(), q.qsize(), q.empty()]).toEqual([maxsize, false, 100, false])
  })

  test('R264 maxsize may come as an option', () => {
    const q = new Queue<number>({ maxsize: 1 })
    q.putNowait(1)
    expect([q.maxsize, q.full(), new Queue(2, { name: 'q' }).maxsize]).toEqual([1, true, 2])
  })

  test('items come out in the order in which they went in, whatever the queue has been through', () => {
    const q = new Queue<number>()
    const out: number[] = []
    let next = 0
    for (let round = 1; round <= 60; round++) {
      for (let i = 0; i < round; i++) q.putNowait(next++)
      for (let i = 0; i < round - 1; i++) out.push(q.getNowait())
    }
    while (!q.empty()) out.push(q.getNowait())
    expect(out).toEqual(Array.from({ length: next }, (_, i) => i))
  })

  both(
    'R265 join waits for the last taskDone; with nothing unfinished it does not suspend',
    [[2, 'taskDone'], [3, 'joined'], [3, 'empty join does not suspend']],
    function* (w) {
      const q = new Queue()
      q.putNowait(1)
      const t = w.task(function* () {
        yield q.join()
        w.at('joined')
      })
      yield w.turn()
      w.at('taskDone')
      q.taskDone()
      yield w.turn()
      yield q.join()
      w.at('empty join does not suspend')
      yield t
    },
  )

  both(
    'R265 join is released once the count was 0, though an item came after that',
    [[3, false], [3, 'again'], [4, 'joined', 'a'], [4, 'joined', 'b'], [7, false], [8, 'joined', 'c']],
    function* (w) {
      const q = new Queue()
      const join = (name: string) =>
        w.task(function* () {
          yield q.join()
          w.at('joined', name)
        })
      q.putNowait(1)
      q.putNowait(2)
      const [a, b] = [join('a'), join('b')] as const
      yield w.turn()
      q.getNowait()
      q.taskDone()
      yield w.turn()
      w.at(a.done())
      q.getNowait()
      q.taskDone()
      q.putNowait(3)
      w.at('again')
      yield w.all([a, b])
      const c = join('c')
      yield w.turn()
      w.at(c.done())
      q.taskDone()
      yield c
    },
  )

  both(
    'R267 getNowait wakes the first putter, who finds it full again and queues at the end',
    [
      [2, 0],
      [4, true, 'barger', false, false],
      [5, 'b', undefined],
      [6, 'b', false, true],
      [7, 'a', undefined],
      [7, 'a'],
    ],
    function* (w) {
      const q = new Queue(1)
      q.putNowait(0)
      const [a, b] = [w.task(putter(w, q, 'a')), w.task(putter(w, q, 'b'))] as const
      yield w.turn()
      w.at(q.getNowait())
      q.putNowait('barger')
      yield w.turn()
      yield w.turn()
      w.at(q.full(), q.getNowait(), a.done(), b.done())
      yield w.turn()
      yield w.turn()
      w.at(q.getNowait(), a.done(), b.done())
      yield w.turn()
      w.at(q.getNowait())
      yield w.all([a, b])
    },
  )

  both('get and put are lazy', [1, 0], function* (w) {
    const q = new Queue<number>()
    const [put, get] = [q.put(1), q.get()] as const
    yield w.turn()
    const before = q.qsize()
    yield put
    w.log.push(before + q.qsize())
    yield get
    w.log.push(q.qsize())
  })

  test('R266 a queue that somebody had to wait for belongs to that loop', () => {
    const q = new Queue<number>({ name: 'jobs' })
    runSync(function* () {
      getRunningLoop().callSoon(() => q.putNowait(1))
      yield* q.get()
    })
    expect(() => runSync(() => q.get())).toThrow(
      "<Queue 'jobs' [maxsize=0, items:0, tasks:1]> is bound to a different event loop",
    )
  })

  test('one that is never empty does not grow in memory', () => {
    const q = new Queue<number>()
    q.putNowait(0)
    const started = heapUsed()
    for (let i = 1; i <= 1_000_000; i++) {
      q.putNowait(i)
      q.getNowait()
    }
    // A million slots of 8 bytes are 8 MB.
    expect(heapUsed() - started).toBeLessThan(4 * 2 ** 20)
    expect([q.qsize(), q.getNowait()]).toEqual([1, 1_000_000])
  })

  test('a deadlock says whether an item, room or taskDone is missing', () => {
    const body = function* () {
      const q = new Queue<number>(1, { name: 'jobs' })
      createTask(() => q.put(1), { name: 'first' })
      createTask(() => q.put(2), { name: 'second' })
      createTask(() => new PriorityQueue().get(), { name: 'third' })
      const pile = new Queue<number>()
      for (const item of [1, 2]) pile.putNowait(item)
      createTask(() => pile.join(), { name: 'fourth' })
      yield* createTask(function* () {})
      yield* q.join()
    }
    expect(() => runSync(body)).toThrow(
      new RegExp(
        [
          "Task-1 waits for join\\(\\) of Queue 'jobs' \\(1 item not done\\)",
          "second waits for room in Queue 'jobs' \\(maxsize 1\\)",
          'third waits for an item of a PriorityQueue',
          'fourth waits for join\\(\\) of a Queue \\(2 items not done\\)',
        ].join('\\n +'),
      ),
    )
  })
})
