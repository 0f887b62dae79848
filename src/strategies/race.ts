import { Prng } from './prng.ts'
import { Profile } from './profile.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** Bits of a random word: one schedule in four is calm. */
const CALM = 0x300

/**
 * Race-directed random testing, after RaceFuzzer (Sen, PLDI 2008): each schedule draws one place of the program at which
 * a shared object is touched, and holds every lane back that is about to touch it there, as long as any other can go
 * on. All the rest runs in random order, so that whatever may come between does: mostly step by step, in one schedule of
 * four each lane as far as it can get.
 *
 * Departures: a place is no line of code but the accesses that the lane has made before and the one it is about to make;
 * it is drawn from what the first 32 schedules touched instead of a list of suspected races, each as often as the
 * others (while these are run, the least often drawn comes first); of the lanes held back a random one goes on when nobody
 * else can. The first schedule, before anything is known, is FIFO's mirror image: lanes take turns, the last one first.
 */
export class Race implements Strategy {
  readonly name = 'race'
  readonly watches = true
  readonly prologue = 32
  readonly #shared: boolean
  #profile: Profile
  readonly #prng = new Prng()
  readonly #free: number[] = []
  #target = 0
  /** Whether a lane goes on as far as it can, instead of taking turns. */
  #calm = false
  #word = 0

  /** @param shared what several strategies of one exploration learn together */
  constructor(shared?: Profile) {
    this.#profile = shared ?? new Profile()
    this.#shared = shared !== undefined
  }

  begin(run: RunInfo): boolean {
    if (run.schedule === 1 && !this.#shared) this.#profile = new Profile()
    this.#prng.seed(run.seed, run.schedule)
    this.#profile.begin(run.schedule <= this.prologue)
    this.#target = this.#profile.drawPlace(run, this.#prng)
    this.#word = this.#prng.next()
    this.#calm = (this.#word & CALM) === 0
    return true
  }

  step(option: Option): void {
    this.#profile.step(option)
  }

  access(access: Access): void {
    this.#profile.access(access)
  }

  pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#prng.below(point.count)
    if (this.#profile.runs === 0) return this.#lastInTurn(point)
    if (this.#target === 0) return this.#prng.below(point.count)
    let free = 0
    let best = 0
    let top = -1
    for (let i = 0; i < point.count; i++) {
      const option = point.optionAt(i)
      if (this.#isHeld(option)) continue
      this.#free[free++] = i
      const rank = this.#calm ? this.#rank(option.lane ?? 0) : -1
      if (rank > top) {
        best = i
        top = rank
      }
    }
    if (free === 0) return this.#prng.below(point.count)
    return this.#calm ? best : (this.#free[this.#prng.below(free)] as number)
  }

  /** Of the lanes that have run least often, the one made last. */
  #lastInTurn(point: ChoicePoint): number {
    let best = 0
    let lane = -1
    let fewest = Number.POSITIVE_INFINITY
    for (let i = 0; i < point.count; i++) {
      const its = point.optionAt(i).lane ?? 0
      const steps = this.#profile.steps.done(its)
      if (steps > fewest || (steps === fewest && its < lane)) continue
      best = i
      lane = its
      fewest = steps
    }
    return best
  }

  /** A random rank for each lane, the same throughout the schedule. */
  #rank(lane: number): number {
    const h = Math.imul(lane ^ this.#word, 0x85ebca6b)
    return Math.imul(h ^ (h >>> 13), 0xc2b2ae35) >>> 0
  }

  #isHeld(option: Option): boolean {
    const access = this.#profile.next(option)
    return access !== undefined && this.#profile.places.at(option.lane ?? 0, access) === this.#target
  }

  end(_outcome: RunOutcome): void {
    this.#profile.end()
  }
}

/**
 * Holds lanes back at one place in each schedule, so that others come between.
 *
 * @example
 * ```ts
 * await check(body, { strategy: race() })
 * ```
 */
export function race(): Strategy {
  return new Race()
}
