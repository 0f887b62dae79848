import type { Chooser, Observer } from './chooser.ts'
import { DeadlockError, StepLimitError } from './errors.ts'
import type { External } from './external.ts'
import { findOptions, LoopPoint, ValuePoint } from './options.ts'
import { afterQuiescence } from './quiescence.ts'
import { ReadyQueue } from './ready-queue.ts'
import type { Access, Runnable } from './runnable.ts'
import { enter, leave } from './running.ts'
import { type Timer, TimerHeap } from './timer-heap.ts'

/** Deadlines this close fire together (CPython's clock resolution on Linux). */
const RESOLUTION = 1e-9
/** CPython never waits longer than a day at a time (`base_events.py:MAXIMUM_SELECT_TIMEOUT`). */
const LONGEST_WAIT = 24 * 3600
/** An option passed over this many picks in a row comes first. */
const FAIRNESS = 1000

/**
 * The virtual-time loop: the ready set, the timers, the externals and the clock. It knows nothing of tasks.
 *
 * Without a chooser it is FIFO and gives CPython's order, iteration by iteration (`base_events.py:_run_once`).
 * With one, the chooser picks at each point where more than one thing may happen.
 */
export class VirtualLoop {
  /** Told of each access to a shared object; null while nobody wants to know. */
  onAccess: ((access: Access) => void) | null = null
  /** The iteration under way, from 1. */
  tick = 0
  /** Handles run so far, hops left out. */
  steps = 0
  /** Picks made so far. */
  picks = 0
  maxSteps = Number.POSITIVE_INFINITY
  chooser: Chooser | null = null
  observer: Observer | null = null
  /** Ready handles stay in FIFO order and externals complete between iterations only (`permute: 'io'`). */
  ioOnly = false
  /** Whether native promises take part, so that a step ends only when the microtask queue is empty. */
  native = false
  /** The lane of the step that is running, or ran last. */
  lane = 0

  readonly ready = new ReadyQueue()
  readonly externals: External[] = []
  readonly #timers = new TimerHeap()
  #now = 0
  #events = 0
  #serial = 0
  #lanes = 0
  #objects = 0
  #laneTaken = false
  /** Hops and order-bound runnables in the ready queue: with none of them the queue itself is the option list. */
  #special = 0
  /** Runnables left in this iteration. */
  #todo = 0
  #clockPassed = 0
  #stopping = false
  #running = false
  #fatal: { error: unknown } | null = null
  readonly #point = new LoopPoint(this)

  /** Virtual seconds since the loop was made. */
  time(): number {
    return this.#now
  }

  get stopping(): boolean {
    return this.#stopping
  }

  isRunning(): boolean {
    return this.#running
  }

  /** Queues something to run in the next iteration. */
  enqueue(r: Runnable): void {
    r.id = ++this.#events
    r.since = this.picks
    if (r.hop || r.due !== undefined || r.sequence !== undefined) this.#special++
    this.ready.push(r)
  }

  /** Takes something back out of the ready queue: a guarded operation whose condition no longer holds. */
  dequeue(r: Runnable): void {
    if (this.ready.remove(r) && (r.hop || r.due !== undefined || r.sequence !== undefined)) this.#special--
  }

  addTimer(t: Timer): void {
    t.serial = ++this.#serial
    this.#timers.push(t)
  }

  noteTimerCancelled(): void {
    this.#timers.noteCancelled()
  }

  begin(e: External): void {
    e.id = ++this.#events
    e.since = this.picks
    this.externals.push(e)
  }

  /** Takes an external away without completing it (it was cancelled). */
  abandon(e: External): void {
    const i = this.externals.indexOf(e)
    if (i >= 0) this.externals.splice(i, 1)
  }

  /** A number for a shared object; the same in every run that makes the same objects in the same order. */
  newObject(): number {
    return ++this.#objects
  }

  newLane(): number {
    return ++this.#lanes
  }

  /** The lane for a wait that begins now: the running step's own for the first one, a new one for each further. */
  laneForWait(): number {
    if (this.#laneTaken) return this.newLane()
    this.#laneTaken = true
    return this.lane
  }

  /** Lets the current iteration finish, then ends the run (CPython, `base_events.py:stop`). */
  stop(): void {
    this.#stopping = true
  }

  /** Ends the run at once, in the middle of an iteration. */
  halt(): void {
    this.#stopping = true
    this.#todo = 0
  }

  /** Makes the run end with this error, whoever is running. What is queued stays queued (R021). */
  raise(error: unknown): void {
    this.#fatal ??= { error }
  }

  /** Runs until stop() without ever leaving the calling stack. */
  runForeverSync(): void {
    this.#start()
    try {
      do {
        this.#beginIteration()
        while (this.#todo > 0) this.#runOne()
      } while (!this.#stopping)
    } finally {
      this.#end()
    }
  }

  /** The same for loops in which native promises take part: each step ends when the microtask queue is empty. */
  runForever(done: (failure: { error: unknown } | null) => void): void {
    this.#start()
    // One iteration runs even when stop() was called before (R015).
    let begun = false
    let rested = false
    const finish = (failure: { error: unknown } | null): void => {
      this.#end()
      done(failure)
    }
    const turn = (): void => {
      let leaving = false
      let failure: { error: unknown } | null = null
      try {
        for (;;) {
          if (this.#fatal !== null) this.#throwFatal()
          if (this.#todo <= 0) {
            if (begun && this.#stopping) {
              leaving = true
              break
            }
            // A generator program may have started something native without our seeing it.
            if (this.ready.length === 0 && !rested) {
              rested = true
              break
            }
            const ran = this.#beginIteration()
            begun = true
            if (ran && this.native) break
            if (this.#todo <= 0) continue
          }
          rested = this.native
          if (this.#runOne() && this.native) break
        }
      } catch (error) {
        leaving = true
        failure = { error }
      }
      if (leaving) finish(failure)
      else afterQuiescence(turn)
    }
    turn()
  }

  #start(): void {
    if (this.#running) throw new Error('This event loop is already running')
    enter(this)
    this.#running = true
  }

  #end(): void {
    leave(this)
    this.#running = false
    this.#stopping = false
    this.#todo = 0
    this.onEnd()
  }

  #throwFatal(): void {
    const fatal = this.#fatal
    this.#fatal = null
    if (fatal !== null) throw fatal.error
  }

  /** Says whether user code ran: an external that completes resumes its waiter at once. */
  #beginIteration(): boolean {
    let ran = false
    this.tick++
    this.onIteration()
    let timer = this.#timers.peek()
    if (this.ready.length === 0 && !this.#stopping) {
      if (this.externals.length > 0) ran = this.#idleWithExternals(timer)
      else if (timer === undefined) throw this.deadlock()
      else this.#advance(timer)
      timer = this.#timers.peek()
    } else if (this.externals.length > 0 && !this.#stopping) {
      if (this.ioOnly && this.chooser !== null) this.#completeAtBorder()
      else if (this.chooser === null) this.#completeStarved()
    }
    while (timer !== undefined && timer.due < this.#now + RESOLUTION) {
      this.#timers.pop()
      this.enqueue(timer)
      timer = this.#timers.peek()
    }
    this.#todo = this.ready.length
    return ran
  }

  #advance(timer: Timer): void {
    const wait = timer.due - this.#now
    if (wait > LONGEST_WAIT) this.#now += LONGEST_WAIT
    else if (wait > 0) this.#now = timer.due
    this.#clockPassed = 0
  }

  /** Nothing is ready: an external completes, or the clock moves on while they are still under way. */
  #idleWithExternals(timer: Timer | undefined): boolean {
    const externals = this.externals
    let k = 0
    const count = externals.length + (timer === undefined ? 0 : 1)
    const oldest = externals[0] as External
    if (this.chooser !== null && count > 1 && this.picks - oldest.since < FAIRNESS) {
      if (timer !== undefined && ++this.#clockPassed > FAIRNESS) k = count - 1
      else k = this.#ask(count, 0, externals.length, timer !== undefined)
    }
    if (k < externals.length) return this.#complete(k)
    if (timer !== undefined) {
      this.observer?.step({ kind: 'clock', id: 0 }, this)
      this.#advance(timer)
    }
    return false
  }

  /** `permute: 'io'`: between two iterations any external may complete; its waiter queues behind what is ready. */
  #completeAtBorder(): void {
    while (this.externals.length > 0) {
      const oldest = this.externals[0] as External
      const k =
        this.picks - oldest.since >= FAIRNESS ? 1 : this.#ask(1 + this.externals.length, 1, this.externals.length, false)
      if (k === 0) return
      this.#complete(k - 1)
    }
  }

  /** FIFO prefers what is ready, but lets no external starve. */
  #completeStarved(): void {
    this.picks += this.ready.length
    if (this.picks - (this.externals[0] as External).since >= FAIRNESS) this.#complete(0)
  }

  /** A choice among `count` values (kind 4 of the model), made at once; 0 without a chooser. */
  pickValue(count: number, label: string | undefined): number {
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

  #ask(count: number, handles: number, externals: number, clock: boolean): number {
    const chooser = this.chooser as Chooser
    const k = chooser.choose(this.#point.set(count, handles, externals, clock))
    this.picks++
    return k
  }

  /** Runs one runnable; says whether user code may have run. */
  #runOne(): boolean {
    if (this.chooser === null || this.ioOnly) {
      this.#todo--
      return this.#run(this.ready.shift())
    }
    if (this.#special > 0) return this.#runSpecial()
    const handles = this.ready.length
    const externals = this.externals.length
    const count = handles + externals
    this.#todo--
    if (count === 1 || this.picks - this.ready.at(0).since >= FAIRNESS) return this.#run(this.ready.shift())
    if (externals > 0 && this.picks - (this.externals[0] as External).since >= FAIRNESS) {
      this.#todo++
      return this.#complete(0)
    }
    const k = this.#ask(count, handles, externals, false)
    if (k < handles) return this.#run(this.ready.takeAt(k))
    this.#todo++
    return this.#complete(k - handles)
  }

  /** The same with hops or order-bound runnables in the queue. */
  #runSpecial(): boolean {
    const ready = this.ready
    if (ready.at(0).hop) {
      this.#todo--
      return this.#run(ready.shift())
    }
    const enabled = findOptions(ready)
    const handles = enabled.length
    const externals = this.externals.length
    let k = 0
    if (this.picks - ready.at(0).since < FAIRNESS) {
      if (externals > 0 && this.picks - (this.externals[0] as External).since >= FAIRNESS) return this.#complete(0)
      if (handles + externals > 1) {
        this.#point.enabled = enabled
        k = this.#ask(handles + externals, handles, externals, false)
        this.#point.enabled = null
      }
    }
    if (k >= handles) return this.#complete(k - handles)
    const at = enabled[k] as number
    const r = ready.at(at)
    if (!r.hop) {
      this.#todo--
      return this.#run(ready.takeAt(at))
    }
    return this.#runHopsOf(r)
  }

  /** Runs the queued hops of the owner of `hop`, in order, and then at once the step that they lead to. */
  #runHopsOf(hop: Runnable): boolean {
    const owner = hop.owner
    for (;;) {
      const ready = this.ready
      let at = -1
      for (let i = 0; i < ready.length && at < 0; i++) {
        const r = ready.at(i)
        if (r === hop || (owner !== undefined && r.owner === owner)) at = i
      }
      if (at < 0) return false
      const before = ready.length - 1
      this.#todo--
      this.#run(ready.takeAt(at))
      if (ready.length > before) return this.#resumeFrom(before)
    }
  }

  /** What was queued from `mark` on resumes in the same choice: hops first, then one step of user code. */
  #resumeFrom(mark: number): boolean {
    while (this.ready.length > mark) {
      const r = this.ready.takeAt(mark)
      this.#run(r)
      if (!r.hop) return true
    }
    return false
  }

  /** Completes an external. Unless the order of ready handles is FIFO, its waiter resumes in the same choice. */
  #complete(k: number): boolean {
    const e = this.externals[k] as External
    if (k === 0) this.externals.shift()
    else this.externals.splice(k, 1)
    this.observer?.step(e, this)
    const mark = this.ready.length
    e.complete()
    if (this.chooser === null || this.ioOnly) return false
    return this.#resumeFrom(mark)
  }

  #run(r: Runnable): boolean {
    if (r.hop || r.due !== undefined || r.sequence !== undefined) this.#special--
    if (r.hop) {
      r.run()
      return false
    }
    if (++this.steps > this.maxSteps) throw new StepLimitError(this.maxSteps)
    this.observer?.step(r, this)
    this.#laneTaken = false
    this.lane = r.lane ?? 0
    r.run()
    if (this.#fatal !== null) this.#throwFatal()
    return true
  }

  /** The error for a world in which nothing can happen any more; a subclass says who waits for what. */
  protected deadlock(): Error {
    return new DeadlockError('nothing is ready, no timer is armed and nothing is under way outside')
  }

  /** Called when an iteration begins. */
  protected onIteration(): void {}

  /** Called when a run ends. */
  protected onEnd(): void {}

  /** Drops everything queued, armed or under way. */
  protected clear(): void {
    this.ready.clear()
    this.#special = 0
    this.#timers.clear()
    this.externals.length = 0
  }
}
