import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ReadyQueue } from '../../src/loop/ready-queue.ts'
import type { Runnable } from '../../src/loop/runnable.ts'
import { SEED } from '../../properties/seed.ts'
import { heapUsed } from '../support/heap.ts'

const HELD: Runnable = { kind: 'handle', id: 1, since: 0, hop: false, run: () => {} }
let ids = 0
function runnable(): Runnable {
  return { kind: 'handle', id: ++ids, since: 0, hop: false, run: () => {} }
}

/** expect() costs more than the queue: it is called where there is something to say. */
function same(a: unknown, b: unknown): void {
  if (a !== b) expect(a).toBe(b)
}

type Command = { readonly do: 'push' | 'shift' | 'take' | 'at' | 'remove' | 'removeStranger' | 'clear'; readonly n: number }

const commands = (weights: { push: number; take: number }): fc.Arbitrary<Command[]> =>
  fc.array(
    fc.oneof(
      { weight: weights.push, arbitrary: fc.record({ do: fc.constant('push' as const), n: fc.integer({ min: 1, max: 400 }) }) },
      { weight: weights.take, arbitrary: fc.record({ do: fc.constantFrom('take' as const, 'shift' as const), n: fc.nat({ max: 1_000_000 }) }) },
      { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('at' as const, 'remove' as const, 'removeStranger' as const), n: fc.nat({ max: 1_000_000 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), n: fc.constant(0) }) },
    ),
    { maxLength: 120, size: 'max' },
  )

/** Runs the commands on the queue and on a plain array, which must agree at every step. */
function compare(script: readonly Command[]): number {
  const queue = new ReadyQueue()
  let model: Runnable[] = []
  let longest = 0
  for (const { do: what, n } of script) {
    const k = model.length === 0 ? 0 : n % model.length
    if (what === 'push') {
      for (let i = 0; i < n; i++) {
        const r = runnable()
        queue.push(r)
        model.push(r)
      }
    } else if (what === 'clear') {
      queue.clear()
      model = []
    } else if (what === 'removeStranger') {
      const before = model.length
      queue.remove(runnable())
      same(queue.length, before)
    } else if (model.length === 0) {
      expect(() => (what === 'shift' ? queue.shift() : what === 'at' ? queue.at(0) : queue.takeAt(0))).toThrow(RangeError)
    } else if (what === 'shift') same(queue.shift(), model.shift())
    // Many at once, so that the tree sees holes: the k-th again and again.
    else if (what === 'take') {
      for (let i = 0; i < 5 && model.length > 0; i++) {
        const at = (k + i * 37) % model.length
        same(queue.takeAt(at), model.splice(at, 1)[0])
      }
    } else if (what === 'at') same(queue.at(k), model[k])
    else {
      const [r] = model.splice(k, 1)
      queue.remove(r as Runnable)
    }
    same(queue.length, model.length)
    longest = Math.max(longest, model.length)
  }
  for (const [k, r] of model.entries()) same(queue.at(k), r)
  expect(() => queue.at(model.length)).toThrow(RangeError)
  return longest
}

describe('the ready queue is a list', () => {
  test('as an array is, short and long, by any commands', () => {
    let longest = 0
    fc.assert(
      fc.property(commands({ push: 30, take: 30 }), (script) => {
        longest = Math.max(longest, compare(script))
      }),
      { numRuns: 60, seed: SEED },
    )
    // Long enough for the tree, or the property has said nothing about it.
    expect(longest).toBeGreaterThan(1000)
  })

  test('while it drains from thousands, across the border between tree and array', () => {
    fc.assert(
      fc.property(fc.integer({ min: 150, max: 4000 }), fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 50 }), (n, ks) => {
        const queue = new ReadyQueue()
        const model: number[] = []
        for (let i = 0; i < n; i++) {
          const r = runnable()
          queue.push(r)
          model.push(r.id)
        }
        for (let i = 0; model.length > 0; i++) {
          // A few come back, as tasks do that go on.
          if (i % 7 === 0 && i < 2 * n) {
            const r = runnable()
            queue.push(r)
            model.push(r.id)
          }
          const k = ((ks[i % ks.length] as number) + i) % model.length
          same(queue.takeAt(k).id, model.splice(k, 1)[0])
          same(queue.length, model.length)
        }
        expect(() => queue.shift()).toThrow(RangeError)
      }),
      { numRuns: 25, seed: SEED },
    )
  })

  test('an element that is not there is a RangeError, at any length', () => {
    for (const n of [0, 1, 63, 64, 65, 1000]) {
      const queue = new ReadyQueue()
      for (let i = 0; i < n; i++) queue.push(runnable())
      if (n > 64) queue.takeAt(n - 1)
      expect(() => queue.at(n)).toThrow(RangeError)
      expect(() => queue.takeAt(n)).toThrow(RangeError)
    }
  })

  test.each([
    ['long', 1000, (i: number) => i % 997],
    ['short', 3, () => 1],
    ['short, in order,', 3, () => 0],
  ])('a %s queue that never shrinks does not grow in memory', (_, length, pick) => {
    const queue = new ReadyQueue()
    for (let i = 0; i < length; i++) queue.push(runnable())
    const started = heapUsed()
    for (let i = 0; i < 3_000_000; i++) queue.push(queue.takeAt(pick(i)))
    // 3 million slots of 8 bytes are 24 MB, and what they are copied from is as much.
    expect(heapUsed() - started).toBeLessThan(16 * 2 ** 20)
    expect(queue.length).toBe(length)
  })

  test('a queue that is empty each time does not grow in memory', () => {
    const queue = new ReadyQueue()
    const started = heapUsed()
    for (let i = 0; i < 3_000_000; i++) {
      queue.push(HELD)
      queue.shift()
    }
    expect(heapUsed() - started).toBeLessThan(16 * 2 ** 20)
    expect(queue.length).toBe(0)
  })

  test('a queue that was long once gives its room back, and goes on as any', () => {
    const queue = new ReadyQueue()
    const started = heapUsed()
    for (let i = 0; i < 4_000_000; i++) queue.push(HELD)
    for (let i = 0; i < 3_999_990; i++) queue.shift()
    expect(heapUsed() - started).toBeLessThan(8 * 2 ** 20)
    expect(queue.length).toBe(10)
    for (let k = 9; k >= 0; k--) expect(queue.takeAt(k)).toBe(HELD)
  })
})
