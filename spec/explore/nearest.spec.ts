import { describe, expect, test } from 'vitest'
import { asCompleted, check, choose, ConcurrentFuture, createTask, Event, external, Future, gather, getRunningLoop, io, pause, runCoroutineThreadsafe, type ScenarioBody, sleep, TaskGroup, timeout, TimeoutError, wait, waitFor, wrapFuture } from '../../src/index.ts'
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

/** A task, and a callback a second later. */
const beside = (note: Note, body: () => PromiseLike<unknown>) => {
  const called = new Future<void>()
  getRunningLoop().callLater(1, () => called.setResult(note('callback')))
  return gather([createTask(async () => void (await body()), { name: 'W' }), called])
}

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
  'a time limit that runs out before a callback': [
    comesFirst('timeout', (note) => beside(note, () => waitFor(new Future(), 1).catch(() => note('timeout')))),
    '`callback` fires before the time of W runs out',
    ['W: a future', 'Task-1: callback'],
  ],
  'a wait that takes too long': [
    comesFirst('callback', (note) => beside(note, () => wait([new Future()], { timeout: 1 }).then(() => note('timeout')))),
    'the time of W runs out before `callback` fires',
    ['Task-1: callback', 'W: wait'],
  ],
  'results that do not come in time': [
    comesFirst('callback', (note) => beside(note, () => asCompleted([new Future()], { timeout: 1 }).nextDone().then(null, () => note('timeout')))),
    'the time of W runs out before `callback` fires',
    ['Task-1: callback', 'W: a future'],
  ],
  'I/O that arrives as a callback is due': [
    comesFirst('callback', (note) => beside(note, () => io(async () => {}, { label: 'load', latency: 1 })().then(() => note('there')))),
    'W resumes from `load` before `callback` fires',
    ['Task-1: callback', 'W: load'],
  ],
  'results of two tasks, in their order': [
    comesFirst('b', (note) => {
      const go = new Future<void>()
      getRunningLoop().callLater(1, () => go.setResult())
      return gather(['a', 'b'].map((name) => task(name, () => asCompleted([go]).nextDone(), note)))
    }),
    'a resumes from `a future` before b resumes from `a future`',
    ['b: a future', 'a: a future'],
  ],
  'a time limit that is over at once': [
    comesFirst('callback', (note) => {
      getRunningLoop().callSoon(() => note('callback'))
      return timeout(0, () => new Future()).catch(() => note('timeout'))
    }),
    'the time of Task-1 runs out before the callback of Task-1 runs',
    ['Task-1: callback', 'Task-1: a future'],
  ],
  'a task that is given no time, and ends': [
    comesFirst('callback', (note) => {
      const stubborn = task('stubborn', () => sleep(9).catch(() => getRunningLoop().callSoon(() => note('callback'))), () => {})
      return task('W', async () => (await sleep(0), waitFor(stubborn, 0)), note)
    }),
    'W resumes from `a future` before the callback of stubborn runs',
    ['stubborn: callback', 'W: a future'],
  ],
  'a job whose result is there as a callback is due': [
    comesFirst('callback', (note) => {
      const job = new ConcurrentFuture<void>()
      getRunningLoop().callSoon(() => {
        getRunningLoop().callSoon(() => note('callback'))
        job.setResult()
      })
      return task('W', () => wrapFuture(job), note)
    }),
    'W resumes from `a job of an executor` before the callback of nobody runs',
    ['callback', 'W: a job of an executor'],
  ],
  'time limits of two tasks, in their order': [
    comesFirst('a', (note) => gather(['a', 'b'].map((name) => task(name, () => waitFor(new Future(), 1).catch(() => {}), note)))),
    'the time of b runs out before the time of a runs out',
    ['a: a future', 'b: a future'],
  ],
  'time limits of one task, one around the other': [
    comesFirst('outer', (note) => timeout(1, () => timeout(1, () => new Future()).catch((error: unknown) => note(error instanceof TimeoutError ? 'inner' : 'outer'))).catch(() => {})),
    'the time of Task-1 runs out (the later of two) before the other',
    ['Task-1: a future', 'Task-1: a future'],
  ],
  'a task of a group that fails, and the group’s own next step': [
    comesFirst('body', (note) => new TaskGroup().run(async (group) => {
      const gate = new Future<void>()
      group.createTask(async () => {
        getRunningLoop().callSoon(() => gate.setResult())
        throw new Error('child')
      }, { name: 'child' })
      await gate
      note('body')
    }).catch(() => {})),
    'the group of Task-1 hears that child has failed before Task-1 resumes from `a future`',
    undefined,
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

  test('what a loop tells somebody outside it is a callback, for nobody knows what that does', async () => {
    const { file } = await failureOf(comesFirst('S', (note) => {
      runCoroutineThreadsafe(sleep(1), getRunningLoop()).addDoneCallback(() => note('outside'))
      return task('S', () => sleep(1), note)
    }), { strategy: 'random', seed: 4 })
    expect(file.passing?.words).toBe('a callback runs before S resumes from `sleep(1)`')
  })

  test('a call that times out is the next step of who has made it', async () => {
    const call = io(async () => {}, { label: 'load', faults: { timeout: 1 } })
    const { file } = await failureOf(comesFirst('timed out', (note) => beside(note, () => call().catch(() => note('timed out')))), { strategy: 'random', seed: 4, schedules: 200 })
    expect(file.passing?.words).toBe('`callback` fires before W resumes from `load`')
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
