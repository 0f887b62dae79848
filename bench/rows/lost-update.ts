import { checkSync, gather, sleep } from '../../src/index.ts'
import { bareLostUpdates } from '../peers/bare-generators.ts'
import { scheduledLostUpdates } from '../peers/fast-check.ts'
import { type RateRow, timed, timedAsync } from '../row.ts'

interface Cell {
  value: number
}

function* increment(cell: Cell) {
  const read = cell.value
  yield* sleep(0)
  cell.value = read + 1
}

/** The body for so many tasks; `judge` sees what the cell holds in the end. */
export function lostUpdate(tasks: number, judge: (value: number) => void) {
  return function* () {
    const cell: Cell = { value: 0 }
    const all = []
    for (let i = 0; i < tasks; i++) all.push(increment(cell))
    yield* gather(all)
    judge(cell.value)
  }
}

const UNIT = 100

function row(tasks: number): RateRow {
  let lost = 0
  const judge = (value: number): void => {
    if (value < tasks) lost++
  }
  // Made once, as a test's body is: each making of a generator function is a new shape to the compiler.
  const body = lostUpdate(tasks, judge)

  /** Both outcomes must turn up, or the rate says nothing. */
  const measured = (size: number, work: (schedules: number) => void) =>
    timed(() => {
      const schedules = size * UNIT
      lost = 0
      work(schedules)
      if (lost === 0 || (tasks < 4 && lost === schedules)) throw new Error(`${lost} of ${schedules} lost an update`)
      return schedules
    })

  return {
    id: `lost-update-${tasks}`,
    title: `lost update, ${tasks} generator tasks, strategy random`,
    unit: 'schedules',
    ours: {
      name: 'heddle',
      run: (size) =>
        measured(size, (schedules) => void checkSync(body, { strategy: 'random', schedules, seed: size, bail: false })),
    },
    rivals: [
      {
        id: 'floor',
        name: 'floor: bare generators',
        goal: { atMostTime: 9 },
        run: (size) => measured(size, (schedules) => bareLostUpdates(tasks, schedules, judge)),
      },
      {
        id: 'fast-check',
        name: 'fast-check, with a gate by hand',
        goal: { atLeast: 15 },
        run: (size) =>
          timedAsync(async () => {
            await scheduledLostUpdates(tasks, size * UNIT)
            return size * UNIT
          }),
      },
    ],
    meaning: 'how many orderings of a small race a second of testing tries',
  }
}

export const lostUpdates: readonly RateRow[] = [2, 3, 5, 10].map(row)
