import type { Chooser, Observer } from './chooser.ts'
import { DeadlockError, StepLimitError } from './errors.ts'
import type { External } from './external.ts'
import { findDisabled, isSpecial, LoopPoint, positionOf, ValuePoint } from './options.ts'
import { afterQuiescence, isIn } from './quiescence.ts'
import { Pending } from './pending.ts'
import type { Runnable } from './runnable.ts'
import { enter, leave } from './running.ts'
import { isDue, type Timer } from './timer-heap.ts'

/** CPython never waits longer than a day at a time (`base_events.py:MAXIMUM_SELECT_TIMEOUT`). */
const LONGEST_WAIT = 24 * 3600
/** An option passed over this many picks in a row comes first. */
const FAIRNESS = 1000
const NONE: readonly Runnable[] = []

/**
 * The virtual-time loop: the ready set, the timers, the externals and the clock. It knows nothing of tasks.
 *
 * Without a chooser it is FIFO and gives CPython's order, iteration by iteration (`base_events.py:_run_once`).
 * With one, the chooser picks at each point where more than one thing may happen.
 */
export class VirtualLoop extends Pending {
  /** @internal The iteration under way, from 1. */
  tick = 0
  /** @internal Handles run so far, hops left out. */
  steps = 0
  /** @internal */
  maxSteps = Number.POSITIVE_INFINITY
  /** @internal */
  observer: Observer | null = null
  /** @internal Whether native promises take part, so that a step ends only when the microtask queue is empty. */
  native = false

  private _now = 0
  /** The special runnables that are no options: valid during one choice. */
  private readonly _disabled: Runnable[] = []
  private _clockPassed = 0
  /** @internal Whether the run ends with this iteration. */
  stopping = false
  private _running = false
  private _fatal: { error: unknown } | null = null
  private readonly _point: LoopPoint

  constructor() {
    super()
    this._point = new LoopPoint(this)
  }

  /** Virtual seconds since the loop was made. */
  time(): number {
    return this._now
  }

  /** Whether it is running now (CPython, `base_events.py:is_running`). */
  isRunning(): boolean {
    return this._running
  }

  /** Lets the current iteration finish, then ends the run (CPython, `base_events.py:stop`). */
  stop(): void {
    this.stopping = true
  }

  /** @internal Ends the run at once, in the middle of an iteration. */
  halt(): void {
    this.stopping = true
    this.todo = 0
  }

  /** @internal Makes the run end with this error, whoever is running. What is queued stays queued (R021). */
  raise(error: unknown): void {
    this._fatal ??= { error }
  }

  /** Runs until stop() without ever leaving the calling stack. */
  runForeverSync(): void {
    this._start()
    try {
      do {
        this._beginIteration()
        while (this.todo > 0) this._runOne()
      } while (!this.stopping)
    } finally {
      this._end()
    }
  }

  /** The same for loops in which native promises take part: each step ends when the microtask queue is empty. */
  runForever(done: (failure: { error: unknown } | null) => void): void {
    this._start()
    // One iteration runs even when stop() was called before (R015).
    let begun = false
    let rested = false
    const finish = (failure: { error: unknown } | null): void => {
      this._end()
      done(failure)
    }
    const turn = (): void => {
      let leaving = false
      let failure: { error: unknown } | null = null
      this.stopwatch?.stop()
      this.beginTurn()
      try {
        for (;;) {
          if (this.interrupter?.rest() === true && this.native) break
          if (this._fatal !== null) this._throwFatal()
          if (this.todo <= 0) {
            if (begun && this.stopping) {
              leaving = true
              break
            }
            // A generator program may have started something native without our seeing it.
            if (this.ready.length === 0 && !rested) {
              rested = true
              break
            }
            const ran = this._beginIteration()
            begun = true
            if (ran && this.native) break
            if (this.todo <= 0) continue
          }
          rested = this.native
          if (this._runOne() && this.native) break
        }
      } catch (error) {
        leaving = true
        failure = { error }
      }
      this.turning = false
      if (leaving) finish(failure)
      else afterQuiescence(again, this.surroundings)
    }
    const again = (): void => (isIn(this.surroundings) ? turn() : this.around(turn))
    this.around(turn)
  }

  private _start(): void {
    if (this._running) throw new Error('This event loop is already running')
    enter(this)
    this._running = true
  }

  private _end(): void {
    leave(this)
    this._running = false
    this.stopping = false
    this.todo = 0
    this.onEnd()
  }

  private _throwFatal(): void {
    const fatal = this._fatal
    this._fatal = null
    if (fatal !== null) throw fatal.error
  }

  /** Says whether user code ran: an external that completes resumes its waiter at once. */
  private _beginIteration(): boolean {
    this.tick++
    this.onIteration()
    const due = this._nextDue()
    if (!this.stopping) {
      if (this.ready.length === 0 && due === undefined) {
        // What ran is the first of this iteration, in which timers take no part: none was due at its border.
        if (this._wait()) return true
      } else if (this.externals.length > 0) {
        if (this.chooser === null) this._completeStarved()
        else if (this.ioOnly) this._completeAtBorder(due)
      }
    }
    for (let timer = this._nextDue(); timer !== undefined; timer = this._nextDue()) {
      this.timers.pop()
      this.enqueue(timer)
    }
    this.todo = this.ready.length
    return false
  }

  /** The earliest timer, if it is due. */
  private _nextDue(): Timer | undefined {
    const timer = this.timers.peek()
    return timer !== undefined && isDue(timer, this._now) ? timer : undefined
  }

  /** Nothing is ready: an external completes, or the clock moves on. Says whether user code ran. */
  private _wait(): boolean {
    const earliest = this.timers.peek()
    // A deadline at infinity never comes: whoever waits for it waits for ever.
    const timer = earliest?.due === Number.POSITIVE_INFINITY ? undefined : earliest
    if (this.externals.length > 0) return this._idleWithExternals(timer)
    if (timer === undefined || this.beatsInVain(this.steps)) throw this.deadlock()
    this._advance(timer)
    return false
  }

  /** The empty iterations in which CPython waits for a day, and again, pass at once (R013). */
  private _advance(timer: Timer): void {
    const wait = timer.due - this._now
    if (wait > LONGEST_WAIT) this.tick += Math.ceil(wait / LONGEST_WAIT) - 1
    if (wait > 0) this._now = timer.due
    this.noteAdvance(this.steps)
    this._clockPassed = 0
    if (this.tracker !== null) this.tracker.advance()
  }

  /** An external completes, or the clock moves on while they are still under way. */
  private _idleWithExternals(timer: Timer | undefined): boolean {
    const externals = this.externals
    const passing = timer === undefined ? 'may not' : this.clockAfterBeats(timer, this._now, this.steps)
    const clock = passing !== 'may not'
    const count = externals.length + (clock ? 1 : 0)
    let k = 0
    if (passing === 'must' || (clock && this._clockPassed >= FAIRNESS)) k = count - 1
    else if (this.chooser !== null && count > 1 && this.picks - (externals[0] as External).since < FAIRNESS) {
      k = this._ask(count, 0, externals.length, clock)
    }
    if (clock && k < externals.length) this._clockPassed++
    if (timer === undefined || k < externals.length) return this._complete(k)
    this.observer?.step({ kind: 'clock', id: 0 }, this)
    this._advance(timer)
    return false
  }

  /**
   * `permute: 'io'`: between two iterations any external may complete; its waiter queues behind what is ready, and
   * before the timers that are due. While only counting is left to do, that can wait until there is nothing.
   */
  private _completeAtBorder(due: Timer | undefined): void {
    const { externals, ready } = this
    while (externals.length > 0) {
      let first: Runnable | undefined = due
      for (let i = ready.length - 1; i >= 0; i--) if (ready.at(i).leads?.() !== false) first = ready.at(i)
      if (first === undefined) return
      let k = 1
      if (this.picks - (externals[0] as External).since < FAIRNESS) {
        this._point.head = first
        k = this._ask(1 + externals.length, 1, externals.length, false)
        this._point.head = null
      }
      if (k === 0) return
      this._complete(k - 1)
    }
  }

  /** FIFO prefers what is ready, but lets no external starve. */
  private _completeStarved(): void {
    this.picks += Math.max(1, this.ready.length)
    if (this.picks - (this.externals[0] as External).since >= FAIRNESS) this._complete(0)
  }

  /** A choice among `count` values (kind 4 of the model), made at once; 0 without a chooser. */
  pickValue(count: number, label: string | readonly string[] | undefined): number {
    if (this.chooser === null || count < 2) return 0
    this.picks++
    try {
      return this.chooser.choose(new ValuePoint(this.steps, this.lane, count, label))
    } catch (error) {
      // It is thrown into user code, which may catch it; the run must end all the same.
      this.raise(error)
      throw error
    }
  }

  private _ask(count: number, handles: number, externals: number, clock: boolean): number {
    const chooser = this.chooser as Chooser
    const k = chooser.choose(this._point.set(count, handles, externals, clock))
    this.picks++
    return k
  }

  /** Runs one runnable; says whether user code may have run. */
  private _runOne(): boolean {
    if (this.chooser === null || this.ioOnly) {
      this.todo--
      return this._run(this.ready.shift())
    }
    if (this.specials.length > 0) return this._runSpecial()
    const handles = this.ready.length
    const externals = this.externals.length
    const count = handles + externals
    this.todo--
    if (count === 1 || this.picks - this.ready.at(0).since >= FAIRNESS) return this._run(this.ready.shift())
    if (externals > 0 && this.picks - (this.externals[0] as External).since >= FAIRNESS) {
      this.todo++
      return this._complete(0)
    }
    const k = this._ask(count, handles, externals, false)
    if (k < handles) return this._run(this.ready.takeAt(k))
    this.todo++
    return this._complete(k - handles)
  }

  /** The same with hops or order-bound runnables in the queue. */
  private _runSpecial(): boolean {
    const ready = this.ready
    const head = ready.at(0)
    const starved = this.picks - head.since >= FAIRNESS || this.isOnTheWay(head, this.steps)
    if ((head.hop && !(head.decides === true && head.leads?.() === true)) || (starved && !isSpecial(head))) {
      this.todo--
      return this._run(ready.shift())
    }
    const disabled = this._disabled
    findDisabled(this.specials, disabled)
    // There is always one that may run: the head, whatever it is.
    if (disabled.length === ready.length) disabled.shift()
    const handles = ready.length - disabled.length
    const externals = this.externals.length
    let k = 0
    if (!starved) {
      if (externals > 0 && this.picks - (this.externals[0] as External).since >= FAIRNESS) return this._complete(0)
      if (handles + externals > 1) {
        this._point.disabled = disabled
        k = this._ask(handles + externals, handles, externals, false)
        this._point.disabled = NONE
      }
    }
    if (k >= handles) return this._complete(k - handles)
    const at = positionOf(k, ready, disabled)
    const r = ready.at(at)
    // A hop at the head runs where FIFO would run it, and what it leads to waits its turn.
    if (!r.hop || at === 0) {
      this.todo--
      return this._run(ready.takeAt(at))
    }
    return this._runHopsOf(r)
  }

  /** Runs the queued hops of the owner of `hop`, in order, and then at once the step that they lead to. */
  private _runHopsOf(hop: Runnable): boolean {
    const { ready } = this
    const owner = hop.owner
    for (;;) {
      const next = this.specials.find((r) => r === hop || (owner !== undefined && r.owner === owner))
      if (next === undefined) return false
      const before = ready.length - 1
      this.todo--
      this._run(ready.takeAt(ready.rankOf(next)))
      if (ready.length > before) return this._resumeFrom(before)
    }
  }

  /**
   * What was queued from `mark` on resumes in the same choice: hops first, then one step of user code. Where nothing else
   * is ready it makes iterations of its own, and what is left of the last one is still to run in it.
   */
  private _resumeFrom(mark: number): boolean {
    for (let left = 0; this.ready.length > mark; left--) {
      if (left === 0) left = this.ready.length - mark
      if (mark === 0) this.todo = left - 1
      const r = this.ready.takeAt(mark)
      this._run(r)
      if (!r.hop) return true
    }
    return false
  }

  /** Completes an external. Unless the order of ready handles is FIFO, its waiter resumes in the same choice. */
  private _complete(k: number): boolean {
    const e = this.externals[k] as External
    if (k === 0) this.externals.shift()
    else this.externals.splice(k, 1)
    this.observer?.step(e, this)
    if (this.tracker !== null) this.tracker.step(e)
    const mark = this.ready.length
    e.complete()
    if (this._fatal !== null) this._throwFatal()
    const ran = this.chooser !== null && !this.ioOnly && this._resumeFrom(mark)
    if (this.tracker !== null) this.tracker.completed()
    return ran
  }

  private _run(r: Runnable): boolean {
    if (this.specials.length > 0) this.forget(r)
    if (r.hop) {
      if (this.tracker === null) r.run()
      else this.runTracked(r, this.tracker)
      return false
    }
    if (++this.steps > this.maxSteps) throw new StepLimitError(this.maxSteps)
    this.observer?.step(r, this)
    if (this.tracker !== null) this.tracker.step(r)
    this.laneTaken = false
    this.lane = r.lane ?? 0
    this.beforeStep(r)
    r.run()
    if (!this.native) this.afterStep()
    if (this._fatal !== null) this._throwFatal()
    return true
  }

  /** The error for a world in which nothing can happen any more; a subclass says who waits for what. */
  protected deadlock(): Error {
    return new DeadlockError('nothing is ready, no timer is armed and nothing is under way outside')
  }
}
