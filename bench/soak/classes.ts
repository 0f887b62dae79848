import { Exhaustive } from '../../src/strategies/exhaustive.ts'
import { HappensBefore } from '../../src/strategies/dpor/happens-before.ts'
import { Recording } from '../../src/strategies/dpor/recording.ts'
import type { Step } from '../../src/strategies/dpor/step.ts'
import type { ChoicePoint, RunInfo, Strategy } from '../../src/strategies/strategy.ts'

/**
 * Runs every schedule, and says how many classes of equivalent ones there are: those that order all steps alike which
 * depend on one another. It is the happens-before relation that `dpor` has, held against no search at all.
 */
export class Classes implements Strategy {
  readonly name = 'classes'
  readonly tracker: Recording
  #joinsCommute = true
  readonly #order: HappensBefore
  readonly #every = new Exhaustive()
  readonly #seen = new Set<string>()
  /** What the steps of the schedule have chosen. */
  readonly #chosen = new Map<Step, readonly number[]>()

  /** @param known what has been seen of the program: at which futures somebody looks */
  constructor(known?: Classes) {
    this.tracker = new Recording(() => {}, known?.tracker.names)
    this.#order = new HappensBefore(this.tracker, false)
    known?.tracker.looked.forEach((is, object) => (this.tracker.looked[object] = is))
  }

  get count(): number {
    return this.#seen.size
  }

  /** Whether steps depend on the same from the first schedule to the last: what is found out late makes classes smaller. */
  get isExact(): boolean {
    return !this.tracker.irreducible && !this.#order.coarse && this.#joinsCommute && this.tracker.loose.size === 0
  }

  begin(run: RunInfo): boolean {
    this.tracker.restart()
    this.#chosen.clear()
    return this.#every.begin(run)
  }

  pick(point: ChoicePoint): number {
    const k = this.#every.pick(point)
    const step = this.tracker.steps[this.tracker.length - 1]
    if (point.optionAt(0).kind === 'value' && step !== undefined) {
      step.choose(k, point.count)
      // A call that goes well is the same where no more of them may fail, and nothing is chosen.
      if (k > 0 || point.disturbs !== true) this.#chosen.set(step, [...(this.#chosen.get(step) ?? []), k])
    }
    return k
  }

  end(): void {
    this.#every.end()
    this.#order.analyse()
    this.#joinsCommute &&= this.#order.joinsCommute()
    this.#seen.add(this.#inWords())
  }

  #inWords(): string {
    const { steps, length } = this.tracker
    const seen = steps.slice(0, length).filter((s) => s.objects.length > 0 || s.global || this.#chosen.has(s))
    const names = new Map<Step, string>()
    const made = new Map<number, number>()
    for (const s of seen) {
      const nth = made.get(s.lane) ?? 0
      made.set(s.lane, nth + 1)
      names.set(s, `${s.lane}:${nth}`)
    }
    const words = seen.map((s) => {
      const before = seen.filter((a) => a.index < s.index && this.#order.before(a, s)).map((a) => names.get(a))
      return `${names.get(s)} ${this.#chosen.get(s)?.join() ?? ''} after ${before.toSorted().join(' ')}`
    })
    return words.toSorted().join('\n')
  }
}
