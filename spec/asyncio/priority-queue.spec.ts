import { describe, expect, test } from 'vitest'
import { PriorityQueue } from '../../src/index.ts'
import { both, on } from './both.ts'

describe('PriorityQueue', () => {
  both('R264 the least item comes first', [1, 2, 3], function* (w) {
    const q = new PriorityQueue<number>()
    for (const x of [3, 1, 2]) q.putNowait(x)
    for (let i = 0; i < 3; i++) w.log.push(yield* on(q.get()))
  })

  test("R264 items of equal rank come out as from CPython's heap", () => {
    const q = new PriorityQueue<{ rank: number; n: number }>({ compare: (a, b) => a.rank - b.rank })
    const out: number[] = []
    for (const [n, rank] of [2, 1, 2, 1, 1, 2, 0, 1, 2, 1].entries()) q.putNowait({ rank, n })
    for (let i = 0; i < 4; i++) out.push(q.getNowait().n)
    for (const [i, rank] of [1, 0, 2].entries()) q.putNowait({ rank, n: 10 + i })
    while (!q.empty()) out.push(q.getNowait().n)
    // CPython 3.13, with items whose __lt__ compares the rank alone.
    expect(out).toEqual([6, 1, 9, 3, 11, 10, 4, 7, 2, 5, 12, 0, 8])
  })

  test('R264 arrays compare as tuples: the first elements that differ, then the length', () => {
    const q = new PriorityQueue<unknown[]>()
    for (const x of [[2, 'b'], [1, 'z'], [2, 'a'], [1], [1, 'z', 0], [0, [9]]]) q.putNowait(x)
    const out: unknown[] = []
    while (!q.empty()) out.push(q.getNowait())
    expect(out).toEqual([[0, [9]], [1], [1, 'z'], [1, 'z', 0], [2, 'a'], [2, 'b']])
  })

  test.each([
    ['objects', { a: 1 }, { a: 2 }],
    ['arrays that differ first in an object', [1, { a: 1 }], [1, { a: 2 }]],
    ['null', null, null],
    ['a number and a string', 1, '1'],
    ['a number and an array', 1, [1]],
  ])('R264 %s have no order: TypeError', (_, a, b) => {
    const q = new PriorityQueue()
    q.putNowait(a)
    expect(() => q.putNowait(b)).toThrow(/^'<' not supported between/)
  })

  test('R264 one object twice in arrays of equal priority goes on to the next element', () => {
    const q = new PriorityQueue<unknown[]>()
    const o = {}
    q.putNowait([1, o, 2])
    q.putNowait([1, o, 1])
    expect([q.getNowait()[2], q.getNowait()[2]]).toEqual([1, 2])
  })

  test('R264 booleans, bigints and dates are ordered with numbers, as far as they have an order', () => {
    const q = new PriorityQueue<unknown[]>()
    for (const x of [[2n, 'a'], [true, 'b'], [1, 'a'], [new Date(0), 'c'], [2, 'b']]) q.putNowait(x)
    const out: unknown[] = []
    while (!q.empty()) out.push(q.getNowait()[1])
    expect(out).toEqual(['c', 'a', 'b', 'a', 'b'])
  })

  test('maxsize and compare as second argument', () => {
    const q = new PriorityQueue<string>(2, { compare: (a, b) => b.length - a.length })
    q.putNowait('a')
    q.putNowait('aaa')
    expect([q.full(), q.getNowait(), q.getNowait()]).toEqual([true, 'aaa', 'a'])
  })
})
