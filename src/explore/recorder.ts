import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Access, Option } from '../loop/runnable.ts'
import { NondeterminismError } from '../strategies/exhaustive.ts'
import type { RunInfo, RunOutcome, Strategy } from '../strategies/strategy.ts'
import { ChoiceLog } from './choice-log.ts'
import type { Choices } from './confirm.ts'
import { shown } from './shown.ts'

/** A strategy threw, or picked what is not there: a mistake in the strategy, no failure of the test. */
export class StrategyError extends Error {
  override readonly name = 'StrategyError'
}

function failed(strategy: Strategy, method: string, error: unknown): StrategyError {
  return new StrategyError(`strategy ${strategy.name} failed in ${method}(): ${shown(error)}`, { cause: error })
}

/** Asks the strategy, and remembers its picks. */
export class Recorder implements Chooser, Observer {
  readonly #strategy: Strategy
  readonly #log = new ChoiceLog()

  constructor(strategy: Strategy) {
    this.#strategy = strategy
  }

  /** Choices made in this schedule. */
  get count(): number {
    return this.#log.count
  }

  reset(): void {
    this.#log.reset()
  }

  /** Begins a schedule; false: the strategy has no more. */
  begin(run: RunInfo): boolean {
    this.reset()
    try {
      return this.#strategy.begin(run)
    } catch (error) {
      throw failed(this.#strategy, 'begin', error)
    }
  }

  end(outcome: RunOutcome): void {
    try {
      this.#strategy.end?.(outcome)
    } catch (error) {
      throw failed(this.#strategy, 'end', error)
    }
  }

  /** Itself, if the strategy wants to be told of this schedule's steps. */
  get observer(): this | null {
    return this.#strategy.watches === true ? this : null
  }

  step(option: Option): void {
    this.#strategy.step?.(option)
  }

  access(access: Access): void {
    this.#strategy.access?.(access)
  }

  choose(point: ChoicePoint): number {
    const strategy = this.#strategy
    let k: number
    try {
      k = strategy.pickOf === undefined ? strategy.pick(point) : strategy.pickOf(point.count)
    } catch (error) {
      if (error instanceof NondeterminismError) throw error
      throw failed(strategy, 'pick', error)
    }
    // On the path of every pick, so integers only: NaN, fractions, strings and what is negative are changed by the shift.
    if (k >>> 0 !== k || k >= point.count) {
      throw new StrategyError(`strategy ${strategy.name} picked ${String(k)} of ${point.count} options`)
    }
    this.#log.add(point.count, k)
    return k
  }

  /** How many options this schedule had in all, multiplied along its way. */
  get product(): number {
    return this.#log.product
  }

  /** The choices of this schedule, as they were made. */
  choices(): Choices {
    return this.#log.choices()
  }

  /** The picks of this schedule that are not 0. */
  picks(): Map<number, number> {
    return this.#log.picks()
  }
}
