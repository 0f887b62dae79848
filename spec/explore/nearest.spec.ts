import { describe, expect, test } from 'vitest'
import { check, choose, createTask, Event, external, gather, getRunningLoop, io, pause, type ScenarioBody, sleep } from '../../src/index.ts'
import { sequencer } from '../../src/strategies/index.ts'
import { failureOf } from '../support/failure-of.ts'

/** The nearest order that passes, and the order that makes it fail, in the words that the user reads. */

type Note = (who: string) => void

/** Fails where this comes first. */
const comesFirst = (who: string, make: (note: Note) => unknown): ScenarioBody => async () => {
  const log: string[] = []
  await make((w) => void log.push(w))
  if (log[0] === who) throw new Error(`${who} came first`)
}
const task = (name: string, body: () => PromiseLike<unknown>, note: Note, who = name) => createTask(async () => (await body(), note(who)), { name })

const CASES: Record<string, [body: ScenarioBody, passes: string, fails: readonly string[] | undefined]> = {
  'a value with a name': [
    function* () {
      const k = choose(3, 'letter')
      yield* sleep(0)
      if (k === 1) throw new Error('the second')
    },
    'letter is option 1 of 3, not option 2',
    ['letter is option 2'],
  ],
  'a value without one': [
    function* () {
      const k = choose(4)
      yield* sleep(0)
      if (k === 3) throw new Error('the last')
    },
    'choose is option 1 of 4, not option 4',
    ['choose is option 4'],
  ],
  'a fault': [
    async () => void (await io(async () => {}, { label: 'charge', faults: true })()),
    'it is `charge goes well`, not `charge: its request is lost`',
    ['charge: its request is lost is option 2'],
  ],
  'tasks that start': [
    comesFirst('b', (note) => gather([task('A', async () => {}, note, 'a'), task('B', async () => {}, note, 'b')])),
    'A starts before B starts',
    ['B: start', 'A: start'],
  ],
  'tasks that wait for the same': [
    comesFirst('b', (note) => {
      const go = new Event({ name: 'go' })
      getRunningLoop().callLater(1, () => go.set())
      return gather(['a', 'b'].map((name) => task(name, () => go.wait(), note)))
    }),
    "a resumes from `Event 'go'` before b resumes from `Event 'go'`",
    ["b: Event 'go'", "a: Event 'go'"],
  ],
  'two lanes of one task, by what they wait for': [
    comesFirst('b', (note) => Promise.all(['a', 'b'].map((x) => pause(x).then(() => note(x))))),
    '`a` completes before `b` completes',
    ['Task-1: b', 'Task-1: a'],
  ],
  // Names don't tell them apart, so that there is no order to write down.
  'two lanes that wait for one thing': [
    comesFirst('b', (note) => Promise.all(['a', 'b'].map((x) => pause('p').then(() => note(x))))),
    'Task-1: `p` completes (lane 1) before the same of lane 2',
    undefined,
  ],
  'operations without a name': [
    comesFirst('b', (note) => Promise.all(['a', 'b'].map((x) => external().then(() => note(x))))),
    'Task-1: an operation completes (lane 1) before the same of lane 2',
    undefined,
  ],
  'a callback that comes too late': [
    comesFirst('B', (note) => {
      getRunningLoop().callSoon(() => note('callback'))
      return gather([task('B', async () => {}, note)])
    }),
    'the callback of Task-1 runs before B starts',
    ['B: start', 'Task-1: callback'],
  ],
  'a callback that comes too early': [
    comesFirst('callback', (note) => {
      getRunningLoop().callSoon(() => note('callback'))
      return gather([task('B', async () => {}, note)])
    }),
    'B starts before the callback of Task-1 runs',
    ['Task-1: callback', 'B: start'],
  ],
  'a timer that fires too late': [
    comesFirst('S', (note) => {
      getRunningLoop().callLater(1, () => note('timer'))
      return gather([task('S', async () => sleep(1), note)])
    }),
    '`callback` fires before S resumes from `sleep(1)`',
    ['S: sleep(1)', 'Task-1: callback'],
  ],
  'a timer that fires too early': [
    comesFirst('timer', (note) => {
      getRunningLoop().callLater(1, () => note('timer'))
      return gather([task('S', async () => sleep(1), note)])
    }),
    'S resumes from `sleep(1)` before `callback` fires',
    ['Task-1: callback', 'S: sleep(1)'],
  ],
  'time that passes too late': [
    async () => {
      getRunningLoop().callLater(1, () => {})
      await pause('load')
      if (getRunningLoop().time() === 0) throw new Error('too soon')
    },
    'time passes before Task-1: `load` completes',
    ['Task-1: load', 'time passes'],
  ],
  'a callback of the host’s': [
    comesFirst('immediate', (note) => {
      setImmediate(() => note('immediate'))
      return pause().then(() => note('a'))
    }),
    'an operation completes before `setImmediate` resumes',
    ['Task-1: setImmediate', 'Task-1: an external operation'],
  ],
}

describe('which order passes, and which fails', () => {
  test.each(Object.entries(CASES))('%s', async (_, [body, passes, fails]) => {
    const { file } = await failureOf(body, { strategy: 'random', seed: 4, schedules: 200 })
    expect([file.passing?.words, file.order]).toEqual([passes, fails])
    // The other schedule is the same up to where they part, and does pass.
    const { passing, failing } = file
    const [one, other] = [failing.steps, passing?.steps ?? []].map((steps) => steps.slice(0, passing?.entry).map((s) => [s.kind, s.task, s.label, s.choice?.pick]))
    expect(one).toEqual(other)
    expect((await check(body, { replay: passing?.token as string })).failures).toBe(0)
    if (fails !== undefined) expect((await check(body, { strategy: sequencer(fails), schedules: 1 })).failures).toBe(1)
  })

  test('FIFO itself fails: no step has to be named; and where every order fails, none passes', async () => {
    const { file } = await failureOf(comesFirst('a', (note) => Promise.all(['a', 'b'].map((x) => pause(x).then(() => note(x))))), { strategy: 'fifo' })
    expect([file.order, file.passing?.words]).toEqual([['Task-1: a', 'Task-1: b'], '`b` completes before `a` completes'])
    const always = await failureOf(async () => {
      await gather([() => pause('a'), () => pause('b')])
      throw new Error('always')
    }, { strategy: 'random' })
    expect([always.file.order, always.file.passing]).toEqual([[], undefined])
  })
})
