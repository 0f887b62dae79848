import { describe, expect, it } from 'vitest'
import {
  type Awaitable,
  checkSync,
  choose,
  type CoroutineLike,
  createTask,
  Future,
  gather,
  type GeneratorBody,
  io,
  sleep,
  type Shared,
  shared,
} from '../../src/index.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { CommonConflicts, type Conflict, type NthTouch } from '../../src/strategies/shards/conflicts.ts'
import { Watched } from './watched.ts'

type Cell = Shared<number>
type Part = () => CoroutineLike<unknown>

/** The main task has the first lane, and is the first object. */
const inWords = ({ lane, object, nth }: NthTouch): string => `${lane - 1}${'abc'[object - 2]}${nth}`

/**
 * What the first so many executions have in common, each as `task object nth - task object nth`: tasks from 1 in the order
 * in which they are made, cells from a.
 */
function found(body: GeneratorBody, options: { most?: number; executions?: number; tracked?: boolean } = {}): string[] {
  return conflictsOf(body, options).map((pair) => [pair.one, pair.other].map(inWords).join('-'))
}

function conflictsOf(body: GeneratorBody, { most = 9, executions = 1, tracked = true } = {}): Conflict[] {
  const search = new Dpor()
  const common = new CommonConflicts()
  let conflicts: Conflict[] | undefined
  let ended = 0
  const strategy = new Watched(search, () => {
    if (++ended < executions) common.note(search.tracker)
    else if (ended === executions) conflicts = common.choose(search.tracker, most)
  })
  checkSync(body, { ...(tracked && { assume: 'tracked' as const }), bail: false, leaks: 'ignore', schedules: executions, strategy })
  if (conflicts === undefined) throw new Error('there are fewer executions')
  return conflicts
}

/** Tasks over as many cells as are asked for. */
function tasks(cells: number, ...parts: ((...cells: Cell[]) => Part)[]): GeneratorBody {
  return function* () {
    const all = Array.from({ length: cells }, () => shared(0))
    yield* gather(parts.map((part) => createTask(part(...all))))
  }
}

type Use = (cell: Cell) => Awaitable<unknown>
const UP: Use = (cell) => cell.update((v) => v + 1)
const READ: Use = (cell) => cell.read()
const WRITE: Use = (cell) => cell.write(2)
const EXCHANGE: Use = (cell) => cell.compareExchange(0, 1)

/** Uses cell number `k`. */
const use = (what: Use, k = 0) => (...cells: Cell[]): Part => () => what(cells[k] as Cell)
const twice = (cell: Cell): Part =>
  function* () {
    yield* UP(cell)
    yield* UP(cell)
  }

describe('conflicts by which a search is split', () => {
  it('are of two tasks on the same object, at least one of which writes', () => {
    expect(found(tasks(1, use(UP), use(UP)))).toEqual(['1a0-2a0'])
    expect(found(tasks(1, use(UP), use(READ)))).toEqual(['1a0-2a0'])
    expect(found(tasks(1, use(READ), use(READ)))).toEqual([])
    expect(found(tasks(2, use(UP), use(UP, 1)))).toEqual([])
    expect(found(tasks(1, twice))).toEqual([])
  })

  it('early ones come first, and as many as are asked for', () => {
    const body = tasks(1, twice, twice)
    expect(found(body)).toEqual(['1a0-2a0', '1a1-2a1', '2a0-1a1'])
    expect(found(body, { most: 1 })).toEqual(['1a0-2a0'])
    expect(found(body, { most: 0 })).toEqual([])
    expect(found(tasks(1, twice, twice, use(UP)), { most: 2 })).toEqual(['1a0-2a0', '1a0-3a0'])
    // Late is what comes late for one of them.
    expect(found(tasks(1, twice, use(UP)), { most: 1 })).toEqual(['1a0-2a0'])
  })

  it('say where each of the two was seen in its task, whose first step makes no access', () => {
    const places = conflictsOf(tasks(1, twice, twice)).map(({ one, other }) => [one.place, other.place])
    expect(places).toEqual([
      [1, 1],
      [2, 2],
      [1, 2],
    ])
  })

  it('first those that have nothing to do with one another; they make no circles', () => {
    expect(found(tasks(1, ...Array.from({ length: 3 }, () => use(UP))))).toEqual(['1a0-2a0', '1a0-3a0'])
    const four = tasks(1, ...Array.from({ length: 4 }, () => use(UP)))
    expect(found(four)).toEqual(['1a0-2a0', '3a0-4a0', '1a0-3a0'])
    expect(found(four, { most: 2 })).toEqual(['1a0-2a0', '3a0-4a0'])
  })

  it('are in all executions that have been seen, as they were then', () => {
    const body = tasks(1, use(EXCHANGE), use(READ), use(WRITE))
    expect(found(body)).toEqual(['1a0-2a0', '1a0-3a0'])
    // In the last of them the value is another one, and the exchange only reads.
    const last = found(body, { executions: 5 }).map((pair) => pair.split('-').toSorted().join('-'))
    expect(last.toSorted()).toEqual(['1a0-3a0', '2a0-3a0'])
  })

  it('are none of what is touched in some executions only', () => {
    const body = (...order: [number, number]): GeneratorBody => {
      const parts: ((...cells: Cell[]) => Part)[] = [
        use((flag) => flag.write(1)),
        (flag, cell) =>
          function* () {
            if ((yield* (flag as Cell).read()) === 1) yield* (cell as Cell).write(1)
          },
      ]
      return tasks(2, ...order.map((k) => parts[k] as (typeof parts)[number]), (_, cell) => twice(cell as Cell))
    }
    expect(found(body(0, 1))).toEqual(['1a0-2a0', '3b0-2b0', '2b0-3b1'])
    // The writes of the cell have three orders. Then the reader comes first, and goes without.
    expect(found(body(0, 1), { executions: 4 })).toEqual(['2a0-1a0'])
    // The reader comes first, then the other, with three orders of the writes.
    for (const executions of [2, 3, 4]) expect(found(body(1, 0), { executions })).toEqual(['2a0-1a0'])
  })

  it('are none of futures: whether a step touches one hangs on who looks', () => {
    const settled = (looks: boolean): GeneratorBody =>
      function* () {
        const [a, b] = [shared(0), shared(0)]
        const future = new Future<number>()
        yield* gather([
          createTask(function* () {
            future.setResult(1)
            yield* a.write(1)
          }),
          createTask(function* () {
            b.value = looks && future.done() ? 1 : 2
            yield* a.write(2)
          }),
        ])
      }
    for (const looks of [false, true]) expect(found(settled(looks))).toEqual(['1a0-2a0'])
  })

  it('are none of what one causes: who makes a task, and what the task that it makes makes', () => {
    const body = (others: boolean): GeneratorBody =>
      function* () {
        const [a, b] = [shared(0), shared(0)]
        yield* gather([
          createTask(function* () {
            yield* a.write(1)
            yield* b.write(1)
            yield* createTask(function* () {
              yield* createTask(() => a.write(2))
            })
          }),
          others ? createTask(() => a.write(3)) : createTask(() => b.read()),
        ])
      }
    expect(found(body(false))).toEqual(['2b0-1b0'])
    expect(found(body(true))).toEqual(['1a0-2a0', '2a0-4a0'])
  })

  it('are none of what one causes: what a task does once it has been woken comes after all that it did before', () => {
    const body: GeneratorBody = function* () {
      const a = shared(0)
      const future = new Future<number>()
      yield* gather([
        createTask(function* () {
          yield* a.write(1)
          yield* future
          yield* createTask(() => a.write(2))
        }),
        createTask(function* () {
          yield* sleep(0)
          yield* sleep(0)
          future.setResult(1)
        }),
      ])
    }
    expect(found(body)).toEqual([])
  })

  it('are none of what a step touches after it has touched something else, chosen, or passed a join', () => {
    const first = (before: (a: Cell) => unknown) =>
      tasks(
        2,
        (a, b) =>
          function* () {
            before(a as Cell)
            ;(b as Cell).value = 1
          },
        use(UP, 1),
      )
    expect(found(first(() => null))).toEqual(['1b0-2b0'])
    expect(found(first((a) => a.value))).toEqual([])
    expect(found(first(() => choose(2)))).toEqual([])
    // It counts as a touch all the same.
    const again = tasks(
      2,
      (a, b) =>
        function* () {
          ;(a as Cell).value = 1
          ;(b as Cell).value = 1
          yield* sleep(0)
          ;(b as Cell).value = 2
        },
      (_, b) =>
        function* () {
          ;(b as Cell).value = 3
        },
    )
    expect(found(again)).toEqual(['2b0-1b1'])
    const joining = (touch: boolean): GeneratorBody =>
      function* () {
        const [a, b] = [shared(0), shared(0)]
        const over = createTask(function* () {})
        yield* gather([
          over,
          createTask(function* () {
            if (touch) b.value = 1
            yield* over
            b.value = 2
            yield* a.write(1)
          }),
          createTask(() => b.write(3)),
          createTask(() => a.write(2)),
        ])
      }
    expect(found(joining(false))).toEqual(['2a0-4a0'])
    expect(found(joining(true))).toEqual(['2b0-3b0', '2a0-4a0'])
  })

  it('are none of externals, whose place hangs on the clock', () => {
    const body = tasks(1, use(UP), (cell) => io(() => void ((cell as Cell).value += 1)))
    expect(found(body)).toEqual([])
  })

  it('are none of what may touch anything', () => {
    expect(found(tasks(1, use(UP), use(UP)), { tracked: false })).toEqual([])
  })
})
