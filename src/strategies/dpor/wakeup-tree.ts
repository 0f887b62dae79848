import type { HappensBefore } from './happens-before.ts'
import { type AccessKind, conflict, type Guess, NONE, picksInCommon, READ, type Step, type Touching, WRITE } from './step.ts'

/** No sleeping steps; nothing is ever added to it. */
export const NO_ENTRIES: Entry[] = []

/** All that some steps touch, together. */
class Claims implements Touching {
  readonly lane = -1
  readonly objects: number[] = []
  readonly kinds: AccessKind[] = []
  readonly settles: number[] = []
  /** What conflicts with everything is left to nobody. */
  readonly global = false

  add(step: Step): void {
    for (let k = 0; k < step.objects.length; k++) {
      const object = step.objects[k] as number
      const at = this.objects.indexOf(object)
      if (at < 0) {
        this.objects.push(object)
        this.kinds.push(step.kinds[k] as AccessKind)
      } else if (step.kinds[k] === WRITE) this.kinds[at] = WRITE
    }
    for (const future of step.settles) if (!this.settles.includes(future)) this.settles.push(future)
  }
}

/** A step that is to run, or one that sleeps: what is left of it when its execution is over. */
export class Entry implements Touching {
  readonly lane: number
  /** It goes on after a join, and touches something. (A join that touches nothing is in no tree.) */
  readonly joins: boolean
  readonly global: boolean
  readonly objects: readonly number[]
  readonly kinds: readonly AccessKind[]
  readonly settles: readonly number[]
  /** The values to choose in it, and of how many. */
  readonly picks: readonly number[]
  readonly counts: readonly number[]
  readonly disturbed: boolean
  /** It may touch more than that. */
  readonly unsure: boolean
  /** What is to run after it; if there is more than one, the others are its siblings. */
  child: Entry | null = null
  /** What is to be tried instead of it, when it has been. */
  sibling: Entry | null = null

  /**
   * What it would touch was a guess when it was put into a tree, so that it is there beside steps which in truth commute
   * with it: they and it must not take each other for explored.
   */
  readonly vague: boolean
  /** Lanes that went on after joins, unseen, where the sequence was made. */
  readonly helpers: readonly number[]

  /** It was the later step of a race: what it would touch before the earlier one is taken from what it touched after it. */
  readonly foreseen: boolean
  /** The depth at which it ran; -1: it has not. */
  readonly depth: number
  /** What it was taken to touch before it ran, if it has. */
  readonly asked: Guess | null
  /** What was left to it since it would touch nothing of that. */
  claims: Claims | null = null

  constructor(step: Step, helpers: readonly number[] = NONE, foreseen = false, depth = -1) {
    this.helpers = helpers
    this.foreseen = foreseen
    this.depth = depth
    this.asked = depth < 0 ? null : step.asked
    this.unsure = step.unsure
    this.disturbed = step.disturbed
    this.counts = step.counts
    this.vague = step.vague && (foreseen || depth >= 0)
    this.lane = step.lane
    this.joins = step.joins
    this.global = step.global
    this.objects = step.objects
    this.kinds = step.kinds
    this.settles = step.settles
    this.picks = step.picks
  }
}

/** A sequence of steps that does not contain a race's first step, and ends with its second (or with the first after that). */
export class Sequence {
  readonly steps: Step[] = []
  length = 0
  readonly helpers: number[] = []
  readonly #order: HappensBefore
  /** The position of the race's second step. */
  #last = 0
  /** A lane that goes on with values that it has chosen, where it can't be said how: -1: none. */
  #wary = -1
  /** The clock of what the race's second step comes after by itself. */
  #lastClock: Int32Array = new Int32Array(0)
  /** By position: taken out while the tree is searched. */
  #taken = new Uint8Array(64)
  /** The first position that is left: mostly it is the next to be taken out. */
  #from = 0
  /** By lane: the position of its first step that is left, -1 if there is none; and by position that of the next one. */
  #first = new Int32Array(0)
  #next = new Int32Array(64)

  constructor(order: HappensBefore) {
    this.#order = order
  }

  clear(): void {
    this.length = 0
    if (this.helpers.length > 0) this.helpers.length = 0
  }

  #push(step: Step): void {
    this.steps[this.length++] = step
  }

  /** Becomes the steps after `earlier` that don't depend on it, `later` left out, of so many. */
  without(earlier: Step, later: Step | null, all: readonly Step[], length: number): void {
    this.clear()
    for (let i = earlier.index + 1; i < length; i++) {
      const s = all[i] as Step
      if (s === later || this.#order.before(earlier, s)) continue
      if (s.silentJoin) this.helpers.push(s.lane)
      else this.#push(s)
    }
  }

  /**
   * Lets it end with `last`: the step `original`, which now comes after the others only.
   *
   * @param after the first step of the race, which comes after `last` with the values that it has chosen, and not with others
   * @param wary that step's lane, where it can't be said that it would run there
   */
  setLast(last: Step, original: Step, after: Step | null, wary: number): void {
    this.#lastClock = this.#order.ownClock(original, this.#lastClock)
    this.#last = this.length
    this.#wary = wary
    this.#push(last)
    if (after !== null) this.#push(after)
    this.#rewind()
  }

  /** Begins a search of the tree. */
  #rewind(): void {
    const { steps, length } = this
    const width = this.#lastClock.length
    if (length > this.#taken.length) {
      this.#taken = new Uint8Array(2 * length)
      this.#next = new Int32Array(2 * length)
    } else this.#taken.fill(0, 0, length)
    if (width > this.#first.length) this.#first = new Int32Array(width)
    const first = this.#first.fill(-1)
    for (let j = length - 1; j >= 0; j--) {
      const { lane } = steps[j] as Step
      this.#next[j] = first[lane] as number
      first[lane] = j
    }
    this.#from = 0
  }

  /**
   * Whether an execution that begins with this sequence is equivalent to one that begins with `e` (POPL 2014, weak
   * initials). If so, and `e` is in the sequence, it is taken out. A step with other values is another step.
   */
  mayBeginWith(e: Entry): boolean {
    const { steps } = this
    const at = this.#first[e.lane] ?? -1
    if (at >= 0) {
      const x = steps[at] as Step
      if (!this.#sameChoices(e, x, at) || !this.#isFirst(x, at, e)) return false
      if (e.foreseen && at === this.#last) this.#leaveTo(e)
      this.#taken[at] = 1
      this.#first[e.lane] = this.#next[at] as number
      while (this.#from < this.length && this.#taken[this.#from] === 1) this.#from++
      return true
    }
    if (e.vague || e.unsure || e.disturbed || e.lane === this.#wary) return false
    for (let j = this.#from; j <= this.#last; j++) if (this.#taken[j] === 0 && conflict(e, steps[j] as Step)) return false
    if (e.foreseen) this.#leaveTo(e)
    return true
  }

  /** Notes what is left of it in an entry that has not run: should that touch any of it, it was wrong. */
  #leaveTo(e: Entry): void {
    if (e.depth >= 0) return
    for (let j = this.#from; j <= this.#last; j++) {
      const s = this.steps[j] as Step
      if (this.#taken[j] === 0 && s.lane !== e.lane) (e.claims ??= new Claims()).add(s)
    }
  }

  #sameChoices(e: Entry, x: Step, at: number): boolean {
    if (e.picks.length === 0 && x.picks.length === 0) return true
    const n = Math.min(e.picks.length, x.picks.length)
    for (let i = 0; i < n; i++) if (e.picks[i] !== x.picks[i]) return false
    // Of the last step it is known only how its choices begin. One that says more is not left to one that says less.
    return e.picks.length === x.picks.length || (e.picks.length > x.picks.length && at >= this.#last)
  }

  #isFirst(x: Step, at: number, e: Entry): boolean {
    if (at > this.#last) return this.#taken[this.#last] === 1
    for (let i = this.#from; i < at; i++) {
      if (this.#taken[i] === 1) continue
      const y = this.steps[i] as Step
      if (at < this.#last ? this.#order.before(y, x) : this.#comesBefore(y, e)) return false
    }
    return true
  }

  /** Whether `y` comes before the race's second step, which touches what `e` does: that is known, or will be seen. */
  #comesBefore(y: Step, e: Entry): boolean {
    return e.unsure || this.#order.beforeClock(y, this.#lastClock) || conflict(y, e)
  }

  /** Of an entry that has chosen more than is given in the race's second step: how many values there are for the first of these. */
  valuesLeft(e: Entry): number {
    const last = this.steps[this.#last] as Step
    return e.lane === last.lane && e.picks.length > last.picks.length ? (e.counts[last.picks.length] as number) : 0
  }

  /** Adds what is left of it to a tree, below a node. Gives the tree. */
  addTo(tree: Entry | null, below: Entry | null): Entry | null {
    const helpers = this.helpers.length === 0 ? NONE : this.helpers.slice()
    let top = tree
    let above = below
    for (let i = this.#from; i < this.length; i++) {
      if (this.#taken[i] === 1) continue
      const entry = new Entry(this.steps[i] as Step, helpers, i >= this.#last)
      if (above === null) top = withSibling(top, entry)
      else above.child = withSibling(above.child, entry)
      above = entry
    }
    return top
  }
}

function withSibling(first: Entry | null, entry: Entry): Entry {
  if (first === null) return entry
  let last = first
  while (last.sibling !== null) last = last.sibling
  last.sibling = entry
  return first
}

/** Those of the sleeping steps that sleep on after `step`. */
export function awake(asleep: Entry[], step: Step): Entry[] {
  if (asleep.length === 0 || step.vague) return NO_ENTRIES
  let n = 0
  for (const e of asleep) if (sleepsOn(e, step)) sleepers[n++] = e
  return n === asleep.length ? asleep : n === 0 ? NO_ENTRIES : sleepers.slice(0, n)
}

/** Room in which to collect them. */
const sleepers: Entry[] = []

function sleepsOn(e: Entry, step: Step): boolean {
  if (e.vague || e.disturbed || e.lane === step.lane || conflict(e, step)) return false
  const { asked } = step
  if (asked === null) return true
  // Where one was put beside the other only for what it was taken to touch, they must not take each other for explored.
  if (conflict(e, asked) || (e.asked !== null && conflict(e.asked, asked))) return false
  return e.asked === null || !e.asked.unsure || e.depth < step.index
}

/**
 * Adds a sequence to an ordered tree of those that are to be explored from one point, unless one of them is equivalent
 * to its beginning (POPL 2014, definition 6.2). Gives the tree.
 */
export function insert(sequence: Sequence, tree: Entry | null): Entry | null {
  let parent: Entry | null = null
  let next = tree
  for (;;) {
    while (next !== null && !sequence.mayBeginWith(next)) next = next.sibling
    if (next === null) return sequence.addTo(tree, parent)
    if (next.child === null) return tree
    parent = next
    next = next.child
  }
}

/**
 * Copies a step as it would be at once before `earlier`: where the value decides, the kind of access is another.
 * `vague`: nobody knows what else it would touch.
 */
export function reverse(later: Step, earlier: Step, vague: boolean, unsure: boolean, into: Step): Step {
  into.reset(later.index, later.lane)
  into.unsure = unsure
  into.joins = later.joins
  into.global = later.global || vague
  into.vague = vague
  into.external = later.external
  into.settles = later.settles
  // What it chose before the two conflict it chooses there too.
  chosen(later, picksInCommon(earlier, later), into)
  const { operation } = later
  if (operation === null) return into
  const at = into.objects.indexOf(operation.object)
  if (at >= 0 && earlier.objects.includes(operation.object)) {
    // It is enabled there: else the two would be no race.
    const kind = operation.kindAt(earlier.valueOf(operation.object)) === 'write' ? WRITE : READ
    // Where it goes on to touch more, that may be what it writes with.
    if (kind === WRITE || later.touches <= 1) into.kinds = into.kinds.with(at, kind)
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
  // Somebody may look at one of these for the first time before it: then the two conflict.
  into.settles = step.settles.filter((_, k) => (step.settledAfter[k] as number) <= i)
  into.picks = [...step.picks.slice(0, i), value]
  into.counts = step.counts
  into.unsure = true
  return into
}

/** Copies what a step had done before its choice number `n`, from 0: that much is the same whatever it chooses then. */
function chosen(step: Step, n: number, into: Step): void {
  const open = n < step.picks.length
  into.unsure ||= open
  if (n > 0) {
    into.picks = step.picks.slice(0, n)
    into.counts = step.counts
  }
  const { objects, kinds } = open ? step.touchedBefore(n) : step
  into.objects = objects
  into.kinds = kinds
}

/**
 * Copies the first step of a race as it goes on after the second: with the values that it had chosen before the two
 * conflict. Null if it had chosen none.
 */
export function goingOn(earlier: Step, later: Step, unsure: boolean, into: Step): Step | null {
  const n = picksInCommon(later, earlier)
  if (n === 0) return null
  into.reset(earlier.index, earlier.lane)
  into.joins = earlier.joins
  into.unsure = unsure
  into.settles = earlier.settles
  chosen(earlier, n, into)
  return into
}
