import { checkSync } from '../../src/index.ts'
import { bareLostUpdates } from '../peers/bare-generators.ts'
import { type RateRow, timed } from '../row.ts'
import { lostUpdate } from './lost-update.ts'

const TASKS = 2
const UNIT = 100

function mustBeExact(value: number): void {
  if (value !== TASKS) throw new Error(`lost update: ${value}`)
}

/** Throws and catches as a test framework would. */
function judgeAndCatch(value: number): void {
  try {
    mustBeExact(value)
  } catch {
    // Counted by nobody: the floor is the price of the error alone.
  }
}

const throwing = lostUpdate(TASKS, mustBeExact)
const passing = lostUpdate(TASKS, () => {})

function explore(body: typeof throwing, schedules: number): number {
  return checkSync(body, { strategy: 'random', schedules, bail: false }).schedules
}

export const failing: RateRow = {
  id: 'failing',
  title: 'a lost update that throws an Error in half of its schedules, bail: false',
  unit: 'schedules',
  ours: { name: 'heddle', run: (size) => timed(() => explore(throwing, size * UNIT)) },
  rivals: [
    {
      id: 'floor',
      name: 'floor: bare generators that throw',
      run: (size) =>
        timed(() => {
          bareLostUpdates(TASKS, size * UNIT, judgeAndCatch)
          return size * UNIT
        }),
    },
    { id: 'passing', name: 'heddle, the same without the throw', run: (size) => timed(() => explore(passing, size * UNIT)) },
  ],
  meaning: 'what failures cost when exploring on: mostly the stack trace of each Error',
}
