import type { Tracker } from '../loop/tracker.ts'
import { samplers } from './samplers.ts'
import { strategyNamed, type StrategyName } from './named.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** Asks any strategy. */
export function ask(strategy: Strategy, point: ChoicePoint): number {
  return strategy.pickOf === undefined ? strategy.pick(point) : strategy.pickOf(point.count)
}

interface Member {
  readonly strategy: Strategy
  readonly seed: number
  schedules: number
}

/** Knuth's multiplicative constant spreads the seeds of the members. */
const SPREAD = 0x9e3779b9

/**
 * Several strategies take turns, a schedule each, so that whatever one of them is good at is found within as many times
 * more schedules as there are members. Each one counts its own schedules, from a seed of its own. One that has nothing
 * left to explore drops out; if it had no bound, all is explored and the portfolio ends with it.
 */
class Portfolio implements Strategy {
  readonly name = 'portfolio'
  #members: Member[] = []
  readonly #make: () => readonly Strategy[]
  #strategies: readonly Strategy[] = []
  #turn = 0
  #current: Member | undefined

  constructor(make: () => readonly Strategy[]) {
    this.#make = make
  }

  get watches(): boolean {
    return this.#current?.strategy.watches === true
  }

  get tracker(): Tracker | undefined {
    return this.#current?.strategy.tracker
  }

  /** Once every member has dropped out, the bounds of those that had one. */
  get bound(): string | undefined {
    if (this.#current !== undefined) return undefined
    const bounds = this.#strategies.map((s) => s.bound)
    return bounds.includes(undefined) ? undefined : bounds.join(', ')
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1) {
      this.#strategies = this.#make()
      this.#members = this.#strategies.map((strategy, i) => ({ strategy, seed: run.seed + i * SPREAD, schedules: 0 }))
      this.#turn = 0
    }
    for (;;) {
      const member = this.#members[this.#turn]
      this.#current = member
      if (member === undefined) return false
      if (member.strategy.begin({ ...run, schedule: ++member.schedules, seed: member.seed })) {
        this.#turn = (this.#turn + 1) % this.#members.length
        return true
      }
      if (member.strategy.bound === undefined) {
        this.#members = []
      } else {
        this.#members.splice(this.#turn, 1)
        if (this.#turn >= this.#members.length) this.#turn = 0
      }
    }
  }

  step(option: Option): void {
    this.#current?.strategy.step?.(option)
  }

  access(access: Access): void {
    this.#current?.strategy.access?.(access)
  }

  pick(point: ChoicePoint): number {
    return this.#current === undefined ? 0 : ask(this.#current.strategy, point)
  }

  end(outcome: RunOutcome): void {
    this.#current?.strategy.end?.(outcome)
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
