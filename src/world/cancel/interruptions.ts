import { BARE_YIELD, type Frame, type Suspension } from '../../asyncio/awaitable.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'
import { CANCELLED, Future } from '../../asyncio/future.ts'
import type { Task } from '../../asyncio/task.ts'
import type { Interrupter } from '../../loop/interrupter.ts'
import type { Runnable } from '../../loop/runnable.ts'
import { Leg } from '../io/leg.ts'
import type { Signalled } from './signalled.ts'

/** Which tasks may be cancelled: all, or those with one of these names. */
export type CancelTargets = true | readonly string[]

const pretending = new WeakSet<EventLoop>()

/** Lets the strategy choose an interruption in this run as ever, and does not make it: the same run without. */
export function onlyPretend(loop: EventLoop): void {
  pretending.add(loop)
}

/** What was interrupted in a run; null: nothing was. */
export function interruptedIn({ interrupter }: EventLoop): Task<unknown> | Signalled | null {
  return interrupter instanceof Interruptions ? interrupter.interrupted : null
}

/**
 * Lets the strategy cancel a task, or abort a controller, wherever that can make a difference, once in a schedule.
 *
 * A task can be cancelled where it has just begun a wait, and again where a future has let it go on and it has not run
 * yet: what it was given may then be lost. How long it takes until the task sees it is a choice of the order of tasks.
 * A controller can be aborted after any step.
 */
export class Interruptions implements Interrupter {
  /** What was interrupted; null: nothing was. */
  interrupted: Task<unknown> | Signalled | null = null
  /** By place: whether the interruption was made there. */
  readonly places = new Map<string, boolean>()
  readonly signalled: Signalled[] = []
  readonly #loop: EventLoop
  readonly #targets: CancelTargets
  readonly #single = new Set<Task<unknown>>()
  /** What each task waited for when it was last asked about. */
  readonly #waits = new Map<Task<unknown>, readonly object[]>()
  readonly #counts = new Map<string, number>()
  #steps = 0
  #stopped = false
  /** What it is asked to do it does not. */
  readonly #pretends: boolean

  constructor(loop: EventLoop, targets: CancelTargets) {
    this.#loop = loop
    this.#targets = targets
    this.#pretends = pretending.has(loop)
  }

  /** One more task that may be cancelled. */
  add(task: Task<unknown>): void {
    this.#single.add(task)
  }

  get #over(): boolean {
    return this.#stopped || this.interrupted !== null || this.#loop.stopping || this.#loop.chooser === null
  }

  stop(): void {
    this.#stopped = true
  }

  #chosen(task: Task<unknown>): boolean {
    if (task.isDone || task.cancelling() > 0) return false
    return this.#targets === true || this.#single.has(task) || this.#targets.includes(task.getName())
  }

  before(r: Runnable): void {
    if (this.#over || r.joins !== true || !isFrame(r)) return
    const task = r.owningTask
    const future = waitOf(r)
    if (task === null || !(future instanceof Future) || future.state === CANCELLED || !this.#chosen(task)) return
    // What an external brings is there in the same moment.
    if ('complete' in future && !this.#loop.ioOnly) return
    this.#offer(task, `with the result of ${future.describe()}`)
  }

  rest(): boolean {
    const loop = this.#loop
    if (this.#over || loop.steps === this.#steps) return false
    this.#steps = loop.steps
    for (const task of loop.liveTasks()) {
      if (!this.#chosen(task)) continue
      const waits = task.waitingFor.map(stageOf)
      const before = this.#waits.get(task)
      this.#waits.set(task, waits)
      const fresh = task.waitingFor.find((s) => this.#isFresh(task, s, before))
      if (fresh !== undefined && this.#offer(task, `at ${fresh === BARE_YIELD ? 'a yield' : fresh.describe()}`)) return false
    }
    for (const controller of this.signalled) {
      if (!controller.canAbort || !this.#ask('abort', 'abort', controller.label)) continue
      if (this.#pretend()) return false
      this.interrupted = controller
      controller.abort(loop)
      return true
    }
    return false
  }

  /** Whether the wait has just begun. One that is over already is offered when the task goes on. */
  #isFresh(task: Task<unknown>, s: Suspension, before: readonly object[] | undefined): boolean {
    const known = before?.includes(stageOf(s)) === true
    if (s === BARE_YIELD) return task === this.#loop.current || !known
    return !known && !(s instanceof Future && s.isDone)
  }

  #offer(task: Task<unknown>, where: string): boolean {
    if (!this.#ask(task.getName(), 'cancel', `${task.getName()} ${where}`)) return false
    if (this.#pretend()) return true
    this.interrupted = task
    task.cancel()
    return true
  }

  #pretend(): boolean {
    // Whatever the answer, one was given: nobody is asked again.
    if (this.#pretends) this.#stopped = true
    return this.#pretends
  }

  #ask(whom: string, verb: string, words: string): boolean {
    // That there is one in a schedule makes each place depend on all others.
    this.#loop.tracker?.selects()
    const count = (this.#counts.get(whom) ?? 0) + 1
    this.#counts.set(whom, count)
    const taken = this.#loop.pickValue(2, [`no ${verb} of ${words}`, `${verb} ${words}`]) === 1
    this.places.set(`${whom} ${count}`, taken)
    return taken
  }
}

/** An I/O call is two waits: until its effect, and from there until the answer. */
function stageOf(s: Suspension): object {
  return s instanceof Leg ? s.stage : s
}

function isFrame(r: Runnable): r is Frame {
  return 'owningTask' in r
}

/** What a frame waits for: a native one has one wait, a generator's comes first among its task's. */
function waitOf(frame: Frame & { readonly waiting?: Suspension | null }): Suspension | null | undefined {
  return 'waitingFor' in frame ? (frame as unknown as Task<unknown>).waitingFor[0] : frame.waiting
}

/** The interruptions of a run; they begin where they are first wanted. */
export function interruptionsOf(loop: EventLoop): Interruptions {
  if (loop.interrupter instanceof Interruptions) return loop.interrupter
  const made = new Interruptions(loop, [])
  loop.interrupter = made
  loop.used = new Set()
  return made
}
