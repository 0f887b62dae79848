import { gather, runSync, sleep } from '../../src/index.ts'
import { cpython } from '../peers/cpython.ts'
import { type Row, timed } from '../row.ts'

const CHILDREN = 10_000
const SLEEPERS = 1000

function* one() {
  return 1
}

function* nap(times: number) {
  for (let i = 0; i < times; i++) yield* sleep(1)
}

function gathered(times: number): number {
  const sum = runSync(function* () {
    let total = 0
    for (let i = 0; i < times; i++) {
      const ones = yield* gather(Array.from({ length: CHILDREN }, one))
      total += ones.length
    }
    return total
  })
  if (sum !== CHILDREN * times) throw new Error(`gathered ${sum} results`)
  return sum
}

function slept(times: number): number {
  runSync(function* () {
    yield* gather(Array.from({ length: SLEEPERS }, () => nap(times)))
  })
  return SLEEPERS * times
}

export const gatherAndTimers: readonly Row[] = [
  {
    id: 'gather',
    title: 'gather() of 10,000 coroutines that return at once',
    unit: 'coroutines',
    ours: { name: 'heddle', run: (size) => timed(() => gathered(size)) },
    rivals: cpython('gather', CHILDREN, { atLeast: 8 }),
    meaning: 'the cost of making a task, running it and collecting its result',
  },
  {
    id: 'timers',
    title: '1,000 tasks × sleep(1) on virtual time',
    unit: 'sleeps',
    ours: { name: 'heddle', run: (size) => timed(() => slept(size)) },
    rivals: cpython('timers', SLEEPERS, { atLeast: 8 }),
    meaning: 'the cost of a timeout or a delay in the code under test: no real time, only the timer heap',
  },
]
