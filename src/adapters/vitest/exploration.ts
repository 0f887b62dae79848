import { type TestContext, vi } from 'vitest'
import type { CorpusStore } from '../../explore/corpus.ts'
import type { ExploreOptions, ScenarioBody } from '../../explore/options.ts'
import type { Report } from '../../explore/report.ts'
import { explorer } from '../explorer.ts'
import { fileCorpus } from '../file-corpus.ts'
import { moduleOrNull } from '../node-module.ts'
import { defaults, schedulesFromEnvironment } from './defaults.ts'
import { atTest, failureError } from './failure-error.ts'
import { NoModuleRunner } from './fresh-modules.ts'
import { checkIsolated } from './isolate.ts'
import { onceLoaded } from './late-imports.ts'
import { progressOf } from './progress-file.ts'
import { summaryOf } from './summary.ts'

/** Options of `explore`, but that modules can be imported anew. */
export type TestExploration = Omit<ExploreOptions, 'isolate'> & {
  /**
   * True: the project's modules are imported anew, through vite, before each schedule: those that the test file imports, and those
   * that they import. A function gives the body anew.
   */
  isolate?: boolean | NonNullable<ExploreOptions['isolate']>
}

const setRealTimeout = setTimeout
const clearRealTimeout = clearTimeout

const FAKE_TIMERS =
  'vi.useFakeTimers() is on, and an exploration has a virtual clock of its own, which moves by itself. ' +
  'Call vi.useRealTimers() before it: setTimeout, Date and the like are virtual within the body all the same.'

/** Where the failing schedules of a project are kept. */
const CORPUS = '.heddle'

/**
 * Runs the exploration of one test. It ends a little before the test's time does, with what it has found: a test that
 * vitest has given up must not run on into the next one.
 *
 * `defined` was made where the test was.
 *
 * @throws InterleavingError as vitest shows it, if a schedule fails
 */
export async function runExploration(
  body: ScenarioBody,
  options: TestExploration,
  context: TestContext,
  defined: Error,
): Promise<void> {
  if (vi.isFakeTimers()) throw atTest(new Error(FAKE_TIMERS), defined)
  const { task } = context
  const deadline = new Deadline(task.timeout, [context.signal, options.signal])
  const settled = settle(options, context, deadline.signal)
  const line = progressOf(settled.name, settled.schedules ?? 1000)
  let begun = false
  const told: ExploreOptions = {
    ...settled,
    setup() {
      begun = true
      return settled.setup?.()
    },
    onProgress: (progress) => {
      line?.tell(progress)
      options.onProgress?.(progress)
    },
  }
  const check = (these: ExploreOptions): Promise<Report> =>
    options.isolate === true ? checkIsolated(body, these, task.file.filepath) : explorer.check(body, these)
  const running = onceLoaded(told, check)
  // A test that is out of time is over when its last schedule is, and not before.
  context.onTestFinished(() => (begun ? running.then(nothing, nothing) : undefined))
  let report: Report
  try {
    report = await Promise.race([running, deadline.beforeBeginning(() => begun)])
  } catch (error) {
    throw error instanceof TurnError || error instanceof NoModuleRunner ? atTest(error, defined) : error
  } finally {
    deadline?.end()
    line?.end()
  }
  const timedOut = report.stopped === 'signal' && deadline.passed
  Object.assign(task.meta, { heddle: summaryOf(report, timedOut) })
  if (report.failure !== undefined) throw failureError(report, report.failure, defined)
  // Also of a test that is tried again after its time was over: its signal stays aborted.
  if (report.schedules === 0) {
    const why = timedOut ? `its ${task.timeout} ms were over` : 'it was told to stop'
    throw atTest(new Error(`${why} before its first schedule was`), defined)
  }
  judgePassing(report, settled, timedOut, task.timeout)
}

function nothing(): void {}

/** Says what a test that passed has not shown. */
function judgePassing(report: Report, { name, schedules = 1000 }: ExploreOptions, timedOut: boolean, timeout: number): void {
  if (timedOut) {
    console.warn(
      `heddle: ${JSON.stringify(name)} was ended by its timeout of ${timeout} ms, after ${report.schedules} of at most ` +
        `${schedules} schedules; give it a longer \`timeout\` or fewer \`schedules\`.`,
    )
  }
  if (report.equivalent >= schedules) {
    console.warn(
      `heddle: ${JSON.stringify(name)} has ended after ${report.schedules} of at most ${schedules} schedules: ${report.equivalent} more executions ` +
        'proved equivalent to others. Give it more `schedules` to go on.',
    )
  }
  if (report.choicePoints === 0) {
    console.warn(
      `heddle: ${JSON.stringify(name)} had 0 choice points: there was nothing to reorder, so that it passed says nothing about orderings.`,
    )
  }
}

function settle({ isolate, ...options }: TestExploration, context: TestContext, signal: AbortSignal): ExploreOptions & { name: string } {
  const { task } = context
  const { corpus: sharedCorpus, ...shared } = defaults()
  const schedules = schedulesFromEnvironment(environment())
  const name = options.name ?? identity(task)
  const merged: ExploreOptions & { name: string } = { ...shared, ...options, name, signal }
  if (schedules !== undefined) merged.schedules = schedules
  if (typeof isolate !== 'boolean' && isolate !== undefined) merged.isolate = isolate
  const corpus = corpusOf(options.corpus ?? sharedCorpus ?? true, task)
  if (corpus === null) delete merged.corpus
  else merged.corpus = corpus
  return merged
}

/** Where failing schedules are kept; what is expected to fail is nothing to remember, and a page has no files. */
function corpusOf(corpus: NonNullable<ExploreOptions['corpus']>, { fails, file }: TestContext['task']): CorpusStore | null {
  if (corpus === false || fails === true) return null
  if (typeof corpus === 'object') return corpus
  if (moduleOrNull('node:fs') === null) return null
  const root = file.filepath.endsWith(file.name) ? file.filepath.slice(0, -file.name.length) : '.'
  return fileCorpus(corpus === true ? CORPUS : corpus, { root })
}

/** The environment's variables; a page has none. */
function environment(): Record<string, string | undefined> {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return process?.env ?? {}
}

/** The file from the project's root, and the names of the suites and of the test: the same on every machine. */
export function identity(task: TestContext['task']): string {
  const names = [task.name]
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) if (suite.name !== '') names.unshift(suite.name)
  const file = task.file.name.replaceAll('\\', '/')
  return [file, ...(names[0] === task.file.name ? names.slice(1) : names)].join(' > ')
}

/** Others had all the time. */
class TurnError extends Error {
  override readonly name = 'TurnError'
  constructor(timeout: number) {
    super(`its ${timeout} ms were over before its first schedule could run: explorations take turns. Give it a longer timeout.`)
  }
}

/** Aborts a little before the test's time is over, or when somebody else does. */
class Deadline {
  /** Whether it was the time that was over. */
  passed = false
  readonly #timeout: number
  readonly #controller = new AbortController()
  readonly #timer: ReturnType<typeof setTimeout> | undefined
  readonly signal: AbortSignal

  constructor(timeout: number, others: readonly (AbortSignal | undefined)[]) {
    this.#timeout = timeout
    this.signal = AbortSignal.any([this.#controller.signal, ...others.filter((s) => s !== undefined)])
    if (!(timeout > 0) || timeout === Number.POSITIVE_INFINITY || timeout > 0x7fffffff) return
    // What is left is for the schedule under way, and to say what was found.
    const reserve = Math.min(timeout / 5, 1000)
    this.#timer = setRealTimeout(() => {
      this.passed = true
      this.#controller.abort()
    }, Math.max(1, timeout - reserve))
  }

  /** Rejects when the time is over before anything has begun. */
  beforeBeginning(begun: () => boolean): Promise<never> {
    return new Promise((_, reject) => {
      this.#controller.signal.addEventListener('abort', () => {
        if (!begun()) reject(new TurnError(this.#timeout))
      })
    })
  }

  end(): void {
    clearRealTimeout(this.#timer)
  }
}
