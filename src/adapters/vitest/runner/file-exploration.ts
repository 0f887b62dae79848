import { setMaxListeners } from 'node:events'
import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from 'vitest'
import type { ExploreOptions } from '../../../explore/options.ts'
import { fakesAreOn } from './fake-timers.ts'
import { LeftTimers } from './left-timers.ts'
import { TestExploration } from './test-exploration.ts'
import { leftOut, type RunnerVerdict, VERDICT } from './verdict.ts'

/** Parts of a test in which code of the suite runs. */
const PARTS = /^test\.(?:beforeEach|callback|afterEach|cleanup|onFinished|onFailed)$/

/** The second time that vitest runs a file: each test that is to be explored is run in many orders, and the others not at all. */
export class FileExploration {
  /** What tests that some order breaks end with. */
  readonly results = new Map<RunnerTestCase, RunnerTask['result']>()
  readonly #waiting: Map<string, RunnerTestCase>
  readonly #suites = new Set<string>()
  readonly #options: ExploreOptions
  readonly #left = new LeftTimers()
  readonly #stop = new AbortController()
  #current: TestExploration | null = null
  /** While vitest runs a test in which no code of the suite runs: what it fails with, if it does. */
  #empty: { readonly error: Error | null } | null = null
  /** Explorations take turns, those of concurrent tests too. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(tests: readonly RunnerTestCase[], options: ExploreOptions) {
    this.#waiting = new Map(tests.map((test) => [test.id, test]))
    for (const test of tests) for (let s = test.suite; s !== undefined; s = s.suite) this.#suites.add(s.id)
    this.#options = { ...options, signal: this.#stop.signal }
  }

  /** A schedule is under way: real time says nothing. */
  get exploring(): boolean {
    return this.#current?.exploring === true
  }

  /** Stands around what vitest does in its spans of these names. */
  span(name: string, id: string, work: () => Promise<unknown>): Promise<unknown> {
    if (name === 'run.test') return this.#test(id, work)
    if (name === 'run.suite') return this.#suites.has(id) ? work() : Promise.resolve()
    if (name === 'suite.beforeAll') return this.#left.during(work)
    if (!PARTS.test(name)) return work()
    if (this.#empty !== null) {
      const { error } = this.#empty
      return name === 'test.callback' && error !== null ? Promise.reject(error) : Promise.resolve([])
    }
    return this.#current?.attempt?.watch(work) ?? work()
  }

  /** What vitest itself finds wrong with a run. */
  note(error: unknown): void {
    this.#current?.attempt?.note(error)
  }

  cancel(): void {
    this.#stop.abort()
  }

  /** The file has been run: what was not reached never will be. */
  end(file: RunnerTestFile): void {
    this.#left.end()
    for (const test of this.#waiting.values()) {
      tell(test, leftOut('hooks run once', errorOf(test.suite ?? file) ?? errorOf(file) ?? ''))
    }
  }

  #test(id: string, work: () => Promise<unknown>): Promise<unknown> {
    const test = this.#waiting.get(id)
    if (test === undefined || this.#stop.signal.aborted) return Promise.resolve()
    this.#waiting.delete(id)
    const mine = this.#last.then(() => this.#explore(test, work))
    this.#last = mine.catch(() => {})
    return mine
  }

  async #explore(test: RunnerTestCase, work: () => Promise<unknown>): Promise<void> {
    const { place } = this.#left
    if (place !== null) return tell(test, leftOut('timers of a hook', place))
    if (fakesAreOn()) return tell(test, leftOut('fake timers'))
    const { retry, repeats } = test
    // A try more would hide what some order breaks.
    Object.assign(test, { retry: 0, repeats: 0 })
    // vitest listens to it anew in each run.
    setMaxListeners(0, test.context.signal)
    try {
      const exploration = new TestExploration(test, work, this.#options)
      this.#current = exploration
      const { verdict, error = null } = await exploration.explore()
      this.#current = null
      tell(test, verdict)
      // To vitest a run that never came to its end is the one that is under way, until another one has ended.
      if (error === null && TestRunner.getCurrentTest() === undefined) return
      this.#empty = { error }
      delete test.result
      await work()
      if (error !== null) this.results.set(test, test.result)
    } finally {
      this.#current = null
      this.#empty = null
      Object.assign(test, { retry, repeats })
    }
  }
}

export function tell(test: RunnerTestCase, verdict: RunnerVerdict): void {
  Object.assign(test.meta, { [VERDICT]: verdict })
}

function errorOf({ result }: RunnerTask): string | undefined {
  return result?.errors?.[0]?.message.split('\n')[0]
}
