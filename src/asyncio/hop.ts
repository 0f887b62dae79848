import type { Runnable } from '../loop/runnable.ts'
import type { Timer } from '../loop/timer-heap.ts'
import type { Waiter } from './awaitable.ts'
import { leavesLoop } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'
import type { Task } from './task.ts'

/** What an option is called: whose step it is, and what that waits for. */
export interface Named {
  readonly task?: string | undefined
  readonly label?: string | undefined
}

/** What a step is called in which this task is interrupted. */
export function interruptionOf(task: Task<unknown> | null): Named | undefined {
  if (task === null) return undefined
  const waits = task.waitingFor
  // A body's promise goes on by what is waited for in it.
  const wait = waits.find((s) => s.abandon === undefined) ?? waits[0]
  return { task: task.getName(), label: wait?.describe() }
}

/** Keeps books of futures: a construct that is told, one iteration later, that one of them is done. */
export interface Bookkeeper {
  readonly loop: EventLoop
  /** The bookkeeping; no user code runs in it. */
  childDone(child: Future<unknown>): void
  /** Whether the news that `child` is done would queue user code. */
  wouldLead(child: Future<unknown>): boolean
  /** Whether that news would interrupt somebody, so that its place in the order matters by itself. */
  wouldInterrupt?(child: Future<unknown>): boolean
  /** What somebody waits for on its account. */
  readonly released?: Future<unknown> | null
  /** What the news leads to, where that does not say it. */
  readonly leadsTo?: Named | undefined
}

/**
 * Bookkeeping fails only where a program has settled a future that is the library's to settle; in CPython it is a
 * callback that fails then.
 */
function report(loop: EventLoop, error: unknown): void {
  if (leavesLoop(error)) throw error
  loop.callExceptionHandler({ message: 'Exception in callback of the library', exception: error })
}

/** Waits for a future on behalf of a bookkeeper, then is the hop that tells it. */
export class DoneHop implements Waiter, Runnable {
  get kind(): 'handle' { return 'handle' }
  get hop(): true { return true }
  id = 0
  since = 0
  readonly owner: Bookkeeper
  readonly #child: Future<unknown>

  constructor(owner: Bookkeeper, child: Future<unknown>) {
    this.owner = owner
    this.#child = child
  }

  /** The lane that the news would resume. */
  get lane(): number | undefined {
    return this.owner.released?.waitingLane
  }

  /** As an option it is called what it leads to. */
  get task(): string | undefined {
    return this.#leadsTo()?.task
  }

  get label(): string | undefined {
    return this.#leadsTo()?.label
  }

  #leadsTo(): Named | undefined {
    return this.owner.released?.firstWaiting ?? this.owner.leadsTo
  }

  settled(): void {
    this.owner.loop.enqueue(this)
  }

  run(): void {
    const { loop } = this.owner
    loop.current = null
    try {
      this.owner.childDone(this.#child)
    } catch (error) {
      report(loop, error)
    }
  }

  leads(): boolean {
    return this.owner.wouldLead(this.#child)
  }

  leadsOn(): boolean {
    return this.owner.wouldLead(this.#child)
  }

  get decides(): boolean {
    return this.owner.wouldInterrupt?.(this.#child) ?? false
  }

  get failed(): string | undefined {
    return this.decides ? this.#child.describe() : undefined
  }
}

/** A hop that does one thing, queued for the next iteration. */
export class SoonHop implements Runnable {
  get kind(): 'handle' { return 'handle' }
  get hop(): true { return true }
  id = 0
  since = 0
  protected readonly loop: EventLoop
  readonly #action: () => void
  readonly #leads: () => boolean
  readonly #leadsTo: () => Named | undefined
  #cancelled = false

  /** `leads` says whether the action would queue user code, `leadsTo` what that is called. */
  constructor(loop: EventLoop, action: () => void, leads: () => boolean, leadsTo: () => Named | undefined) {
    this.loop = loop
    this.#action = action
    this.#leads = leads
    this.#leadsTo = leadsTo
  }

  /** As an option it is called what it leads to. */
  get task(): string | undefined {
    return this.#leadsTo()?.task
  }

  get label(): string | undefined {
    return this.#leadsTo()?.label
  }

  cancel(): void {
    this.#cancelled = true
  }

  isCancelled(): boolean {
    return this.#cancelled
  }

  run(): void {
    if (this.#cancelled) return
    this.loop.current = null
    try {
      this.#action()
    } catch (error) {
      report(this.loop, error)
    }
  }

  leads(): boolean {
    return !this.#cancelled && this.#leads()
  }
}

/** The same at a moment of virtual time. */
export class TimerHop extends SoonHop implements Timer {
  serial = 0
  readonly due: number

  constructor(loop: EventLoop, when: number, action: () => void, leads: () => boolean, leadsTo: () => Named | undefined) {
    super(loop, action, leads, leadsTo)
    this.due = when
  }

  /** Armed with the loop. */
  static arm(loop: EventLoop, when: number, action: () => void, leads: () => boolean, leadsTo: () => Named | undefined): TimerHop {
    const timer = new this(loop, when, action, leads, leadsTo)
    loop.addTimer(timer)
    return timer
  }

  override cancel(): void {
    if (!this.isCancelled()) this.loop.noteTimerCancelled(this)
    super.cancel()
  }
}
