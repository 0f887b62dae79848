import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import { Barrier, BrokenBarrierError, createTask, gather, type GeneratorBody, sleep, type Task } from '../src/index.ts'
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
import { FlawedBarrier } from './sync-flawed.ts'

interface Meeting {
  wait(): Waits<number>
  abort(): Waits<void>
  readonly nWaiting: number
}

interface Phases {
  readonly parties: number
  /** In each phase some come, and when all is quiet some of those still there are cancelled. */
  readonly phases: readonly { readonly come: number; readonly leave: number }[]
  readonly abort: boolean
}

const phases: fc.Arbitrary<Phases> = fc.record({
  parties: fc.integer({ min: 1, max: 3 }),
  phases: fc.array(fc.record({ come: fc.nat(5), leave: fc.nat(2) }), { minLength: 1, maxLength: 3 }),
  abort: fc.boolean(),
})

/** It lets through exactly as many as a counter says, each round with all its places; abort leaves nobody behind. */
function metInPhases(make: (parties: number) => Meeting): (p: Phases) => GeneratorBody {
  return ({ parties, phases: plan, abort }) =>
    function* () {
      const barrier = make(parties)
      const places: number[] = []
      const all: Task<void>[] = []
      let waiting = 0
      let through = 0
      let leavers = 0
      for (const { come, leave } of plan) {
        for (let i = 0; i < come; i++) {
          all.push(
            createTask(function* () {
              places.push(yield* barrier.wait())
            }),
          )
        }
        yield* untilQuiet()
        through += Math.floor((waiting + come) / parties) * parties
        waiting = (waiting + come) % parties
        claim(places.length === through, `${places.length} let through, not ${through}`)
        claim(barrier.nWaiting === waiting, `${barrier.nWaiting} wait, not ${waiting}`)
        const leaving = live(all).slice(0, leave)
        for (const t of leaving) t.cancel()
        yield* endOf(leaving)
        waiting -= leaving.length
        leavers += leaving.length
        claim(barrier.nWaiting === waiting, `${barrier.nWaiting} wait, not ${waiting}`)
      }
      if (leavers === 0) {
        for (let p = 0; p < parties; p++) {
          claim(places.filter((x) => x === p).length === through / parties, `places ${places.toSorted()}`)
        }
      }
      if (abort) yield* barrier.abort()
      else for (const t of live(all)) t.cancel()
      yield* untilQuiet()
      claim(live(all).length === 0, 'somebody is left behind')
      yield* gather(all, { returnExceptions: true })
    }
}

interface Storm {
  readonly parties: number
  readonly come: number
  readonly cancel: readonly number[]
  /** After how many turns it is aborted, if it is. */
  readonly abort: number | undefined
}

const storm: fc.Arbitrary<Storm> = fc.record({
  parties: fc.integer({ min: 2, max: 3 }),
  come: fc.integer({ min: 2, max: 6 }),
  cancel: cancellations,
  abort: fc.option(fc.nat(3), { nil: undefined }),
})

/** Cancelled and aborted at any moment: when all is quiet fewer wait than it takes, and nobody after an abort. */
function metInAStorm(make: (parties: number) => Meeting): (p: Storm) => GeneratorBody {
  return ({ parties, come, cancel, abort }) =>
    function* () {
      const barrier = make(parties)
      const all = Array.from({ length: come }, () =>
        createTask(function* () {
          try {
            yield* barrier.wait()
          } catch (error) {
            const broken = error instanceof BrokenBarrierError || String(error) === 'Error: broken'
            if (!(broken && abort !== undefined)) throw error
          }
        }),
      )
      const killer = canceller(all, cancel)
      const breaker = createTask(function* () {
        if (abort === undefined) return
        for (let i = 0; i < abort; i++) yield* sleep(0)
        yield* barrier.abort()
      })
      yield* untilQuiet()
      const left = live(all)
      claim(left.length < (abort === undefined ? parties : 1), `${left.length} of ${parties} wait for ever`)
      claim(barrier.nWaiting === left.length, `nWaiting is ${barrier.nWaiting}, ${left.length} wait`)
      for (const t of left) t.cancel()
      yield* endOf([...all, killer, breaker])
      if (abort === undefined) claim(barrier.nWaiting === 0, 'somebody is counted who left')
    }
}

describe('Barrier', () => {
  test('lets through whole parties and nobody else; an abort releases all who wait, in any order', () => {
    assertHolds(phases, metInPhases((n) => new Barrier(n)))
  })

  test('releases all or breaks all, cancelled and aborted at any moment', () => {
    assertHolds(storm, metInAStorm((n) => new Barrier(n)))
  })

  test('… in every order of a small program', () => {
    assertInEveryOrder(metInAStorm((n) => new Barrier(n))({ parties: 2, come: 2, cancel: [0], abort: undefined }))
    assertInEveryOrder(metInAStorm((n) => new Barrier(n))({ parties: 2, come: 2, cancel: [], abort: 0 }))
  })

  test('the properties can fail', () => {
    const phased = (flaw: ConstructorParameters<typeof FlawedBarrier>[1]) =>
      metInPhases((n) => new FlawedBarrier(n, flaw))
    const stormy = (flaw: ConstructorParameters<typeof FlawedBarrier>[1]) =>
      metInAStorm((n) => new FlawedBarrier(n, flaw))
    assertHolds(phases, phased('none'))
    assertHolds(storm, stormy('none'))
    assertCatches(phases, phased('wakes one'), /let through/)
    assertCatches(phases, phased('counts the cancelled'), /wait, not/)
    assertCatches(storm, stormy('wakes one'), /for ever/)
    assertCatches(storm, stormy('counts the cancelled'), /nWaiting/)
    assertCatches(storm, stormy('counts the cancelled'), /somebody is counted/)
  })
})
