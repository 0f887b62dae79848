import { describe, expect, it } from 'vitest'
import { checkSync, choose, createTask, Future, gather, io, type Report, type Shared, shared, type Suspension } from '../../src/index.ts'

type Thread = (x: Shared<number>, y: Shared<number>) => Generator<Suspension, unknown, unknown>

/** Chooses one of two values and writes it, in one step. */
const picks: Thread = function* (x) {
  x.value = choose([10, 20])
}
/** Chooses, then does nothing that matters, or reads, or writes, in the same step. */
const tosses: Thread = function* (x) {
  const side = choose(3)
  if (side === 1) return x.value
  if (side === 2) x.value = 7
}
/** Chooses which of two cells it reads. */
const picksCell: Thread = function* (x, y) {
  return [x, y][choose(2)]?.value
}
const reads: Thread = function* (x) {
  return x.value
}
const writes: Thread = function* (x) {
  x.value = 1
}
function explored(threads: readonly Thread[], strategy: 'dpor' | 'exhaustive'): { report: Report; ends: Set<string> } {
  const ends = new Set<string>()
  const report = checkSync(
    function* () {
      const [x, y] = [shared(0), shared(0)]
      const seen = yield* gather(threads.map((thread) => createTask(() => thread(x, y))))
      ends.add(JSON.stringify([seen, x.value]))
    },
    { strategy, assume: 'tracked', bail: false, schedules: 10_000 },
  )
  expect(report.exhausted).toBe(true)
  return { report, ends }
}

/* Traces differ in the values chosen and in the order of a write and any other access to the same cell. */
describe('dpor runs one execution for each trace where a step chooses a value and then touches what is shared', () => {
  it.each<[string, number, readonly Thread[]]>([
    ['one that chooses', 2, [picks]],
    // n! orders of the writes, and 2^n values.
    ['two writers', 2 * 4, [picks, picks]],
    ['three writers', 6 * 8, [picks, picks, picks]],
    // Each reader comes before or after the write; they commute.
    ['a writer and a reader', 2 * 2, [picks, reads]],
    ['a writer and two readers', 2 * 4, [picks, reads, reads]],
    // 9 pairs of values; a write against a read or a write has two orders.
    ['two that may read, write or do neither', 9 + 3, [tosses, tosses]],
    // With k writers and r readers of three: k! times (k + 1)^r orders; 3, 2, 1, 0 writers.
    ['three of these', 6 + 3 * (2 + 2 * 3) + 3 * (1 + 2 * 2 + 4) + 8, [tosses, tosses, tosses]],
    // Whoever reads x does so before or after the write to it.
    ['two that choose their cell, and a writer of the one', 3 * 3, [picksCell, picksCell, writes]],
  ])('%s: %i', (_, traces, threads) => {
    const every = explored(threads, 'exhaustive')
    const reduced = explored(threads, 'dpor')
    expect([...reduced.ends].toSorted()).toEqual([...every.ends].toSorted())
    expect(reduced.report.schedules).toBe(traces)
  })
})

describe('dpor where a step ends a future, and then chooses', () => {
  // Whoever reads 0 comes first, and looks: that the future counts is not known before.
  it.each(['first', 'last'])('comes to every end, once: the one that may look at the future was made %s', (made) => {
    const explore = (strategy: 'dpor' | 'exhaustive'): { ends: Set<string>; schedules: number } => {
      const ends = new Set<string>()
      const { schedules, exhausted } = checkSync(
        function* () {
          const [x, future] = [shared(0), new Future<number>()]
          const looks = function* (): Generator<Suspension, string, unknown> {
            return x.value === 0 ? String(future.done()) : 'late'
          }
          const chooses = function* (): Generator<Suspension, number, unknown> {
            future.setResult(1)
            const value = choose(2)
            x.value = 1
            return value
          }
          const bodies = made === 'first' ? [looks, chooses] : [chooses, looks]
          const seen = yield* gather(bodies.map((body) => createTask<string | number>(body)))
          ends.add(seen.join())
        },
        { strategy, assume: 'tracked', bail: false, schedules: 100 },
      )
      expect(exhausted).toBe(true)
      return { ends, schedules }
    }
    const all = explore('exhaustive')
    // Two orders, two values.
    expect(all).toEqual({ ends: expect.any(Set) as Set<string>, schedules: 4 })
    expect(all.ends.size).toBe(4)
    expect(explore('dpor')).toEqual(all)
  })
})

describe('dpor where calls meet faults', () => {
  it('comes to every end: who has met the one fault of a schedule leaves none for others', () => {
    const call: Thread = function* (x) {
      const increment = io(() => ++x.value, { faults: { rejectBefore: true, rejectAfter: true } })
      try {
        return yield* increment()
      } catch (error) {
        return (error as Error).message
      }
    }
    const then = (...threads: Thread[]): Thread =>
      function* (x, y) {
        const seen: unknown[] = []
        for (const thread of threads) seen.push(yield* thread(x, y))
        return seen
      }
    const readsLater: Thread = (x) => x.read()[Symbol.iterator]() as ReturnType<Thread>
    const threads = [then((_, y) => readsLater(y, y), call), then(call, readsLater)]
    const every = explored(threads, 'exhaustive')
    expect(every.ends.size).toBeGreaterThan(5)
    expect([...explored(threads, 'dpor').ends].toSorted()).toEqual([...every.ends].toSorted())
  })
})
