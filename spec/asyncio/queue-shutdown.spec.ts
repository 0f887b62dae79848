import { describe } from 'vitest'
import { Queue } from '../../src/index.ts'
import { both, on } from './both.ts'
import { getter, putter } from './scripts.ts'

describe('Queue.shutdown', () => {
  both(
    'R268 shutdown: a blocked getter and later puts get QueueShutDown; join still waits for taskDone',
    [
      [4, 'get', 'QueueShutDown'],
      [4, 'QueueShutDown'],
      [7, 'put', 'QueueShutDown', 1],
      [7, 'QueueShutDown', true],
      'join released',
    ],
    function* (w) {
      const empty = new Queue()
      const get = w.task(() => w.outcome(empty.get()))
      yield w.turn()
      empty.shutdown()
      w.at('get', yield* on(get))
      w.at(w.attempt(() => empty.putNowait(1)))
      const q = new Queue(1)
      q.putNowait(1)
      const put = w.task(() => w.outcome(q.put(2)))
      const join = w.task(() => on(q.join()))
      yield w.turn()
      q.shutdown()
      w.at('put', yield* on(put), q.getNowait())
      w.at(
        w.attempt(() => q.getNowait()),
        !join.done(),
      )
      q.taskDone()
      yield join
      w.log.push('join released')
    },
  )

  both(
    'R268 a woken getter takes an item if there is one; a woken putter is refused even if there is room',
    [
      [3, 'a', 1],
      [3, 'b', 'QueueShutDown'],
      [6, 0, false],
      [7, 'c', 'QueueShutDown'],
      [7, 'd', 'QueueShutDown'],
      [9, 0],
    ],
    function* (w) {
      const items = new Queue()
      const getters = [w.task(getter(w, items, 'a')), w.task(getter(w, items, 'b'))]
      yield w.turn()
      items.putNowait(1)
      items.shutdown()
      yield w.all(getters)
      const room = new Queue(1)
      room.putNowait(0)
      const putters = [w.task(putter(w, room, 'c')), w.task(putter(w, room, 'd'))]
      yield w.turn()
      w.at(room.getNowait(), room.full())
      room.shutdown()
      yield w.all(putters)
      w.at(room.qsize())
    },
  )

  both(
    'R268, R269 shutdown comes before full, may be repeated either way round, and is for good',
    ['QueueShutDown', 'QueueShutDown', 'QueueShutDown', 'QueueShutDown'],
    function* (w) {
      const q = new Queue(1)
      q.putNowait(0)
      q.shutdown()
      w.log.push(yield* w.outcome(q.put(1)))
      w.log.push(w.attempt(() => q.putNowait(1)))
      q.shutdown(true)
      w.log.push(yield* w.outcome(q.get()))
      q.shutdown()
      w.log.push(w.attempt(() => q.getNowait()))
    },
  )

  for (const immediate of [true, { immediate: true }]) {
    both(
      `R269 shutdown(${JSON.stringify(immediate)}) drops the items and counts them as done`,
      [0, 'released', 'ValueError:task_done() called too many times'],
      function* (w) {
        const q = new Queue()
        q.putNowait(1)
        const join = w.task(() => on(q.join()))
        yield w.turn()
        q.shutdown(immediate)
        w.log.push(q.qsize())
        yield join
        w.log.push('released')
        w.log.push(w.attempt(() => q.taskDone()))
      },
    )
  }

  both('R268 items left are given, then QueueShutDown; a refused put does not suspend', [[1, 0], [1, 1], [1, 'QueueShutDown'], [1, 'QueueShutDown']], function* (w) {
    const q = new Queue(2)
    q.putNowait(0)
    q.putNowait(1)
    q.shutdown({ immediate: false })
    for (let i = 0; i < 3; i++) w.at(yield* w.outcome(q.get()))
    w.at(yield* w.outcome(q.put(1)))
  })

  both('R269 items taken but not done keep join waiting', [false, true], function* (w) {
    const q = new Queue()
    q.putNowait(0)
    q.putNowait(1)
    q.getNowait()
    const join = w.task(() => on(q.join()))
    q.shutdown(true)
    for (let i = 0; i < 3; i++) yield w.turn()
    w.log.push(join.done())
    q.taskDone()
    yield join
    w.log.push(join.done())
  })
})
