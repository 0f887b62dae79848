import type { Operation } from '../../loop/tracker.ts'
import { Followed } from './followed.ts'
import { CLOCK, type Recording } from './recording.ts'
import { type AccessKind, READ, type Step, WRITE } from './step.ts'
import { Touchers } from './touchers.ts'

/**
 * The happens-before relation of an execution, as vector clocks over lanes, and its races: pairs of dependent steps of
 * different lanes with nothing between them, the later of which could have run first.
 */
export class HappensBefore {
  /** Whether joins are accesses. */
  strict: boolean
  readonly #recording: Recording
  /** Row i: how many steps of each lane happen before step i, or are it. */
  #clocks = new Int32Array(0)
  #width = 0
  /** The number of each step in its lane, from 1. */
  readonly #place: number[] = []
  readonly #lastOfLane: number[] = []
  readonly #touchers = new Touchers()
  readonly #found: number[] = []
  readonly #followed: Followed

  constructor(recording: Recording, strict: boolean) {
    this.#recording = recording
    this.#followed = new Followed(recording)
    this.strict = strict
  }

  /** Nothing is known of earlier executions. */
  forget(): void {
    this.#followed.forget()
  }

  /** Whether steps proved to conflict by what others do after them, in an earlier execution too. */
  wasWrong(): boolean {
    return this.#followed.wasWrong()
  }

  /** A step was taken to conflict with all others, because it was not known with which it does. */
  get coarse(): boolean {
    return this.#followed.coarse
  }

  before(a: Step, b: Step): boolean {
    return (this.#clocks[b.index * this.#width + a.lane] as number) >= (this.#place[a.index] as number)
  }

  /** Whether `a` happens before what runs with these causes; for a step that would run now. */
  beforeClock(a: Step, clock: Int32Array): boolean {
    return (clock[a.lane] as number) >= (this.#place[a.index] as number)
  }

  /** How many steps of the lane happen before step number `i`, or are it. */
  stepsBefore(i: number, lane: number): number {
    return this.#clocks[i * this.#width + lane] as number
  }

  /** The number of a step in its lane, from 1; that it would have, if it has not run. */
  placeOf({ index }: Step): number {
    const before = this.#previous[index] as number
    return before < 0 ? 1 : (this.#place[before] as number) + 1
  }

  /** The clock of what precedes a step by itself: its lane and its causes. */
  ownClock(step: Step, clock: Int32Array): Int32Array {
    const width = this.#width
    const c = clock.length >= width ? clock : new Int32Array(width)
    c.fill(0)
    const before = this.#previous[step.index] as number
    if (before >= 0) this.#joinInto(c, before)
    for (const cause of step.causes) this.#joinInto(c, cause)
    for (const awaited of step.waitsFor) this.#joinInto(c, awaited)
    return c
  }

  readonly #previous: number[] = []

  #joinInto(c: Int32Array, i: number): void {
    const width = this.#width
    const clocks = this.#clocks
    for (let l = 0, at = i * width; l < width; l++, at++) {
      const n = clocks[at] as number
      if (n > (c[l] as number)) c[l] = n
    }
  }

  /** Works out the relation, and gives the races as pairs of step numbers. */
  analyse(): readonly number[] {
    if (this.strict) this.#showJoins()
    else {
      this.#followed.show()
      this.#settle()
    }
    this.#order()
    return this.#found
  }

  /**
   * Whether joins commute with what they wait for in this execution. They don't where tasks are cancelled, and where the
   * run ends before others have: then it can be seen whether a join had been done.
   */
  joinsCommute(): boolean {
    const r = this.#recording
    const last = r.steps[r.length - 1]
    return r.interfered.size === 0 && !(r.cutShort && last !== undefined && !last.global && !this.#endsAll(last))
  }

  /** Every join and every end of a future is an access. */
  #showJoins(): void {
    const r = this.#recording
    if (r.loose.size > 0) this.#interfere()
    for (const j of [...r.joins, ...r.unfinished]) {
      const s = r.steps[j.step] as Step
      s.touch(j.object, READ, undefined, j.chosen)
      if (r.everCollected.has(j.object)) s.touchAll(j.chosen)
      if (j.resumed >= 0) (r.steps[j.resumed] as Step).touch(j.object, READ, undefined, 0)
    }
    for (let i = 0; i < r.length; i++) {
      const s = r.steps[i] as Step
      s.settles.forEach((o, k) => s.touch(o, WRITE, undefined, s.settledAfter[k]))
    }
    if (r.cutShort && r.length > 0) (r.steps[r.length - 1] as Step).touchAll(0)
  }

  #endClock(last: Step): Int32Array {
    const width = this.#width
    const c = this.#clocks.slice(last.index * width, (last.index + 1) * width)
    for (const end of this.#recording.after(last.lane)) this.#joinInto(c, end)
    return c
  }

  /** Whether all that happened had to happen before the end of the run. */
  #endsAll(last: Step): boolean {
    const r = this.#recording
    const { pending, length } = r
    for (let i = length; i < length + pending; i++) {
      const s = r.steps[i] as Step
      if (!s.blocked && s.lane !== CLOCK) return false
    }
    const c = this.#endClock(last)
    for (let lane = 1; lane < this.#width; lane++) {
      const i = this.#lastOfLane[lane] as number
      if (i >= 0 && !this.beforeClock(r.steps[i] as Step, c)) return false
    }
    return true
  }

  /** A lane that is cancelled by somebody: all its steps are ordered with that. */
  #interfere(): void {
    const r = this.#recording
    for (let i = 0; i < r.length + r.pending; i++) {
      const s = r.steps[i] as Step
      s.interferes.forEach((lane, k) => s.touch(r.courseOf(lane), WRITE, undefined, s.interferedAfter[k]))
      this.showCourse(s)
    }
  }

  /** Whatever a lane does that is cancelled in some execution hangs on whether it has been. */
  showCourse(s: Step): void {
    const r = this.#recording
    if (r.loose.has(s.lane)) s.touch(r.courseOf(s.lane), READ, undefined, 0)
    if (r.loose.has(s.frame)) s.touch(r.courseOf(s.frame), READ, undefined, 0)
  }

  /** The end of a future is an access where somebody looks at it otherwise than by waiting. */
  #settle(): void {
    const r = this.#recording
    for (let i = 0; i < r.length; i++) {
      const s = r.steps[i] as Step
      const { settles } = s
      for (let k = 0; k < settles.length; k++) {
        const o = settles[k] as number
        if (r.looked[o] === true) s.touch(o, WRITE, undefined, s.settledAfter[k])
      }
    }
  }

  #reserve(): void {
    const r = this.#recording
    const n = r.length + r.pending
    const width = r.lanes + 1
    if (width > this.#width || n * this.#width > this.#clocks.length) {
      this.#width = Math.max(width, this.#width)
      this.#clocks = new Int32Array(this.#width * (n + 16) * 2)
    }
    this.#touchers.restart(r.objects + 1)
    while (this.#lastOfLane.length < this.#width) this.#lastOfLane.push(-1)
    this.#lastOfLane.fill(-1)
  }

  #order(): void {
    this.#reserve()
    this.#found.length = 0
    const r = this.#recording
    const n = r.length + r.pending
    let lastGlobal = -1
    for (let i = 0; i < n; i++) {
      const s = r.steps[i] as Step
      const row = this.#begin(s)
      this.#look(s, row, lastGlobal)
      if (s.pending) continue
      const place = (this.#clocks[row + s.lane] as number) + 1
      this.#clocks[row + s.lane] = place
      this.#place[i] = place
      this.#lastOfLane[s.lane] = i
      this.#note(s)
      if (s.global) lastGlobal = i
    }
  }

  /** The step's row, with what its lane and its causes bring. */
  #begin(s: Step): number {
    const width = this.#width
    const row = s.index * width
    const before = this.#lastOfLane[s.lane] as number
    this.#previous[s.index] = before
    if (before >= 0) this.#clocks.copyWithin(row, before * width, (before + 1) * width)
    else this.#clocks.fill(0, row, row + width)
    for (let i = 0; i < s.causes.length; i++) this.#joinRow(row, s.causes[i] as number)
    for (let i = 0; i < s.waitsFor.length; i++) this.#joinRow(row, s.waitsFor[i] as number)
    return row
  }

  #covers(row: number, i: number): boolean {
    return (this.#clocks[row + (this.#recording.steps[i] as Step).lane] as number) >= (this.#place[i] as number)
  }

  #joinRow(row: number, i: number): void {
    const width = this.#width
    const clocks = this.#clocks
    for (let at = row, from = i * width, end = row + width; at < end; at++, from++) {
      const n = clocks[from] as number
      if (n > (clocks[at] as number)) clocks[at] = n
    }
  }

  /** Orders a step after those that it conflicts with, and notes its races. */
  #look(s: Step, row: number, lastGlobal: number): void {
    const { steps } = this.#recording
    if (s.operation?.guarded === true) this.#lookBack(s, row, s.operation)
    if (s.lane === CLOCK) this.#lookForExternals(s, row)
    // From the latest on: one that is covered by a later one is no race.
    if (s.global) {
      for (let i = s.index - 1; i >= 0; i--) this.#meet(s, row, i)
      return
    }
    if (s.pending) {
      const rival = s.abandonedBy >= 0 ? s.abandonedBy : lastGlobal
      if (rival >= 0 && !s.blocked) this.#meet(s, row, rival)
      return
    }
    const { objects, kinds } = s
    if (objects.length <= 1) {
      const object = objects[0]
      if (object !== undefined) this.#meetTouchers(s, row, object, kinds[0] as AccessKind, lastGlobal)
      else if (lastGlobal >= 0) this.#meet(s, row, lastGlobal)
      return
    }
    for (let i = s.index - 1; i >= 0; i--) {
      const y = steps[i] as Step
      if (y.global || conflicting(s, y)) this.#meet(s, row, i)
    }
  }

  #meetTouchers(s: Step, row: number, object: number, kind: AccessKind, lastGlobal: number): void {
    const touchers = this.#touchers
    const since = touchers.withLastWrite(object)
    // Readers after the last write (only they matter to a write), then that write.
    let met = lastGlobal < 0
    for (let k = touchers.count(object) - 1; k >= since - 1 && k >= 0; k--) {
      const i = touchers.at(object, k)
      if (!met && i < lastGlobal) {
        this.#meet(s, row, lastGlobal)
        met = true
      }
      if (kind === WRITE || k < since) this.#meet(s, row, i)
    }
    if (!met) this.#meet(s, row, lastGlobal)
  }

  #meet(s: Step, row: number, i: number): void {
    if (this.#covers(row, i)) return
    const y = this.#recording.steps[i] as Step
    if (canSwap(y, s)) this.#found.push(i, s.index)
    this.#joinRow(row, i)
  }

  /**
   * An operation that waits for a condition: it races with every access that it would have conflicted with, had it come
   * at once before it. (What lies between may be what made it ready again.)
   */
  #lookBack(s: Step, row: number, operation: Operation): void {
    const { steps } = this.#recording
    const { object } = operation
    for (let k = this.#touchers.count(object) - 1; k >= 0; k--) {
      const i = this.#touchers.at(object, k)
      if (this.#covers(row, i)) continue
      const y = steps[i] as Step
      if (conflictsBefore(operation, y)) this.#found.push(i, s.index)
    }
  }

  /** Where an external was completed although nothing else could run, the clock could have moved first. */
  #lookForExternals(s: Step, row: number): void {
    // What has run, that is: an external that was taken away is none of these.
    for (let i = Math.min(s.index, this.#recording.length) - 1; i >= 0; i--) {
      const y = this.#recording.steps[i] as Step
      if (y.lane === CLOCK) return
      if (y.external && !this.#covers(row, i) && this.#clockCouldMove(y, s)) this.#found.push(i, s.index)
    }
  }

  /** Whether all that `y` didn't cause would have been over without it, and some timer armed: between `y` and `clock`. */
  #clockCouldMove(y: Step, clock: Step): boolean {
    const { steps, timers } = this.#recording
    for (let i = y.index + 1; i < clock.index; i++) {
      const r = steps[i] as Step
      if (!r.external && this.before(y, r) && !this.#enables(y, r)) return false
    }
    return timers.anyWithout(y.index, clock.index, (i) => this.before(y, steps[i] as Step))
  }

  /** Whether `r` could not have run without `y`. */
  #enables(y: Step, r: Step): boolean {
    const before = this.#previous[r.index] as number
    if (before >= 0 && this.before(y, this.#recording.steps[before] as Step)) return true
    for (const cause of r.causes) if (this.before(y, this.#recording.steps[cause] as Step)) return true
    return r.operation?.guarded === true && this.#opens(y, r, r.operation)
  }

  /** Whether the first access to its object that follows from `y` found the operation disabled. */
  #opens(y: Step, r: Step, operation: Operation): boolean {
    for (let i = y.index; i < r.index; i++) {
      const w = this.#recording.steps[i] as Step
      if (w.objects.includes(operation.object) && this.before(y, w)) return kindBefore(operation, w) === null
    }
    return false
  }

  #note(s: Step): void {
    const { objects, kinds } = s
    for (let k = 0; k < objects.length; k++) this.#touchers.add(objects[k] as number, s.index, kinds[k] as AccessKind)
  }
}

/** What an operation would be at once before step `y`, which touched its object. */
export function kindBefore(operation: Operation, y: Step): 'read' | 'write' | null {
  return operation.kindAt(y.valueOf(operation.object))
}

function conflictsBefore(operation: Operation, y: Step): boolean {
  const kind = kindBefore(operation, y)
  return kind === 'write' || (kind === 'read' && y.kindOf(operation.object) === WRITE)
}

/** Whether `later`, which comes after `earlier` and conflicts with it, could have come before it. */
function canSwap(earlier: Step, later: Step): boolean {
  // The clock's races are those of #lookForExternals.
  if (later.lane === CLOCK) return false
  if (earlier.lane === CLOCK) return earlier.idle && later.external
  const operation = later.operation
  if (operation === null || !operation.guarded || !earlier.objects.includes(operation.object)) return true
  // Its races with accesses to its own object are those of #lookBack.
  return kindBefore(operation, earlier) !== null && !conflictsBefore(operation, earlier)
}

function conflicting(a: Step, b: Step): boolean {
  for (let k = 0; k < a.objects.length; k++) {
    const kind = b.kindOf(a.objects[k] as number)
    if (kind === WRITE || (kind !== 0 && a.kinds[k] === WRITE)) return true
  }
  return false
}
