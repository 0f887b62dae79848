import type { HappensBefore } from './happens-before.ts'
import { type AccessKind, conflict, type Step, type Touching, WRITE } from './step.ts'

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
  /** Whether more may be chosen than `picks` says. */
  readonly open: boolean
  /** What is to run after it, in the order in which it is to be tried. */
  readonly children: Entry[] = []

  /** Lanes that went on after joins, unseen, where the sequence was made. */
  readonly helpers: readonly number[]

  constructor(step: Step, open = false, helpers: readonly number[] = NONE) {
    this.helpers = helpers
    this.lane = step.lane
    this.joins = step.joins
    this.global = step.global
    this.objects = step.objects.slice()
    this.kinds = step.kinds.slice()
    this.settles = step.settles.length === 0 ? NONE : step.settles.slice()
    this.picks = step.picks.length === 0 ? NONE : step.picks.slice()
    this.open = open
  }
}

const NONE: readonly number[] = []

/** A sequence of steps that does not contain a race's first step, and ends with its second. */
export class Sequence {
  readonly steps: Step[] = []
  readonly helpers: number[] = []
  /** The clock of the last step, were it run after the others. */
  lastClock: Int32Array = new Int32Array(0)
  readonly #order: HappensBefore
  /** What is left of the steps while the tree is searched. */
  readonly #left: Step[] = []

  constructor(order: HappensBefore) {
    this.#order = order
  }

  /** Lets it end with `last`: the step `original`, which now comes after the others only. */
  setLast(last: Step, original: Step): void {
    const clock = (this.lastClock = this.#order.ownClock(original, this.lastClock))
    for (let i = 0; i < this.steps.length; i++) {
      const s = this.steps[i] as Step
      if (conflict(s, last)) this.#order.joinInto(clock, s)
    }
    this.steps.push(last)
  }

  /** Begins a search of the tree. */
  rewind(): void {
    this.#left.length = 0
    for (let i = 0; i < this.steps.length; i++) this.#left.push(this.steps[i] as Step)
  }

  get rest(): readonly Step[] {
    return this.#left
  }

  /**
   * Whether an execution that begins with this sequence is equivalent to one that begins with `e` (POPL 2014,
   * weak initials). If so, and `e` is in the sequence, it is taken out.
   */
  mayBeginWith(e: Entry, take: boolean): boolean {
    const left = this.#left
    for (let j = 0; j < left.length; j++) {
      const x = left[j] as Step
      if (x.lane !== e.lane) continue
      if (!this.#sameChoices(e, x) || !this.#isFirst(x, j)) return false
      if (take) left.splice(j, 1)
      return true
    }
    for (let j = 0; j < left.length; j++) if (conflict(e, left[j] as Step)) return false
    return true
  }

  #isLast(x: Step): boolean {
    return x === this.steps[this.steps.length - 1]
  }

  #sameChoices(e: Entry, x: Step): boolean {
    if (e.picks.length === 0 && x.picks.length === 0) return true
    const open = this.#isLast(x)
    const n = Math.min(e.picks.length, x.picks.length)
    for (let i = 0; i < n; i++) if (e.picks[i] !== x.picks[i]) return false
    if (e.picks.length === x.picks.length) return true
    // Of the last step it is known only how its choices begin.
    return e.picks.length < x.picks.length ? e.open : open
  }

  #isFirst(x: Step, at: number): boolean {
    const last = this.#isLast(x)
    for (let i = 0; i < at; i++) {
      const y = this.#left[i] as Step
      if (last ? this.#order.beforeClock(y, this.lastClock) : this.#order.before(y, x)) return false
    }
    return true
  }
}

/**
 * Adds a sequence to an ordered tree of those that are to be explored from one point, unless one of them is equivalent
 * to its beginning (POPL 2014, definition 6.2).
 */
export function insert(sequence: Sequence, tree: Entry[]): boolean {
  sequence.rewind()
  let children = tree
  for (;;) {
    let next: Entry | null = null
    for (let i = 0; i < children.length && next === null; i++) {
      const child = children[i] as Entry
      if (sequence.mayBeginWith(child, true)) next = child
    }
    if (next === null) break
    if (next.children.length === 0 || sequence.rest.length === 0) return false
    children = next.children
  }
  const { rest } = sequence
  const last = sequence.steps[sequence.steps.length - 1]
  const helpers = sequence.helpers.length === 0 ? NONE : sequence.helpers.slice()
  for (let i = 0; i < rest.length; i++) {
    const x = rest[i] as Step
    const entry = new Entry(x, x === last, helpers)
    children.push(entry)
    children = entry.children
  }
  return true
}

/**
 * Copies a step as it would be at once before `earlier`: where the value decides, the kind of access is another.
 * `vague`: nobody knows what else it would touch.
 */
export function reverse(later: Step, earlier: Step, vague: boolean, into: Step): Step {
  into.reset(later.index, later.lane)
  into.joins = later.joins
  into.global = later.global || vague
  into.external = later.external
  into.objects.push(...later.objects)
  into.kinds.push(...later.kinds)
  into.settles.push(...later.settles)
  const { operation } = later
  if (operation === null) return into
  const at = into.objects.indexOf(operation.object)
  const then = earlier.objects.indexOf(operation.object)
  if (at >= 0 && then >= 0) {
    const kind = operation.kindAt(earlier.values[then])
    if (kind !== null) into.kinds[at] = kind === 'write' ? WRITE : 1
  }
  return into
}
