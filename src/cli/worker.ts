import { parentPort, workerData } from 'node:worker_threads'
import { explorer } from '../adapters/explorer.ts'
import { signature } from '../explore/distinct.ts'
import type { ExploreOptions, ScenarioBody } from '../explore/options.ts'
import { ReplayMismatchError } from '../explore/replay-mismatch.ts'
import type { Report } from '../explore/report.ts'
import { shown } from '../explore/shown.ts'
import { strategyNamed } from '../strategies/named.ts'
import { startingAt } from '../strategies/starting-at.ts'
import { sharded } from '../strategies/shards/sharded.ts'
import { dispatchTimers } from '../world/globals/dispatch.ts'
import { loadHost } from '../world/host.ts'
import { Control } from './control.ts'
import { Gauge } from './gauge.ts'
import { identityOf } from './identity.ts'
import type { Reply, Request, Target, WorkerData } from './messages.ts'
import { Misuse } from './misuse.ts'
import type { ScenarioResult } from './results.ts'
import { ScenarioLoader, type Scenarios, short } from './scenarios.ts'

/** One thread of the command line: it loads the scenario files, and explores what it is told to. */
class Worker {
  readonly #loader: ScenarioLoader
  readonly #files = new Map<string, Scenarios>()
  #abort: AbortController | null = null

  constructor({ instrument }: WorkerData) {
    this.#loader = new ScenarioLoader(instrument)
  }

  async load(files: readonly string[]): Promise<Reply> {
    // Before anything of theirs is loaded, and after everything of ours.
    dispatchTimers(await loadHost())
    const targets: Target[] = []
    for (const file of files) {
      const scenarios = await this.#loader.load(file)
      this.#files.set(file, scenarios)
      for (const scenario of scenarios.keys()) targets.push({ file, scenario })
    }
    return { type: 'loaded', targets }
  }

  async answer(request: Request): Promise<Reply | null> {
    switch (request.type) {
      case 'explore':
        return { type: 'explored', result: await this.#explore(request) }
      case 'replay':
        return this.#replay(request.target, request.token)
      case 'stop':
        this.#abort?.abort()
        return null
    }
  }

  #body({ file, scenario }: Target): ScenarioBody {
    return this.#files.get(file)?.get(scenario) as ScenarioBody
  }

  async #explore(request: Request & { type: 'explore' }): Promise<ScenarioResult> {
    const { target, plan, shard, worker } = request
    const control = new Control(request.memory)
    const abort = new AbortController()
    this.#abort = abort
    const whole = strategyNamed(plan.strategy, plan.schedules)
    const part = shard.count === 1 ? startingAt(whole, plan.first) : sharded(whole, shard, plan.schedules)
    const strategy = new Gauge(part, {
      control,
      worker,
      together: plan.bail && plan.workers > 1,
      stop: () => abort.abort(),
    })
    const options: ExploreOptions = {
      strategy,
      schedules: plan.schedules,
      name: identityOf(target),
      permute: plan.permute,
      leaks: plan.leaks,
      maxSteps: plan.maxSteps,
      bail: plan.bail,
      signal: abort.signal,
    }
    if (plan.seed !== undefined) options.seed = plan.seed
    if (plan.timeLimit !== undefined) options.timeLimit = plan.timeLimit
    if (plan.isolate) options.isolate = async () => (await this.#loader.reload(target.file)).get(target.scenario) as ScenarioBody
    if (plan.cancel !== undefined) options.cancel = plan.cancel
    if (plan.faults !== undefined) options.faults = { max: plan.faults }
    if (plan.assume !== undefined) options.assume = plan.assume
    // One of them runs what is kept; the main thread keeps what all have found.
    if (plan.corpus !== undefined && shard.index === 1) options.corpus = plan.corpus
    try {
      const report = await explorer.check(this.#body(target), options)
      if (report.failures > 0) control.fail()
      const other = report.stopped === 'signal' && !control.interrupted
      return resultOf(request, other ? { ...report, stopped: 'failure' } : report)
    } finally {
      control.leave()
    }
  }

  async #replay(target: Target, token: string): Promise<Reply> {
    try {
      const report = await explorer.replay(this.#body(target), token, { name: identityOf(target) })
      const { steps, choicePoints, failure } = report
      return { type: 'replayed', replayed: { failure: failure?.file ?? null, schedule: { steps, choicePoints } } }
    } catch (error) {
      if (error instanceof ReplayMismatchError) return { type: 'mismatch', message: error.message }
      throw error
    }
  }
}

function resultOf({ target, plan, shard }: Request & { type: 'explore' }, report: Report): ScenarioResult {
  return {
    file: short(target.file),
    scenario: target.scenario,
    strategy: plan.strategy,
    seed: report.seed,
    permute: plan.permute,
    assume: plan.assume,
    cancel: plan.cancel,
    faults: plan.faults,
    most: Number.isFinite(plan.schedules) ? plan.schedules : null,
    bail: plan.bail,
    shards: { count: shard.count, present: [shard.index] },
    schedules: report.schedules,
    equivalent: report.equivalent,
    steps: report.steps,
    choicePoints: report.choicePoints,
    exhausted: report.exhausted,
    stopped: report.stopped,
    cut: report.cut,
    bound: report.bound,
    elapsed: report.elapsed,
    sometimes: report.sometimes,
    dimensions: report.dimensions,
    failures: report.failures,
    distinct: report.distinct.map(({ failure, count }) => ({
      key: signature(failure).replaceAll(process.cwd(), '.'),
      count,
      shard: shard.index,
      file: failure.file,
    })),
  }
}

if (parentPort !== null) {
  const port = parentPort
  const worker = new Worker(workerData as WorkerData)
  const post = (reply: Reply): void => port.postMessage(reply)
  const guarded = async (action: () => Promise<Reply | null>): Promise<void> => {
    try {
      const reply = await action()
      if (reply !== null) post(reply)
    } catch (error) {
      post(complaint(error))
    }
  }
  port.on('message', (request: Request) => {
    void guarded(() => worker.answer(request))
  })
  void guarded(() => worker.load((workerData as WorkerData).files))
}

/** Of what the user can mend, or of Heddle itself. */
function complaint(error: unknown): Reply {
  if (error instanceof Misuse) return { type: 'misuse', message: error.message }
  return { type: 'defect', stack: error instanceof Error ? (error.stack ?? String(error)) : shown(error) }
}
