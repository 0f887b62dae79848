import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import {
  BoundedSemaphore,
  Condition,
  type Coroutine,
  createTask,
  type GeneratorBody,
  Lock,
  Queue,
  Semaphore,
  sleep,
} from '../src/index.ts'
import {
  assertCatches,
  assertHolds,
  assertInEveryOrder,
  cancellations,
  canceller,
  claim,
  endOf,
  live,
  untilQuiet,
  type Waits,
} from './in-any-order.ts'
import { FlawedCondition, FlawedQueue, FlawedSemaphore } from './sync-flawed.ts'

// ---- mutual exclusion ----------------------------------------------------------------------------------------

interface Holdable {
  acquire(): Waits<true>
  release(): void
  locked(): boolean
}

interface Crowd {
  /** For each task, for how many turns it holds what it acquires, each time. */
  readonly tasks: readonly (readonly number[])[]
  readonly cancel: readonly number[]
  readonly permits: number
}

function crowd(permits: fc.Arbitrary<number>): fc.Arbitrary<Crowd> {
  return fc.record({
    tasks: fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 5 }),
    cancel: cancellations,
    permits,
  })
}

/** Never more than `permits` inside, nobody left outside for ever, and all permits back at the end. */
function crowded(make: (permits: number) => Holdable): (p: Crowd) => GeneratorBody {
  return ({ tasks, cancel, permits }) =>
    function* () {
      const held = make(permits)
      let inside = 0
      const users = tasks.map((holds) =>
        createTask(function* () {
          for (const turns of holds) {
            yield* held.acquire()
            inside++
            try {
              claim(inside <= permits, `${inside} inside, ${permits} allowed`)
              for (let i = 0; i < turns; i++) yield* sleep(0)
            } finally {
              inside--
              held.release()
            }
          }
        }),
      )
      const killer = canceller(users, cancel)
      yield* untilQuiet()
      claim(live(users).length === 0, 'somebody waits for ever')
      yield* endOf([...users, killer])
      for (let i = 0; i < permits; i++) {
        claim(!held.locked(), 'a permit was lost')
        yield* held.acquire()
      }
      claim(held.locked(), 'a permit was made from nothing')
    }
}

const small: Crowd = { tasks: [[1], [0], [0]], cancel: [0, 1], permits: 1 }

describe('Lock', () => {
  const one = crowd(fc.constant(1))

  test('is never held twice, and never lost with a cancelled waiter, in any order', () => {
    assertHolds(one, crowded(() => new Lock()))
  })

  test('… in every order of a small program', () => {
    assertInEveryOrder(crowded(() => new Lock())(small))
  })

  test('the property can fail', () => {
    assertHolds(one, crowded(() => new FlawedSemaphore(1, 'none')))
    assertCatches(one, crowded(() => new FlawedSemaphore(1, 'loses a granted permit')), /for ever|was lost/)
    assertCatches(one, crowded(() => new FlawedSemaphore(1, 'lets newcomers pass')), /2 inside, 1 allowed/)
  })
})

describe('Semaphore', () => {
  const some = crowd(fc.integer({ min: 1, max: 3 }))

  test('never exceeds its bound and leaks no permit under cancellation, in any order', () => {
    assertHolds(some, crowded((n) => new Semaphore(n)))
    assertHolds(some, crowded((n) => new BoundedSemaphore(n)))
  })

  test('… in every order of a small program', () => {
    assertInEveryOrder(crowded((n) => new BoundedSemaphore(n))(small))
  })

  test('the property can fail', () => {
    const withFlaw = (flaw: ConstructorParameters<typeof FlawedSemaphore>[1]) =>
      crowded((n) => new FlawedSemaphore(n, flaw))
    assertHolds(some, withFlaw('none'))
    assertCatches(some, withFlaw('loses a granted permit'), /for ever/)
    assertCatches(some, withFlaw('gives back what it never had'), /allowed/)
    assertCatches(some, withFlaw('gives back what it never had'), /from nothing/)
    assertCatches(some, withFlaw('lets newcomers pass'), /allowed/)
  })
})

// ---- queues --------------------------------------------------------------------------------------------------

interface Channel {
  put(item: number): Waits<void>
  get(): Waits<number>
  qsize(): number
  full(): boolean
}

interface Traffic {
  readonly maxsize: number
  /** How many items each producer puts, each consumer takes. */
  readonly producers: readonly number[]
  readonly consumers: readonly number[]
  readonly cancel: readonly number[]
}

const traffic: fc.Arbitrary<Traffic> = fc.record({
  maxsize: fc.integer({ min: 1, max: 2 }),
  producers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  consumers: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  cancel: cancellations,
})

/** What was put is what was taken and what is left, in that order; nobody waits for what is there. */
function conveyed(make: (maxsize: number) => Channel): (p: Traffic) => GeneratorBody {
  return ({ maxsize, producers, consumers, cancel }) =>
    function* () {
      const queue = make(maxsize)
      const put: number[] = []
      const got: number[] = []
      let next = 0
      const putting = producers.map((n) =>
        createTask(function* () {
          for (let i = 0; i < n; i++) {
            const item = next++
            yield* queue.put(item)
            put.push(item)
          }
        }),
      )
      const taking = consumers.map((n) =>
        createTask(function* () {
          for (let i = 0; i < n; i++) got.push(yield* queue.get())
        }),
      )
      const all = [...putting, ...taking]
      const killer = canceller(all, cancel)
      yield* untilQuiet()
      claim(queue.qsize() === 0 || live(taking).length === 0, 'a getter waits though there is an item')
      claim(queue.full() || live(putting).length === 0, 'a putter waits though there is room')
      for (const t of live(all)) t.cancel()
      yield* endOf([...all, killer])
      while (queue.qsize() > 0) got.push(yield* queue.get())
      claim(new Set(got).size === got.length, `taken twice: ${got}`)
      claim(put.every((x) => got.includes(x)), `lost: put ${put}, got ${got}`)
      claim(String(put) === String(got), `put ${put}, got ${got}`)
    }
}

describe('Queue', () => {
  test('loses, duplicates and reorders nothing under cancellation, and forgets nobody, in any order', () => {
    assertHolds(traffic, conveyed((n) => new Queue<number>(n)))
  })

  test('… in every order of a small program', () => {
    assertInEveryOrder(conveyed((n) => new Queue<number>(n))({ maxsize: 1, producers: [2], consumers: [1, 1], cancel: [1] }))
  })

  test('the property can fail', () => {
    const withFlaw = (flaw: ConstructorParameters<typeof FlawedQueue>[1]) =>
      conveyed((n) => new FlawedQueue(n, flaw))
    assertHolds(traffic, withFlaw('none'))
    assertCatches(traffic, withFlaw('hands items over'), /lost: put/)
    assertCatches(traffic, withFlaw('hands items over'), /Error: put/)
    assertCatches(traffic, withFlaw('takes late'), /taken twice/)
    assertCatches(traffic, withFlaw('forgets the next getter'), /a getter waits though/)
  })
})

// ---- conditions ----------------------------------------------------------------------------------------------

interface Signal {
  acquire(): Waits<true>
  release(): void
  wait(): Waits<true>
  notify(): void
}

interface Market {
  readonly customers: number
  /** In how many turns each delivery holds the lock. */
  readonly deliveries: readonly number[]
  readonly cancel: readonly number[]
}

const market: fc.Arbitrary<Market> = fc.record({
  customers: fc.integer({ min: 1, max: 4 }),
  deliveries: fc.array(fc.nat(1), { minLength: 1, maxLength: 4 }),
  cancel: cancellations,
})

/** One notification a delivery is enough: no customer waits while there is stock, and one at a time has the lock. */
function supplied(make: () => Signal): (p: Market) => GeneratorBody {
  return ({ customers, deliveries, cancel }) =>
    function* () {
      const changed = make()
      let stock = 0
      let inside = 0
      const soldOut = (): boolean => stock === 0
      function* alone<T>(body: () => Coroutine<T>): Coroutine<T> {
        yield* changed.acquire()
        claim(++inside === 1, 'two have the lock')
        try {
          return yield* body()
        } finally {
          inside--
          changed.release()
        }
      }
      function* waitForChange(): Coroutine<void> {
        inside--
        try {
          yield* changed.wait()
        } finally {
          claim(++inside === 1, 'two have the lock')
        }
      }
      const waiting = Array.from({ length: customers }, () =>
        createTask(() =>
          alone(function* () {
            while (soldOut()) yield* waitForChange()
            stock--
          }),
        ),
      )
      const delivering = deliveries.map((turns) =>
        createTask(() =>
          alone(function* () {
            stock++
            changed.notify()
            for (let i = 0; i < turns; i++) yield* sleep(0)
          }),
        ),
      )
      const killer = canceller(waiting, cancel)
      yield* untilQuiet()
      claim(stock === 0 || live(waiting).length === 0, 'a wake-up was lost')
      claim(live(delivering).length === 0, 'the lock was lost')
      for (const t of live(waiting)) t.cancel()
      yield* endOf([...waiting, ...delivering, killer])
    }
}

describe('Condition', () => {
  test('loses no wake-up and always leaves with the lock, in any order', () => {
    assertHolds(market, supplied(() => new Condition()))
  })

  test('… in every order of a small program', () => {
    assertInEveryOrder(supplied(() => new Condition())({ customers: 2, deliveries: [0], cancel: [0] }))
  })

  test('the property can fail', () => {
    const withFlaw = (flaw: ConstructorParameters<typeof FlawedCondition>[0]) =>
      supplied(() => new FlawedCondition(flaw))
    assertHolds(market, withFlaw('none'))
    assertCatches(market, withFlaw('drops the notification of the cancelled'), /a wake-up was lost/)
    assertCatches(market, withFlaw('leaves without the lock'), /two have the lock/)
  })
})
