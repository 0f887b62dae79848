import type { AllNames } from '../dpor/names.ts'
import { conflict, including, type Step } from '../dpor/step.ts'
import { Dpor } from '../dpor.ts'
import type { ChoicePoint, Option, RunInfo } from '../strategy.ts'
import { beginsWith, type Conflict, type NthTouch } from './conflicts.ts'

/** A touch, as far as an execution has come. */
interface Watched {
  readonly touch: NthTouch
  /** How many steps its lane has made, and how many of these touched the object. */
  made: number
  touched: number
  /** Which step it was; -1: it has not run. */
  index: number
}

/** Two that come in a given order. */
interface Order {
  readonly before: Watched
  readonly after: Watched
  /** Whether that is not the order in which the conflict names them. */
  readonly swapped: boolean
}

/**
 * The executions in which some conflicts come in given orders. It is the search of a program in which the second of two such
 * steps has to wait for the first: a cause, in the happens-before relation. So the two are never reversed, and no
 * execution is run for nothing where the two conflict whatever comes before.
 *
 * Of an execution in which one of the two does not happen, or nothing orders them, each cell with the one order has an
 * equivalent. It belongs to that of the order which it has by rule, see #ordersByRule.
 *
 * A step that would come too soon is held back, as long as something else can run. It can be known beforehand of what has
 * declared its access; other steps are taken to be the second of two if they have the same place in their lane as the
 * one that was seen. Where nothing else can run, no execution that goes on from there belongs here.
 */
export class DporCell extends Dpor {
  /** Whether the execution that has ended belongs here. */
  belongs = false
  readonly #orders: readonly Order[]
  readonly #touches: readonly Watched[]
  /** So many steps of the execution have been looked at. */
  #seen = 0
  /** From this step on nothing belongs here. */
  #cut = Number.POSITIVE_INFINITY

  /**
   * @param cell its binary digits say which of the conflicts come in the other order
   * @param names those of the search in which the conflicts were found
   */
  constructor(conflicts: readonly Conflict[], cell: number, names: AllNames) {
    super(false, names)
    const watched = new Map<NthTouch, Watched>()
    const watch = (touch: NthTouch): Watched => {
      const known = watched.get(touch) ?? { touch, made: 0, touched: 0, index: -1 }
      watched.set(touch, known)
      return known
    }
    this.#orders = conflicts.map(({ one, other }, i) => {
      const swapped = ((cell >> i) & 1) === 1
      const [a, b] = [watch(one), watch(other)]
      return swapped ? { before: b, after: a, swapped } : { before: a, after: b, swapped }
    })
    this.#touches = [...watched.values()]
  }

  override begin(run: RunInfo): boolean {
    this.#seen = 0
    this.#cut = Number.POSITIVE_INFINITY
    for (const w of this.#touches) {
      w.made = 0
      w.touched = 0
      w.index = -1
    }
    return super.begin(run)
  }

  #look(): void {
    const { steps, length } = this.tracker
    for (; this.#seen < length; this.#seen++) {
      const step = steps[this.#seen] as Step
      for (const w of this.#touches) {
        if (w.touch.lane !== step.lane) continue
        w.made++
        if (!step.objects.includes(w.touch.object)) continue
        if (w.touched++ === w.touch.nth) w.index = this.#seen
      }
    }
  }

  protected override freely(point: ChoicePoint): number {
    this.#look()
    let isOver = true
    for (let k = 0; k < point.count; k++) {
      const option = point.optionAt(k)
      const lane = this.tracker.laneOf(option)
      const tooSoon = this.#comesTooSoon(option, lane)
      if (!tooSoon && !this.sleeps(lane)) return k
      // Whether a lane sleeps is not certain yet: what woke it may be a join that proves to be an access.
      isOver &&= tooSoon && option.accesses !== undefined
    }
    if (isOver) this.#cut = Math.min(this.#cut, this.tracker.length)
    return super.freely(point)
  }

  #comesTooSoon({ accesses }: Option, lane: number): boolean {
    return this.#orders.some(({ before, after: { touch, made, touched } }) => {
      if (lane !== touch.lane || touched !== touch.nth || before.index >= 0) return false
      return accesses === undefined ? made === touch.place : accesses.some((a) => a.object === touch.object)
    })
  }

  protected override get horizon(): number {
    return this.#cut
  }

  protected override races(): readonly number[] {
    this.#look()
    const { steps } = this.tracker
    const isPlain = this.#orders.every(({ before, after }) => {
      return before.index < 0 || after.index < 0 || conflict(steps[before.index] as Step, steps[after.index] as Step)
    })
    // What is found without the orders is what orders the execution by itself.
    if (!isPlain) super.races()
    const places = isPlain ? this.#touches.map((w) => w.index) : this.#ordersByRule()
    const placeOf = (w: Watched): number => places[this.#touches.indexOf(w)] as number
    this.belongs = this.#orders.every(({ before, after, swapped }) => {
      if (before.index >= 0 && after.index >= 0) return placeOf(before) < placeOf(after)
      return swapped ? before.index >= 0 : after.index < 0
    })
    for (const { before, after } of this.#orders) {
      if (before.index < 0 || before.index > after.index) continue
      const step = steps[after.index] as Step
      // Of another one it is not known that it would have to wait: in another order it might not touch the object.
      if (beginsWith(step, after.touch.object, this.tracker)) step.waitsFor = including(step.waitsFor, before.index)
    }
    const races = super.races()
    if (this.#somebodyWaits()) this.#cut = Number.POSITIVE_INFINITY
    return races
  }

  /**
   * The places of the touches in the first order of them that the happens-before relation allows, where the one that was
   * watched first comes first. So no order that it gives to two makes a circle with what it gives to others.
   */
  #ordersByRule(): number[] {
    const { steps } = this.tracker
    const places = this.#touches.map(() => -1)
    const left = new Set(this.#touches.filter((w) => w.index >= 0))
    const isBefore = (a: Watched, b: Watched): boolean => a.index !== b.index && this.happensBefore(steps[a.index] as Step, steps[b.index] as Step)
    for (let place = 0; left.size > 0; place++) {
      const next = [...left].find((w) => ![...left].some((v) => isBefore(v, w))) as Watched
      places[this.#touches.indexOf(next)] = place
      left.delete(next)
    }
    return places
  }

  /** Whether an operation with a condition comes after the cut: it might have waited in vain. */
  #somebodyWaits(): boolean {
    const { steps, length, pending } = this.tracker
    for (let i = this.#cut; i < length + pending; i++) if ((steps[i] as Step).operation?.guarded === true) return true
    return false
  }
}
