import { checkSync, gather, sleep, type StrategyName } from '../../src/index.ts'
import { cpython } from '../peers/cpython.ts'
import { type Goal, type RateRow, timed } from '../row.ts'

function* spin(times: number) {
  for (let i = 0; i < times; i++) yield* sleep(0)
}

/** Resumptions in one run, whatever the number of tasks: the default limit of steps. */
const RUN = 100_000

function resume(tasks: number, runs: number, strategy: StrategyName): number {
  const times = RUN / tasks
  const body = function* () {
    yield* gather(Array.from({ length: tasks }, () => spin(times)))
  }
  for (let i = 0; i < runs; i++) {
    const report = checkSync(body, { strategy, schedules: 1, seed: i, maxSteps: 2 * RUN })
    if (report.failures > 0) throw report.failure?.error
  }
  return runs * tasks * times
}

function row(tasks: number, strategy: StrategyName, meaning: string, goal?: Goal): RateRow {
  return {
    id: `sleep-zero-${strategy}-${tasks}`,
    title: `${tasks.toLocaleString('en')} tasks × sleep(0), strategy ${strategy}`,
    unit: 'resumptions',
    ours: { name: 'heddle', run: (size) => timed(() => resume(tasks, size, strategy)) },
    rivals: cpython(`steps ${tasks} ${RUN / tasks}`, goal),
    meaning,
  }
}

const GOAL: Goal = { atLeast: 8 }

export const sleepZero: readonly RateRow[] = [
  row(100, 'fifo', 'the cost of a step when nothing is chosen: the loop itself', GOAL),
  row(100, 'random', 'the cost of a step when each one is chosen among a hundred', GOAL),
  row(1000, 'random', 'the same among a thousand: taking from the middle of the ready queue is not O(n)'),
  row(10_000, 'random', 'the same among ten thousand'),
]
