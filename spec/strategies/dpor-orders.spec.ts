import { describe, expect, it } from 'vitest'
import {
  asCompleted,
  check,
  checkSync,
  choose,
  createTask,
  Event,
  external,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  Future,
  gather,
  getRunningLoop,
  pause,
  type Shard,
  shared,
  type Shared,
  sleep,
  type Suspension,
  type Task,
  TaskGroup,
  timeout,
  wait,
  waitFor,
} from '../../src/index.ts'

/** A main task that says in the end what it has seen. */
type Body = (x: Shared<number>) => Generator<Suspension, unknown, unknown>

function outcomes(body: Body, strategy: 'dpor' | 'exhaustive', shard?: Shard): string[] {
  const seen = new Set<string>()
  let last = ''
  const report = checkSync(
    function* () {
      last = String(yield* body(shared(0)))
    },
    { strategy, assume: 'tracked', bail: false, leaks: 'ignore', schedules: 200, setup: () => () => void seen.add(last), ...(shard && { shard }) },
  )
  expect(report.exhausted).toBe(true)
  return [...seen].sort()
}

/** One task ends at once, or fails; the other one writes. */
function two(x: Shared<number>, { fails }: { fails: boolean }): Task<void>[] {
  const first = createTask(function* () {
    if (fails) throw new Error('failed')
  })
  return [
    first,
    createTask(function* () {
      x.value = 1
    }),
  ]
}

const BODIES: Record<string, Body> = {
  *'a future is ended, and then another task waited for, which has ended or not'(x) {
    const future = new Future<number>()
    const other = createTask(function* () {})
    const ends = createTask(function* () {
      future.setResult(1)
      yield* other
      x.value = 1
    })
    const looks = createTask(function* () {
      return `${future.done()} ${x.value}`
    })
    const [, , seen] = yield* gather([other, ends, looks])
    return seen
  },
  *'something outside is begun, and another task waited for before it'(x) {
    const other = createTask(function* () {
      x.value = 2
    })
    const begins = createTask(function* () {
      const call = external('call', () => {
        x.value = 1
      })
      yield* other
      yield* call
      return x.value
    })
    const [, seen] = yield* gather([other, begins])
    return seen
  },
  *'the same, where nothing is done at once when it is over but a task made'(x) {
    const other = createTask(function* () {
      x.value = 2
    })
    const begins = createTask(function* () {
      const call = external('call')
      yield* other
      yield* call
      yield* createTask(function* () {
        x.value = 1
      })
    })
    const looks = createTask(function* () {
      yield* pause()
      return x.value
    })
    const [, , seen] = yield* gather([other, begins, looks])
    return seen
  },
  *'wait for the first to end'(x) {
    const [done] = yield* wait(two(x, { fails: false }), { returnWhen: FIRST_COMPLETED })
    return `${done.size} ${x.value}`
  },
  *'wait for the first to fail'(x) {
    const [done] = yield* wait(two(x, { fails: true }), { returnWhen: FIRST_EXCEPTION })
    return `${done.size} ${x.value}`
  },
  *'wait for so long'(x) {
    const tasks = [sleep(1), pause()].map((awaited) =>
      createTask(function* () {
        yield* awaited
        x.value += 1
      }),
    )
    const [done] = yield* wait(tasks, { timeout: 1 })
    return `${done.size} ${x.value}`
  },
  *'a gather that fails while another task is still to run'(x) {
    try {
      yield* gather(two(x, { fails: true }))
    } catch {
      return x.value
    }
    return 'passed'
  },
  *'a gather whose tasks both fail'() {
    const tasks = ['a', 'b'].map((name) =>
      createTask(function* () {
        throw new Error(name)
      }),
    )
    try {
      yield* gather(tasks)
    } catch (error) {
      return error
    }
    return 'passed'
  },
  *'the first of asCompleted'(x) {
    for (const next of asCompleted(two(x, { fails: false }))) {
      yield* next
      return x.value
    }
    return 'none'
  },
  *'the order of asCompleted'() {
    const order: unknown[] = []
    const tasks = ['a', 'b', 'c'].map((name) =>
      createTask(function* () {
        return name
      }),
    )
    for (const next of asCompleted(tasks)) order.push(yield* next)
    return order
  },
  *'a task group that fails'(x) {
    try {
      yield* new TaskGroup().run(function* (group) {
        group.createTask(function* () {
          throw new Error('failed')
        })
        group.createTask(function* () {
          yield* sleep(0)
          x.value = 1
        })
      })
    } catch {
      return x.value
    }
    return 'passed'
  },
  *'waitFor, and what it waits for at the same moment'(x) {
    const event = new Event()
    createTask(function* () {
      yield* sleep(1)
      event.set()
    })
    createTask(function* () {
      yield* sleep(1)
      x.value = 1
    })
    try {
      yield* waitFor(event.wait(), 1)
    } catch {
      return `late ${x.value}`
    }
    return `in time ${x.value}`
  },
  *'the same, begun later'(x) {
    const event = new Event()
    createTask(function* () {
      yield* sleep(1)
      event.set()
      x.value = 1
    })
    yield* sleep(0)
    try {
      yield* waitFor(event.wait(), 1)
    } catch {
      return `late ${x.value}`
    }
    return `in time ${x.value}`
  },
  *'a timeout around the outside'(x) {
    createTask(function* () {
      x.value = 1
    })
    try {
      yield* timeout(1, () => pause())
    } catch {
      return `late ${x.value}`
    }
    return `in time ${x.value}`
  },
  *'callbacks that are due at once'(x) {
    const tasks = [0, 1].map((delay) =>
      createTask(function* () {
        getRunningLoop().callLater(delay, () => {
          x.value = x.value * 3 + delay + 1
        })
        yield* sleep(0)
        x.value *= 2
      }),
    )
    yield* gather(tasks)
    yield* sleep(2)
    return x.value
  },
  *'callbacks of the next iteration'(x) {
    const task = createTask(function* () {
      getRunningLoop().callSoon(() => {
        x.value += 1
      })
    })
    const other = createTask(function* () {
      x.value = x.value * 3 + 1
    })
    yield* gather([task, other])
    yield* sleep(1)
    return x.value
  },
}

/** Two tasks: what the step of one touches follows from a value that it chooses; the other writes, or not. */
function* choices(x: Shared<number>): ReturnType<Body> {
  const seen: unknown[] = []
  const looking = createTask(function* () {
    const what = choose(3)
    seen.push(what === 1 ? x.value : `chose ${what}`)
    if (what === 2) x.value = 8
  })
  const writing = createTask(function* () {
    if (choose(2) === 1) yield* x.write(7)
  })
  yield* gather([looking, writing])
  return `${seen} ${x.value}`
}

describe('dpor reaches every outcome where the order of what ends, or falls due, decides how the program goes on', () => {
  it.each(Object.entries(BODIES))('%s', (_, body) => {
    const all = outcomes(body, 'exhaustive')
    expect(outcomes(body, 'dpor')).toEqual(all)
  })

  it('an external that is cancelled while a timer is armed, at the end of the run', () => {
    const body: Body = function* (x) {
      const waits = createTask(function* () {
        yield* pause()
        x.value = 1
      })
      const tasks = [
        createTask(function* () {
          waits.cancel()
        }),
        createTask(function* () {
          getRunningLoop().callLater(1, () => {})
        }),
      ]
      yield* gather([...tasks, waits], { returnExceptions: true })
      return x.value
    }
    expect(outcomes(body, 'dpor')).toEqual(outcomes(body, 'exhaustive'))
  })

  it('timers of equal delay, which keep their order, and others that are due with them', async () => {
    const found = async (strategy: 'dpor' | 'exhaustive'): Promise<string[]> => {
      const seen = new Set<string>()
      let last = ''
      const report = await check(
        async () => {
          const x = shared(1)
          setTimeout(() => void (x.value = x.value * 2 + 1), 2)
          setTimeout(() => void (x.value *= 3), 2)
          setTimeout(() => setTimeout(() => void (x.value += 5), 1), 1)
          await sleep(1)
          last = String(x.value)
        },
        { strategy, assume: 'tracked', bail: false, schedules: 200, setup: () => () => void seen.add(last) },
      )
      expect(report.exhausted).toBe(true)
      return [...seen].sort()
    }
    // In turn they give 9; the third may come before, between and behind them.
    const all = await found('exhaustive')
    expect(all).toEqual(['14', '24', '39'])
    expect(await found('dpor')).toEqual(all)
  })

  it.each([2, 3, 7])('values that decide what a step touches, in %i shards', (count) => {
    const parts = Array.from({ length: count }, (_, i) => outcomes(choices, 'dpor', { index: i + 1, count }))
    expect([...new Set(parts.flat())].sort()).toEqual(outcomes(choices, 'exhaustive'))
  })
})
