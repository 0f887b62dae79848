import { describe, expect, it } from 'vitest'
import { check, checkSync, createTask, gather, getRunningLoop, shared, type Shared, type Strategy, type Suspension, Task } from '../../src/index.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { Watched } from './watched.ts'

/** Tasks that await others, and do more than what comes after that; or something else, as it turns out. */

type Cells = Record<'x' | 'y' | 'z', Shared<number>>
const OPTIONS = { assume: 'tracked', bail: false, leaks: 'ignore', schedules: 2000 } as const

/** What the schedules come to. `body` says it, of cells that hold nothing at first. */
function outcomes(body: (cells: Cells) => Generator<Suspension, unknown, unknown>, strategy: 'exhaustive' | Strategy): string[] {
  const seen = new Set<string>()
  let last = ''
  const report = checkSync(
    function* () {
      last = String(yield* body({ x: shared(0), y: shared(0), z: shared(0) }))
    },
    { ...OPTIONS, strategy, setup: () => () => void seen.add(last) },
  )
  expect([report.exhausted, report.failures]).toEqual([true, 0])
  return [...seen].toSorted()
}

/** The same, of native code. */
async function nativeOutcomes(body: (cells: Cells) => Promise<unknown>, strategy: 'exhaustive' | 'dpor'): Promise<string[]> {
  const seen = new Set<string>()
  let last = ''
  const report = await check(
    async () => {
      last = String(await body({ x: shared(0), y: shared(0), z: shared(0) }))
    },
    { ...OPTIONS, strategy, setup: () => () => void seen.add(last) },
  )
  expect([report.exhausted, report.failures]).toEqual([true, 0])
  return [...seen].toSorted()
}

const reads = (cell: Shared<number>): Task<number> =>
  createTask(function* () {
    return cell.value
  })
const writes = (cell: Shared<number>, value: number): Task<void> =>
  createTask(function* () {
    cell.value = value
  })
/** Begins at once, as part of the step that makes it. */
const eagerly = (coroutine: Generator<Suspension, void, unknown>): Task<void> => new Task(coroutine, { loop: getRunningLoop(), eagerStart: true })

describe('a step that goes on beside what it awaits comes before the end of that, too', () => {
  /** Each of two tasks reads what is written where the other one has been awaited: at most one of them sees that. */
  const EITHER = ['0,0', '0,5', '5,0']

  it.each([0, 1, 2])('functions of one task in native code, made as number %i', async (place) => {
    const body = async ({ x, y }: Cells): Promise<unknown> => {
      const tasks: Task<number>[] = []
      const after = async (k: number, cell: Shared<number>): Promise<void> => {
        await tasks[k]
        cell.value = 5
      }
      const makes = [
        () => tasks.push(createTask(async () => y.value)),
        () => tasks.push(createTask(async () => x.value)),
      ]
      let both: Task<unknown> | undefined
      makes.splice(place, 0, () => {
        both = createTask(() => Promise.all([after(0, x), after(1, y)]))
        return 0
      })
      for (const make of makes) make()
      await gather([...tasks, both as Task<unknown>])
      return tasks.map((task) => task.result())
    }
    expect(await nativeOutcomes(body, 'exhaustive')).toEqual(EITHER)
    expect(await nativeOutcomes(body, 'dpor')).toEqual(EITHER)
  })

  it('tasks that begin inside it', () => {
    const body = function* ({ x, y }: Cells): ReturnType<Parameters<typeof outcomes>[0]> {
      const tasks: Task<number>[] = [reads(y)]
      const after = function* (k: number, cell: Shared<number>): Generator<Suspension, void, unknown> {
        yield* tasks[k] as Task<number>
        cell.value = 5
      }
      const both = createTask(function* () {
        for (const task of [eagerly(after(0, x)), eagerly(after(1, y))]) yield* task
      })
      tasks.push(reads(x))
      yield* gather([...tasks, both])
      return tasks.map((task) => task.result())
    }
    expect(outcomes(body, 'exhaustive')).toEqual(EITHER)
    expect(outcomes(body, new Dpor())).toEqual(EITHER)
  })

  it.each([true, false])('what it does between calling gather and awaiting it; at once: %s', (atOnce) => {
    const body = function* ({ x, y }: Cells): ReturnType<Parameters<typeof outcomes>[0]> {
      const [first, other] = [reads(y), writes(x, 1)]
      const gathers = createTask(function* () {
        const all = gather([first, other])
        if (atOnce) yield* all
        y.value = 5
        yield* all
      })
      yield* gather([first, other, gathers])
      return first.result()
    }
    const expected = atOnce ? ['0'] : ['0', '5']
    expect(outcomes(body, 'exhaustive')).toEqual(expected)
    const watched = new Watched(new Dpor())
    expect(outcomes(body, watched)).toEqual(expected)
    // Where it awaits it at once nothing is to be told apart.
    if (atOnce) expect(watched.runs).toBe(1)
  })
})

describe('a step that awaits a task, and does more or not as that ends', () => {
  /** One task writes x, another reads y, which a third writes. The last one reads x, and writes it if none had been read from y. */
  it.each([0, 1, 2, 3])('made as number %i', (place) => {
    const body = function* ({ x, y }: Cells): ReturnType<Parameters<typeof outcomes>[0]> {
      let [read, seen]: [Task<number> | undefined, number] = [undefined, -1]
      const makes: (() => Task<unknown>)[] = [() => writes(x, 1), () => (read = reads(y)), () => writes(y, 1)]
      makes.splice(place, 0, () =>
        createTask(function* () {
          seen = x.value
          if ((yield* read as Task<number>) === 0) x.value = 5
        }),
      )
      yield* gather(makes.map((make) => make()))
      return `${seen} ${x.value}`
    }
    // It wrote last, or first, or in between, or not at all, before or behind the other one.
    const expected = ['0 1', '0 5', '1 1', '1 5']
    expect(outcomes(body, 'exhaustive')).toEqual(expected)
    expect(outcomes(body, new Dpor())).toEqual(expected)
  })

  it('also where that is found out late: what is left out by then is explored', () => {
    const seen = (strategy: 'exhaustive' | Strategy): string[] =>
      outcomes(function* ({ y, z }) {
        const log: unknown[] = []
        const tasks = [writes(y, 1), reads(y)] as const
        const writing = createTask(function* () {
          yield* tasks[0]
          z.value = 1
        })
        const reading = createTask(function* () {
          log.push(z.value)
          if ((yield* tasks[1]) === 0) z.value = 5
        })
        yield* gather([...tasks, writing, reading])
        return [...log, z.value]
      }, strategy)
    // Reads 1 behind the other's write, and 0 before it; and writes 5 only where y had not been written, before that write or behind it.
    const expected = ['0,1', '0,5', '1,1', '1,5']
    expect(seen('exhaustive')).toEqual(expected)
    expect(seen(new Dpor())).toEqual(expected)
  })
})
