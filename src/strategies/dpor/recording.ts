import type { External } from '../../loop/external.ts'
import type { Access, Option, Runnable } from '../../loop/runnable.ts'
import { isDue, type Timer } from '../../loop/timer-heap.ts'
import type { Operation, Tracker } from '../../loop/tracker.ts'
import { Awaiting } from './awaiting.ts'
import { Hops } from './hops.ts'
import { AllNames } from './names.ts'
import { Outside } from './outside.ts'
import { including, type Join, NONE, READ, single, Step, WRITE } from './step.ts'
import { type Cause, Timers } from './timers.ts'

/** The lane of the clock. */
export const CLOCK = 0
/** The object that all callbacks share which keep the order in which they were asked for. */
const SEQUENCES = 0

/** Told when a step has begun. */
export type OnStep = (step: Step) => void

/** Records one execution: its steps, what caused each, and what each touched. */
export class Recording implements Tracker {
  readonly steps: Step[] = []
  /** Steps that ran. */
  length = 0
  /** Steps that did not, behind those. */
  pending = 0
  /** The run was ended by its last step, and not for want of anything to do. */
  cutShort = false
  /** Lanes that somebody has cancelled, in any execution: what a step of theirs would touch elsewhere can't be told beforehand. */
  readonly loose = new Set<number>()
  /** By object: somebody looked at it, in any execution. (Of a future: otherwise than by waiting.) */
  readonly looked: boolean[] = []
  /**
   * What a cancellation changes can't be followed: of a task that waited for a condition, or of one that cancelled itself
   * and then passed a join. Or something went on after the first of several, or a timer was due at once, or what is outside
   * let somebody go on who waited for a condition. Or the wakeup tree asked for what could not run.
   */
  irreducible = false
  /** Lanes that somebody cancelled. */
  interfered = new Set<number>()
  /** Futures that a hop ended, not a step. */
  collected = new Set<number>()
  /** The same, in any execution. */
  readonly everCollected = new Set<number>()
  readonly names: AllNames
  readonly #onStep: OnStep
  // What runs now causes what is queued now.
  #cause: Cause = -1
  #current: Step | null = null
  /** The lane whose code runs. */
  #frame = 0
  readonly #hops = new Hops()
  #completing = false
  /** By the number of the queued event. */
  readonly #causes: Cause[] = []
  readonly timers = new Timers()
  /** The step of `passes` must not be one in which its lane has cancelled itself. */
  #cancelledItself = -1
  #clock = -1
  /** The time to which it has moved. */
  #now = 0
  readonly #awaiting = new Awaiting()
  readonly #operations: (Operation | undefined)[] = []
  readonly #outside = new Outside()

  constructor(onStep: OnStep, names = new AllNames()) {
    this.#onStep = onStep
    this.names = names
  }

  get lanes(): number {
    return this.names.lanes.count
  }
  get objects(): number {
    return this.names.objects.count
  }

  get joins(): readonly Join[] {
    return this.#awaiting.joins
  }
  /** Waits that did not end. */
  get unfinished(): readonly Join[] {
    return this.#awaiting.unfinished
  }

  /** Nothing is known of earlier executions. */
  forget(): void {
    this.irreducible = false
    this.looked.length = 0
    this.loose.clear()
    this.everCollected.clear()
    this.#outside.forget()
  }

  restart(): void {
    this.length = 0
    this.pending = 0
    this.cutShort = false
    this.#outside.restart()
    this.#awaiting.restart()
    // New ones: a table that is cleared goes on to refer to the one that follows it, and keeps whole runs alive.
    if (this.interfered.size > 0) this.interfered = new Set()
    if (this.collected.size > 0) this.collected = new Set()
    this.names.lanes.restart()
    this.names.objects.restart()
    this.#cause = -1
    this.#current = null
    this.#frame = 0
    this.#hops.restart()
    this.#completing = false
    this.timers.restart()
    this.#cancelledItself = -1
    this.#clock = -1
    this.#now = 0
    this.#operations.fill(undefined)
  }

  newLane(): number {
    const lane = this.names.lanes.madeBy(this.#frame)
    this.#awaiting.newLane(lane)
    while (this.#operations.length <= lane) this.#operations.push(undefined)
    return lane
  }

  newObject(outsider: number): number {
    return outsider === 0 ? this.names.objects.madeBy(this.#frame) : this.names.objects.outsider(outsider)
  }

  /** The lane of what an option would run. */
  laneOf(o: Option): number {
    if (o.kind === 'external') return this.#outside.laneOf(o.id)
    return o.kind === 'clock' ? CLOCK : (o.lane ?? -1)
  }

  queued(r: Runnable | External): void {
    if (r.kind === 'external') {
      this.#causes[r.id] = this.#cause
      this.#outside.began(r.id, this.newLane())
      this.#effect()
      return
    }
    // It will cancel who has not ended by then, say: who has is a matter of its place, and that of how iterations fall.
    if (r.decides === true) this.irreducible = true
    let cause = this.#cause
    if (r.due !== undefined) {
      this.#now = Math.max(this.#now, r.due)
      cause = including(including(NONE, this.timers.fire(r, this.#clock)), this.#clock)
    }
    if (r.owner !== undefined) {
      this.#causes[r.id] = cause
      return
    }
    const lane = r.lane
    // The value that enables an operation is no cause: the two conflict.
    if (lane !== undefined && this.#operations[lane] !== undefined) cause = -1
    else if (lane !== this.#frame) this.#effect()
    this.#causes[r.id] = cause
    if (r.sequence !== undefined) this.#current?.touch(SEQUENCES, WRITE, undefined)
  }

  armed(t: Timer): void {
    this.timers.arm(t, this.#cause)
    // Due as soon as it is armed: its place depends on how iterations fall.
    if (isDue(t, this.#now)) this.irreducible = true
    this.#effect()
  }

  #effect(): void {
    if (this.#current === null) return
    this.#current.effects++
    if (this.#hops.depth === 0) this.#awaiting.goesOn(this.#current)
  }

  startsInside(): void {
    this.#effect()
    this.#awaiting.startsInside()
  }

  disarmed(t: Timer): void {
    this.timers.cancel(t, this.#current?.index ?? 0)
  }

  hop(r: Runnable): void {
    this.#cause = this.#hops.enter(r, this.#cause, this.#causes[r.id] as Cause)
  }

  hopped(): void {
    this.#cause = this.#hops.leave()
  }

  step(o: Option): void {
    if (this.#completing && this.#current !== null) {
      this.#joinInside(o.lane as number, this.#current)
      return
    }
    const lane = this.laneOf(o)
    const step = this.#open(lane)
    step.causes = including(including(step.causes, this.#causes[o.id] ?? -1), this.#awaiting.takeAfter(lane))
    if (o.kind === 'external') {
      this.#completing = true
      step.external = true
      // Until its waiter goes on, it runs nobody's code.
      this.#frame = lane
    } else {
      step.joins = o.joins === true
      step.declared = o.accesses !== undefined
      this.#awaiting.resumes(lane, step.index)
      const operation = this.#operations[lane]
      if (operation !== undefined) {
        step.operation = operation
        this.#operations[lane] = undefined
      }
      if ((o as Runnable).sequence !== undefined) step.touch(SEQUENCES, WRITE, undefined)
    }
    this.#onStep(step)
  }

  /** Whoever waited for the external goes on in the step that completes it. */
  #joinInside(lane: number, step: Step): void {
    this.#awaiting.resumesInside(lane, step.index)
    this.#operations[lane] = undefined
    this.#awaiting.comesAfter(lane, step.index)
    step.frame = lane
    this.#frame = lane
  }

  completed(): void {
    this.#completing = false
  }

  advance(): void {
    const step = this.#open(CLOCK)
    step.global = true
    this.#clock = step.index
    this.#onStep(step)
  }

  #open(lane: number): Step {
    const index = this.length++
    const step = (this.steps[index] ??= new Step()).reset(index, lane)
    this.#current = step
    this.#cause = index
    this.#frame = lane
    this.#hops.depth = 0
    this.#awaiting.begins()
    return step
  }

  access(access: Access, value?: unknown): void {
    const step = this.#current
    if (step === null || this.#hops.depth > 0) return
    step.touches++
    this.#awaiting.goesOn(step)
    this.looked[access.object] = true
    const kind = access.kind === 'write' ? WRITE : READ
    step.touch(access.object, kind, value)
    if (kind === WRITE && this.#completing && this.#frame === step.lane && this.#outside.writes(access.object)) this.irreducible = true
  }

  settled(object: number): void {
    this.#awaiting.ended(object, this.#cause)
    const step = this.#current
    if (this.#hops.depth > 0) {
      this.collected.add(object)
      this.everCollected.add(object)
    } else if (step !== null && !step.settles.includes(object)) {
      step.settledAfter = step.settles.length === 0 ? single(step.picks.length) : [...step.settledAfter, step.picks.length]
      step.settles = including(step.settles, object)
      this.#awaiting.goesOn(step)
    }
  }

  awaits(object: number, lane: number): void {
    const step = this.#current
    if (step !== null) this.#comesAfter(this.#awaiting.waits(lane, object, step))
  }

  passes(object: number, beside = false, by = -1): void {
    const step = this.#current
    if (step === null || this.#hops.depth > 0) return
    // What awaits it later than its own cancellation cancels it, if it has not ended by then.
    if (step.index === this.#cancelledItself) this.irreducible = true
    this.#comesAfter(this.#awaiting.passes(this.#frame, object, step, beside, by))
  }

  #comesAfter(ends: readonly Cause[]): void {
    for (const end of ends) this.#cause = including(including(NONE, this.#cause), end)
  }

  /** What a further step of the lane would come after, beside its last one. */
  after(lane: number): readonly number[] {
    return this.#awaiting.after(lane)
  }

  /** The object that stands for what a lane will do, which cancelling changes. */
  courseOf(lane: number): number {
    return this.names.objects.outsider(-2 - lane)
  }

  /** What ended a future. */
  endOf(object: number): Cause {
    return this.#awaiting.endOf(object)
  }

  intends(lane: number, operation: Operation): void {
    this.#operations[lane] = operation
    if (operation.guarded && this.#outside.guards(operation.object)) this.irreducible = true
  }

  selects(): void {
    this.irreducible = true
  }

  interferes(lane: number): void {
    if (this.#operations[lane]?.guarded === true) this.irreducible = true
    this.#operations[lane] = undefined
    if (this.#current === null) return
    const by = this.#hops.depth > 0 ? including(NONE, this.#cause) : single(this.#current.index)
    for (const i of by) {
      const step = this.steps[i] as Step
      this.interfered.add(lane)
      if (step.lane === lane) {
        this.#cancelledItself = i
        continue
      }
      step.effects++
      step.interferes = [...step.interferes, lane]
      step.interferedAfter = [...step.interferedAfter, step.picks.length]
      this.loose.add(lane)
    }
  }

  abandoned(e: External): void {
    this.#outside.taken.push({ id: e.id, by: this.#current?.index ?? 0, lane: e.lane as number })
  }

  ended(pending: readonly Option[], byItself: boolean): void {
    this.cutShort = byItself || pending.length > 0
    const seen = new Set<number>()
    for (const o of pending) {
      const lane = this.laneOf(o)
      // Bookkeeping that says of no lane that it leads there: nobody knows what it would have come before.
      if (lane < 0 && (o as Runnable).leads?.() === true) this.irreducible = true
      if (lane < 0 || seen.has(lane)) continue
      seen.add(lane)
      const step = this.#leave(lane)
      step.joins = o.joins === true || (o as Runnable).hop === true
      step.external = o.kind === 'external'
      step.declared = o.accesses !== undefined
      if (o.accesses !== undefined) for (const a of o.accesses) step.touch(a.object, a.kind === 'write' ? WRITE : READ, undefined)
      step.causes = including(step.causes, this.#causes[o.id] ?? -1)
    }
    this.#awaiting.stop()
    for (const { id, by, lane } of this.#outside.taken) {
      const step = this.#leave(this.#outside.laneOf(id))
      step.external = true
      step.abandonedBy = by
      step.frame = lane
      step.causes = including(step.causes, this.#causes[id] ?? -1)
    }
    if (this.timers.any) {
      const step = this.#leave(CLOCK)
      step.global = true
      step.declared = true
    }
    for (let lane = 1; lane < this.#operations.length; lane++) {
      if (this.#operations[lane] !== undefined && !seen.has(lane)) this.#leave(lane).blocked = true
    }
  }

  /** A step that did not run. */
  #leave(lane: number): Step {
    const index = this.length + this.pending++
    const step = (this.steps[index] ??= new Step()).reset(index, lane)
    step.pending = true
    const operation = this.#operations[lane]
    if (operation !== undefined) {
      step.operation = operation
      step.touch(operation.object, READ, undefined)
      step.declared = true
    }
    step.causes = including(step.causes, this.after(lane))
    return step
  }
}
