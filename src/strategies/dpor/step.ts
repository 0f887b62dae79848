import type { Operation } from '../../loop/tracker.ts'

export const READ = 1
export const WRITE = 2
export type AccessKind = typeof READ | typeof WRITE

export const NONE: readonly never[] = []
const NO_KINDS: readonly AccessKind[] = []
const ONE_READ: readonly AccessKind[] = [READ]
const ONE_WRITE: readonly AccessKind[] = [WRITE]

const singles: (readonly number[])[] = []

/** A list of one number; the same one each time. */
export function single(n: number): readonly number[] {
  return (singles[n] ??= [n])
}

/** `all` and those of `more` that are not in it. */
export function including(all: readonly number[], more: number | readonly number[]): readonly number[] {
  if (typeof more === 'number') {
    if (more < 0) return all
    return all.length === 0 ? single(more) : all.includes(more) ? all : [...all, more]
  }
  if (all.length === 0) return more
  let result = all
  for (const x of more) result = including(result, x)
  return result
}

/** What decides whether two events are dependent, apart from causes: their lanes and what they touch. */
export interface Touching {
  readonly lane: number
  readonly objects: readonly number[]
  readonly kinds: readonly AccessKind[]
  /** Futures that it ends. */
  readonly settles: readonly number[]
  /** It may touch anything. */
  readonly global: boolean
}

/** What a step is taken to touch before it runs. */
export interface Guess extends Touching {
  /** It may be more. */
  readonly unsure: boolean
  /** What was left to it since it would touch nothing of that. */
  readonly claims: Touching | null
}

/** A join in a step: the lane waits for a future, or passes one that has ended. */
export interface Join {
  /** The future. */
  readonly object: number
  /** The step that joins. */
  readonly step: number
  /** How many accesses that step had made before. */
  readonly touches: number
  /** How many futures it had ended before. */
  readonly ended: number
  /** Whether it had done anything before that others can see. */
  readonly effective: boolean
  /** The step in which the lane went on, if it had to wait; else -1. */
  readonly resumed: number
  /** It had ended, and other code of the step may have gone on where this had waited: no cause of the step, but something that it sees. */
  readonly beside: boolean
  /** Whether that step is the completion of an external, and the lane comes after more than that by itself. */
  readonly follows: boolean
  /** How many values that step had chosen before. */
  readonly chosen: number
}

/** A join that the step makes now. */
export function joinOf(object: number, { index, touches, effects, settles, picks }: Step): Join {
  const ended = settles.length
  return { object, step: index, touches, ended, effective: touches + effects + ended > 0, resumed: -1, beside: false, follows: false, chosen: picks.length }
}

/** One event of an execution: what ran from one handle's start until the loop was back in control. */
export class Step implements Touching {
  index = 0
  lane = 0
  /** It goes on because a future has ended: in another order it could have been part of the step before. */
  joins = false
  global = false
  /** How many values it had chosen before it touched everything. */
  globalAfter = 0
  /** What it begins by touching was known before it ran. */
  declared = false
  /** The completion of an external. */
  external = false
  /** The lane that it resumes; else its own. */
  frame = 0
  /** The step that took the external away. */
  abandonedBy = -1
  /** Nothing was ready before it: the clock could move, or an external be completed. */
  idle = false
  /** It did not run: it could have, or waits in vain. */
  pending = false
  /** What it was taken to touch when it was put into the tree; null: it was in none. */
  asked: Guess | null = null
  /** In the order that is looked at, nobody knows what it would touch. */
  vague = false
  /** Whether it meets a fault was a choice: there are so many in a schedule, so that it hangs on those of others. */
  disturbed = false
  /** In the order that is looked at, it may touch more than is known: it goes on to choose values that are not given, say. */
  unsure = false
  /** It did not run because its condition did not hold. */
  blocked = false
  /** It went on after it had begun to wait: other code runs in it beside that. */
  forked = false
  // These arrays are never changed once the step is over: trees refer to them.
  objects: readonly number[] = NONE
  kinds: readonly AccessKind[] = NO_KINDS
  /** The object's value before the step first touched it. */
  value: unknown = undefined
  /** The same for further objects. */
  values: readonly unknown[] = NONE
  /** Accesses, repeated ones counted. */
  touches = 0
  /** What it made ready or settled for others. */
  effects = 0
  operation: Operation | null = null
  causes: readonly number[] = NONE
  /** Steps that it was to wait for, though nothing in the program says so. */
  waitsFor: readonly number[] = NONE
  /** Futures that it ended. */
  settles: readonly number[] = NONE
  /** Of each, how many values it had chosen before. */
  settledAfter: readonly number[] = NONE
  /** Lanes that it cancelled. */
  interferes: readonly number[] = NONE
  /** Of each, how many values it had chosen before. */
  interferedAfter: readonly number[] = NONE
  /** The values that were chosen in it, and of how many. */
  picks: readonly number[] = NONE
  counts: readonly number[] = NONE
  /** What it touched for the first time, or first wrote, after it had chosen: object, kind, whether first, values chosen before. */
  readonly #late: number[] = []
  /** Choices made in the run before it began, its own included. */
  choices = 0

  reset(index: number, lane: number): this {
    this.index = index
    this.lane = lane
    this.joins = false
    this.global = false
    this.globalAfter = 0
    this.declared = false
    this.external = false
    this.frame = lane
    this.abandonedBy = -1
    this.idle = false
    this.pending = false
    this.blocked = false
    this.forked = false
    this.asked = null
    this.vague = false
    this.unsure = false
    this.disturbed = false
    this.objects = NONE
    this.kinds = NO_KINDS
    this.value = undefined
    this.values = NONE
    this.touches = 0
    this.effects = 0
    this.operation = null
    this.causes = NONE
    this.waitsFor = NONE
    this.settles = NONE
    this.settledAfter = NONE
    this.interferes = NONE
    this.interferedAfter = NONE
    this.picks = NONE
    this.counts = NONE
    if (this.#late.length > 0) this.#late.length = 0
    this.choices = 0
    return this
  }

  /** It chooses a value, of so many. */
  choose(value: number, count: number): void {
    this.picks = [...this.picks, value]
    this.counts = [...this.counts, count]
    // What follows from it is seen sooner or later.
    this.touches++
  }

  /** @param chosen how many values it had chosen before, if that is not all of them */
  touch(object: number, kind: AccessKind, value: unknown, chosen: number = this.picks.length): void {
    if (this.picks.length > 0) this.#noteLate(object, kind, chosen)
    if (this.objects.length === 0) {
      this.objects = single(object)
      this.kinds = kind === WRITE ? ONE_WRITE : ONE_READ
      this.value = value
      return
    }
    const at = this.objects.indexOf(object)
    if (at < 0) {
      this.objects = [...this.objects, object]
      this.kinds = [...this.kinds, kind]
      this.values = [...this.values, value]
    } else if (kind === WRITE && this.kinds[at] !== WRITE) this.kinds = this.kinds.with(at, WRITE)
  }

  /** @param chosen how many values it had chosen before */
  touchAll(chosen: number): void {
    this.globalAfter = this.global ? Math.min(this.globalAfter, chosen) : chosen
    this.global = true
  }

  #noteLate(object: number, kind: AccessKind, chosen: number): void {
    const late = this.#late
    for (let i = 0; i < late.length; i += 4) {
      if (late[i] === object && (late[i + 3] as number) > chosen) late[i + 3] = chosen
    }
    const before = this.kindOf(object)
    if (before < kind) late.push(object, kind, before, chosen)
  }

  /** How many values it had chosen before it first touched the object in a way that conflicts with `kind`. */
  picksBefore(object: number, kind: AccessKind): number {
    const late = this.#late
    for (let i = 0; i < late.length; i += 4) {
      if (late[i] === object && (kind === WRITE ? late[i + 2] === 0 : late[i + 1] === WRITE)) return late[i + 3] as number
    }
    return 0
  }

  /** What it had touched before it made its choice number `i`, from 0. */
  touchedBefore(i: number): { objects: readonly number[]; kinds: readonly AccessKind[] } {
    const objects = [...this.objects]
    const kinds = [...this.kinds]
    const late = this.#late
    for (let k = late.length - 4; k >= 0; k -= 4) {
      // Not in their order: what an analysis finds out is noted behind what was seen.
      if ((late[k + 3] as number) <= i) continue
      const at = objects.indexOf(late[k] as number)
      if (late[k + 2] === 0) {
        objects.splice(at, 1)
        kinds.splice(at, 1)
      } else kinds[at] = READ
    }
    return { objects, kinds }
  }

  valueOf(object: number): unknown {
    const at = this.objects.indexOf(object)
    return at === 0 ? this.value : this.values[at - 1]
  }

  kindOf(object: number): AccessKind | 0 {
    const at = this.objects.indexOf(object)
    return at < 0 ? 0 : (this.kinds[at] as AccessKind)
  }

  /** Nobody can tell whether it ran by itself or as part of the step before. */
  get silentJoin(): boolean {
    return this.joins && !this.global && this.objects.length === 0 && this.picks.length === 0
  }
}

/** Whether the order of two events of different lanes matters, as far as what they touch says. */
export function conflict(a: Touching, b: Touching): boolean {
  if (a.global || b.global) return true
  const { objects, kinds } = a
  const theirs = b.objects
  // Hardly ever more than one each: no call is worth it.
  for (let i = 0; i < objects.length; i++) {
    for (let k = 0; k < theirs.length; k++) {
      if (theirs[k] === objects[i] && (kinds[i] === WRITE || b.kinds[k] === WRITE)) return true
    }
  }
  return (a.settles.length > 0 && settlesSeen(a, b)) || (b.settles.length > 0 && settlesSeen(b, a))
}

/** How many values `later` had chosen before it did anything that conflicts with `earlier`. */
export function picksInCommon(earlier: Step, later: Step): number {
  let n = later.picks.length
  if (n === 0 || earlier.global) return 0
  if (later.global) n = Math.min(n, later.globalAfter)
  for (const o of earlier.objects) {
    const kind = later.kindOf(o)
    const theirs = earlier.kindOf(o) as AccessKind
    if (kind === WRITE || (kind === READ && theirs === WRITE)) n = Math.min(n, later.picksBefore(o, theirs))
  }
  return n
}

function settlesSeen(a: Touching, b: Touching): boolean {
  const { settles } = a
  const { objects } = b
  for (let i = 0; i < objects.length; i++) {
    for (let k = 0; k < settles.length; k++) if (settles[k] === objects[i]) return true
  }
  return false
}
