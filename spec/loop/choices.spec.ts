import { describe, expect, test } from 'vitest'
import { checkSync, choose, external, gather, getRunningLoop, pause, sleep } from '../../src/index.ts'
import { everySync } from '../support/count.ts'

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

test('the passing of time is a step of the trace where it was a choice', () => {
  const { failure } = checkSync(
    function* () {
      yield* gather([sleep(5), (function* () {
        yield* pause('outside')
        if (getRunningLoop().time() === 5) throw new Error('it came late')
      })()])
    },
    { strategy: 'exhaustive' },
  )
  expect(failure?.trace.steps.map((s) => s.kind).filter((kind) => kind !== 'handle')).toEqual(['clock', 'external'])
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
