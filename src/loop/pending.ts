import type { Chooser } from './chooser.ts'
import type { External } from './external.ts'
import type { Interrupter } from './interrupter.ts'
import { isSpecial } from './options.ts'
import { ReadyQueue } from './ready-queue.ts'
import type { Access, Option, Runnable } from './runnable.ts'
import type { Stopwatch } from './stopwatch.ts'
import { type Timer, TimerHeap } from './timer-heap.ts'
import type { Tracker } from './tracker.ts'

/** While something is under way outside, intervals alone move the clock on this often in a row, and not for ever. */
const IDLE_BEATS = 3
/** … but to a timer that they would reach in so many beats. */
const NEAR_BEATS = 100
/** When nothing is, so many firings that wake nobody are a deadlock. */
const VAIN_BEATS = 10_000

/**
 * All that may happen: what is ready, the timers that are armed, the externals that are under way. It numbers them, and
 * knows which of them are new to the strategy; what runs when is the loop's affair.
 */
export abstract class Pending {
  /** @internal Told of each access to a shared object; null while nobody wants to know. */
  onAccess: { access(access: Access, value?: unknown): void } | null = null
  /** @internal Follows causes and accesses; null unless the strategy reduces. */
  tracker: Tracker | null = null
  /** @internal Whether the loop has the stack, and no microtask. */
  turning = false
  /** @internal Told of each turn of the host that the loop takes. */
  pulse: { moved(): void } | null = null
  /** @internal */
  chooser: Chooser | null = null
  /** @internal */
  stopwatch: Stopwatch | null = null
  /** @internal Null but in runs that sweep cancellations. */
  interrupter: Interrupter | null = null
  /** @internal Ready handles stay in FIFO order and externals complete between iterations only (`permute: 'io'`). */
  ioOnly = false
  /** @internal Awaits take no time: the clock stands still while one is under way (`awaits: 'prompt'`). */
  promptAwaits = false
  /** @internal Whether the clock was held back because nothing but intervals would have fired. */
  idled = false
  /** @internal Picks made so far. */
  picks = 0
  /** @internal The lane of the step that is running, or ran last. */
  lane = 0

  /** @internal */
  readonly ready = new ReadyQueue()
  /** @internal */
  readonly externals: External[] = []
  /** @internal */
  protected readonly timers = new TimerHeap()
  private _events = 0
  private _serial = 0
  private _lanes = 0
  private _objects = 0
  /** Firings of intervals with nothing between them, and the step that the last one was. */
  private _beats = 0
  private _lastBeat = -1
  /** The timer that the clock is on its way to, past intervals. */
  private _goal = -1
  /** The first callback that the running step has asked for. */
  private _heir: { lane: number } | null = null
  /** @internal Whether the step that is running has begun a wait. */
  protected laneTaken = false
  /**
   * @internal The hops and order-bound runnables in the ready queue, in its order: with none of them it is the option list.
   * None where nobody chooses.
   */
  protected specials: Runnable[] = []
  /** @internal Runnables left in this iteration. */
  protected todo = 0

  /** @internal Queues something to run in the next iteration. */
  enqueue(r: Runnable): void {
    const chosen = this.chooser !== null && !this.ioOnly
    // A hop that only counts need not wait in the option list, which its like would make long.
    if (chosen && r.hop && r.silent === true) {
      if (this.tracker === null) r.run()
      else this.runTracked(r, this.tracker)
      return
    }
    r.id = ++this._events
    r.since = this.picks
    if (chosen && isSpecial(r)) {
      // Mostly there is but one, and an empty array would make room for seventeen.
      if (this.specials.length === 0) this.specials = [r]
      else this.specials.push(r)
    }
    this.ready.push(r)
    if (this.tracker !== null) this.tracker.queued(r)
  }

  /** @internal A step begins. */
  protected beforeStep(r: Runnable): void {
    this.stopwatch?.start(r)
    this.interrupter?.before(r)
  }

  /** @internal A step that no promise takes part in has ended. */
  protected afterStep(): void {
    this.interrupter?.rest()
    this.stopwatch?.stop()
  }

  /** @internal Takes something back out of the ready queue: a guarded operation whose condition no longer holds. */
  dequeue(r: Runnable): void {
    const at = this.ready.remove(r)
    if (at < 0) return
    this.forget(r)
    if (at < this.todo) this.todo--
  }

  /**
   * @internal @throws RangeError if the deadline is not a number: such a timer would never be due, and never be late
   */
  addTimer(t: Timer): void {
    if (Number.isNaN(t.due)) throw new RangeError('the deadline of a timer must be a number, not NaN')
    t.serial = ++this._serial
    this.timers.push(t)
    if (this.tracker !== null) this.tracker.armed(t)
  }

  /** @internal The earliest deadline of what does not repeat, infinite if there is none; and whether anything is armed. */
  deadlines(): { once: number; any: boolean } {
    return { once: this.timers.earliestOnce(), any: this.timers.peek() !== undefined }
  }

  /** @internal */
  noteTimerCancelled(t: Timer): void {
    this.timers.noteCancelled()
    if (this.tracker !== null) this.tracker.disarmed(t)
  }

  /** @internal */
  begin(e: External): void {
    e.id = ++this._events
    e.since = this.picks
    this.externals.push(e)
    if (this.tracker !== null) this.tracker.queued(e)
  }

  /** @internal Takes an external away without completing it (it was cancelled). */
  abandon(e: External): void {
    const i = this.externals.indexOf(e)
    if (i < 0) return
    this.externals.splice(i, 1)
    if (this.tracker !== null) this.tracker.abandoned(e)
  }

  /** @internal A number for a shared object; the same in every run that makes the same objects in the same order. */
  newObject(outsider = 0): number {
    return this.tracker === null ? ++this._objects : this.tracker.newObject(outsider)
  }

  /** @internal */
  newLane(): number {
    return this.tracker === null ? ++this._lanes : this.tracker.newLane()
  }

  /**
   * @internal
   * The lane of a callback that a step has asked for. If nothing else in the step waits it is the step's own, for then it
   * is what goes on (`await` of a promise that a timer resolves).
   */
  laneForCallback(callback: { lane: number }): number {
    if (!this.laneTaken && this._heir === null) this._heir = callback
    return this.newLane()
  }

  /** @internal The last native step has come to rest, and the loop goes on. */
  protected beginTurn(): void {
    this.turning = true
    this.pulse?.moved()
    if (this._heir !== null && !this.laneTaken) this._heir.lane = this.lane
    this._heir = null
  }

  /** @internal An interval fires, as step number `step`. */
  noteBeat(step: number): void {
    if (step !== this._lastBeat + 1) this._beats = 0
    this._beats++
    this._lastBeat = step
  }

  /** Whether, by step number `step`, only intervals have fired of late. */
  private _idles(step: number): boolean {
    return this._beats >= IDLE_BEATS && step === this._lastBeat
  }

  /**
   * @internal
   * Whether the clock may move past what is under way: past intervals alone only to a timer that is none and is near, and
   * then, once that was picked, without asking again.
   */
  protected clockAfterBeats(timer: Timer, now: number, step: number): 'may' | 'must' | 'may not' {
    if (this.promptAwaits && this.externals.some((e) => e.prompt === true)) return 'may not'
    if (!this._idles(step)) return 'may'
    const once = this.timers.earliestOnce()
    if (this._goal === once) return 'must'
    if (once - now <= NEAR_BEATS * (timer.period ?? Number.POSITIVE_INFINITY)) return 'may'
    this.idled = true
    return 'may not'
  }

  /** @internal The clock moves. */
  protected noteAdvance(step: number): void {
    this._goal = this._idles(step) ? this.timers.earliestOnce() : -1
  }

  /** @internal Whether an interval fires on the way to the timer that the clock was to reach. */
  protected isOnTheWay(r: Runnable, step: number): boolean {
    return r.period !== undefined && this.ready.length === 1 && this._goal !== -1 && this._idles(step)
  }

  /** @internal Whether nothing but intervals is left, which wake nobody. */
  protected beatsInVain(step: number): boolean {
    return this._beats >= VAIN_BEATS && step === this._lastBeat && this.timers.earliestOnce() === Number.POSITIVE_INFINITY
  }

  /**
   * @internal The lane for a wait that begins now: the running step's own for the first one, a new one for each further.
   */
  laneForWait(): number {
    if (this.laneTaken) return this.newLane()
    this.laneTaken = true
    return this.lane
  }

  /** @internal Tells the tracker, if there is one, what could still have happened. */
  stopTracking(mainEnded: boolean): void {
    const { tracker, ready, externals } = this
    if (tracker === null) return
    this.tracker = null
    const pending: Option[] = [...externals]
    for (let i = 0; i < ready.length; i++) pending.push(ready.at(i))
    tracker.ended(pending, mainEnded)
  }

  /** @internal */
  protected runTracked(hop: Runnable, tracker: Tracker): void {
    tracker.hop(hop)
    hop.run()
    tracker.hopped()
  }

  /** @internal It has left the ready queue. */
  protected forget(r: Runnable): void {
    const specials = this.specials
    if (specials[0] === r) specials.shift()
    else if (isSpecial(r)) {
      const at = specials.indexOf(r)
      if (at > 0) specials.splice(at, 1)
    }
  }

  /** @internal Drops everything queued, armed or under way. */
  protected clear(): void {
    this.ready.clear()
    this.specials.length = 0
    this.timers.clear()
    this.externals.length = 0
  }

  /** @internal Called when an iteration begins. */
  protected onIteration(): void {}

  /** @internal Called when a run ends. */
  protected onEnd(): void {}

  /** @internal What the surroundings in which the loop takes its turns are known as; null: any will do. */
  protected get surroundings(): object | null {
    return null
  }

  /** @internal Takes a turn of the host in them. */
  protected around(turn: () => void): void {
    turn()
  }
}
