import { mix } from '../prng.ts'
import type { HappensBefore } from './happens-before.ts'
import type { Recording } from './recording.ts'
import type { Step } from './step.ts'

/** So many are remembered: enough for what a test runs, and no more memory however long the search. */
const REMEMBERED = 10_000

/**
 * Which traces and schedules have been counted. A search that finds out late what a step touches may run a few
 * equivalent executions, or start over: they are told by their happens-before relation, and count once.
 *
 * A trace is known by a hash of 53 bits: that any two of 10,000 share one has a probability of 6e-9.
 */
export class Counted {
  /** Whether the execution that ended last counts for none, since an equivalent one has counted. */
  again = false
  /** Whether every execution was a trace of its own. */
  allDistinct = true
  #failed = false
  readonly #traces = new Set<number>()
  readonly #schedules = new Set<number>()
  /** By lane: how many of its first so many steps somebody can see. */
  readonly #seen: number[][] = []

  clear(): void {
    this.again = false
    this.allDistinct = true
    this.#failed = false
    this.#traces.clear()
    this.#schedules.clear()
  }

  /** An execution of a search that reduces has ended. The first failure counts always: none is lost should the relation say too much. */
  endTrace(recording: Recording, order: HappensBefore, picks: readonly number[], length: number, failed: boolean): void {
    const had = this.#had(this.#trace(recording, order))
    if (had) this.allDistinct = false
    if (had && (this.#failed || !failed)) this.again = true
    else this.#count(picks, length, failed)
  }

  /** One has ended whose steps are not compared with others. */
  endUnlike(picks: readonly number[], length: number, failed: boolean): void {
    this.#count(picks, length, failed)
  }

  /** One of a search that runs every schedule has ended: it counts unless it had before that search began. */
  endSchedule(picks: readonly number[], length: number): void {
    this.again = this.#schedules.size > 0 && this.#schedules.has(hashOf(picks, length))
  }

  #count(picks: readonly number[], length: number, failed: boolean): void {
    this.again = false
    this.#failed ||= failed
    if (this.#schedules.size < REMEMBERED) this.#schedules.add(hashOf(picks, length))
  }

  #had(trace: number): boolean {
    if (this.#traces.has(trace)) return true
    if (this.#traces.size < REMEMBERED) this.#traces.add(trace)
    return false
  }

  /** The steps that somebody can see, each with its causal past and the values that it chose; in any order. */
  #trace(recording: Recording, order: HappensBefore): number {
    const { steps, length, lanes, cutShort } = recording
    const seen = this.#seen
    for (let lane = 0; lane <= lanes; lane++) (seen[lane] ??= [0]).length = 1
    let low = 0
    let high = 0
    for (let i = 0; i < length; i++) {
      const s = steps[i] as Step
      const before = seen[s.lane] as number[]
      // Where the run ends before others have it shows how far each had come.
      const shows = cutShort || s.global || s.objects.length > 0 || s.picks.length > 0
      const place = (before[before.length - 1] as number) + (shows ? 1 : 0)
      before.push(place)
      if (!shows) continue
      let a = mix(s.lane)
      let b = place
      for (let lane = 0; lane <= lanes; lane++) {
        const n = order.stepsBefore(s, lane)
        if (n === 0) continue
        const visible = (seen[lane] as number[])[n] as number
        if (visible === 0) continue
        a = mix(a ^ Math.imul(lane + 1, 0x9e3779b1) ^ visible)
        b = mix(b + a)
      }
      for (const value of s.picks) {
        a = mix(a ^ (value + 1))
        b = mix(b + a)
      }
      low = (low + a) | 0
      high = (high + b) | 0
    }
    return joined(low, high)
  }
}

function hashOf(picks: readonly number[], length: number): number {
  let a = length
  let b = 0
  for (let i = 0; i < length; i++) {
    a = mix(a ^ (picks[i] as number))
    b = mix(b + a)
  }
  return joined(a, b)
}

/** One number of 53 bits. */
function joined(low: number, high: number): number {
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}
