import type { HappensBefore } from './happens-before.ts'
import { type AccessKind, conflict, NONE, picksInCommon, READ, type Step, type Touching, WRITE } from './step.ts'

/** An empty tree; it is never added to, but replaced. */
export const NO_ENTRIES: Entry[] = []

/** A step that is to run, or one that sleeps: what is left of it when its execution is over. */
export class Entry implements Touching {
  readonly lane: number
  /** It goes on after a join, and touches something. (A join that touches nothing is in no tree.) */
  readonly joins: boolean
  readonly global: boolean
  readonly objects: readonly number[]
  readonly kinds: readonly AccessKind[]
  readonly settles: readonly number[]
  /** The values to choose in it. */
  readonly picks: readonly number[]
  /** What is to run after it, in the order in which it is to be tried. */
  children: Entry[] = NO_ENTRIES

  /**
   * What it would touch was a guess when it was put into a tree, so that it is there beside steps which in truth commute
   * with it: they and it must not take each other for explored.
   */
  readonly vague: boolean
  /** Lanes that went on after joins, unseen, where the sequence was made. */
  readonly helpers: readonly number[]

  constructor(step: Step, helpers: readonly number[] = NONE) {
    this.helpers = helpers
    this.vague = step.vague
    this.lane = step.lane
    this.joins = step.joins
    this.global = step.global
    this.objects = step.objects
    this.kinds = step.kinds
    this.settles = step.settles
    this.picks = step.picks
  }
}

/** A sequence of steps that does not contain a race's first step, and ends with its second. */
export class Sequence {
  readonly steps: Step[] = []
  length = 0
  readonly helpers: number[] = []
  readonly #order: HappensBefore
  /** The clock of the last step, were it run after the others. */
  #lastClock: Int32Array = new Int32Array(0)
  /** By position: taken out while the tree is searched. */
  #taken = new Uint8Array(64)
  #left = 0

  constructor(order: HappensBefore) {
    this.#order = order
  }

  clear(): void {
    this.length = 0
    if (this.helpers.length > 0) this.helpers.length = 0
  }

  push(step: Step): void {
    this.steps[this.length++] = step
  }

  /** Lets it end with `last`: the step `original`, which now comes after the others only. */
  setLast(last: Step, original: Step): void {
    const clock = (this.#lastClock = this.#order.ownClock(original, this.#lastClock))
    for (let i = 0; i < this.length; i++) {
      const s = this.steps[i] as Step
      if (conflict(s, last)) this.#order.joinInto(clock, s)
    }
    this.push(last)
    if (this.length > this.#taken.length) this.#taken = new Uint8Array(2 * this.length)
    this.rewind()
  }

  /** Begins a search of the tree. */
  rewind(): void {
    this.#left = this.length
    this.#taken.fill(0, 0, this.length)
  }

  /** Whether all of it was taken out. */
  get empty(): boolean {
    return this.#left === 0
  }

  /**
   * Whether an execution that begins with this sequence is equivalent to one that begins with `e` (POPL 2014, weak
   * initials). If so, and `e` is in the sequence, it may be taken out.
   */
  mayBeginWith(e: Entry, take: boolean): boolean {
    const { steps, length } = this
    for (let j = 0; j < length; j++) {
      const x = steps[j] as Step
      if (x.lane !== e.lane || this.#taken[j] === 1) continue
      if (!this.#sameChoices(e, x, j) || !this.#isFirst(x, j)) return false
      if (take) {
        this.#taken[j] = 1
        this.#left--
      }
      return true
    }
    // With other values than those of `e` its lane may conflict with them.
    if (e.vague || e.picks.length > 0) return false
    for (let j = 0; j < length; j++) if (this.#taken[j] === 0 && conflict(e, steps[j] as Step)) return false
    return true
  }

  #sameChoices(e: Entry, x: Step, at: number): boolean {
    if (e.picks.length === 0 && x.picks.length === 0) return true
    const n = Math.min(e.picks.length, x.picks.length)
    for (let i = 0; i < n; i++) if (e.picks[i] !== x.picks[i]) return false
    // Of the last step it is known only how its choices begin. One that says more is not left to one that says less.
    return e.picks.length === x.picks.length || (e.picks.length > x.picks.length && at === this.length - 1)
  }

  #isFirst(x: Step, at: number): boolean {
    const last = at === this.length - 1
    for (let i = 0; i < at; i++) {
      if (this.#taken[i] === 1) continue
      const y = this.steps[i] as Step
      if (last ? this.#order.beforeClock(y, this.#lastClock) : this.#order.before(y, x)) return false
    }
    return true
  }

  /** Adds what is left of it below a node of the tree. */
  addTo(children: Entry[], parent: Entry | null): Entry[] {
    const helpers = this.helpers.length === 0 ? NONE : this.helpers.slice()
    let top = children
    let above = parent
    for (let i = 0; i < this.length; i++) {
      if (this.#taken[i] === 1) continue
      const entry = new Entry(this.steps[i] as Step, helpers)
      if (above === null) top = top.length === 0 ? [entry] : [...top, entry]
      else if (above.children.length === 0) above.children = [entry]
      else above.children.push(entry)
      above = entry
    }
    return top
  }
}

/**
 * Adds a sequence to an ordered tree of those that are to be explored from one point, unless one of them is equivalent
 * to its beginning (POPL 2014, definition 6.2). Gives the tree.
 */
export function insert(sequence: Sequence, tree: Entry[]): Entry[] {
  let children = tree
  let parent: Entry | null = null
  for (;;) {
    let next: Entry | null = null
    for (let i = 0; i < children.length && next === null; i++) {
      const child = children[i] as Entry
      if (sequence.mayBeginWith(child, true)) next = child
    }
    if (next === null) return sequence.addTo(tree, parent)
    if (next.children.length === 0 || sequence.empty) return tree
    parent = next
    children = next.children
  }
}

/**
 * Copies a step as it would be at once before `earlier`: where the value decides, the kind of access is another.
 * `vague`: nobody knows what else it would touch.
 */
export function reverse(later: Step, earlier: Step, vague: boolean, into: Step): Step {
  into.reset(later.index, later.lane)
  into.joins = later.joins
  into.global = later.global || vague
  into.vague = vague
  into.external = later.external
  into.objects = later.objects
  into.kinds = later.kinds
  into.settles = later.settles
  // What it chose before the two conflict it chooses there too.
  const chosen = picksInCommon(earlier, later)
  if (chosen > 0) into.picks = later.picks.slice(0, chosen)
  const { operation } = later
  if (operation === null) return into
  const at = into.objects.indexOf(operation.object)
  if (at >= 0 && earlier.objects.includes(operation.object)) {
    const kind = operation.kindAt(earlier.valueOf(operation.object))
    if (kind !== null) into.kinds = into.kinds.with(at, kind === 'write' ? WRITE : READ)
  }
  return into
}

/**
 * Copies a step as it is when it chooses `value` where its choice number `i` was another: with what it had touched
 * before that. `vague`: it stands also for whatever else it would touch.
 */
export function choosing(step: Step, i: number, value: number, vague: boolean, into: Step): Step {
  into.reset(step.index, step.lane)
  into.joins = step.joins
  into.vague = vague
  into.global = step.global || vague
  into.external = step.external
  const { objects, kinds } = step.touchedBefore(i)
  into.objects = objects
  into.kinds = kinds
  into.picks = [...step.picks.slice(0, i), value]
  return into
}
