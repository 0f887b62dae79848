import { Prng } from './prng.ts'
import { Profile } from './profile.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/**
 * The uniform random walk of Zhao et al. (Selectively uniform concurrency testing, ASPLOS 2025), without the
 * selection: each lane is picked with a probability proportional to the steps that it has left, which makes all
 * interleavings of lanes that don't block each other equally likely. What a lane will beget counts as its own.
 *
 * The first schedule counts, in FIFO order. Departures: the first 32 schedules correct the counts upwards, since the lanes of
 * a program with branches differ from schedule to schedule; an option whose lane has done all it ever did weighs one.
 */
export class Urw implements Strategy {
  readonly name = 'urw'
  readonly watches = true
  readonly prologue: number
  #profile: Profile
  readonly #shared: boolean
  readonly #prng = new Prng()
  readonly #weights: number[] = []

  /** @param shared what several strategies of one exploration learn together */
  constructor(shared?: Profile, prologue = shared === undefined ? 32 : 8) {
    this.#profile = shared ?? new Profile()
    this.#shared = shared !== undefined
    this.prologue = prologue
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1 && !this.#shared) this.#profile = new Profile()
    this.#prng.seed(run.seed, run.schedule)
    this.#profile.begin(run.schedule <= this.prologue)
    return true
  }

  step(option: Option): void {
    this.#profile.step(option)
  }

  access(access: Access): void {
    this.#profile.access(access)
  }

  pick(point: ChoicePoint): number {
    const profile = this.#profile
    if (point.optionAt(0).kind === 'value') return profile.runs === 0 ? 0 : this.#prng.below(point.count)
    for (let i = 0; i < point.count; i++) profile.meet(point.optionAt(i).lane ?? 0)
    if (profile.runs === 0) return 0
    let total = 0
    for (let i = 0; i < point.count; i++) {
      const weight = Math.max(1, profile.left(profile.steps, point.optionAt(i).lane ?? 0))
      this.#weights[i] = weight
      total += weight
    }
    return draw(this.#prng, this.#weights, total)
  }

  end(_outcome: RunOutcome): void {
    this.#profile.end()
  }
}

/** An index, each with a probability proportional to its weight. */
export function draw(prng: Prng, weights: readonly number[], total: number): number {
  let rest = prng.below(total)
  let i = 0
  while (rest >= (weights[i] as number)) rest -= weights[i++] as number
  return i
}

/**
 * A random walk that makes all interleavings equally likely, where lanes don't block each other.
 *
 * @example
 * ```ts
 * await check(body, { strategy: urw() })
 * ```
 */
export function urw(): Strategy {
  return new Urw()
}
