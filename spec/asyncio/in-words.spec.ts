import { describe, expect, test } from 'vitest'
import { callbacksInWords, shown } from '../../src/asyncio/in-words.ts'
import { lessThan } from '../../src/asyncio/python-order.ts'
import { Future, runSync } from '../../src/index.ts'

describe('a value in the words of a future', () => {
  // As CPython's reprlib: 30 characters, quotes and escapes counted; of a longer one the first 13 and the last 14.
  test.each([
    ['it', `'it'`],
    ["don't", `'don\\'t'`],
    ['a\\b', `'a\\\\b'`],
    ['a\nb', `'a\\nb'`],
    ['x'.repeat(28), `'${'x'.repeat(28)}'`],
    ['abcdefghijklmnopqrstuvwxyzABC', `'abcdefghijkl...qrstuvwxyzABC'`],
    [new Error(''), 'Error()'],
    [new RangeError('m'), `RangeError('m')`],
    [[1, 'a', null], `[1, 'a', null]`],
    [[1, 2, 3, 4, 5, 6], '[1, 2, 3, 4, 5, 6]'],
    [[1, 2, 3, 4, 5, 6, 7], '[1, 2, 3, 4, 5, 6, ...]'],
    [undefined, 'undefined'],
    [12n, '12'],
  ])('%o', (value, words) => {
    expect(shown(value)).toBe(words)
  })

  test('functions by name, and what has no words', () => {
    expect(shown(function named() {})).toBe('named()')
    expect(shown((() => () => {})())).toBe('anonymous()')
    expect(shown({ toString: () => 'y'.repeat(31) })).toBe(`${'y'.repeat(13)}...${'y'.repeat(14)}`)
    expect(shown(Object.create(null))).toBe('?')
  })

  test('who will be told: the first, the last, and how many between them', () => {
    expect(callbacksInWords([])).toBe('')
    runSync(function* () {
      const future = new Future<number>()
      const first = (): void => {}
      future.addDoneCallback(first)
      expect(String(future)).toBe('<Future pending cb=[first()]>')
      future.addDoneCallback(function second() {})
      expect(String(future)).toBe('<Future pending cb=[first(), second()]>')
      future.addDoneCallback((() => () => {})())
      expect(String(future)).toBe('<Future pending cb=[first(), <1 more>, callback()]>')
    })
  })
})

describe('order as Python has it', () => {
  test.each([
    [[1], [1], false],
    [[1], [1, 0], true],
    [[1, 0], [1], false],
    [[], [0], true],
    [[2], [1, 9], false],
    [[[1, 2], 3], [[1, 2], 4], true],
    [[[1, 2], 3], [[1, 2], 3], false],
    [[[1], 3], [[1, 2], 2], true],
    [[1, 'b'], [true, 'a'], false],
    [[1n, 1], [1, 2], true],
    [false, true, true],
    [true, 1, false],
    ['a', 'b', true],
    ['b', 'a', false],
    ['a', 'a', false],
    [1, 2n, true],
    [2n, 2, false],
    [new Date(1), new Date(2), true],
    [new Date(2), new Date(2), false],
    [[new Date(2), 1], [new Date(2), 2], true],
    [[Number.NaN], [Number.NaN], false],
    [[Number.NaN, 1], [1, 0], false],
    [[1, 1], [Number.NaN, 0], false],
  ])('%o < %o: %s', (a, b, expected) => {
    expect(lessThan(a, b)).toBe(expected)
  })

  test.each([
    [1, 'a', 'number and string'],
    [null, 1, 'null and number'],
    [undefined, 1, 'undefined and number'],
    [{}, {}, 'Object and Object'],
    [Object.create(null) as object, 1, 'an object and number'],
    [[1], 1, 'Array and number'],
    [1, [1], 'number and Array'],
    [[1, {}], [1, new Map()], 'Object and Map'],
    [[['x'], 1], ['x', 2], 'Array and string'],
    [['x', 1], [['x'], 2], 'string and Array'],
  ])('%o and %o have none', (a, b, words) => {
    expect(() => lessThan(a, b)).toThrow(TypeError)
    expect(() => lessThan(a, b)).toThrow(`'<' not supported between ${words}: give the queue a \`compare\``)
  })
})
