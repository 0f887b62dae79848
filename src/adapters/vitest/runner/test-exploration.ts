import type { RunnerTestCase } from 'vitest'
import type { Fault } from '../../../explore/execution.ts'
import { runOnce } from '../../../explore/explore.ts'
import type { ExploreOptions } from '../../../explore/options.ts'
import type { Failure, Report } from '../../../explore/report.ts'
import { explorer } from '../../explorer.ts'
import { identity } from '../exploration.ts'
import { failureError } from '../failure-error.ts'
import { progressOf } from '../progress-file.ts'
import { Attempt } from './attempt.ts'
import { guardClock } from './clock-guard.ts'
import { shareVirtualTimers } from './safe-timers.ts'
import { leftOut, type Reason, type RunnerVerdict } from './verdict.ts'

/** What was found out about a test; `error` is what it fails with from now on. */
export interface Finding {
  readonly verdict: RunnerVerdict
  readonly error?: Error
}

/** Runs one test of a suite, hooks and all, in many orders. */
export class TestExploration {
  /** The run under way: of a schedule, or a plain one. */
  attempt: Attempt | null = null
  /** Whether a schedule is under way, on virtual time. */
  exploring = false
  readonly #test: RunnerTestCase
  readonly #work: () => Promise<unknown>
  readonly #options: ExploreOptions

  /** `work` runs the test once, as vitest does. */
  constructor(test: RunnerTestCase, work: () => Promise<unknown>, options: ExploreOptions) {
    this.#test = test
    this.#work = work
    this.#options = { ...options, name: identity(test), setup: takeOverClocks }
  }

  async explore(): Promise<Finding> {
    const before = await this.#inNativeOrder()
    if (before !== null) return { verdict: await this.#whyNot(before) }
    const report = await this.#inManyOrders()
    const { failure } = report
    if (failure === undefined) return { verdict: passing(report) }
    const reason = notAnOrder(failure)
    if (reason === 'outlives a run') return { verdict: leftOut(reason, afterOthers(report, causeOf(failure.error))) }
    if (reason !== null) return { verdict: leftOut(reason, reason === 'real I/O' ? placesIn(failure.error) : headline(failure.error)) }
    const after = await this.#inNativeOrder()
    if (after !== null) return { verdict: leftOut('outlives a run', afterOthers(report, after.error)) }
    const verdict = { ...told(report), state: 'broken', detail: headline(failure.error), token: failure.token } as const
    return { verdict, error: failureError(report, failure, new Error('defined here')) }
  }

  async #inManyOrders(): Promise<Report> {
    const { name = '', schedules = 1000 } = this.#options
    const line = progressOf(name, schedules)
    const options: ExploreOptions = { ...this.#options, onProgress: (progress) => line?.tell(progress) }
    return this.#virtually(() => explorer.check(this.#body, options)).finally(() => line?.end())
  }

  readonly #body = (): Promise<void> => this.#attempt()

  #attempt(): Promise<void> {
    const attempt = new Attempt(this.#test)
    this.attempt = attempt
    return attempt.run(this.#work)
  }

  /** On virtual time, in the order in which JavaScript itself would run it. What is wrong then is no matter of orders. */
  async #inNativeOrder(): Promise<Fault | null> {
    const { corpus: _, strategy: __, ...options } = this.#options
    const once = await this.#virtually(() => runOnce(this.#body, { ...options, strategy: 'fifo', permute: 'io' }))
    return once.fault
  }

  async #virtually<T>(work: () => Promise<T>): Promise<T> {
    this.exploring = true
    try {
      return await work()
    } finally {
      this.exploring = false
      this.attempt = null
    }
  }

  /** It does not pass where every order begins. Whether it does so once more without Heddle tells two reasons apart. */
  async #whyNot(fault: Fault): Promise<RunnerVerdict> {
    const { kind, error } = fault
    if (kind === 'escape') return leftOut('real I/O', placesIn(error))
    if (kind === 'step-limit') return leftOut('too long', headline(error))
    try {
      await this.#attempt()
    } catch (again) {
      return leftOut('outlives a run', headline(again))
    } finally {
      this.attempt = null
    }
    return leftOut('virtual time', headline(error))
  }
}

/** Before each schedule; what it gives is called after it. */
function takeOverClocks(): () => void {
  const undo = [shareVirtualTimers(), guardClock()]
  return () => {
    for (const restore of undo) restore()
  }
}

function passing(report: Report): RunnerVerdict {
  if (report.schedules === 0 || (report.cut > 0 && report.schedules === 1)) return leftOut('too long')
  if (report.choicePoints > 0) return told(report)
  return leftOut(report.steps <= report.schedules ? 'synchronous' : 'nothing to explore')
}

function told(report: Report): RunnerVerdict {
  return {
    state: 'explored',
    reason: null,
    detail: '',
    schedules: report.schedules,
    choicePoints: report.choicePoints,
    exhausted: report.exhausted && report.bound === undefined,
    timedOut: report.stopped === 'time',
    token: null,
    elapsed: report.elapsed,
  }
}

/** A failure that no order is to blame for. */
function notAnOrder({ kind, error, schedule }: Failure): Reason | null {
  if (kind === 'escape') return 'real I/O'
  if (kind === 'step-limit' && schedule === 1) return 'too long'
  if (kind !== 'nondeterminism') return null
  return error instanceof Error && error.message.includes('left behind') ? 'outlives a run' : 'nondeterministic'
}

function afterOthers({ schedules }: Report, error: unknown): string {
  return `it fails only after other schedules, by number ${schedules}: ${headline(error)}`
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error
}

/** The first line of an error; the advice that Heddle's own give is for those who write explorations themselves. */
function headline(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return (text.split('\n')[0] as string).replace(/ Something outside the choices .*/, '')
}

/** What an escape says after its headline: what it was, and where it was started. */
function placesIn(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return error.message.split('\n').slice(1).map((line) => line.trim()).join(', ')
}
