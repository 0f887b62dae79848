import { checkSync, gather, sleep, type StrategyName } from '../../src/index.ts'
import { cpython } from '../peers/cpython.ts'
import { type Row, timed } from '../row.ts'

function* spin(times: number) {
  for (let i = 0; i < times; i++) yield* sleep(0)
}

function resume(tasks: number, times: number, strategy: StrategyName): number {
  const body = () => gather(Array.from({ length: tasks }, () => spin(times)))
  const main = function* () {
    yield* body()
  }
  const report = checkSync(main, { strategy, schedules: 1, maxSteps: Number.POSITIVE_INFINITY })
  if (report.failures > 0) throw report.failure?.error
  return tasks * times
}

function row(tasks: number, strategy: StrategyName, meaning: string): Row {
  return {
    id: `sleep-zero-${strategy}-${tasks}`,
    title: `${tasks.toLocaleString('en')} tasks × sleep(0), strategy ${strategy}`,
    unit: 'resumptions',
    ours: { name: 'heddle', run: (size) => timed(() => resume(tasks, size, strategy)) },
    rivals: cpython('steps', tasks, { atLeast: 8 }),
    meaning,
  }
}

export const sleepZero: readonly Row[] = [
  row(100, 'fifo', 'the cost of a step when nothing is chosen: the loop itself'),
  row(100, 'random', 'the cost of a step when each one is chosen among a hundred'),
  row(1000, 'random', 'the same among a thousand: taking from the middle of the ready queue is not O(n)'),
  row(10_000, 'random', 'the same among ten thousand'),
]
