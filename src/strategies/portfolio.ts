import type { Tracker } from '../loop/tracker.ts'
import { samplers } from './samplers.ts'
import { strategyNamed, type StrategyName } from './named.ts'
import { Turns } from './turns.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** Asks any strategy. */
export function ask(strategy: Strategy, point: ChoicePoint): number {
  return strategy.pickOf === undefined ? strategy.pick(point) : strategy.pickOf(point.count)
}

/**
 * Several strategies take turns, a schedule each, so that whatever one of them is good at is found within as many times
 * more schedules as there are members. Each one counts its own schedules, from a seed of its own. One that has nothing
 * left to explore drops out; if it had no bound, all is explored and the portfolio ends with it.
 */
class Portfolio implements Strategy {
  readonly name = 'portfolio'
  readonly #make: () => readonly Strategy[]
  #turns: Turns
  /** Members that have dropped out, and how many turns of theirs have passed to the next. */
  readonly #ended = new Set<Strategy>()
  #skipped = 0
  #current: Strategy | undefined

  constructor(make: () => readonly Strategy[]) {
    this.#make = make
    this.#turns = new Turns(make())
  }

  /** Until the slowest learner has learnt. */
  get prologue(): number {
    return this.#turns.prologue
  }

  get watches(): boolean {
    return this.#current?.watches === true
  }

  get tracker(): Tracker | undefined {
    return this.#current?.tracker
  }

  /** Once every member has dropped out, the bounds of those that had one. */
  get bound(): string | undefined {
    if (this.#current !== undefined) return undefined
    const bounds = this.#turns.strategies.map((s) => s.bound)
    return bounds.includes(undefined) ? undefined : bounds.join(', ')
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1) {
      this.#turns = new Turns(this.#make())
      this.#ended.clear()
      this.#skipped = 0
    }
    const { strategies } = this.#turns
    while (this.#ended.size < strategies.length) {
      const turn = run.schedule + this.#skipped
      const strategy = this.#turns.at(turn)
      this.#current = strategy
      if (!this.#ended.has(strategy)) {
        if (strategy.begin(this.#turns.runOf(turn, run))) return true
        if (strategy.bound === undefined) for (const s of strategies) this.#ended.add(s)
        this.#ended.add(strategy)
      }
      this.#skipped++
    }
    this.#current = undefined
    return false
  }

  step(option: Option): void {
    this.#current?.step?.(option)
  }

  access(access: Access): void {
    this.#current?.access?.(access)
  }

  pick(point: ChoicePoint): number {
    return this.#current === undefined ? 0 : ask(this.#current, point)
  }

  end(outcome: RunOutcome): void {
    this.#current?.end?.(outcome)
  }
}

/**
 * Strategies, or their names, taking turns. Without any, those that `auto` samples with.
 *
 * @throws TypeError if there is none
 * @example
 * ```ts
 * await check(body, { strategy: portfolio([pct({ depth: 2 }), surw(), 'pos']) })
 * ```
 */
export function portfolio(members?: readonly (Strategy | StrategyName)[]): Strategy {
  if (members === undefined) return new Portfolio(samplers)
  if (members.length === 0) throw new TypeError('a portfolio needs at least one strategy')
  const strategies = members.map((m) => (typeof m === 'string' ? strategyNamed(m, Number.POSITIVE_INFINITY) : m))
  return new Portfolio(() => strategies)
}
