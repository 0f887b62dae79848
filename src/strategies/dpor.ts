import { Exhaustive, NondeterminismError } from './exhaustive.ts'
import { Counted } from './dpor/counted.ts'
import { Foresight } from './dpor/foresight.ts'
import { HappensBefore } from './dpor/happens-before.ts'
import { towards } from './dpor/joins.ts'
import type { AllNames } from './dpor/names.ts'
import { Recording } from './dpor/recording.ts'
import { Reviews, Sleepers } from './dpor/sleepers.ts'
import { Step } from './dpor/step.ts'
import { awake, Entry, goingOn, insert, NO_ENTRIES, Sequence } from './dpor/wakeup-tree.ts'
import type { ChoicePoint, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** Kinds of choice: a value; what runs next where nothing is ready; or where something is. */
const [VALUE, IDLE, BUSY] = [0, 1, 2]

/**
 * Optimal dynamic partial-order reduction. With `assume: 'tracked'` you state that all state that tasks share goes
 * through what Heddle records: `shared`, `track`, futures, locks, queues and its other primitives. Then two steps that
 * touch nothing in common commute, and of all schedules that differ only in the order of such steps exactly one
 * is run. A plain variable that two tasks share makes that unsound: bugs may be missed. Without the option steps of
 * different tasks are taken to conflict; that is always sound, and saves nothing over `exhaustive`.
 *
 * The algorithm is Optimal-DPOR with wakeup trees (Abdulla, Aronis, Jonsson and Sagonas, POPL 2014; Journal of the ACM
 * 2017, algorithm 2): no redundant execution and no blocked one, with memory for one execution and what branches off it.
 *
 * Departures:
 * - An event is a step: one or more accesses, made at once. Causes (who made a task, who ended what another awaits)
 *   order events like the program order does.
 * - A join is no access: waiting for a task commutes with its end, whether the wait suspends or finds it ended. Only
 *   where the same step goes on to touch shared state does the order count, there and in executions in which it does something
 *   else as the awaited task ends. (Where a schedule cancels a task, or ends before all tasks have, the exploration starts over
 *   with joins as accesses.)
 * - Where other code of the step may have gone on had the join waited (in native code, behind the start of an eager task, where
 *   `gather` is called and not awaited at once), finding a future ended is an access.
 * - Operations with a condition may be disabled by others. Such an operation races with every access to its object
 *   before which it was enabled, also across what enabled it again; one that waits in vain at the end races too.
 * - The kind of a reversed compareExchange follows from the value that the object had there.
 * - With another value that it chooses, a step is another one, and the two exclude each other: each is followed, put to
 *   sleep and woken by itself. What comes before the choice in the step is the same for all.
 * - What a step that makes several accesses, or ends somebody's wait, would touch in another order is taken to be what it
 *   touches in this one; of one that was cancelled, what it touched in another execution. If something was left to it on
 *   that account, and it touches that, the exploration starts over. So where steps choose, or touch more or less in other
 *   orders, some executions prove to be equivalent to earlier ones: these don't count (see Counted).
 * - What ends the run, and the clock, conflict with everything. The clock could have moved before an external completed
 *   if a timer was armed and nothing else could run.
 * - Where a task is cancelled that waits for a condition, where one cancels itself and goes on to a join, where something
 *   goes on after the first of several futures (`wait`, `asCompleted`), where a task of a group fails, where a timeout falls
 *   due or a timer is due as soon as it is armed, where what is outside writes to a cell on which somebody waits for a condition
 *   (who began to wait before goes on within the completion), where interruptions are explored (option `cancel`: that there is one in a
 *   schedule makes each place depend on all others), where ready handles keep their order (`permute: 'io'`), and where a wakeup
 *   tree asks for what can't run, every schedule is run instead.
 */
export class Dpor implements Strategy {
  readonly name = 'dpor'
  readonly tracker: Recording
  readonly #order: HappensBefore
  readonly #sequence: Sequence
  readonly #reversed = new Step()
  readonly #after = new Step()
  /** By depth: what is still to be explored instead of the step there. */
  readonly #trees: (Entry | null)[] = []
  /** By depth: steps whose executions from there are all explored. */
  readonly #asleep: Entry[][] = []
  /** By depth: the entry of the tree that asked for the step there; null: none did. */
  readonly #asked: (Entry | null)[] = []
  readonly #foresight: Foresight
  /** What is to run next, as a wakeup tree. */
  #guide: Entry | null = null
  /** The depth at which this execution leaves the one before. */
  #branch = 0
  readonly #picks: number[] = []
  readonly #counts: number[] = []
  readonly #kinds: number[] = []
  #choice = 0
  /** So many picks are those of the execution before. */
  #fixed = 0
  #own = -1
  readonly #sleepers = new Sleepers()
  readonly #reviews = new Reviews()
  #values: readonly number[] = []
  #valueAt = 0
  /** A value has been chosen in this execution. */
  #chose = false
  #tracked = false
  #started = false
  /** Where nothing can be reduced. */
  #plain: Exhaustive | null = null
  /** Nothing has been reduced yet. */
  #first = true
  readonly #counted = new Counted()
  readonly #wasStrict: boolean

  /**
   * @param strict whether joins are accesses from the beginning
   * @param names of lanes and objects, where they are to be those of another search
   */
  constructor(strict = false, names?: AllNames) {
    this.#wasStrict = strict
    this.tracker = new Recording((step) => this.#began(step), names)
    this.#order = new HappensBefore(this.tracker, strict)
    this.#sequence = new Sequence(this.#order)
    this.#foresight = new Foresight(this.tracker, this.#order)
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1) {
      this.#startOver()
      this.#plain = null
      this.tracker.forget()
      // What it reverses are ready handles, and these are never asked for.
      if (run.inOrder === true) this.tracker.irreducible = true
      this.#order.strict = this.#wasStrict
      this.#order.forget()
      this.#foresight.forget()
      this.#counted.clear()
    }
    if (this.tracker.irreducible) return this.#beginPlain(run)
    this.#tracked = run.tracked === true
    if (this.#started && !this.#backtrack()) return false
    this.#started = true
    this.#choice = 0
    this.#own = -1
    this.#chose = false
    this.#values = []
    this.#sleepers.restart(this.#asleep[this.#branch] ?? NO_ENTRIES, this.#branch)
    this.tracker.restart()
    return true
  }

  #beginPlain(run: RunInfo): boolean {
    const first = this.#plain === null
    this.#plain ??= new Exhaustive()
    this.tracker.restart()
    this.#choice = 0
    return this.#plain.begin({ ...run, schedule: first ? 1 : 2 })
  }

  /** Forgets what has been explored. */
  #startOver(): void {
    this.#trees.length = 0
    this.#asleep.length = 0
    this.#guide = null
    this.#branch = 0
    this.#fixed = 0
    this.#started = false
    this.#first = true
  }

  /** Goes back to the deepest point where something is left to explore. */
  #backtrack(): boolean {
    const { steps } = this.tracker
    for (let d = this.tracker.length - 1; d >= 0; d--) {
      const tree = this.#trees[d] ?? null
      if (tree === null) continue
      const done = steps[d] as Step
      this.#asleep[d] = [...(this.#asleep[d] as Entry[]), new Entry(done, undefined, false, d)]
      this.#branch = d
      this.#guide = tree
      this.#fixed = done.choices
      return true
    }
    return false
  }

  /** @internal Whether joins commute with what they wait for, and what each step conflicts with is known. */
  get isRegular(): boolean {
    return !this.#order.strict && !this.#order.coarse && !this.runsEvery
  }

  /** @internal Whether every schedule is run, since nothing can be reduced. */
  get runsEvery(): boolean {
    return this.tracker.irreducible
  }

  /** @internal Whether the execution that has ended counts for none, since an equivalent one has counted. */
  get again(): boolean {
    return this.#counted.again
  }

  pick(point: ChoicePoint): number {
    if (this.#plain !== null) return (this.#picks[this.#choice++] = this.#plain.pick(point))
    const c = this.#choice++
    if (c < this.#fixed) {
      if (this.#counts[c] !== point.count) {
        throw new NondeterminismError(c + 1, point.count, this.#counts[c] as number)
      }
      const k = this.#picks[c] as number
      if (this.#kinds[c] === VALUE) this.#noteValue(k, point)
      else this.#own = c
      return k
    }
    this.#counts[c] = point.count
    if (point.optionAt(0).kind === 'value') {
      this.#kinds[c] = VALUE
      const k = Math.min(this.#values[this.#valueAt++] ?? 0, point.count - 1)
      this.#noteValue(k, point)
      return (this.#picks[c] = k)
    }
    this.#own = c
    this.#kinds[c] = point.optionAt(point.count - 1).kind === 'clock' ? IDLE : BUSY
    return (this.#picks[c] = this.#next(point))
  }

  #noteValue(k: number, { count, disturbs }: ChoicePoint): void {
    this.#chose = true
    const step = this.tracker.steps[this.tracker.length - 1]
    if (step === undefined) return
    step.choose(k, count)
    if (disturbs === true) step.disturbed = true
  }

  /** The option that the wakeup tree asks for; where it asks for none, any. */
  #next(point: ChoicePoint): number {
    const wanted = this.#guide
    if (wanted === null) return this.freely(point)
    const k = towards(wanted, point, this.tracker)
    // Bookkeeping can't be followed that says of no lane that it leads there.
    if (k < 0 || this.tracker.laneOf(point.optionAt(k)) < 0) this.tracker.irreducible = true
    return Math.max(0, k)
  }

  #began(step: Step): void {
    const d = step.index
    step.choices = this.#own >= 0 ? this.#own : this.#choice
    step.idle = this.#own >= 0 && this.#kinds[this.#own] === IDLE
    this.#own = -1
    if (!this.#tracked) step.global = true
    if (d >= this.#branch) {
      this.#values = []
      this.#valueAt = 0
      this.#consume(step, d)
    }
    const asked = this.#asked[d] as Entry | null
    step.asked = asked
    if (asked !== null) step.vague = asked.vague
  }

  /** Goes down the wakeup tree with the step that runs. */
  #consume(step: Step, d: number): void {
    if (d > this.#branch) this.#asleep[d] = NO_ENTRIES
    else this.#asleep[d] ??= NO_ENTRIES
    const wanted = this.#guide
    const asked = wanted !== null && wanted.lane === step.lane && wanted.joins === step.joins
    this.#asked[d] = asked ? wanted : null
    if (asked) {
      this.#trees[d] = wanted.sibling
      this.#guide = wanted.child
      this.#values = wanted.picks
    } else this.#trees[d] = null
  }

  end({ failed }: RunOutcome): void {
    if (this.#plain !== null) {
      this.#plain.end()
      this.#counted.endSchedule(this.#picks, this.#choice)
      return
    }
    if (this.tracker.irreducible) {
      this.#counted.endUnlike(this.#picks, this.#choice, failed)
      this.#startOver()
      return
    }
    let races = this.races()
    let misjudged = this.#order.wasWrong()
    misjudged = this.#foresight.wasWrong(this.#branch) || misjudged
    if (!this.#order.strict && !this.#order.joinsCommute()) {
      this.#order.strict = true
      misjudged = true
      races = this.races()
    }
    this.#counted.endTrace(this.tracker, this.#order, this.#picks, this.#choice, failed)
    if (misjudged && !this.#first) {
      this.#startOver()
      return
    }
    this.#first = false
    const { steps, length } = this.tracker
    this.#reviews.review(steps, this.#branch, length, this.#asleep)
    for (let d = this.#branch; d < length; d++) {
      const s = steps[d] as Step
      if (d + 1 < length) this.#asleep[d + 1] = awake(this.#asleep[d] as Entry[], s)
    }
    this.#foresight.note(this.#chose)
    const { horizon } = this
    for (let i = 0; i < races.length; i += 2) {
      const later = steps[races[i + 1] as number] as Step
      if (later.index < horizon) this.#reverse(steps[races[i] as number] as Step, later)
    }
    if (!this.#chose) return
    for (let d = 0; d < length && d < horizon; d++) if ((steps[d] as Step).picks.length > 0) this.#otherValues(steps[d] as Step)
  }

  /** @internal The option to take where the tree asks for none. */
  protected freely(point: ChoicePoint): number {
    const all = this.#sleepers.any(this.tracker) ? point.count : 0
    for (let k = 0; k < all; k++) if (!this.sleeps(this.tracker.laneOf(point.optionAt(k)))) return k
    return 0
  }

  /** @internal Whether all that goes on with a step of the lane has been explored. */
  protected sleeps(lane: number): boolean {
    return this.#sleepers.has(lane, this.tracker)
  }

  /** @internal From this step on nothing is made of the execution that has just ended. A shard may look at less than all. */
  protected get horizon(): number {
    return Number.POSITIVE_INFINITY
  }

  /** @internal Of the execution that has just ended. */
  protected happensBefore(a: Step, b: Step): boolean {
    return this.#order.before(a, b)
  }

  /** @internal The races of the execution, as pairs of step numbers. Tests override it with wrong ones. */
  protected races(): readonly number[] {
    return this.#order.analyse()
  }

  /** Sees to it that an execution will be explored in which `later` comes before `earlier`. */
  #reverse(earlier: Step, later: Step): void {
    this.#without(earlier, later)
    const foresight = this.#foresight
    const last = foresight.reversed(later, earlier, this.#sequence, this.#reversed)
    let after = goingOn(earlier, later, foresight.doubts(earlier), this.#after)
    const wary = after !== null && earlier.disturbed ? earlier.lane : -1
    if (wary >= 0) after = null
    this.#explore(earlier, last, later, after, wary)
  }

  /** The steps after `earlier` that don't depend on it. */
  #without(earlier: Step, later: Step | null): void {
    this.#sequence.without(earlier, later, this.tracker.steps, Math.min(this.tracker.length, this.horizon))
  }

  /** Lets the sequence end with `last`, and puts it into the tree before `earlier` unless it is explored already. */
  #explore(earlier: Step, last: Step, original: Step, after: Step | null = null, wary = -1): void {
    const d = earlier.index
    const sequence = this.#sequence
    const { length } = sequence
    sequence.setLast(last, original, after, wary)
    for (const e of this.#asleep[d] as Entry[]) {
      if (!sequence.mayBeginWith(e)) continue
      // Only its own values are explored: of others it was seen to after what was taken not to depend on it.
      const left = sequence.valuesLeft(e)
      const given = last.picks
      for (let value = 0; value < left; value++) {
        last.picks = [...given, value]
        last.counts = e.counts.slice(0, last.picks.length)
        sequence.length = length
        this.#explore(earlier, last, original, after, wary)
      }
      return
    }
    this.#trees[d] = insert(sequence, this.#trees[d] ?? null)
  }

  /** The step might have chosen other values; what it does then, beyond what it had done before, is seen when it does it. */
  #otherValues(step: Step): void {
    for (let i = 0; i < step.picks.length; i++) {
      for (let value = 0; value < (step.counts[i] as number); value++) {
        if (value === step.picks[i]) continue
        // A step that was put there by a guess is there for all that may follow from it.
        const guessed = step.vague && i >= (this.#asked[step.index] as Entry).picks.length
        if (guessed) this.#sequence.clear()
        else this.#without(step, null)
        this.#explore(step, this.#foresight.choosing(step, i, value, guessed, this.#reversed), step)
      }
    }
  }
}

/**
 * One execution for each equivalence class of schedules (Mazurkiewicz trace), see above for what it assumes.
 *
 * @example
 * ```ts
 * const report = await check(body, { strategy: 'dpor', assume: 'tracked', schedules: 100_000 })
 * report.exhausted // true: every behaviour was seen
 * ```
 */
export function dpor(): Strategy {
  return new Dpor()
}
