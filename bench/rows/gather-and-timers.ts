import { gather, runSync, sleep, type Suspension } from '../../src/index.ts'
import { cpython } from '../peers/cpython.ts'
import { type RateRow, timed } from '../row.ts'

const CHILDREN = 10_000
const SLEEPERS = 1000
const TIMES = 20

function* one() {
  return 1
}

function* nap() {
  for (let i = 0; i < TIMES; i++) yield* sleep(1)
}

function* gathered() {
  const ones = yield* gather(Array.from({ length: CHILDREN }, one))
  return ones.length
}

function* slept() {
  yield* gather(Array.from({ length: SLEEPERS }, nap))
  return SLEEPERS * TIMES
}

function repeat(body: () => Generator<Suspension, number, unknown>, runs: number): number {
  let units = 0
  for (let i = 0; i < runs; i++) units += runSync(body)
  return units
}

export const gatherAndTimers: readonly RateRow[] = [
  {
    id: 'gather',
    title: 'gather() of 10,000 coroutines that return at once',
    unit: 'coroutines',
    ours: { name: 'heddle', run: (size) => timed(() => repeat(gathered, size)) },
    rivals: cpython(`gather ${CHILDREN} 1`, { atLeast: 8 }),
    meaning: 'the cost of making a task, running it and collecting its result',
  },
  {
    id: 'timers',
    title: '1,000 tasks × sleep(1) on virtual time',
    unit: 'sleeps',
    ours: { name: 'heddle', run: (size) => timed(() => repeat(slept, size)) },
    rivals: cpython(`timers ${SLEEPERS} ${TIMES}`, { atLeast: 8 }),
    meaning: 'the cost of a timeout or a delay in the code under test: no real time, only the timer heap',
  },
]
