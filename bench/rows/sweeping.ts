import { checkSync, createTask, type ExploreOptions, io, pause, wait } from '../../src/index.ts'
import { type Row, timed } from '../row.ts'

function* twoJobs() {
  const job = function* () {
    for (let i = 0; i < 3; i++) yield* pause()
  }
  yield* wait([createTask(job), createTask(job)])
}

const save = io(() => {}, { label: 'save', faults: { rejectBefore: true, rejectAfter: true } })

function* oneClient() {
  for (let i = 0; i < 20; i++) {
    try {
      yield* save()
    } catch {
      // The next one will be saved.
    }
  }
}

const BOTH: ExploreOptions = { cancel: ['Task-2', 'Task-3'] }
/** Two tasks of four steps each, of which three end in a wait. */
const ORDERS = 70
const WAITS = 6

/** Runs every schedule of a body, again and again; each place must have been tried. */
function sweep(body: () => Generator<unknown, void, unknown>, options: ExploreOptions, times: number): number {
  let schedules = 0
  for (let i = 0; i < times; i++) {
    const report = checkSync(body, { strategy: 'exhaustive', schedules: 1_000_000, bail: false, ...options })
    const { cancellations, faults } = report.dimensions
    const whole = [cancellations, faults].every((d) => d.tried === d.places)
    if (!report.exhausted || report.failures > 0 || !whole) throw new Error(`the sweep is not complete: ${report.stopped}`)
    schedules += report.schedules
  }
  return schedules
}

export const sweeping: readonly Row[] = [
  {
    id: 'sweep-size',
    title: 'every order and every cancellation of 2 tasks of 3 waits',
    unit: 'schedules',
    ours: { name: 'the orders with one cancellation', count: () => sweep(twoJobs, BOTH, 1) },
    rivals: [{ id: 'orders', name: 'the orders alone', count: () => sweep(twoJobs, {}, 1) }],
    goalCount: WAITS * ORDERS,
    meaning: 'a sweep takes at most as many times the schedules as there are waits to be cancelled at',
  },
  {
    id: 'sweep-cancellation',
    title: 'every order and every cancellation of 2 tasks of 3 waits',
    unit: 'schedules',
    ours: { name: 'heddle', run: (size) => timed(() => sweep(twoJobs, BOTH, size)) },
    rivals: [{ id: 'orders', name: 'the orders alone', run: (size) => timed(() => sweep(twoJobs, {}, size)) }],
    meaning: 'what a cancellation at every wait costs on top of the orders',
  },
  {
    id: 'sweep-faults',
    title: 'every single fault of 20 calls in a row, 41 schedules',
    unit: 'schedules',
    ours: { name: 'heddle', run: (size) => timed(() => sweep(oneClient, {}, size)) },
    rivals: [{ id: 'faultless', name: 'the same calls without faults', run: (size) => timed(() => sweep(oneClient, { faults: false }, size)) }],
    meaning: 'what a fault at every call costs: a schedule each',
  },
]
