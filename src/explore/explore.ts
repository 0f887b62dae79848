import { watchBareGenerators } from '../asyncio/bare-generators.ts'
import { RuntimeError } from '../asyncio/errors.ts'
import { afterQuiescence } from '../loop/quiescence.ts'
import { runningLoop } from '../loop/running.ts'
import { execute, executeSync, type Outcome, type Request } from './execution.ts'
import { type Once, once } from './once.ts'
import { type ExploreOptions, type GeneratorBody, type ScenarioBody, type Settings, settle } from './options.ts'
import { InterleavingError, type Report } from './report.ts'
import { type Describe, unfinishedToken } from './failure.ts'
import type { Chooser } from '../loop/chooser.ts'
import { Recorder } from './recorder.ts'
import { type ExploreHost, host, type ProgressSink, provideHost } from './host.ts'
import { replaying, type Search, search, shapeOf } from './search.ts'
import { shown } from './shown.ts'
import { decodeToken, InvalidTokenError } from './token.ts'
import { World } from '../world/world.ts'

/** The four ways in. They are made for a way of putting failures into words, which is not this folder's concern. */
export interface Explorer {
  check(body: ScenarioBody, options?: ExploreOptions): Promise<Report>
  checkSync(body: GeneratorBody, options?: ExploreOptions): Report
  explore(body: ScenarioBody, options?: ExploreOptions): Promise<Report>
  replay(body: ScenarioBody, token: string, options?: ExploreOptions): Promise<Report>
}

export function makeExplorer(describe: Describe, around: ExploreHost): Explorer {
  provideHost(around)
  async function check(body: ScenarioBody, options?: ExploreOptions): Promise<Report> {
    const { settings, begin } = plan(body, options, describe)
    return drive(body, settings, begin())
  }

  return {
    check,
    checkSync(body, options) {
      const { settings, begin } = plan(body, options, describe)
      if (settings.isolate !== undefined) throw new TypeError('option isolate may take its time, and checkSync can not wait: use check')
      const running = begin()
      let next = running.next()
      while (next.done !== true) next = running.next(executeSync(body, settings, next.value))
      return next.value
    },
    async explore(body, options) {
      const { settings, begin, line } = plan(body, options, describe, true)
      const report = await drive(body, settings, begin()).finally(() => line?.end())
      if (report.choicePoints === 0 && report.failure === undefined) warnOfNothing(options?.name)
      if (report.failure !== undefined) throw new InterleavingError(report, report.failure)
      return report
    },
    async replay(body, token, options) {
      refuseWrongBody(body)
      refuseNesting()
      const settings: Settings = { ...settle(options), ...shapeOf(token) }
      return drive(body, settings, replaying(settings, describe, token))
    },
  }
}

/** Runs one schedule, once and observed; the failure is told, not thrown. */
export async function runOnce(body: ScenarioBody, options: ExploreOptions): Promise<Once> {
  const settings = planOnce(body, options)
  return drive(body, settings, once(settings))
}

/** The same for generator functions. */
export function runOnceSync(body: GeneratorBody, options: ExploreOptions): Once {
  const settings = planOnce(body, options)
  const running = once(settings)
  let next = running.next()
  while (next.done !== true) next = running.next(executeSync(body, settings, next.value))
  return next.value
}

function planOnce(body: ScenarioBody, options: ExploreOptions): Settings {
  refuseWrongBody(body)
  refuseNesting()
  const settings = settle(options)
  return settings.replay === undefined ? settings : { ...settings, ...shapeOf(settings.replay) }
}

/** A test in which nothing can be reordered passes whatever its code does; its author should know. */
function warnOfNothing(name: string | undefined): void {
  const which = name === undefined ? 'an exploration' : JSON.stringify(name)
  console.warn(
    `heddle: ${which} had 0 choice points: there was nothing to explore, so that it passed says nothing about orderings. ` +
      'Its tasks must overlap at a wait of Heddle\'s: pause(), external(), sleep(), a lock, a queue …; ' +
      'or let the plugin heddle/vite make points of the awaits of your own code.',
  )
}

/** Milliseconds between two turns of the host. */
const TURN_EVERY = 20
const realNow = performance.now.bind(performance)

/** Explorations in one process take turns: each has the loop, and later the globals, to itself. */
let last: Promise<unknown> = Promise.resolve()

/** A search for whatever it ends with. */
type Running<T> = Generator<Request, T, Outcome>

function drive<T>(body: ScenarioBody, settings: Settings, running: Running<T>): Promise<T> {
  const mine = last.then(async () => {
    let schedules = 0
    let chooser: Chooser | null = null
    const native = !isGeneratorFunction(body)
    const world = await World.open({
      globals: settings.globals === undefined && native ? {} : (settings.globals ?? null),
      native,
      watchdog: settings.watchdog,
      about: () => about(settings, schedules, chooser),
    })
    const unwatch = watchBareGenerators()
    try {
      let next = running.next()
      for (let turned = realNow(); next.done !== true; ) {
        schedules++
        const fresh = settings.isolate === undefined ? body : await settings.isolate()
        chooser = next.value.chooser
        next = running.next(await execute(fresh, settings, next.value, world))
        if (realNow() - turned < TURN_EVERY) continue
        // A body of generators never leaves the microtask queue: timers of the host, and so signals, need their turn.
        await new Promise<void>((resolve) => afterQuiescence(resolve))
        turned = realNow()
      }
      return next.value
    } finally {
      unwatch()
      world.close()
    }
  })
  last = mine.catch(() => {})
  return mine
}

/** A generator body has no native code to follow, and its clock is the loop's. */
function isGeneratorFunction(body: ScenarioBody): boolean {
  return Object.prototype.toString.call(body) === '[object GeneratorFunction]'
}

/** What to say of a run that never ends: there is nobody left to ask but its chooser. */
function about(settings: Settings, schedules: number, chooser: Chooser | null): string {
  const { name, seed, strategy } = settings
  const test = name === '' ? 'an exploration without a name' : `the exploration ${JSON.stringify(name)}`
  const where = `  in ${test}: run ${schedules} of strategy ${strategy.name} with seed ${seed}`
  const token = chooser instanceof Recorder ? unfinishedToken(settings, chooser.picks(), chooser.count) : null
  return token === null ? where : `${where}\n  token   ${token}`
}

function plan(
  body: ScenarioBody,
  options: ExploreOptions | undefined,
  describe: Describe,
  shows = false,
): { settings: Settings; begin: () => Search; line: ProgressSink | null } {
  refuseWrongBody(body)
  refuseNesting()
  const settled = settle(options)
  const line = shows ? host().progress(settled.name, settled.schedules) : null
  const settings = line === null ? settled : showing(settled, line)
  const token = settings.replay ?? tokenFromEnvironment(settings.name)
  if (token === undefined) return { settings, begin: () => search(settings, describe), line }
  const shaped = { ...settings, ...shapeOf(token) }
  return { settings: shaped, begin: () => replaying(shaped, describe, token), line }
}

function showing(settings: Settings, line: ProgressSink): Settings {
  return {
    ...settings,
    onProgress(progress) {
      line.tell(progress)
      settings.onProgress?.(progress)
    },
  }
}

function refuseWrongBody(body: unknown): void {
  if (typeof body !== 'function') throw new TypeError(`a body to explore must be a function, not ${shown(body)}`)
}

function refuseNesting(): void {
  if (runningLoop() !== null && World.isInside()) throw new RuntimeError('an exploration cannot begin inside a run')
}

/** HEDDLE_REPLAY, if its token names this test. A token of another test is that test's affair; one without a name is nobody's. */
function tokenFromEnvironment(name: string): string | undefined {
  const world = globalThis as { process?: { env?: Record<string, string | undefined> } }
  const token = world.process?.env?.['HEDDLE_REPLAY']
  if (token === undefined || token === '' || name === '') return undefined
  try {
    return decodeToken(token).name === name ? token : undefined
  } catch (error) {
    if (error instanceof InvalidTokenError) error.message = `HEDDLE_REPLAY: ${error.message}`
    throw error
  }
}
