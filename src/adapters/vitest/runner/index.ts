import { inject, type RunnerTestCase, type RunnerTestFile, TestRunner, vi, type VitestTestRunner } from 'vitest'
import { decodeToken } from '../../../explore/token.ts'
import type { ExploreOptions } from '../../../explore/options.ts'
import { schedulesFromEnvironment } from '../defaults.ts'
import { identity } from '../exploration.ts'
import { FakeTimersWatch } from './fake-timers.ts'
import { FileExploration, tell } from './file-exploration.ts'
import { HeldUpdates } from './held-updates.ts'
import { muteConsole, unrefOwnTimers } from './quiet.ts'
import { suspendTimeouts } from './safe-timers.ts'
import { SavedResults } from './saved-results.ts'
import { leftOut } from './verdict.ts'

/** Of each test, where neither the environment nor the configuration says otherwise. */
const SCHEDULES = 100
const STEPS = 20_000
/** Milliseconds of real time. */
const TIME_LIMIT = 10_000

type Config = ConstructorParameters<typeof TestRunner>[0]

/**
 * Runs an existing suite as it is, and then each of its asynchronous tests again, hooks and all, in many orders. A test that
 * some order breaks fails, with the picture of that order and a token; one that could not be explored is said to be so, with
 * the reason (`heddle/vitest/reporter` ends the run with the list). No test has to be changed.
 *
 * How many schedules: the environment's HEDDLE_SCHEDULES, or `provide: { heddle: { schedules } }`, or 100.
 *
 * @example
 * ```ts
 * import { heddle } from 'heddle/vite'
 * import { defineConfig } from 'vitest/config'
 *
 * export default defineConfig({
 *   plugins: [heddle()],
 *   test: { runner: 'heddle/vitest/runner', reporters: ['default', 'heddle/vitest/reporter'] },
 * })
 * ```
 */
export default class HeddleRunner extends TestRunner {
  declare onTaskUpdate?: VitestTestRunner['onTaskUpdate']
  declare onTestAnnotate?: VitestTestRunner['onTestAnnotate']
  declare onTestArtifactRecord?: VitestTestRunner['onTestArtifactRecord']
  readonly #fakes = new FakeTimersWatch()
  readonly #files = new Map<string, RunnerTestFile>()
  #updates: HeldUpdates | null = null
  #exploration: FileExploration | null = null
  #undo: (() => void)[] = []

  /** @throws Error under a vitest older than 4.1, which gives runners no hold on single tests */
  constructor(config: Config) {
    super(config)
    const { trace } = this
    if (typeof trace !== 'function') throw new Error('heddle/vitest/runner needs vitest 4.1 or later')
    this.trace = (name, attributes, work) => {
      const [about, span] = isSpan(attributes) ? [{}, attributes] : [attributes, work]
      return span === undefined ? trace(name, attributes) : trace(name, about, this.#around(name, about, span))
    }
  }

  onBeforeCollect(): void {
    this.#fakes.begin()
    this.#undo.push(suspendTimeouts(() => this.#exploration?.exploring === true))
  }

  onCollected(): void {
    this.#undoAll()
  }

  onBeforeRunFiles(files: RunnerTestFile[]): void {
    for (const file of files) this.#files.set(file.filepath, file)
    const send = this.onTaskUpdate
    this.#updates ??= new HeldUpdates(async (packs, events) => send?.(packs, events))
    const updates = this.#updates
    this.onTaskUpdate = (packs, events) => updates.take(packs, events)
    // A schedule that ends in the middle of a test never gives its place back to vitest's own queue.
    const { maxConcurrency } = this.config
    this.config.maxConcurrency = Number.POSITIVE_INFINITY
    this.#undo.push(() => void (this.config.maxConcurrency = maxConcurrency))
  }

  override onBeforeTryTask(...args: Parameters<TestRunner['onBeforeTryTask']>): void {
    super.onBeforeTryTask(...args)
    if (this.#exploration === null) this.#fakes.look(args[0])
  }

  override onAfterTryTask(...args: Parameters<TestRunner['onAfterTryTask']>): void {
    if (this.#exploration === null) this.#fakes.look(args[0])
    try {
      super.onAfterTryTask(...args)
    } catch (error) {
      this.#exploration?.note(error)
      throw error
    }
  }

  override async onAfterRunSuite(...args: Parameters<TestRunner['onAfterRunSuite']>): Promise<void> {
    // Snapshots are written, and those that nobody asked for found, after the suite's own run.
    if (this.#exploration === null) await super.onAfterRunSuite(...args)
  }

  override cancel(...args: Parameters<TestRunner['cancel']>): void {
    this.#exploration?.cancel()
    super.cancel(...args)
  }

  /** What stands in the place of one of vitest's spans. Those that matter here are all promises, whatever their type says. */
  #around<T>(name: string, attributes: Record<string, unknown>, work: () => T): () => T {
    const span = work as unknown as () => Promise<unknown>
    const replaced = this.#span(name, attributes, span)
    return replaced === null ? work : (replaced as unknown as () => T)
  }

  #span(name: string, attributes: Record<string, unknown>, work: () => Promise<unknown>): (() => Promise<unknown>) | null {
    if (name === 'run.spec') {
      const file = this.#files.get(String(attributes['code.file.path']))
      return file === undefined ? null : () => this.#runFile(file, work)
    }
    if (!/^(?:run|suite|test)\./.test(name)) return null
    const id = String(attributes['vitest.test.id'] ?? attributes['vitest.suite.id'])
    const exploration = this.#exploration
    return exploration === null ? null : () => exploration.span(name, id, work)
  }

  async #runFile(file: RunnerTestFile, work: () => Promise<unknown>): Promise<void> {
    this.#undoAll()
    this.#updates?.hold(file)
    try {
      await work()
      const tests = this.#testsToExplore(file)
      if (tests.length > 0) await this.#explore(file, tests, work)
    } finally {
      await this.#updates?.release(file)
    }
  }

  async #explore(file: RunnerTestFile, tests: readonly RunnerTestCase[], work: () => Promise<unknown>): Promise<void> {
    const saved = new SavedResults(file)
    const exploration = new FileExploration(tests, optionsOf())
    this.#exploration = exploration
    this.#undo.push(muteConsole(), unrefOwnTimers(), this.#tellNobody())
    // Some tests leave their clock behind; those that had it on were left out.
    if (vi.isFakeTimers()) vi.useRealTimers()
    saved.clear()
    try {
      await work()
    } finally {
      exploration.end(file)
      this.#undoAll()
      this.#exploration = null
      saved.restore(exploration.results)
    }
  }

  /** Those that have passed by themselves. Why others can't be explored is noted. */
  #testsToExplore(file: RunnerTestFile): RunnerTestCase[] {
    const only = replayed()
    return testsIn(file).filter((test) => {
      if (test.result?.state !== 'pass' || 'heddle' in test.meta) return false
      if (only !== null && only !== identity(test)) return false
      if (test.fails === true) tell(test, leftOut('meant to fail'))
      else if (this.#fakes.has(test)) tell(test, leftOut('fake timers'))
      else return true
      return false
    })
  }

  /** What a test has to say beside its result was said in its own run; and no run of an exploration ends vitest's. */
  #tellNobody(): () => void {
    const { onTestAnnotate, onTestArtifactRecord, config } = this
    const { bail, snapshotOptions } = config
    const { updateSnapshot } = snapshotOptions
    this.onTestAnnotate = async (_, annotation) => annotation
    this.onTestArtifactRecord = async (_, artifact) => artifact
    config.bail = 0
    snapshotOptions.updateSnapshot = 'none'
    return () => {
      Object.assign(this, { onTestAnnotate, onTestArtifactRecord })
      Object.assign(config, { bail })
      snapshotOptions.updateSnapshot = updateSnapshot
    }
  }

  #undoAll(): void {
    for (const undo of this.#undo.splice(0).toReversed()) undo()
  }
}

function isSpan<T>(attributes: Record<string, unknown> | (() => T)): attributes is () => T {
  return typeof attributes === 'function'
}

/** The test that HEDDLE_REPLAY names, if there is one. */
function replayed(): string | null {
  const token = process.env['HEDDLE_REPLAY'] ?? ''
  return token === '' ? null : decodeToken(token).name
}

function optionsOf(): ExploreOptions {
  const { corpus: _, ...shared } = inject('heddle') ?? {}
  const schedules = schedulesFromEnvironment(process.env)
  return { awaits: 'prompt', schedules: SCHEDULES, maxSteps: STEPS, timeLimit: TIME_LIMIT, ...shared, ...(schedules && { schedules }) }
}

function testsIn(suite: RunnerTestFile['tasks'][number] | RunnerTestFile): RunnerTestCase[] {
  return suite.type === 'test' ? [suite] : suite.tasks.flatMap(testsIn)
}
