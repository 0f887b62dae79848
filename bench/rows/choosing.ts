import { checkSync, createTask, gather, shared, type Strategy } from '../../src/index.ts'
import { pct, pos, random, surw } from '../../src/strategies/index.ts'
import { type RateRow, timed } from '../row.ts'

const TASKS = 5
const STEPS = 10

/** Tasks that all update one cell, so that every access is a choice and races with every other. */
function* updates() {
  const cell = shared(0)
  function* task() {
    for (let i = 0; i < STEPS; i++) yield* cell.update((n) => n + 1)
  }
  yield* gather(Array.from({ length: TASKS }, () => createTask(task)))
}

/** Explores so many schedules, and gives the number of choices. */
function choices(strategy: Strategy, schedules: number): number {
  const report = checkSync(updates, { strategy, schedules })
  if (report.schedules !== schedules) throw new Error(`${report.schedules} schedules, not ${schedules}`)
  return report.choicePoints
}

function row(id: string, make: () => Strategy): RateRow {
  return {
    id: `choosing-${id}`,
    title: `${TASKS} tasks of ${STEPS} racing updates each, under ${id}`,
    unit: 'choices',
    ours: { name: id, run: (size) => timed(() => choices(make(), size)) },
    rivals: [
      {
        id: 'random',
        name: 'the bare random pick',
        run: (size) => timed(() => choices(random(), size)),
        goal: { atMostTime: 3 },
      },
    ],
    meaning: 'what a better strategy costs, schedule for schedule',
  }
}

export const choosing: readonly RateRow[] = [row('pct', () => pct({ depth: 3 })), row('pos', pos), row('surw', surw)]
