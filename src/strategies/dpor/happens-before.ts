import type { Operation } from '../../loop/tracker.ts'
import type { Recording } from './recording.ts'
import { type AccessKind, READ, Step, WRITE } from './step.ts'

/** Told of each pair of steps that could have run the other way round: `later` with these kinds of access then. */
export type OnRace = (earlier: Step, later: Step) => void

const NOTHING: readonly number[] = []

/**
 * The happens-before relation of an execution, as vector clocks over lanes, and its races: pairs of dependent steps of
 * different lanes with nothing between them, the later of which could have run first.
 */
export class HappensBefore {
  readonly #recording: Recording
  /** Row i: how many steps of each lane happen before step i, or are it. */
  #clocks = new Int32Array(0)
  #width = 0
  /** The number of each step in its lane, from 1. */
  readonly #place: number[] = []
  readonly #lastOfLane: number[] = []
  /** By object: everybody who touched it, in order, and how many of them came before and with the last write. */
  readonly #touchers: number[][] = []
  readonly #sinceWrite: number[] = []
  readonly #found: number[] = []
  #races = 0

  constructor(recording: Recording) {
    this.#recording = recording
  }

  before(a: Step, b: Step): boolean {
    return (this.#clocks[b.index * this.#width + a.lane] as number) >= (this.#place[a.index] as number)
  }

  /** Whether `a` happens before what runs with these causes; for a step that would run now. */
  beforeClock(a: Step, clock: Int32Array): boolean {
    return (clock[a.lane] as number) >= (this.#place[a.index] as number)
  }

  /** The clock of what precedes a step by itself: its lane and its causes. */
  ownClock(step: Step, clock: Int32Array): Int32Array {
    const width = this.#width
    const c = clock.length >= width ? clock : new Int32Array(width)
    c.fill(0)
    const before = this.#previous[step.index] as number
    if (before >= 0) this.#joinInto(c, before)
    for (const cause of step.causes) this.#joinInto(c, cause)
    return c
  }

  readonly #previous: number[] = []

  joinInto(clock: Int32Array, step: Step): void {
    this.#joinInto(clock, step.index)
  }

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
    const r = this.#recording
    this.#prepare()
    for (;;) {
      this.#order()
      const last = r.steps[r.length - 1]
      // If something could be later than the end, the end is visible.
      if (last === undefined || !last.global || last.barrier || !this.#uncovered(last)) break
      if (!this.#followJoins(true)) break
    }
    return this.#found
  }

  /** Adds the accesses that only the whole execution shows. */
  #prepare(): void {
    const r = this.#recording
    for (let i = 0; i < r.length; i++) {
      const s = r.steps[i] as Step
      s.recorded = s.objects.length
    }
    if (r.interfered.size > 0) this.#interfere()
    let again = true
    while (again) again = this.#followJoins(false)
    this.#settle()
  }

  /** A lane that is cancelled by somebody: all its steps are ordered with that. */
  #interfere(): void {
    const r = this.#recording
    const base = r.objects + 1
    for (let i = 0; i < r.length; i++) {
      const s = r.steps[i] as Step
      for (const lane of s.interferes) s.touch(base + lane, WRITE, undefined)
      if (r.interfered.has(s.lane)) s.touch(base + s.lane, READ, undefined)
    }
  }

  /**
   * A join that is followed by an access in the same step is visible: had the future ended later, others could have
   * come in between, provided that the step had done something before.
   */
  #followJoins(endVisible: boolean): boolean {
    const r = this.#recording
    let changed = false
    for (const j of r.joins) {
      const s = r.steps[j.step] as Step
      const rest = j.resumed < 0 ? s : (r.steps[j.resumed] as Step)
      const from = j.resumed < 0 ? j.touches : 0
      const visible =
        rest.touches > from || (endVisible && rest.index === r.length - 1) || rest.settles.some((o) => this.#isRead(o))
      if (!visible) continue
      if (!j.effective) {
        if (j.resumed < 0) changed = addCauses(s, r.endOf(j.object)) || changed
        continue
      }
      if (s.objects.includes(j.object) || s.global) continue
      if (r.collected.has(j.object)) s.global = true
      else s.touch(j.object, READ, undefined)
      changed = true
    }
    return changed
  }

  #isRead(object: number): boolean {
    const r = this.#recording
    for (let i = 0; i < r.length; i++) if ((r.steps[i] as Step).objects.includes(object)) return true
    return false
  }

  /** The end of a future is an access where somebody looks at it otherwise than by waiting. */
  #settle(): void {
    const r = this.#recording
    for (let i = 0; i < r.length; i++) {
      const s = r.steps[i] as Step
      for (const o of s.settles) if (this.#isRead(o)) s.touch(o, WRITE, undefined)
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
    const objects = r.objects + r.lanes + 2
    while (this.#touchers.length < objects) {
      this.#touchers.push([])
      this.#sinceWrite.push(0)
    }
    for (const t of this.#touchers) t.length = 0
    this.#sinceWrite.fill(0)
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
      const c = this.#begin(s)
      this.#look(s, c, lastGlobal)
      if (s.pending) continue
      const place = (c[s.lane] as number) + 1
      c[s.lane] = place
      this.#place[i] = place
      this.#lastOfLane[s.lane] = i
      this.#note(s)
      if (s.global) lastGlobal = i
    }
  }

  /** The step's row, with what its lane and its causes bring. */
  #begin(s: Step): Int32Array {
    const width = this.#width
    const c = this.#clocks.subarray(s.index * width, (s.index + 1) * width)
    const before = this.#lastOfLane[s.lane] as number
    this.#previous[s.index] = before
    if (before >= 0) c.set(this.#clocks.subarray(before * width, (before + 1) * width))
    else c.fill(0)
    for (const cause of s.causes) this.#joinInto(c, cause)
    return c
  }

  #covers(c: Int32Array, i: number): boolean {
    return (c[(this.#recording.steps[i] as Step).lane] as number) >= (this.#place[i] as number)
  }

  /** Orders a step after those that it conflicts with, and notes its races. */
  #look(s: Step, c: Int32Array, lastGlobal: number): void {
    const { steps } = this.#recording
    const operation = s.operation
    if (operation !== null) this.#lookBack(s, c, operation)
    // From the latest on: one that is covered by a later one is no race.
    if (s.global) {
      for (let i = s.index - 1; i >= 0; i--) this.#meet(s, c, i)
      return
    }
    const { objects, kinds } = s
    if (objects.length <= 1) {
      const object = objects[0]
      if (object === undefined || s.pending) this.#meetIf(s, c, lastGlobal)
      else this.#meetTouchers(s, c, object, kinds[0] as AccessKind, lastGlobal)
      return
    }
    for (let i = s.index - 1; i >= 0; i--) {
      const y = steps[i] as Step
      if (y.global || (!s.pending && conflicting(s, y))) this.#meet(s, c, i)
    }
  }

  #meetTouchers(s: Step, c: Int32Array, object: number, kind: AccessKind, lastGlobal: number): void {
    const touchers = this.#touchers[object] as number[]
    const since = this.#sinceWrite[object] as number
    // Readers after the last write (only they matter to a write), then that write.
    let met = lastGlobal < 0
    for (let k = touchers.length - 1; k >= since - 1 && k >= 0; k--) {
      const i = touchers[k] as number
      if (!met && i < lastGlobal) {
        this.#meet(s, c, lastGlobal)
        met = true
      }
      if (kind === WRITE || k < since) this.#meet(s, c, i)
    }
    if (!met) this.#meet(s, c, lastGlobal)
  }

  #meetIf(s: Step, c: Int32Array, i: number): void {
    if (i >= 0) this.#meet(s, c, i)
  }

  #meet(s: Step, c: Int32Array, i: number): void {
    if (this.#covers(c, i)) return
    const y = this.#recording.steps[i] as Step
    // The races of an operation with its own object are those of #lookBack.
    if (!s.barrier && !y.barrier && !this.#byOperation(s, y)) this.#found.push(i, s.index)
    this.#joinInto(c, i)
  }

  #byOperation(s: Step, y: Step): boolean {
    return s.operation !== null && !y.global && !s.global && y.objects.includes(s.operation.object)
  }

  /**
   * An operation whose effect or whose readiness depends on the value: it races with every access that it would have
   * conflicted with, had it come at once before it. (What lies between may be what made it ready again.)
   */
  #lookBack(s: Step, c: Int32Array, operation: Operation): void {
    const { steps } = this.#recording
    const touchers = this.#touchers[operation.object] ?? NOTHING
    for (let k = touchers.length - 1; k >= 0; k--) {
      const i = touchers[k] as number
      if (this.#covers(c, i)) continue
      const y = steps[i] as Step
      const kind = kindBefore(operation, y)
      if (kind === null) continue
      if (kind === 'write' || y.kindOf(operation.object) === WRITE) this.#found.push(i, s.index)
    }
  }

  #note(s: Step): void {
    const { objects, kinds } = s
    for (let k = 0; k < objects.length; k++) {
      const object = objects[k] as number
      const touchers = this.#touchers[object] as number[]
      touchers.push(s.index)
      if (kinds[k] === WRITE) this.#sinceWrite[object] = touchers.length
    }
  }

  #uncovered(last: Step): boolean {
    for (let k = 1; k < this.#found.length; k += 2) {
      const i = this.#found[k] as number
      if (i === last.index || (this.#recording.steps[i] as Step).pending) return true
    }
    return false
  }
}

/** What an operation would be at once before step `y`, which touched its object. */
export function kindBefore(operation: Operation, y: Step): 'read' | 'write' | null {
  return operation.kindAt(y.values[y.objects.indexOf(operation.object)])
}

function conflicting(a: Step, b: Step): boolean {
  for (let k = 0; k < a.objects.length; k++) {
    const kind = b.kindOf(a.objects[k] as number)
    if (kind === WRITE || (kind !== 0 && a.kinds[k] === WRITE)) return true
  }
  return false
}

function addCauses(s: Step, end: number | readonly number[]): boolean {
  let added = false
  for (const cause of typeof end === 'number' ? [end] : end) {
    if (cause < 0 || cause >= s.index || s.causes.includes(cause)) continue
    s.causes.push(cause)
    added = true
  }
  return added
}
