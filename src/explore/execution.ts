import { isThenable, type Waiter } from '../asyncio/awaitable.ts'
import { ownWaits } from '../asyncio/deadlock.ts'
import { CancelledError, RuntimeError } from '../asyncio/errors.ts'
import { EventLoop, type ExceptionContext } from '../asyncio/event-loop.ts'
import { EXCEPTION, type Future, RESULT } from '../asyncio/future.ts'
import { cancelAll } from '../asyncio/run.ts'
import { sleep } from '../asyncio/sleep.ts'
import { Task } from '../asyncio/task.ts'
import type { Chooser, Observer } from '../loop/chooser.ts'
import type { Tracker } from '../loop/tracker.ts'
import { CutShort } from './cut-short.ts'
import { DeadlockError, StepLimitError } from '../loop/errors.ts'
import { NondeterminismError } from '../strategies/exhaustive.ts'
import type { FailureKind } from './report.ts'
import type { ScenarioBody, Settings } from './options.ts'
import { StrategyError } from './recorder.ts'
import type { Recording } from './recording.ts'
import { type Audit, withRemains } from './remains-audit.ts'
import { ReplayMismatchError } from './replay-mismatch.ts'
import { Interruptions, onlyPretend } from '../world/cancel/interruptions.ts'
import { LeftoverError, whatIsLeft } from '../world/cancel/left-over.ts'
import { type Left, Remains } from '../world/cancel/remains.ts'
import { type Places, placesOf, wasInterrupted } from '../world/places.ts'
import { pause } from '../world/external.ts'
import type { World } from '../world/world.ts'

/** Steps that the cancelled rest of a run may take before it is left alone. */
const SHUTDOWN_STEPS = 10_000

/** What is wrong with a schedule. */
export interface Fault {
  readonly kind: FailureKind
  readonly error: unknown
}

/** How one schedule ended. */
export interface Outcome {
  readonly fault: Fault | null
  readonly steps: number
  /** Per label of sometimes(), whether its condition held. */
  readonly marks: ReadonlyMap<string, boolean> | null
  /** The clock was held back while nothing but intervals would have fired. */
  readonly idled: boolean
  /** What could have been interrupted or gone wrong, and whether it was. */
  readonly places: Places
  /** What the body returned, if it did. */
  readonly value: unknown
  /** Ended by the request's signal, without a verdict. */
  readonly cut: boolean
  /** What was left behind, where the request asks for that. */
  readonly left?: Left | undefined
}

/** One schedule to run. */
export interface Request {
  readonly chooser: Chooser
  readonly observer: Observer | null
  /** For strategies that reduce. */
  readonly tracker?: Tracker | undefined
  /** Takes its time to tell a deadlock from a wait for something real, and notes where that was started. */
  readonly investigates?: boolean
  /** Ends the run earlier than the settings say, where that is enough to see that it has no end. */
  readonly maxSteps?: number | undefined
  /** Looks for what an interruption leaves behind; such a run is slow. */
  readonly audit?: Audit | undefined
  /** Notes where in the code everything waits; such a run is slow. */
  readonly recording?: Recording | undefined
  /** Cuts the run short, if it goes on for long. Only where native promises take part: else nobody can send it. */
  readonly signal?: AbortSignal | undefined
}

/** A run of the body under one chooser: the loop, its main task, and what went wrong. */
class Execution implements Waiter {
  readonly loop: EventLoop
  readonly main: Task<unknown>
  private readonly _settings: Settings
  private readonly _recording: Recording | undefined
  private _unhandled: ExceptionContext | null = null
  /** Outside, this would have been the end of the process. */
  private _crash: { readonly message: string; readonly exception: unknown } | null = null
  private _ours: { error: unknown } | null = null
  private _cut = false

  constructor(loop: EventLoop, body: ScenarioBody, settings: Settings, request: Request) {
    this._settings = settings
    this.loop = loop
    loop.chooser = request.chooser
    if (request.audit?.uninterrupted === true) onlyPretend(loop)
    const { observer, tracker } = request
    loop.observer = observer
    // Objects, and no functions made for the run: V8 keeps a run alive by a new function in a field of its loop.
    if (hasAccess(observer)) loop.onAccess = observer
    if (tracker !== undefined) {
      loop.tracker = tracker
      loop.onAccess = tracker
    }
    loop.ioOnly = settings.permute === 'io'
    loop.promptAwaits = settings.awaits === 'prompt'
    loop.maxSteps = request.maxSteps ?? settings.maxSteps
    loop.onUnhandled = this
    loop.mostFaults = settings.faults
    if (settings.cancel !== null) {
      loop.interrupter = new Interruptions(loop, settings.cancel)
      loop.used = new Set()
    }
    request.recording?.begin(loop)
    this._recording = request.recording
    this.main = new Task<unknown>(body as () => unknown, { loop })
    // A run ends with its main task, at once.
    this.main.addWaiter(this)
  }

  settled(): void {
    this.loop.halt()
  }

  /** An exception reached nobody. */
  unhandled(context: ExceptionContext): void {
    this._unhandled ??= context
  }

  /** A native promise was rejected, and nobody is there to catch it. */
  rejected(exception: unknown): void {
    // What is left is cancelled by us, and nobody is there to wait for all of it.
    if (this.loop.chooser === null && exception instanceof CancelledError) return
    this._crash ??= { message: 'a promise was rejected with nobody to catch it', exception }
  }

  /** A callback threw. */
  crashed(exception: unknown): void {
    this._crash ??= { message: 'a callback threw', exception }
  }

  /** Judges the run, before what is left is cancelled. */
  judge(failure: { error: unknown } | null): Fault | null {
    this.loop.stopTracking(this.main.isDone)
    this._recording?.end()
    if (failure !== null) {
      if (isOurs(failure.error)) this._ours = failure
      this._cut = failure.error instanceof CutShort
      return classify(failure.error)
    }
    const main = this.main
    if (!main.done()) return { kind: 'error', error: new RuntimeError('Event loop stopped before Future completed.') }
    if (main.cancelled()) {
      // Whoever is cancelled, or waits for who is, may end so.
      if (!wasInterrupted(this.loop)) return { kind: 'error', error: main.makeCancelledError() }
    } else {
      const error = main.exception()
      // Asked by state: JavaScript can throw null, and that is a failure too.
      if (main.state === EXCEPTION) return { kind: 'error', error }
    }
    if (this._settings.leaks === 'ignore') return null
    const live = this.loop.liveTasks()
    if (live.length === 0) return null
    const left = live.filter((t) => t.cancelling() === 0)
    return left.length === 0 ? null : { kind: 'leak', error: new LeakError(left) }
  }

  /** Cancels what is left, in FIFO order and without choices. */
  shutdown(): Future<unknown[]> | null {
    const loop = this.loop
    loop.chooser = null
    loop.observer = null
    loop.onAccess = null
    loop.interrupter?.stop()
    loop.maxSteps = loop.steps + SHUTDOWN_STEPS
    return cancelAll(loop)
  }

  /** The rest of the judgement: exceptions that nobody has looked at by the end. */
  finish(fault: Fault | null): Outcome {
    const loop = this.loop
    if (this._ours !== null) throw this._ours.error
    if (this._cut) return { fault: null, steps: loop.steps, marks: null, idled: false, places: placesOf(loop), value: undefined, cut: true }
    let verdict = fault
    // What only followed from the crash is not what has to be mended.
    if (this._crash !== null && fault?.kind !== 'error') verdict = { kind: 'unhandled', error: this._crash.exception }
    if (verdict === null && this._unhandled !== null) {
      verdict = { kind: 'unhandled', error: 'exception' in this._unhandled ? this._unhandled.exception : new Error(this._unhandled.message) }
    }
    if (verdict === null && this._settings.leaks === 'error') {
      const first = loop.unretrieved()[0]
      if (first !== undefined) verdict = { kind: 'unhandled', error: first.exception() }
      const left = whatIsLeft(loop)
      if (verdict === null && left.length > 0) verdict = { kind: 'leak', error: new LeftoverError(left) }
    }
    const value = this.main.state === RESULT ? this.main.outcome() : undefined
    return { fault: verdict, steps: loop.steps, marks: loop.marks, idled: loop.idled, places: placesOf(loop), value, cut: false }
  }
}

function hasAccess(observer: Observer | null): observer is Observer & Required<Pick<Observer, 'access'>> {
  return observer?.access !== undefined
}

/** A task was still pending when the main task ended. */
export class LeakError extends Error {
  override readonly name = 'LeakError'
  constructor(tasks: readonly Task<unknown>[]) {
    const names = tasks.map((t) => {
      const waits = ownWaits(t).map((s) => s.describe()).join(' and ')
      return `${t.getName()}${waits === '' ? '' : ` (waits for ${waits})`}`
    })
    super(`left pending when the main task ended: ${names.join(', ')}; await or cancel ${names.length > 1 ? 'them' : 'it'}`)
  }
}

/** What ends the whole exploration, and is no failure of the schedule. */
function isOurs(error: unknown): boolean {
  return error instanceof ReplayMismatchError || error instanceof StrategyError
}

function classify(error: unknown): Fault {
  if (error instanceof DeadlockError) return { kind: 'deadlock', error }
  if (error instanceof StepLimitError) return { kind: 'step-limit', error }
  if (error instanceof NondeterminismError) return { kind: 'nondeterminism', error }
  return { kind: 'error', error }
}

/** Sets up for a schedule, and gives what is to be called after it. */
function begin(settings: Settings): () => void {
  const after: unknown = settings.setup?.()
  if (isThenable(after)) {
    // If it rejects, that is no rejection of whatever runs then.
    Promise.resolve(after).catch(() => {})
    throw new TypeError('option setup must be synchronous: it returned a promise')
  }
  // An arrow function often returns what it has just assigned.
  return typeof after === 'function' ? (after as () => void) : nothing
}

function nothing(): void {}

/** Runs one schedule of a generator body. */
export function executeSync(body: ScenarioBody, settings: Settings, request: Request): Outcome {
  const after = begin(settings)
  try {
    const loop = new EventLoop()
    const execution = new Execution(loop, body, settings, request)
    let failure: { error: unknown } | null = null
    try {
      loop.runForeverSync()
    } catch (error) {
      failure = { error }
    }
    if (loop.native && !execution.main.done() && (failure === null || failure.error instanceof DeadlockError)) {
      throw new TypeError('checkSync runs generator functions only, and this body waits for a promise; use check')
    }
    const fault = execution.judge(failure)
    const left = execution.shutdown()
    if (left !== null) {
      try {
        loop.runUntilCompleteSync(left)
      } catch {
        // What refuses to be cancelled was reported as a leak, or the schedule has failed already.
      }
    }
    return execution.finish(fault)
  } finally {
    request.recording?.close()
    after()
  }
}

/** Runs one schedule of any body. */
export async function execute(
  body: ScenarioBody,
  settings: Settings,
  request: Request,
  world: World,
): Promise<Outcome> {
  const loop = new EventLoop()
  let execution: Execution | null = null
  world.begin(loop, {
    rejected: (reason) => execution?.rejected(reason),
    crashed: (error) => execution?.crashed(error),
  })
  try {
    const after = begin(settings)
    try {
      execution = new Execution(loop, body, settings, request)
      return await runToEnd(execution, request, world)
    } finally {
      request.recording?.close()
      after()
    }
  } finally {
    world.end()
  }
}

async function runToEnd(execution: Execution, request: Request, world: World): Promise<Outcome> {
  const { loop, main } = execution
  const { audit } = request
  const remains = audit === undefined ? null : new Remains(loop)
  const watches = request.investigates === true || audit !== undefined
  if (watches) world.outside?.watch()
  let grace: ReturnType<typeof setTimeout> | undefined
  const told = (): void => {
    realClear(grace)
    grace = realTimeout(() => loop.raise(new CutShort()), GRACE)
  }
  request.signal?.addEventListener('abort', told)
  try {
    const failure = await new Promise<{ error: unknown } | null>((resolve) => loop.runForever(resolve))
    // It would be taken for something that the program waits for.
    realClear(grace)
    const fault = await escapeOr(execution.judge(failure), execution, request, world)
    if (request.signal?.aborted === true) told()
    const left = execution.shutdown()
    if (left !== null) {
      try {
        await loop.runUntilComplete(left)
      } catch {
        // As above.
      }
    }
    let outcome = execution.finish(fault)
    if (remains !== null && audit !== undefined && outcome.fault === null && !outcome.cut) {
      outcome = await withRemains(outcome, { loop, main, remains, audit, world })
    }
    try {
      await leaveClean(loop, outcome, world)
    } catch {
      // The verdict is given.
    }
    return outcome
  } finally {
    request.signal?.removeEventListener('abort', told)
    realClear(grace)
    remains?.stop()
    if (watches) world.outside?.unwatch()
  }
}

/** So many times may what a failed schedule left under way begin something new. */
const ROUNDS = 100

/**
 * Lets go on what a schedule has left, in FIFO order and unjudged, as far as the next one could find it otherwise: what a
 * package keeps between calls, such as the requests that it has under way, would stay as it was in the middle of a failure.
 * Where no native code takes part there is no package, and what is under way is dropped.
 */
async function leaveClean(loop: EventLoop, outcome: Outcome, world: World): Promise<void> {
  if (world.queueHousekeeping()) await loop.runUntilComplete(sleep(0))
  if (outcome.fault === null || !loop.native) return
  for (let round = 0; round < ROUNDS && loop.externals.length > 0; round++) {
    // It completes after those that are under way now.
    await loop.runUntilComplete(new Task(() => pause(), { loop }))
  }
}

/** So long a deadlock is looked at before it counts as one, in milliseconds of real time: once for each failure. */
const PATIENCE = 100
/** So long may the schedule under way go on when the exploration is told to end, in milliseconds: most end by themselves. */
const GRACE = 100
const realTimeout = setTimeout
const realClear = clearTimeout

/** A run that waits for something real is no deadlock. */
async function escapeOr(
  fault: Fault | null,
  execution: Execution,
  request: Request,
  world: World,
): Promise<Fault | null> {
  if (fault?.kind !== 'deadlock' || world.outside === null) return fault
  const escaped = world.outside.escaped()
  if (escaped !== null) return { kind: 'escape', error: escaped }
  if (request.investigates !== true || !execution.loop.native) return fault
  await world.outside.wait(PATIENCE)
  const moved = execution.main.isDone || execution.loop.ready.length > 0
  const error = moved ? world.outside.foreignPromise() : world.outside.unfinished()
  return error === null ? fault : { kind: 'escape', error }
}
