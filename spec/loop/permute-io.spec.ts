import { describe, expect, test } from 'vitest'
import { checkSync, ConcurrentFuture, Future, gather, pause, shield, sleep, wrapFuture } from '../../src/index.ts'
import { every, everySync } from '../support/count.ts'

describe("permute: 'io'", () => {
  test('what only keeps books is nothing that an external could come before', () => {
    const report = everySync(function* () {
      shield(new Future()).cancel()
      wrapFuture(new ConcurrentFuture()).cancel()
      yield* pause()
    }, { permute: 'io' })
    expect(report).toMatchObject({ failures: 0, schedules: 1, choicePoints: 0 })
  })

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
    expect([...orders].toSorted()).toEqual(['ababe', 'abeab'])
  })
})
