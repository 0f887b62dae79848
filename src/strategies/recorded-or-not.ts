import type { Profile } from './profile.ts'
import { ask } from './portfolio.ts'
import { Turns } from './turns.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/**
 * A strategy that lives on recorded accesses, and others that take its turns, one after the other, as long as none has been
 * recorded: in packages that know nothing of recording it would be a random walk, which late windows escape.
 */
export class RecordedOrNot implements Strategy {
  readonly name: string
  readonly #recorded: Strategy
  readonly #profile: Profile
  readonly #others: Turns
  #current: Strategy

  constructor(recorded: Strategy, profile: Profile, others: readonly Strategy[]) {
    this.name = recorded.name
    this.#recorded = recorded
    this.#profile = profile
    this.#others = new Turns(others)
    this.#current = recorded
  }

  get prologue(): number {
    return Math.max(this.#recorded.prologue ?? Number.POSITIVE_INFINITY, this.#others.prologue)
  }

  get watches(): boolean {
    return this.#current.watches === true
  }

  begin(run: RunInfo): boolean {
    // Its first schedule shows what there is.
    const known = this.#profile.racy.length > 0 || this.#profile.runs < 2
    this.#current = known ? this.#recorded : this.#others.at(run.schedule)
    return this.#current.begin(known ? run : this.#others.runOf(run.schedule, run))
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
