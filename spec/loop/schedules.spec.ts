import { describe, expect, test } from 'vitest'
import { check, createTask, external, gather, getRunningLoop, pause, shared, sleep } from '../../src/index.ts'
import { every, everySync, interleavings } from '../support/count.ts'

const LOST = 'lost update'

function expectBoth(n: number): void {
  if (n !== 2) throw new Error(LOST)
}

/*
 * Two tasks of a read and a write, a wait between them: two steps each, so C(4, 2) = 6 orders. All but the two in
 * which one task ends before the other begins lose an update: 4 failures.
 */
describe('the lost update of two tasks has 6 schedules', () => {
  const six = { schedules: 6, failures: 4, exhausted: true }

  test('generators, sleep(0)', () => {
    const body = function* () {
      let n = 0
      function* increment() {
        const before = n
        yield* sleep(0)
        n = before + 1
      }
      yield* gather([increment(), increment()])
      expectBoth(n)
    }
    expect(everySync(body)).toMatchObject(six)
  })

  test('generators, pause', () => {
    const body = function* () {
      let n = 0
      function* increment() {
        const before = n
        yield* pause()
        n = before + 1
      }
      yield* gather([increment(), increment()])
      expectBoth(n)
    }
    expect(everySync(body)).toMatchObject(six)
  })

  test('generators, external with a result', () => {
    const body = function* () {
      let n = 0
      function* increment() {
        n = (yield* external('fetch', () => 1)) + n
      }
      yield* gather([increment(), increment()])
      expectBoth(n)
    }
    // The value is read after the wait: no order loses anything.
    expect(everySync(body)).toMatchObject({ schedules: 6, failures: 0 })
  })

  test.each([
    ['sleep(0)', () => sleep(0)],
    ['pause', () => pause()],
  ])('native functions, %s', async (_, wait) => {
    const body = async () => {
      let n = 0
      const increment = async () => {
        const before = n
        await wait()
        n = before + 1
      }
      await gather([() => increment(), () => increment()])
      expectBoth(n)
    }
    expect(await every(body)).toMatchObject(six)
  })

  test('native functions passed as functions, by createTask', async () => {
    const body = async () => {
      let n = 0
      const increment = async () => {
        const before = n
        await pause()
        n = before + 1
      }
      const a = createTask(increment)
      const b = createTask(increment)
      await a
      await b
      expectBoth(n)
    }
    // Awaiting one task after the other adds steps of the main task, which run in between: more orders, same failures.
    const report = await every(body)
    expect(report.failures).toBeGreaterThan(0)
    expect(report.schedules).toBeGreaterThanOrEqual(6)
  })

  test('shared: a read at once and a write that is a scheduling point', () => {
    const body = function* () {
      const n = shared(0)
      function* increment() {
        const before = n.value
        yield* n.write(before + 1)
      }
      yield* gather([increment(), increment()])
      expectBoth(n.value)
    }
    expect(everySync(body)).toMatchObject(six)
  })

  test('shared: read and write are a scheduling point each, so three steps a task and C(6, 3) = 20', () => {
    const body = function* () {
      const n = shared(0)
      function* increment() {
        yield* n.write((yield* n.read()) + 1)
      }
      yield* gather([increment(), increment()])
      expectBoth(n.value)
    }
    // Start, read, write: the update is safe only if one reads after the other's write: 2 * C(4, 1) orders… of 20.
    const report = everySync(body)
    expect(report.schedules).toBe(20)
    // Of the 20 orders, those in which A's write comes before B's read: B's start may be at 4 places: 4; and the same
    // with A and B changed. So 12 fail.
    expect(report.failures).toBe(12)
  })

  test('shared: an update is one step after its scheduling point, and never lost', () => {
    const body = function* () {
      const n = shared(0)
      yield* gather([0, 1].map(() => function* () {
        yield* n.update((x) => x + 1)
      }))
      expectBoth(n.value)
    }
    expect(everySync(body)).toMatchObject({ schedules: 6, failures: 0 })
  })
})

describe('counts are the multinomial coefficients: hops are no choice points', () => {
  /*
   * A task that waits k times has k + 1 steps. The last step of all tasks leads through gather's hops to the main task,
   * which is forced.
   */
  test.each([
    [[1, 1]],
    [[2, 2]],
    [[3, 3]],
    [[4, 4]],
    [[0, 3]],
    [[1, 1, 1]],
    [[2, 1, 1]],
    [[1, 1, 1, 1]],
  ])('waits %j', async (waits) => {
    const steps = waits.map((k) => k + 1)
    const generators = (wait: () => ReturnType<typeof pause>) =>
      function* () {
        yield* gather(waits.map((k) => (function* () {
          for (let i = 0; i < k; i++) yield* wait()
        })()))
      }
    const native = async () => {
      await gather(waits.map((k) => async () => {
        for (let i = 0; i < k; i++) await sleep(0)
      }))
    }
    const expected = interleavings(...steps)
    expect(everySync(generators(() => sleep(0))).schedules).toBe(expected)
    expect(everySync(generators(() => pause())).schedules).toBe(expected)
    if (expected <= 100) expect((await every(native)).schedules).toBe(expected)
  })

  test('nested gathers add no choices', () => {
    const body = function* () {
      const leaf = function* () {
        yield* pause()
      }
      // The inner main runs two steps (start, and after its gather): the last is forced only if nothing else can run.
      yield* gather([(function* () {
        yield* gather([leaf()])
      })()])
    }
    expect(everySync(body).schedules).toBe(1)
  })

  test('a handle that was cancelled is no option', () => {
    const body = function* () {
      const loop = getRunningLoop()
      const handles = [1, 2, 3].map(() => loop.callSoon(() => {}))
      handles[0]?.cancel()
      handles[2]?.cancel()
      yield* pause()
    }
    // One callback and one external: 2 orders.
    expect(everySync(body).schedules).toBe(2)
  })

  test('a timer that was cancelled when it was due is no option', () => {
    const body = function* () {
      const loop = getRunningLoop()
      const t = loop.callLater(0, () => {})
      yield* sleep(0)
      t.cancel()
      loop.callSoon(() => {})
      yield* pause()
    }
    // The timer is due when the task wakes. Timer first: then 2 orders of callback and external. Task first: the timer is
    // gone, and 2 orders again.
    expect(everySync(body).schedules).toBe(4)
  })

  test('a timer that is due already is an option beside an external, and costs no clock choice', () => {
    const body = function* () {
      getRunningLoop().callLater(0, () => {})
      yield* pause()
    }
    expect(everySync(body).schedules).toBe(2)
  })

  test('one external alone, and one timer alone, leave nothing to choose', () => {
    expect(everySync(function* () {
      yield* pause()
      yield* sleep(1)
      yield* pause()
    })).toMatchObject({ schedules: 1, choicePoints: 0 })
  })
})

test('check runs generator bodies too, with the same schedules', async () => {
  const body = function* () {
    yield* gather([pause(), pause(), pause()])
  }
  expect((await check(body, { strategy: 'exhaustive', bail: false })).schedules).toBe(everySync(body).schedules)
})
