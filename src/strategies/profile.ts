import { Places } from './places.ts'
import type { Prng } from './prng.ts'
import type { Access, Option, RunInfo } from './strategy.ts'

/** Counts events of one sort by lane: how many each lane has in a schedule, and has had so far in this one. */
export class LaneCounts {
  /** The most that the lane had in any schedule that was watched. */
  readonly learnt: number[] = []
  readonly #now: number[] = []

  reset(): void {
    this.#now.fill(0)
  }

  add(lane: number, learns: boolean): void {
    const n = (this.#now[lane] ?? 0) + 1
    this.#now[lane] = n
    if (learns && !(n <= (this.learnt[lane] ?? 0))) this.learnt[lane] = n
  }

  done(lane: number): number {
    return this.#now[lane] ?? 0
  }

  left(lane: number): number {
    return (this.learnt[lane] ?? 0) - (this.#now[lane] ?? 0)
  }
}

/** What is known of an object that was touched. */
export interface Touched {
  readonly object: number
  readonly counts: LaneCounts
  /** Touched by more than one lane, and written: the order of its accesses may matter. */
  racy: boolean
  written: boolean
  readonly firstLane: number
}

/** A step's place in its lane, as one number. */
const PLACES = 0x1_0000

/**
 * What the first schedules have shown: how many steps each lane has, who begot it, how often it touches which
 * object. Lanes and objects are known by their numbers, which are the same in each run as long as a program makes
 * its tasks and cells in the same order.
 */
export class Profile {
  /** Schedules that were watched to their end. */
  runs = 0
  /** The lane of the step that runs. */
  lane = 0
  readonly steps = new LaneCounts()
  readonly places = new Places()
  readonly racy: Touched[] = []
  readonly #objects = new Map<number, Touched>()
  /** Who ran when the lane first appeared. */
  readonly #parents: number[] = []
  readonly #born: boolean[] = []
  readonly #step: number[] = []
  #unborn = 0
  /** What a step touched first, by its place, where nothing said so beforehand. */
  readonly #undeclared = new Map<number, Access>()
  #declared = false
  #first = true
  #learns = true
  /** What was known of #parents when the last of these had ended. */
  #settled: (number | undefined)[] | null = null

  /** @param learns whether what this schedule shows is kept for later ones */
  begin(learns: boolean): void {
    this.#learns = learns
    if (!learns) {
      this.#settled ??= this.#parents.slice()
      this.#parents.length = 0
      this.#parents.push(...(this.#settled as number[]))
    }
    this.lane = 0
    this.steps.reset()
    this.places.begin()
    for (const touched of this.#objects.values()) touched.counts.reset()
    this.#born.fill(false)
    this.#step.fill(0)
    this.#unborn = 0
    for (const parent of this.#parents) if (parent !== undefined) this.#unborn++
  }

  end(): void {
    this.runs++
  }

  /** The place at which an object is touched that lanes race for whose turn it is; 0: there is none. */
  drawPlace({ schedule, seed }: RunInfo, prng: Prng): number {
    const isRacy = (object: number): boolean => this.#objects.get(object)?.racy === true
    return this.#learns ? this.places.drawLeastTried(prng, isRacy) : this.places.draw(schedule, seed, isRacy)
  }

  /** Notes a lane that shows for the first time. Says whether it did. */
  meet(lane: number): boolean {
    if (this.#born[lane] === true) return false
    this.#born[lane] = true
    if (this.#parents[lane] === undefined) this.#parents[lane] = this.lane
    else this.#unborn--
    return true
  }

  step(option: Option): void {
    const lane = option.lane ?? 0
    this.meet(lane)
    this.lane = lane
    // An external that completes and the step that it resumes are one event.
    if (option.kind !== 'handle') return
    this.#step[lane] = (this.#step[lane] ?? 0) + 1
    this.#declared = option.accesses !== undefined
    this.#first = true
    this.steps.add(lane, this.#learns)
  }

  access(access: Access): void {
    const { object, kind } = access
    const { lane } = this
    const learns = this.#learns
    if (learns) this.#learnOf(object, kind)
    else this.#objects.get(object)?.counts.add(lane, false)
    this.places.note(lane, access, this.#first, learns)
    if (!this.#first) return
    this.#first = false
    if (learns && !this.#declared) this.#undeclared.set(lane * PLACES + (this.#step[lane] ?? 0), access)
  }

  #learnOf(object: number, kind: Access['kind']): void {
    const { lane } = this
    const touched = this.#objects.get(object) ?? { object, counts: new LaneCounts(), racy: false, written: false, firstLane: lane }
    this.#objects.set(object, touched)
    touched.counts.add(lane, true)
    if (kind === 'write') touched.written = true
    if (touched.racy || !touched.written || touched.counts.learnt.every((_, l) => l === touched.firstLane)) return
    touched.racy = true
    this.racy.push(touched)
  }

  /** What the option touches first: as its task says, or as in an earlier schedule. */
  next(option: Option): Access | undefined {
    const { accesses } = option
    if (accesses !== undefined) return accesses[0]
    if (this.#undeclared.size === 0) return undefined
    const lane = option.lane ?? 0
    return this.#undeclared.get(lane * PLACES + (this.#step[lane] ?? 0) + 1)
  }

  /** How many events the lane has left, together with the lanes that it will beget. */
  left(counts: LaneCounts, lane: number): number {
    let n = Math.max(0, counts.left(lane))
    if (this.#unborn > 0) {
      this.#parents.forEach((parent, child) => {
        if (parent === lane && child !== lane && this.#born[child] !== true) n += this.left(counts, child)
      })
    }
    return n
  }

  /** The number above that of every lane known. */
  get lanes(): number {
    return this.#parents.length
  }

  /** Whether the lane has shown in this schedule. */
  isBorn(lane: number): boolean {
    return this.#born[lane] === true
  }
}
