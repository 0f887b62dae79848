import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { check, checkSync, type CorpusStore, createTask, type ExploreOptions, type FailureFile, gather, pause, type Report, sleep, sometimes, wait } from '../../src/index.ts'

/** What becomes of kept schedules: run first, dropped, kept, replaced, and what is said of each. */

const kept = new Map<string, FailureFile>()
let ids = 0
const store: CorpusStore = {
  load: (name) => [...kept].filter(([, file]) => file.name === name).map(([id, file]) => ({ id, file })),
  save: (file) => {
    const known = [...kept].find(([, f]) => f.failing.token === file.failing.token)?.[0]
    const id = known ?? `entry ${++ids}`
    kept.set(id, file)
    return id
  },
  drop: ({ id }) => void kept.delete(id),
}
beforeEach(() => {
  kept.clear()
  ids = 0
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

interface Program {
  readonly labels?: readonly string[]
  readonly fails?: boolean
  readonly spins?: boolean
}

/** `b` between the steps of `a`: one schedule in some. */
const program = ({ labels = ['one', 'two', 'three'], fails = true, spins = false }: Program) =>
  function* () {
    const log: string[] = []
    const a = function* () {
      for (const label of labels) {
        yield* pause(label)
        log.push(label)
      }
    }
    const b = function* () {
      yield* pause('look')
      log.push('look')
    }
    yield* gather([a(), b()])
    if (log.at(-1) !== 'look') return
    if (spins) for (;;) yield* sleep(0)
    if (fails) throw new Error('in between')
  }

const explored = (parts: Program, options: ExploreOptions = {}): Report =>
  checkSync(program(parts), { name: 'kept', corpus: store, strategy: 'random', seed: 1, ...options })

/** What a corpus with this failure in it says of the next exploration, and which entries it has then. */
function afterwards(parts: Program, options: ExploreOptions = {}): { report: Report; notes: readonly string[]; entries: string[] } {
  kept.clear()
  ids = 0
  expect(explored({}).failures).toBe(1)
  const report = explored(parts, options)
  return { report, notes: report.corpus?.notes ?? [], entries: [...kept.keys()] }
}

describe('a schedule that was kept', () => {
  test('and fails again is the first that is run, and stays', () => {
    const { report, notes, entries } = afterwards({})
    expect(report).toMatchObject({ schedules: 1, failures: 1, stopped: 'failure', corpus: { rerun: 1, failed: 1, dropped: 0 } })
    expect(report.failure).toMatchObject({ schedule: 1, file: { strategy: 'the corpus' } })
    expect([report.steps > 0, report.choicePoints > 0]).toEqual([true, true])
    expect([notes, entries]).toEqual([[], ['entry 1']])
  })

  test('comes after FIFO with auto', () => {
    expect(afterwards({}, { strategy: 'auto' }).report.failure).toMatchObject({ schedule: 2, file: { strategy: 'the corpus' } })
  })

  test('and passes is dropped, with a word on why', () => {
    const { report, notes, entries } = afterwards({ fails: false }, { schedules: 3 })
    expect(report).toMatchObject({ schedules: 4, failures: 0, stopped: 'schedules', corpus: { rerun: 1, failed: 0, dropped: 1 } })
    expect([notes, entries]).toEqual([['entry 1: its schedule passes now, and is dropped: it ran as it was written down'], []])
  })

  test('and passes under other options than it was made with is kept', () => {
    const { report, notes, entries } = afterwards({ fails: false }, { schedules: 3, maxSteps: 500, leaks: 'ignore' })
    expect(report.corpus).toMatchObject({ rerun: 1, failed: 0, dropped: 0 })
    expect([notes, entries]).toEqual([['entry 1: its schedule passes, and is kept all the same: it was made with other options (maxSteps, leaks)'], ['entry 1']])
  })

  test('and fails under other options than it was made with fails again, as under its own', () => {
    const { report, notes, entries } = afterwards({}, { maxSteps: 500 })
    expect(report).toMatchObject({ failures: 1, corpus: { rerun: 1, failed: 1, dropped: 0 } })
    expect(notes).toEqual([])
    // What is kept has the options of now.
    expect(entries).toHaveLength(1)
  })

  test('of a program that has changed is followed by its labels', () => {
    const passes = afterwards({ fails: false, labels: ['one', 'zwei', 'three'] }, { schedules: 3 })
    // Its twelve entries: the two of the step that has another name now do not come.
    expect(passes.notes).toEqual(['entry 1: its schedule passes now, and is dropped: the program has changed since, step 4 differs; 10 of its 12 steps came, by their labels, the rest was FIFO'])
    const fails = afterwards({ labels: ['one'] })
    expect(fails.notes).toEqual(['entry 1: its schedule fails still: the program has changed since, step 5 differs; 8 of its 12 steps came, by their labels, the rest was FIFO'])
    // The same failure in a new form: it takes the old one's place.
    expect(fails.entries).toEqual(['entry 2'])
  })

  test('of a program that ends earlier now says so', () => {
    const body = (steps: number, fails: boolean) =>
      function* () {
        for (let i = 0; i < steps; i++) yield* pause(`p${i}`)
        if (fails) throw new Error('always')
      }
    const options: ExploreOptions = { name: 'one task', corpus: store, strategy: 'fifo' }
    checkSync(body(3, true), options)
    expect(checkSync(body(2, false), options).corpus?.notes).toEqual(['entry 1: its schedule passes now, and is dropped: the program has changed since, its run ends earlier; 5 of its 7 steps came'])
  })

  test('that fails in another way now is kept beside the new one', () => {
    const { report, entries } = afterwards({ spins: true }, { maxSteps: 300 })
    expect(report.failure?.kind).toBe('step-limit')
    expect(entries).toEqual(['entry 1', 'entry 2'])
  })

  test('is one of all the failures where the exploration goes on', () => {
    const alone = explored({}, { bail: false, schedules: 20, corpus: false })
    const { report, entries } = afterwards({}, { bail: false, schedules: 20 })
    expect(report).toMatchObject({ schedules: 21, failures: alone.failures + 1, corpus: { rerun: 1, failed: 1 } })
    expect(report.distinct.map((d) => d.count)).toEqual([alone.failures + 1])
    expect(entries).toEqual(['entry 1'])
  })

  test('is not run where the exploration has been told to end', () => {
    const { report, entries } = afterwards({}, { signal: AbortSignal.abort() })
    expect(report).toMatchObject({ schedules: 0, stopped: 'signal', corpus: { rerun: 0, failed: 0 } })
    expect(entries).toEqual(['entry 1'])
  })

  test('counts for the conditions that should hold sometimes', () => {
    const body = (fails: boolean) =>
      function* () {
        const log: string[] = []
        const come = function* (who: string) {
          yield* pause(who)
          log.push(who)
        }
        yield* gather([come('a'), come('b')])
        sometimes(log[0] === 'b', 'b first')
        if (fails && log[0] === 'b') throw new Error('b first')
      }
    const options: ExploreOptions = { name: 'two', corpus: store, strategy: 'random', seed: 3 }
    checkSync(body(true), options)
    expect(kept.size).toBe(1)
    const fifo = checkSync(body(false), { ...options, strategy: 'fifo', schedules: 1 })
    expect(fifo).toMatchObject({ schedules: 2, failures: 0, sometimes: { 'b first': 1 } })
  })
})

describe('what an interruption leaves behind', () => {
  test('is looked for in a kept schedule too, which fails again and stays', async () => {
    const body = async (): Promise<void> => {
      let settle = (): void => {}
      const gate = new Promise<void>((resolve) => (settle = resolve))
      void (async () => {
        await gate
      })()
      const worker = createTask(async () => {
        await pause('work')
        settle()
      }, { name: 'worker' })
      await wait([worker])
    }
    const options: ExploreOptions = { name: 'left behind', corpus: store, cancel: 'worker' }
    expect((await check(body, options)).failure?.kind).toBe('leak')
    expect(kept.size).toBe(1)
    const again = await check(body, options)
    expect(again.failure).toMatchObject({ kind: 'leak', file: { strategy: 'the corpus' } })
    expect(again.corpus).toMatchObject({ rerun: 1, failed: 1, dropped: 0, notes: [] })
    expect([...kept.keys()]).toEqual(['entry 1'])
  })
})

describe('what is no matter of one schedule is not kept', () => {
  test('a condition that never held', () => {
    const report = checkSync(function* () {
      yield* gather([pause(), pause()])
      sometimes(false, 'full')
    }, { name: 'never', corpus: store, schedules: 5, strategy: 'random' })
    expect([report.failure?.kind, kept.size]).toEqual(['never', 0])
  })

  test('a program that is another one each time', () => {
    let runs = 0
    const report = checkSync(function* () {
      yield* gather([pause(), pause()])
      if (++runs === 1) throw new Error('only once')
    }, { name: 'state', corpus: store, strategy: 'fifo' })
    expect([report.failure?.kind, kept.size]).toEqual(['nondeterminism', 0])
  })
})
