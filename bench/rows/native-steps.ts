import { check, gather, run, sleep } from '../../src/index.ts'
import { scheduledSteps } from '../peers/fast-check.ts'
import { bareNativeSteps } from '../peers/native-hops.ts'
import { type Contender, type RateRow, timedAsync } from '../row.ts'

const UNIT = 100

async function spin(times: number): Promise<void> {
  for (let i = 0; i < times; i++) await sleep(0)
}

/** Work of so many tasks of so many steps each. */
function steps(tasks: number, name: string, work: (steps: number) => Promise<unknown>): Contender {
  return {
    name,
    run: (size) =>
      timedAsync(async () => {
        await work(size * UNIT)
        return tasks * size * UNIT
      }),
  }
}

async function explored(tasks: number, times: number): Promise<void> {
  const body = async () => {
    await gather(Array.from({ length: tasks }, () => () => spin(times)))
  }
  const report = await check(body, { strategy: 'random', schedules: 1, maxSteps: Number.POSITIVE_INFINITY })
  if (report.failures > 0) throw report.failure?.error
}

function row(id: string, title: string, tasks: number, ours: Contender): RateRow {
  return {
    id,
    title,
    unit: 'steps',
    ours,
    rivals: [
      {
        id: 'floor',
        ...steps(tasks, 'floor: a thenable and a macrotask', (n) => bareNativeSteps(tasks, n)),
        goal: { atMostTime: 1.5 },
      },
      { id: 'fast-check', ...steps(tasks, 'fast-check, scheduled calls', (n) => scheduledSteps(tasks, n)), goal: { atLeast: 2 } },
    ],
    meaning: 'unchanged async functions, each step ending exactly when the microtask queue is empty',
  }
}

export const nativeSteps: readonly RateRow[] = [
  row('native-run', '1 native async task under run()', 1, steps(1, 'heddle', (n) => run(() => spin(n)))),
  row(
    'native-check',
    '10 native async tasks under check(), strategy random',
    10,
    steps(10, 'heddle', (n) => explored(10, n)),
  ),
]
