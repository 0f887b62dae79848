import { describe, expect, test } from 'vitest'
import { Barrier, BrokenBarrierError, createTask, gather, RuntimeError, runSync } from '../../src/index.ts'
import { both, type Script, type World } from './both.ts'

function party(w: World, barrier: Barrier, name: string): () => Script<void> {
  return function* () {
    w.at(name, yield* w.outcome(barrier.wait()))
  }
}

describe('Barrier', () => {
  both(
    'R250 the last one to come opens it; each gets its place of arrival, in two rounds',
    [
      [2, 'c', 2],
      [2, 'n', 0, 3, false],
      [3, 'a', 0],
      [3, 'b', 1],
      [5, 'n', 0],
      [6, 'n', 2],
      [6, 'main', 2],
      [7, 'd', 0],
      [7, 'e', 1],
    ],
    function* (w) {
      const b = new Barrier(3)
      const first = ['a', 'b', 'c'].map((name) => w.task(party(w, b, name)))
      yield w.turn()
      w.at('n', b.nWaiting, b.parties, b.broken)
      yield w.all(first)
      w.at('n', b.nWaiting)
      const second = ['d', 'e'].map((name) => w.task(party(w, b, name)))
      yield w.turn()
      w.at('n', b.nWaiting)
      yield* party(w, b, 'main')()
      yield w.all(second)
    },
  )

  both(
    'R250 fewer than one party is a ValueError',
    ['ValueError:parties must be >= 1', 'ValueError:parties must be >= 1'],
    function* (w) {
      w.log.push(
        w.attempt(() => new Barrier(0)),
        w.attempt(() => new Barrier(-1)),
      )
    },
  )

  both('R250 one party never waits', [[1, 'a', 0], [1, 'a', 0]], function* (w) {
    const b = new Barrier(1)
    yield* party(w, b, 'a')()
    yield* party(w, b, 'a')()
  })

  both(
    'R251 abort breaks it for those who wait and those who come, until reset',
    [
      [2, 'late', 'BrokenBarrierError:Barrier aborted'],
      [3, 'a', 'BrokenBarrierError:Abort or reset of barrier'],
      [4, true, 0],
      [4, false],
      [5, 'y', 1],
      [6, 'x', 0],
    ],
    function* (w) {
      const b = new Barrier(2)
      const a = w.task(party(w, b, 'a'))
      yield w.turn()
      yield b.abort()
      yield* party(w, b, 'late')()
      yield a
      w.at(b.broken, b.nWaiting)
      yield b.reset()
      w.at(b.broken)
      yield w.all([w.task(party(w, b, 'x')), w.task(party(w, b, 'y'))])
    },
  )

  both(
    'R251 reset while some wait gives them BrokenBarrierError; those who come then are served',
    [
      [2, 'reset', 0, false],
      [3, 'a', 'BrokenBarrierError:Abort or reset of barrier'],
      [3, 'b', 'BrokenBarrierError:Abort or reset of barrier'],
      [3, 'e', 2],
      [4, 'c', 0],
      [4, 'd', 1],
      [6, 'n', 0, false],
    ],
    function* (w) {
      const b = new Barrier(3)
      const before = ['a', 'b'].map((name) => w.task(party(w, b, name)))
      yield w.turn()
      yield b.reset()
      w.at('reset', b.nWaiting, b.broken)
      const after = ['c', 'd', 'e'].map((name) => w.task(party(w, b, name)))
      yield w.all([...before, ...after])
      w.at('n', b.nWaiting, b.broken)
    },
  )

  both(
    'R252 who comes while it drains waits for the next round',
    [[2, 'b', 1], [3, 'a', 0], [4, 'd', 1], [5, 'c', 0]],
    function* (w) {
      const b = new Barrier(2)
      yield w.all(['a', 'b', 'c', 'd'].map((name) => w.task(party(w, b, name))))
    },
  )

  both(
    'R252 who comes while it is being reset waits for the next round',
    [[2, 'reset'], [3, 'a', 'BrokenBarrierError:Abort or reset of barrier'], [4, 'c', 1], [5, 'main', 0], 0],
    function* (w) {
      const b = new Barrier(2)
      const a = w.task(party(w, b, 'a'))
      yield w.turn()
      const c = w.task(party(w, b, 'c'))
      yield b.reset()
      w.at('reset')
      yield* party(w, b, 'main')()
      yield w.all([a, c])
      w.log.push(b.nWaiting)
    },
  )

  both(
    'R252 a cancelled party just leaves',
    [[2, 1], [3, 'a', 'CancelledError'], [4, 0, false], [5, 'y', 1], [6, 'x', 0]],
    function* (w) {
      const b = new Barrier(2)
      const a = w.task(party(w, b, 'a'))
      yield w.turn()
      w.at(b.nWaiting)
      a.cancel()
      yield a
      w.at(b.nWaiting, b.broken)
      yield w.all([w.task(party(w, b, 'x')), w.task(party(w, b, 'y'))])
    },
  )

  both(
    'R252 a party that is let through but cancelled before it runs leaves it usable',
    [[2, 'main', 1], [3, 'a', 'CancelledError'], [4, 0, false]],
    function* (w) {
      const b = new Barrier(2)
      const a = w.task(party(w, b, 'a'))
      yield w.turn()
      yield* party(w, b, 'main')()
      a.cancel()
      yield a
      w.at(b.nWaiting, b.broken)
    },
  )

  both('wait, reset and abort are lazy', [0, false], function* (w) {
    const b = new Barrier(1)
    const unused = [b.wait(), b.abort(), b.reset()]
    yield w.turn()
    w.log.push(b.nWaiting, b.broken && unused.length > 0)
  })

  test('R253 a BrokenBarrierError is a RuntimeError', () => {
    expect(new BrokenBarrierError('x')).toBeInstanceOf(RuntimeError)
  })

  test('R266 a barrier at which somebody waited belongs to that loop', () => {
    const b = new Barrier(2)
    const round = function* () {
      return yield* gather([() => b.wait(), () => b.wait()], { returnExceptions: true })
    }
    expect(runSync(round)).toEqual([0, 1])
    expect(String(runSync(round)[0])).toBe('RuntimeError: <Barrier [locked]> is bound to a different event loop')
  })

  test('a deadlock says how many have come', () => {
    const body = function* () {
      const b = new Barrier(3, { name: 'start' })
      createTask(() => b.wait())
      yield* b.wait()
    }
    expect(() => runSync(body)).toThrow(/Task-1 waits for Barrier 'start' \(2 of 3 are there\)/)
  })
})
