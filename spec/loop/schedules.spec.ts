import { describe, expect, test } from 'vitest'
import { check, checkSync, choose, createTask, external, gather, getRunningLoop, pause, shared, sleep } from '../../src/index.ts'
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

describe('choices beyond the ready handles', () => {
  test('equal deadlines are a choice', () => {
    const orders = new Set<string>()
    const body = function* () {
      const log: number[] = []
      yield* gather([0, 1, 2].map((k) => (function* () {
        yield* sleep(1)
        log.push(k)
      })()))
      orders.add(log.join(''))
    }
    everySync(body)
    expect(orders.size).toBe(6)
  })

  test('deadlines that a sum reaches with a rounding error are the same moment', () => {
    const orders = new Set<string>()
    everySync(function* () {
      const log: string[] = []
      const a = function* () {
        yield* sleep(0.1)
        yield* sleep(0.2)
        log.push('a')
      }
      const b = function* () {
        yield* sleep(0.3)
        log.push('b')
      }
      yield* gather([a(), b()])
      orders.add(log.join(''))
    })
    expect([...orders].toSorted()).toEqual(['ab', 'ba'])
  })

  test('different deadlines never fire out of order, whatever is picked', () => {
    everySync(function* () {
      const loop = getRunningLoop()
      const log: number[] = []
      for (const d of [3, 1, 2]) loop.callLater(d, () => log.push(d))
      const spin = function* () {
        for (let i = 0; i < 2; i++) yield* sleep(0)
      }
      yield* gather([spin(), sleep(4), (function* () {
        yield* sleep(1)
        yield* sleep(0)
      })()])
      expect(log).toEqual([1, 2, 3])
    })
  })

  test('timers due together, or already past, keep the order of their deadlines', () => {
    everySync(function* () {
      const loop = getRunningLoop()
      const log: string[] = []
      yield* sleep(5)
      loop.callAt(2, () => log.push('2'))
      loop.callAt(1, () => log.push('1'))
      loop.callAt(3, () => log.push('3'))
      loop.callSoon(() => {})
      yield* sleep(1)
      expect(log.join()).toBe('1,2,3')
    })
  })

  test('a timer armed late with an earlier deadline goes before those that wait in the queue', () => {
    const orders = new Set<string>()
    everySync(function* () {
      const loop = getRunningLoop()
      const log: string[] = []
      yield* sleep(5)
      loop.callAt(5, () => log.push('5'))
      const late = function* () {
        yield* sleep(0)
        loop.callAt(1, () => log.push('1'))
      }
      yield* gather([late(), sleep(1)])
      orders.add(log.join())
    })
    expect([...orders].toSorted()).toEqual(['1,5', '5,1'])
  })

  test('an external may complete before, between and after the timers', () => {
    const orders = new Set<string>()
    const report = everySync(function* () {
      const log: string[] = []
      const timer = function* () {
        for (let i = 1; i <= 2; i++) {
          yield* sleep(1)
          log.push(`t${i}`)
        }
      }
      const outside = function* () {
        yield* pause()
        log.push(`e@${getRunningLoop().time()}`)
      }
      yield* gather([timer(), outside()])
      orders.add(log.join())
    })
    expect(orders).toContain('e@0,t1,t2')
    expect(orders).toContain('t1,e@1,t2')
    expect(orders).toContain('t1,t2,e@2')
    // At moment 1 and 2 it may also come when the timer is due and has not run.
    expect(orders).toContain('e@1,t1,t2')
    expect(orders).toContain('t1,e@2,t2')
    expect(orders.size).toBe(5)
    expect(report.exhausted).toBe(true)
  })

  test('thirty days pass in one choice, not in thirty', () => {
    const report = everySync(function* () {
      yield* gather([sleep(30 * 24 * 3600), pause()])
    })
    // The tasks that gather makes of its two coroutines: sleep's starts; then the external before the clock, or after.
    expect(report.schedules).toBeLessThan(10)
  })

  test('a value is a choice, labelled, of the values given', () => {
    const seen: string[] = []
    const report = everySync(function* () {
      const a = choose(2, 'coin')
      const b = choose(['x', 'y', 'z'], 'letter')
      seen.push(`${a}${b}`)
      yield* sleep(0)
    })
    expect(report.schedules).toBe(6)
    expect(seen).toEqual(['0x', '0y', '0z', '1x', '1y', '1z'])
  })

  test('a single value is no choice', () => {
    expect(everySync(function* () {
      choose(1)
      choose(['only'])
      yield* sleep(0)
    })).toMatchObject({ schedules: 1, choicePoints: 0 })
    for (const wrong of [0, -1, 1.5, Number.NaN]) {
      expect(checkSync(function* () {
        choose(wrong)
      }).failure?.error).toBeInstanceOf(RangeError)
    }
    expect(checkSync(function* () {
      choose([])
    }).failure?.error).toBeInstanceOf(RangeError)
  })

  test('a value chosen inside an external is a choice as well', () => {
    const seen: number[] = []
    everySync(function* () {
      seen.push(yield* external('roll', () => choose(3)))
    })
    expect(seen).toEqual([0, 1, 2])
  })
})

describe("permute: 'io'", () => {
  const ready = function* () {
    let last = 0
    yield* gather([1, 2, 3].map((k) => (function* () {
      yield* sleep(0)
      last = k
    })()))
    if (last !== 3) throw new Error(`last is ${last}`)
  }
  const completion = async () => {
    const log: number[] = []
    await gather([1, 2].map((k) => async () => {
      await pause()
      log.push(k)
    }))
    if (log[0] !== 1) throw new Error('the second came first')
  }

  test('a race of what is ready is none', () => {
    expect(everySync(ready, { permute: 'io' })).toMatchObject({ failures: 0, schedules: 1, choicePoints: 0 })
    expect(checkSync(ready).failures).toBe(1)
  })

  test('a race of completions is found', async () => {
    const report = await every(completion, { permute: 'io' })
    expect(report).toMatchObject({ schedules: 2, failures: 1 })
  })

  test('ready tasks keep their order in every schedule, also when externals complete', async () => {
    await every(async () => {
      const log: string[] = []
      const spin = (name: string) => async () => {
        for (let i = 0; i < 2; i++) {
          log.push(`${name}${i}`)
          await sleep(0)
        }
      }
      await gather([spin('a'), spin('b'), () => pause()])
      if (log.join() !== 'a0,b0,a1,b1') throw new Error(log.join())
    }, { permute: 'io' }).then((report) => {
      expect(report.failures).toBe(0)
      expect(report.schedules).toBeGreaterThan(1)
    })
  })

  test('an external completes at the border of an iteration: it never cuts into one', async () => {
    const orders = new Set<string>()
    await every(async () => {
      const log: string[] = []
      const outside = async () => {
        await pause()
        log.push('e')
      }
      const spin = (name: string) => async () => {
        for (let i = 0; i < 2; i++) {
          await sleep(0)
          log.push(name)
        }
      }
      await gather([outside, spin('a'), spin('b')])
      orders.add(log.join(''))
    }, { permute: 'io' })
    // Behind what is ready: after the two of an iteration, or at the end. Never between a and b.
    expect([...orders].filter((o) => o.includes('aeb'))).toEqual([])
    expect(orders).toContain('abeab')
    expect(orders).toContain('ababe')
  })
})

describe('the options have a fixed order', () => {
  test('ready handles, then externals in the order in which they began, then the clock', () => {
    const points: string[][] = []
    checkSync(
      function* () {
        getRunningLoop().callLater(5, () => {})
        const first = external('first')
        const second = external('second')
        yield* gather([sleep(0), first, second])
      },
      {
        strategy: {
          name: 'watch',
          begin: ({ schedule }) => schedule === 1,
          pick: (point) => {
            points.push(point.options.map((o) => o.label ?? o.kind))
            expect(point.options).toHaveLength(point.count)
            return 0
          },
        },
      },
    )
    expect(points[0]).toEqual(['start', 'first', 'second'])
    expect(points.at(-2)).toEqual(['first', 'second', 'clock'])
    expect(points.at(-1)).toEqual(['second', 'clock'])
  })

  test('the step of a choice point counts forced steps too', () => {
    const steps: number[] = []
    checkSync(
      function* () {
        for (let i = 0; i < 3; i++) yield* sleep(0)
        choose(2)
        yield* sleep(0)
        choose(2)
      },
      {
        strategy: {
          name: 'watch',
          begin: ({ schedule }) => schedule === 1,
          pick: (point) => {
            steps.push(point.step)
            return 0
          },
        },
      },
    )
    expect(steps).toEqual([4, 5])
  })
})

test('check runs generator bodies too, with the same schedules', async () => {
  const body = function* () {
    yield* gather([pause(), pause(), pause()])
  }
  expect((await check(body, { strategy: 'exhaustive', bail: false })).schedules).toBe(everySync(body).schedules)
})
