import { describe, expect, test } from 'vitest'
import { EventLoop } from '../../src/asyncio/event-loop.ts'
import { checkSync, createTask, DeadlockError, Future, getRunningLoop, pause, runSync, sleep } from '../../src/index.ts'
import type { External } from '../../src/loop/external.ts'
import type { Timer } from '../../src/loop/timer-heap.ts'
import { everySync } from '../support/count.ts'

/** An interval, as the replaced setInterval makes one. */
class Interval implements Timer {
  readonly kind = 'handle'
  readonly hop = false
  readonly label = 'interval'
  id = 0
  since = 0
  serial = 0
  due: number
  fired = 0
  readonly period: number
  readonly #loop: EventLoop
  readonly #each: () => void
  #cancelled = false

  constructor(period: number, each: () => void = () => {}, loop = getRunningLoop()) {
    this.period = period
    this.#loop = loop
    this.#each = each
    this.due = loop.time() + period
    loop.addTimer(this)
  }

  isCancelled(): boolean {
    return this.#cancelled
  }

  cancel(): void {
    if (!this.#cancelled && this.id === 0) this.#loop.noteTimerCancelled(this)
    this.#cancelled = true
  }

  run(): void {
    this.#loop.noteBeat(this.#loop.steps)
    this.fired++
    this.#each()
    this.id = 0
    this.due += this.period
    if (!this.#cancelled) this.#loop.addTimer(this)
  }
}

describe('intervals alone', () => {
  test('are a deadlock after 10,000 firings, which says so', () => {
    let interval: Interval | undefined
    const stuck = (): void =>
      runSync(function* () {
        interval = new Interval(1)
        yield* new Future()
      })
    expect(stuck).toThrow(DeadlockError)
    expect(interval?.fired).toBe(10_000)
    expect(stuck).toThrow(
      'nothing is ready, only intervals are armed, which wake nobody, and nothing is under way outside\n  Task-1 waits for a future',
    )
  })

  test('are none while a timer is armed that is no interval, however late', () => {
    const log = runSync(function* () {
      const interval = new Interval(1)
      yield* sleep(20_000.5)
      const fired = interval.fired
      interval.cancel()
      return fired
    })
    expect(log).toBe(20_000)
  })

  // The last of them may be the one that would have been too many.
  test.each([9000, 10_000])('count from the last step that was another’s (%i)', (many) => {
    const fired = runSync(function* () {
      let turns = 0
      const done = new Future<void>()
      const interval: Interval = new Interval(1, () => {
        if (interval.fired % many !== 0) return
        createTask(function* () {
          if (++turns === 2) done.setResult()
        })
      })
      yield* done
      interval.cancel()
      return interval.fired
    })
    expect(fired).toBe(2 * many)
  })

  test('without any timer a deadlock is one at once', () => {
    expect(() => runSync(function* () {
      yield* new Future()
    })).toThrow('nothing is ready, no timer is armed and nothing is under way outside\n  Task-1 waits for a future')
  })
})

describe('while something is under way outside', () => {
  /** In how many schedules the interval has fired how often before the external was there. */
  function firings(period: number, also: () => void = () => {}): number[] {
    const counts = new Set<number>()
    const report = checkSync(
      function* () {
        const interval = new Interval(period)
        also()
        yield* pause()
        counts.add(interval.fired)
        interval.cancel()
      },
      { strategy: 'exhaustive', bail: false, schedules: 5000, leaks: 'ignore' },
    )
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    return [...counts].toSorted((a, b) => a - b)
  }

  test('an interval alone moves the clock three times, and no more', () => {
    expect(firings(1)).toEqual([0, 1, 2, 3])
  })

  test('of two that fire at once either may have fired alone', () => {
    const seen = new Set<string>()
    everySync(function* () {
      const [a, b] = [new Interval(1), new Interval(1)]
      yield* pause()
      seen.add([a.fired, b.fired].toSorted((x, y) => y - x).join(' '))
    }, { leaks: 'ignore' })
    expect([...seen].toSorted()).toEqual(['0 0', '1 0', '1 1', '2 1', '2 2'])
  })

  test('but to a timer that it reaches in a hundred firings, and past it three times', () => {
    const near = firings(1, () => void getRunningLoop().callLater(10.5, () => {}))
    // Whether to go on to the timer is asked once, and not at each firing on the way.
    expect(near).toEqual([0, 1, 2, 3, 10, 11, 12, 13])
    const far = firings(1, () => void getRunningLoop().callLater(200, () => {}))
    expect(far.at(-1)).toBe(3)
    const edge = firings(1, () => void getRunningLoop().callLater(103, () => {}))
    expect(edge.at(-1)).toBeGreaterThan(100)
  })

  test('which may fire before that is there or after, once its moment has come', () => {
    const seen = new Set<string>()
    const report = checkSync(function* () {
      const loop = getRunningLoop()
      const interval = new Interval(1)
      let fired = false
      loop.callLater(10.5, () => void (fired = true))
      yield* pause()
      if (loop.time() === 10.5) seen.add(`${interval.fired} ${fired}`)
      interval.cancel()
    }, { strategy: 'exhaustive', bail: false, schedules: 5000, leaks: 'ignore' })
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    expect([...seen].toSorted()).toEqual(['10 false', '10 true'])
  })
})

describe('awaits that take no time', () => {
  class Prompt implements External {
    readonly kind = 'external'
    id = 0
    since = 0
    readonly prompt: boolean
    readonly #done: Future<void>
    constructor(prompt: boolean, done: Future<void>) {
      this.prompt = prompt
      this.#done = done
    }
    complete(): void {
      this.#done.setResult()
    }
  }

  test('one after the other, in a plain run, they starve no timer all the same', () => {
    expect(runSync(function* () {
      const late = createTask(() => sleep(1))
      let turns = 0
      while (!late.done() && ++turns < 3000) {
        const done = new Future<void>()
        getRunningLoop().begin(new Prompt(true, done))
        yield* done
      }
      return turns
    })).toBeLessThanOrEqual(1010)
  })

  test.each([[true, [0]], [false, [0, 5]]])('the clock stands still while one is under way: %s', (prompt, expected) => {
    const times = new Set<number>()
    const report = checkSync(
      function* () {
        const loop = getRunningLoop()
        loop.promptAwaits = true
        const done = new Future<void>()
        loop.callLater(5, () => {})
        loop.begin(new Prompt(prompt, done))
        yield* done
        times.add(loop.time())
      },
      { strategy: 'exhaustive', bail: false },
    )
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    expect([...times]).toEqual(expected)
  })

  test('without that option it may move first', () => {
    const times = new Set<number>()
    checkSync(
      function* () {
        const loop = getRunningLoop()
        const done = new Future<void>()
        loop.callLater(5, () => {})
        loop.begin(new Prompt(true, done))
        yield* done
        times.add(loop.time())
      },
      { strategy: 'exhaustive', bail: false },
    )
    expect([...times]).toEqual([0, 5])
  })
})

describe('what is armed', () => {
  test('the earliest deadline that is no interval’s, and whether there is any', () => {
    const loop = new EventLoop()
    expect(loop.deadlines()).toEqual({ once: Number.POSITIVE_INFINITY, any: false })
    const interval = new Interval(1, () => {}, loop)
    expect(loop.deadlines()).toEqual({ once: Number.POSITIVE_INFINITY, any: true })
    const late = loop.callLater(7, () => {})
    loop.callLater(8, () => {})
    expect(loop.deadlines()).toEqual({ once: 7, any: true })
    late.cancel()
    expect(loop.deadlines()).toEqual({ once: 8, any: true })
    interval.cancel()
    loop.close()
  })
})
