import { Entry, type Sequence } from '../dpor/wakeup-tree.ts'
import { conflict, type Step } from '../dpor/step.ts'
import { Dpor } from '../dpor.ts'
import type { ChoicePoint, RunInfo, RunOutcome } from '../strategy.ts'

/** A choice of a given beginning: the step that followed it, and the lanes of the options before the one picked. */
interface Given {
  readonly step: number
  readonly before: readonly number[]
}

/** A step that could have been picked before the given one, and was found to commute with what follows. */
interface Sleeper {
  readonly from: number
  readonly entry: Entry
}

/**
 * The executions with a given beginning, and of these the classes of which no execution has an earlier one: a beginning is
 * earlier if an option before the one given is picked. A class has an earlier one if the step of such an option comes
 * later here, and nothing between the two is ordered with it.
 *
 * Such a step sleeps as soon as one is seen: the exploration starts over, and the step runs only after one that it is in
 * conflict with, or when nothing else can; then what follows is explored elsewhere.
 */
export class DporPart extends Dpor {
  /** Which step is the first that is not given. */
  given = Number.POSITIVE_INFINITY
  readonly choices: Given[] = []
  /** Every execution is equivalent to one with an earlier beginning. */
  redundant = false
  /** Nothing can be reduced here, and this has been known from the beginning of the execution on. */
  #every = false
  /** An execution of a class that belongs here has been seen. */
  #found = false
  #isFirst = true
  /** From this step on everything is explored elsewhere. */
  #cut = Number.POSITIVE_INFINITY
  #sleepers: Sleeper[] = []
  #asleep: Entry[] = []
  /** Steps that #asleep takes into account. */
  #seen = 0
  /** By step, the execution in which there was a choice before it; and in which all options slept. */
  readonly #asked: number[] = []
  readonly #blocked: number[] = []
  #execution = 0

  protected override get isWhole(): boolean {
    return false
  }

  override begin(run: RunInfo): boolean {
    this.choices.length = 0
    this.#execution++
    this.#asleep = []
    this.#seen = 0
    this.#cut = Number.POSITIVE_INFINITY
    return super.begin(run)
  }

  override pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind !== 'value') this.#asked[this.tracker.length] = this.#execution
    return super.pick(point)
  }

  /** Whether no equivalent execution has an earlier beginning. */
  get isFirst(): boolean {
    return this.#isFirst
  }

  override end(outcome: RunOutcome): void {
    const before = this.#sleepers.length
    const every = this.#every
    super.end(outcome)
    if (this.runsEvery) {
      this.#every = true
      // All are run from now on, this one again.
      this.#isFirst = every
      return
    }
    if (this.#isFirst) this.#found = true
    else if (!this.#found && this.#sleepers.length > before && !this.redundant) this.startOver()
  }

  protected override races(): readonly number[] {
    const races = super.races()
    this.#isFirst = true
    if (this.strict) this.#sleepers.length = 0
    for (const { step, before } of this.choices) for (const lane of before) this.#look(step, lane)
    if (this.#somebodyWaits()) this.#cut = Number.POSITIVE_INFINITY
    return races
  }

  /** Whether an operation with a condition comes after the cut: it might have waited in vain. */
  #somebodyWaits(): boolean {
    const { steps, length, pending } = this.tracker
    for (let i = this.#cut; i < length + pending; i++) if ((steps[i] as Step).operation?.guarded === true) return true
    return false
  }

  /** Whether the lane's next step could come first at that point. */
  #look(from: number, lane: number): void {
    const step = this.#initial(from, lane)
    if (step === null) {
      this.#isFirst &&= this.strict || !this.#mightHaveWaited(from, lane)
      return
    }
    this.#isFirst = false
    const { index } = step
    if (index < this.given || this.#isFree(step)) this.redundant = true
    // Only what follows from these values is explored elsewhere: with others it might be in somebody's way.
    if (step.picks.length > 0) return
    const forced = this.#asked[index] !== this.#execution || this.#blocked[index] === this.#execution
    if (forced) this.#cut = Math.min(this.#cut, index)
    // What cancels a task, or what a join waits for, is seen only when an execution has ended: nobody could be woken by it.
    if (this.strict) return
    if (!this.#sleepers.some((s) => s.from === from && s.entry.lane === lane)) {
      this.#sleepers.push({ from, entry: new Entry(step) })
    }
  }

  /** Whether the lane's next step from there on is in nobody's way, in the execution that has just ended. */
  isFree(from: number, lane: number): boolean {
    const { steps, length } = this.tracker
    for (let i = from; i < length; i++) if ((steps[i] as Step).lane === lane) return this.#isFree(steps[i] as Step)
    return false
  }

  /** It touches nothing, and the run does not end before it. */
  #isFree(step: Step): boolean {
    const { steps, length, interfered } = this.tracker
    if (step.external || step.global || step.objects.length > 0 || step.settles.length > 0 || step.picks.length > 0) return false
    return !this.strict && interfered.size === 0 && this.happensBefore(step, steps[length - 1] as Step)
  }

  /** A step that ran although it slept, for want of anything else, is no part of what is to be explored here. */
  protected override get horizon(): number {
    return this.#cut
  }

  protected override takes(sequence: Sequence, depth: number): boolean {
    if (depth < this.given) return false
    // One that ran although others could have is in the sequences: nothing can be said of these.
    if (!this.#isFirst && this.#cut === Number.POSITIVE_INFINITY) return true
    // Not so if the step is not in the sequence: what comes after that may wake it.
    return !this.#asleepAt(depth).some((e) => has(sequence, e.lane) && sequence.mayBeginWith(e, false))
  }

  #asleepAt(depth: number): Entry[] {
    const { steps } = this.tracker
    let asleep: Entry[] = []
    for (let i = 0; i < depth; i++) asleep = this.#after(asleep, i, steps[i] as Step)
    return asleep
  }

  /** Those asleep after step i, of those that were before it, and those that have fallen asleep there. */
  #after(asleep: Entry[], i: number, step: Step): Entry[] {
    const all = [...asleep]
    for (const { from, entry } of this.#sleepers) if (from === i) all.push(entry)
    return all.filter((e) => e.lane !== step.lane && !conflict(e, step))
  }

  protected override freely(point: ChoicePoint): number {
    if (this.#sleepers.length === 0) return super.freely(point)
    const { steps, length } = this.tracker
    for (; this.#seen < length; this.#seen++) this.#asleep = this.#after(this.#asleep, this.#seen, steps[this.#seen] as Step)
    for (let k = 0; k < point.count; k++) {
      const lane = this.tracker.laneOf(point.optionAt(k))
      if (!this.#asleep.some((e) => e.lane === lane) && !this.sleeps(lane)) return k
    }
    this.#blocked[length] = this.#execution
    return 0
  }

  /**
   * Whether the first step of the lane from there on passes a join before it does anything else, and could have come to that
   * first of all: it would have waited, and nobody could tell.
   */
  #mightHaveWaited(from: number, lane: number): boolean {
    const { steps, length, joins } = this.tracker
    for (let i = from; i < length; i++) {
      const step = steps[i] as Step
      if (step.lane !== lane) continue
      const passes = joins.some((j) => j.step === i && j.resumed < 0 && !j.effective)
      return passes && step.picks.length === 0 && step.seenCauses.every((cause) => cause < from)
    }
    return false
  }

  /** The first step of the lane from there on, if it could as well be the first of all. */
  #initial(from: number, lane: number): Step | null {
    const { steps, length } = this.tracker
    for (let i = from; i < length; i++) {
      const step = steps[i] as Step
      if (step.lane !== lane) continue
      for (let k = from; k < i; k++) if (this.happensBefore(steps[k] as Step, step)) return null
      return step
    }
    return null
  }
}

function has(sequence: Sequence, lane: number): boolean {
  for (let i = 0; i < sequence.length; i++) if (sequence.steps[i]?.lane === lane) return true
  return false
}
