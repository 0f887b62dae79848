import { ROWS } from '../../fixtures/dpor/index.ts'
import { checkSync } from '../../src/index.ts'
import { type RateRow, timed } from '../row.ts'

function rowOf(program: string, n: number): (typeof ROWS)[number] {
  const row = ROWS.find((r) => r.program === program && r.n === n)
  if (row === undefined) throw new Error(`no row ${program} ${n}`)
  return row
}

/** As many executions as one round of the others makes, each in a random order. */
function walks(program: string, n: number, times: number): number {
  const { body, traces } = rowOf(program, n)
  return checkSync(body, { strategy: 'random', bail: false, leaks: 'ignore', schedules: times * traces }).schedules
}

/** Runs one execution for each trace of a published program, again and again. */
function executions(program: string, n: number, times: number): number {
  const row = rowOf(program, n)
  let made = 0
  for (let i = 0; i < times; i++) {
    const options = { strategy: 'dpor', assume: 'tracked', bail: false, leaks: 'ignore', schedules: 2 * row.traces } as const
    const report = checkSync(row.body, options)
    if (!report.exhausted || report.schedules !== row.traces) throw new Error(`${report.schedules} executions, not ${row.traces}`)
    made += report.schedules
  }
  return made
}

export const dpor: readonly RateRow[] = [
  {
    id: 'dpor-lastzero-10',
    title: 'all 3,328 traces of lastzero(10): 11 tasks',
    unit: 'executions',
    ours: { name: 'heddle', run: (size) => timed(() => executions('lastzero', 10, size)) },
    rivals: [{ id: 'random', name: 'random walks, which repeat traces', run: (size) => timed(() => walks('lastzero', 10, size)) }],
    goalRate: 20_000,
    meaning: 'a proof by partial-order reduction: what each of its executions costs, and no trace is run twice',
  },
]
