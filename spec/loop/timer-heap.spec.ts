import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Timer, TimerHeap } from '../../src/loop/timer-heap.ts'
import { SEED } from '../../properties/seed.ts'

interface TestTimer extends Timer {
  dead: boolean
}

function timer(due: number, serial: number): TestTimer {
  const t: TestTimer = {
    kind: 'handle',
    id: 0,
    since: 0,
    hop: false,
    run: () => {},
    due,
    serial,
    dead: false,
    isCancelled: () => t.dead,
  }
  return t
}

const commands = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('push' as const), n: fc.constantFrom(0, 1, 1, 2, 3, 5, 1e6, 0.1, 0.3) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), n: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pop' as const), n: fc.constant(0) }) },
  ),
  { maxLength: 600, size: 'max' },
)

test('gives the earliest live timer, among equals the one made first, whatever was cancelled', () => {
  fc.assert(
    fc.property(commands, (script) => {
      const heap = new TimerHeap()
      const live: TestTimer[] = []
      let serial = 0
      for (const { do: what, n } of script) {
        if (what === 'push') {
          const t = timer(n, ++serial)
          heap.push(t)
          live.push(t)
          live.sort((a, b) => a.due - b.due || a.serial - b.serial)
        } else if (what === 'cancel' && live.length > 0) {
          const [t] = live.splice(n % live.length, 1) as [TestTimer]
          t.dead = true
          heap.noteCancelled()
        } else if (what === 'pop') {
          expect(heap.peek()).toBe(live[0])
          if (live.length > 0) expect(heap.pop()).toBe(live.shift())
        }
        expect(heap.peek()).toBe(live[0])
      }
      for (const t of live) {
        expect(heap.peek()).toBe(t)
        heap.pop()
      }
      expect(heap.peek()).toBeUndefined()
      expect(heap.pop()).toBeUndefined()
    }),
    { numRuns: 200, seed: SEED },
  )
})

test('a thousand timers of one deadline come in the order in which they were made', () => {
  const heap = new TimerHeap()
  const timers = Array.from({ length: 1000 }, (_, i) => timer(5, i))
  for (const t of timers) heap.push(t)
  for (const t of timers) {
    expect(heap.peek()).toBe(t)
    heap.pop()
  }
})

test('cancelled timers are dropped once they are more than half of more than a hundred', () => {
  const heap = new TimerHeap()
  let asked = 0
  const timers = Array.from({ length: 101 }, (_, i) => timer(i, i))
  for (const t of timers) {
    t.isCancelled = () => (asked++, t.dead)
    heap.push(t)
  }
  const cancel = (from: number, to: number): number => {
    asked = 0
    for (const t of timers.slice(from, to)) {
      t.dead = true
      heap.noteCancelled()
    }
    return asked
  }
  expect(cancel(1, 51)).toBe(0)
  expect(cancel(51, 52)).toBe(101)
  // Of the fifty that are left it isn't worth while.
  expect(cancel(52, 101)).toBe(0)
  asked = 0
  expect([heap.pop(), heap.peek()]).toEqual([timers[0], undefined])
  expect(asked).toBe(49)
})

test('the earliest deadline of what fires once passes over intervals and what was cancelled', () => {
  const heap = new TimerHeap()
  expect(heap.earliestOnce()).toBe(Number.POSITIVE_INFINITY)
  heap.push({ ...timer(1, 1), period: 1 })
  expect(heap.earliestOnce()).toBe(Number.POSITIVE_INFINITY)
  const [late, early, earliest] = [timer(9, 2), timer(5, 3), timer(3, 4)]
  for (const t of [late, earliest, early]) heap.push(t)
  expect(heap.earliestOnce()).toBe(3)
  earliest.dead = true
  expect(heap.earliestOnce()).toBe(5)
  early.dead = true
  expect(heap.earliestOnce()).toBe(9)
  heap.clear()
  expect(heap.earliestOnce()).toBe(Number.POSITIVE_INFINITY)
  expect(heap.pop()).toBeUndefined()
})
