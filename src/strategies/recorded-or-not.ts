import type { Profile } from './profile.ts'
import { ask } from './portfolio.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/**
 * A strategy that lives on recorded accesses, and others that take its turns, one after the other, as long as none has been
 * recorded: in packages that know nothing of recording it would be a random walk, which late windows escape.
 */
export class RecordedOrNot implements Strategy {
  readonly name: string
  readonly #recorded: Strategy
  readonly #profile: Profile
  readonly #others: readonly Strategy[]
  #current: Strategy

  constructor(recorded: Strategy, profile: Profile, others: readonly Strategy[]) {
    this.name = recorded.name
    this.#recorded = recorded
    this.#profile = profile
    this.#others = others
    this.#current = recorded
  }

  get watches(): boolean {
    return this.#current.watches === true
  }

  begin(run: RunInfo): boolean {
    // Its first schedule shows what there is.
    const known = this.#profile.racy.length > 0 || this.#profile.runs < 2
    this.#current = known ? this.#recorded : (this.#others[turnOf(run.schedule) % this.#others.length] as Strategy)
    return this.#current.begin(run)
  }

  step(option: Option): void {
    this.#current.step?.(option)
  }

  access(access: Access): void {
    this.#current.access?.(access)
  }

  pick(point: ChoicePoint): number {
    return ask(this.#current, point)
  }

  end(outcome: RunOutcome): void {
    this.#current.end?.(outcome)
  }
}

/** By the schedule's number, so that it is the same wherever an exploration begins; tens shift it, as portfolios have ten turns. */
function turnOf(schedule: number): number {
  return (schedule >> 1) + Math.floor(schedule / 10)
}
