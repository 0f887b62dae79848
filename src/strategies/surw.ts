import { Prng } from './prng.ts'
import { type LaneCounts, Profile } from './profile.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'
import { draw, Urw } from './urw.ts'

const NOBODY = -1

/**
 * The selectively uniform random walk (Zhao, Wolff, Mathur and Roychoudhury, ASPLOS 2025): each schedule takes the
 * accesses of one shared object for interesting and makes their interleavings equally likely. It draws which lane has
 * the next interesting event, by the number that each has left, and holds every other lane back before its own; all
 * other steps run in random order.
 *
 * The first schedule counts, in FIFO order. The interesting object is drawn from those that several lanes touch and one
 * writes. Departures:
 * - The first 32 schedules correct the counts upwards, and add objects.
 * - Where no such object is known it is the unweighted base, `urw`.
 * - If every lane that can go on is held back, the draw is made again among these.
 */
export class Surw implements Strategy {
  readonly name = 'surw'
  readonly watches = true
  readonly prologue: number
  readonly #shared: Profile | undefined
  #profile: Profile
  #base: Urw
  readonly #prng = new Prng()
  readonly #weights: number[] = []
  readonly #free: number[] = []
  #object = NOBODY
  #counts: LaneCounts | null = null
  #intended = NOBODY

  /** @param shared what several strategies of one exploration learn together */
  constructor(shared?: Profile) {
    this.#shared = shared
    this.#profile = shared ?? new Profile()
    this.#base = new Urw(this.#profile, shared === undefined ? 32 : 8)
    this.prologue = shared === undefined ? 32 : 8
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1 && this.#shared === undefined) {
      this.#profile = new Profile()
      this.#base = new Urw(this.#profile, this.prologue)
    }
    this.#base.begin(run)
    // Not the base's numbers again, but others.
    this.#prng.seed(run.seed, ~run.schedule)
    const { racy } = this.#profile
    const chosen = racy[this.#prng.below(racy.length)]
    this.#object = chosen?.object ?? NOBODY
    this.#counts = chosen?.counts ?? null
    this.#intended = NOBODY
    return true
  }

  step(option: Option): void {
    this.#profile.step(option)
  }

  access(access: Access): void {
    this.#profile.access(access)
    if (access.object === this.#object) this.#intended = NOBODY
  }

  pick(point: ChoicePoint): number {
    const counts = this.#counts
    if (counts === null || point.optionAt(0).kind === 'value') return this.#base.pick(point)
    this.#meet(point, counts)
    if (this.#intended === NOBODY) this.#intended = this.#draw(counts)
    let free = 0
    for (let i = 0; i < point.count; i++) if (this.#mayRun(point.optionAt(i))) this.#free[free++] = i
    if (free > 0) return this.#free[this.#prng.below(free)] as number
    return this.#redraw(point, counts)
  }

  #mayRun(option: Option): boolean {
    return (option.lane ?? 0) === this.#intended || this.#profile.next(option)?.object !== this.#object
  }

  /** Events that a lane was to have by its children pass to them when they appear. */
  #meet(point: ChoicePoint, counts: LaneCounts): void {
    const profile = this.#profile
    for (let i = 0; i < point.count; i++) {
      const lane = point.optionAt(i).lane ?? 0
      const before = this.#intended === profile.lane && !profile.isBorn(lane) ? profile.left(counts, profile.lane) : 0
      if (!profile.meet(lane) || before === 0) continue
      if (this.#prng.below(before) < profile.left(counts, lane)) this.#intended = lane
    }
  }

  /** A lane, by the number of interesting events that it has left. */
  #draw(counts: LaneCounts): number {
    const profile = this.#profile
    let total = 0
    for (let lane = 0; lane < profile.lanes; lane++) {
      const weight = profile.isBorn(lane) ? profile.left(counts, lane) : 0
      this.#weights[lane] = weight
      total += weight
    }
    return total === 0 ? NOBODY : draw(this.#prng, this.#weights, total)
  }

  /** Whoever was to be next can't go on, and all others are held back: one of them is next. */
  #redraw(point: ChoicePoint, counts: LaneCounts): number {
    let total = 0
    for (let i = 0; i < point.count; i++) {
      const weight = Math.max(1, this.#profile.left(counts, point.optionAt(i).lane ?? 0))
      this.#weights[i] = weight
      total += weight
    }
    const k = draw(this.#prng, this.#weights, total)
    this.#intended = point.optionAt(k).lane ?? 0
    return k
  }

  end(outcome: RunOutcome): void {
    this.#base.end(outcome)
  }
}

/**
 * A random walk that makes all interleavings of the accesses to one shared object equally likely, another one in each
 * schedule.
 *
 * @example
 * ```ts
 * await check(body, { strategy: surw() })
 * ```
 */
export function surw(): Strategy {
  return new Surw()
}
