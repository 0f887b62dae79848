import { describe, expect, test } from 'vitest'
import {
  Barrier,
  Condition,
  type Coroutine,
  createTask,
  Event,
  Future,
  gather,
  Lock,
  PriorityQueue,
  Queue,
  Semaphore,
  sleep,
} from '../../src/index.ts'
import { comesToEveryOutcome, ends, held, type Make, outcomes, REDUCED, step, together } from './reduction.ts'

const programs: Record<string, Make> = {
  'a free lock, and one that looks': () => {
    const lock = new Lock()
    return together(held(lock), step(() => lock.locked()))
  },
  'a release, and one that looks': function* () {
    const lock = new Lock()
    yield* lock.acquire()
    return yield* together(step(() => lock.release()), step(() => lock.locked()))
  },
  'two that want a lock: the one that comes second waits': () => {
    const lock = new Lock()
    const take = function* (): Coroutine<boolean> {
      const free = !lock.locked()
      yield* held(lock)()
      return free
    }
    return together(take, take)
  },
  'a release that comes once too often': function* () {
    const lock = new Lock()
    yield* lock.acquire()
    return yield* together(step(() => lock.release()), step(() => lock.release()))
  },
  'a semaphore, and one that looks': () => {
    const semaphore = new Semaphore(1)
    return together(held(semaphore), step(() => semaphore.locked()))
  },
  'a permit that is given back, and one that looks': () => {
    const semaphore = new Semaphore(0)
    return together(step(() => semaphore.release()), step(() => semaphore.locked()))
  },
  'two that would take the last permit, and not wait for one': () => {
    const semaphore = new Semaphore(1)
    const take = step(() => semaphore.acquire()[Symbol.iterator]().next().done)
    return together(take, take)
  },
  'a lock that somebody was woken for, and one that looks': function* () {
    const lock = new Lock()
    yield* lock.acquire()
    const waiter = createTask(() => lock.acquire())
    yield* sleep(1)
    lock.release()
    return yield* ends([waiter, createTask(step(() => lock.locked()))])
  },
  'a queue that drops what is in it, and one that counts': () => {
    const queue = new Queue<string>()
    queue.putNowait('a')
    return together(step(() => queue.shutdown(true)), step(() => queue.qsize()))
  },
  'a permit that comes back from one that was cancelled, and one that looks': function* () {
    const semaphore = new Semaphore(0)
    const waiter = createTask(() => semaphore.acquire())
    yield* sleep(1)
    semaphore.release()
    waiter.cancel()
    return yield* ends([waiter, createTask(step(() => semaphore.locked()))])
  },
  'a lock that one that was cancelled does not take, and one that would not wait for it': function* () {
    const lock = new Lock()
    yield* lock.acquire()
    const waiter = createTask(() => lock.acquire())
    yield* sleep(1)
    lock.release()
    waiter.cancel()
    return yield* ends([waiter, createTask(step(() => lock.acquire()[Symbol.iterator]().next().done))])
  },
  'an item that one that was cancelled does not take, and one that looks for it': function* () {
    const queue = new Queue<string>()
    const [first, second] = [createTask(() => queue.get()), createTask(() => queue.get())]
    yield* sleep(1)
    queue.putNowait('a')
    first.cancel()
    const found = yield* ends([first, createTask(step(() => queue.getNowait()))])
    queue.putNowait('b')
    return [found, yield* second]
  },
  'a condition, and one that looks': () => {
    const condition = new Condition()
    return together(held(condition), step(() => condition.locked()))
  },
  'two that wait for a condition, of which one is told': function* () {
    const condition = new Condition()
    const waiter = () =>
      condition.with(function* (c) {
        yield* c.wait()
        return 'told'
      })
    const tasks = [createTask(waiter), createTask(waiter)]
    yield* sleep(1)
    yield* condition.with(() => condition.notify(1))
    yield* sleep(1)
    const found = tasks.map((t) => t.done())
    yield* condition.with(() => condition.notifyAll())
    yield* gather(tasks)
    return found
  },
  'an event that is set, and asked': () => {
    const event = new Event()
    return together(step(() => event.set()), step(() => event.isSet()))
  },
  'an event that is cleared, and asked': () => {
    const event = new Event()
    event.set()
    return together(step(() => event.clear()), step(() => event.isSet()))
  },
  'an event that is set and cleared': function* () {
    const event = new Event()
    yield* together(step(() => event.set()), step(() => event.clear()))
    return event.isSet()
  },
  'an event that is cleared before or after somebody waits for it': function* () {
    const event = new Event()
    event.set()
    const waiter = createTask(() => event.wait())
    yield* together(step(() => event.clear()))
    yield* sleep(1)
    const passed = waiter.done()
    event.set()
    yield* waiter
    return passed
  },
  'the places at a barrier': () => {
    const barrier = new Barrier(2)
    return together(() => barrier.wait(), () => barrier.wait())
  },
  'a barrier at which one waits, and one that looks': function* () {
    const barrier = new Barrier(2)
    const first = createTask(() => barrier.wait())
    const found = yield* together(step(() => barrier.nWaiting))
    yield* barrier.wait()
    yield* first
    return found
  },
  'a barrier that is aborted, and one that looks': () => {
    const barrier = new Barrier(2)
    return together(() => barrier.abort(), step(() => barrier.broken))
  },
  'a barrier that is aborted, and one that comes': function* () {
    const barrier = new Barrier(2)
    const tasks = [createTask(() => barrier.abort()), createTask(() => barrier.reset())]
    yield* gather(tasks)
    return barrier.broken
  },
  'two that want the one item': function* () {
    const queue = new Queue<string>()
    const tasks = [createTask(() => queue.get()), createTask(() => queue.get())]
    queue.putNowait('first')
    queue.putNowait('second')
    return yield* ends(tasks)
  },
  'two that wait for an item, in the order in which they came': function* () {
    const queue = new Queue<string>()
    const tasks = [createTask(() => queue.get()), createTask(() => queue.get())]
    yield* sleep(1)
    queue.putNowait('first')
    queue.putNowait('second')
    return yield* ends(tasks)
  },
  'two that wait for room': function* () {
    const queue = new Queue<string>(1)
    queue.putNowait('before')
    const tasks = [createTask(() => queue.put('a')), createTask(() => queue.put('b'))]
    yield* sleep(1)
    const found = [yield* queue.get(), yield* queue.get(), yield* queue.get()]
    yield* gather(tasks)
    return found
  },
  'an item that is taken at once, before or after it is there': () => {
    const queue = new Queue<string>()
    return together(step(() => queue.putNowait('a')), step(() => queue.getNowait()))
  },
  'a full queue that one takes from': () => {
    const queue = new Queue<string>(1)
    queue.putNowait('a')
    return together(step(() => queue.getNowait()), step(() => queue.putNowait('b')))
  },
  'a queue that is asked how long it is': () => {
    const queue = new Queue<string>(1)
    return together(step(() => queue.putNowait('a')), step(() => [queue.qsize(), queue.empty(), queue.full()]))
  },
  'a queue that is shut down, and one that puts': () => {
    const queue = new Queue<string>()
    return together(step(() => queue.shutdown()), step(() => queue.putNowait('a')))
  },
  'two that say that the last item is dealt with': () => {
    const queue = new Queue<string>()
    queue.putNowait('a')
    return together(step(() => queue.taskDone()), step(() => queue.taskDone()))
  },
  'a join before or after there is an item': function* () {
    const queue = new Queue<string>()
    const joining = createTask(() => queue.join())
    yield* together(step(() => queue.putNowait('a')))
    yield* sleep(1)
    const passed = joining.done()
    queue.taskDone()
    yield* joining
    return passed
  },
  'items that come to the top of a priority queue': () => {
    const queue = new PriorityQueue<number>()
    queue.putNowait(2)
    return together(step(() => queue.putNowait(1)), step(() => queue.getNowait()))
  },
}

describe('a reduction comes to every outcome of what tasks share', () => {
  test.each(Object.keys(programs))('%s', (name) => comesToEveryOutcome(programs[name] as Make))
})

describe('what touches nothing that another one does is in one order only', () => {
  const apart: Record<string, Make> = {
    'readers of one lock': () => {
      const lock = new Lock()
      return together(step(() => lock.locked()), step(() => lock.locked()))
    },
    'readers of one event': () => {
      const event = new Event()
      return together(step(() => event.isSet()), step(() => event.isSet()))
    },
    'readers of one queue': () => {
      const queue = new Queue<string>(1)
      return together(step(() => queue.empty()), step(() => queue.full()))
    },
    'two that join a queue with nothing left to do': () => {
      const queue = new Queue<string>()
      return together(() => queue.join(), () => queue.join())
    },
    'two that wait for an event that is set': () => {
      const event = new Event()
      event.set()
      return together(() => event.wait(), () => event.wait())
    },
    'readers of one semaphore': () => {
      const semaphore = new Semaphore(1)
      return together(step(() => semaphore.locked()), step(() => semaphore.locked()))
    },
    'readers of one barrier': () => {
      const barrier = new Barrier(2)
      return together(step(() => barrier.nWaiting), step(() => barrier.broken))
    },
    'readers of one future': () => {
      const f = new Future<number>()
      return together(step(() => f.done()), step(() => f.cancelled()))
    },
    'a lock each': () => together(held(new Lock()), held(new Lock())),
    'a queue each': () => {
      const [a, b] = [new Queue<string>(), new Queue<string>()]
      return together(step(() => a.putNowait('a')), step(() => b.putNowait('b')))
    },
  }
  test.each(Object.keys(apart))('%s', (name) => {
    expect(outcomes(apart[name] as Make, REDUCED).schedules).toBe(1)
  })
})
