import { mix } from '../prng.ts'
import type { HappensBefore } from './happens-before.ts'
import type { Recording } from './recording.ts'
import type { Step } from './step.ts'

/** What is looked at of an execution. */
export type Execution = Pick<Recording, 'length' | 'lanes' | 'cutShort'> & {
  readonly steps: readonly Pick<Step, 'lane' | 'global' | 'objects' | 'picks'>[]
}
export type Order = Pick<HappensBefore, 'stepsBefore'>

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
  #failed = false
  readonly #traces = new Set<number>()
  /** Made a set when it is looked at, which it hardly ever is. */
  #schedules: number[] | Set<number> = []
  /** By lane, row by row: how many of its first so many steps somebody can see. */
  #visible = new Int32Array(0)
  /** By lane: how many steps there were. */
  readonly #places: number[] = []

  clear(): void {
    this.#failed = false
    this.#traces.clear()
    this.#schedules = []
  }

  /** An execution of a search that reduces has ended. The first failure counts always: none is lost should the relation say too much. */
  endTrace(execution: Execution, order: Order, picks: readonly number[], length: number, failed: boolean): void {
    const had = this.#had(this.#trace(execution, order))
    if (had && (this.#failed || !failed)) this.again = true
    else this.endUnlike(picks, length, failed)
  }

  /** One has ended whose steps are not compared with others. */
  endUnlike(picks: readonly number[], length: number, failed: boolean): void {
    this.again = false
    this.#failed ||= failed
    const schedules = this.#schedules
    if (Array.isArray(schedules) && schedules.length < REMEMBERED) schedules.push(hashOf(picks, length))
  }

  /** One of a search that runs every schedule has ended: it counts unless it had before that search began. */
  endSchedule(picks: readonly number[], length: number): void {
    if (Array.isArray(this.#schedules)) this.#schedules = new Set(this.#schedules)
    this.again = this.#schedules.has(hashOf(picks, length))
  }

  #had(trace: number): boolean {
    if (this.#traces.has(trace)) return true
    if (this.#traces.size < REMEMBERED) this.#traces.add(trace)
    return false
  }

  /** The steps that somebody can see, each with its causal past and the values that it chose; in any order. */
  #trace(execution: Execution, order: Order): number {
    const { steps, length, lanes, cutShort } = execution
    const width = length + 1
    const all = (lanes + 1) * width
    if (this.#visible.length < all) this.#visible = new Int32Array(2 * all)
    const visible = this.#visible
    const places = this.#places
    for (let lane = 0; lane <= lanes; lane++) {
      places[lane] = 0
      visible[lane * width] = 0
    }
    let low = 0
    let high = 0
    for (let i = 0; i < length; i++) {
      const s = steps[i] as Execution['steps'][number]
      // Where the run ends before others have it shows how far each had come.
      const shows = cutShort || s.global || s.objects.length > 0 || s.picks.length > 0
      const at = s.lane * width + ++(places[s.lane] as number)
      visible[at] = (visible[at - 1] as number) + (shows ? 1 : 0)
      if (!shows) continue
      let a = s.lane
      let b = visible[at] as number
      for (let lane = 0; lane <= lanes; lane++) {
        const seen = visible[lane * width + order.stepsBefore(i, lane)] as number
        // Lanes of which it follows nothing say nothing: there are more of them once others have been seen.
        if (seen === 0) continue
        const word = Math.imul(lane + 1, 0x9e3779b1) ^ seen
        a = Math.imul(a ^ word, 0x01000193) ^ (a >>> 15)
        b = (Math.imul(b, 31) + word) | 0
      }
      for (const value of s.picks) {
        a = mix(a ^ value)
        b = mix(b + value)
      }
      low = (low + mix(a)) | 0
      high = (high + mix(b ^ a)) | 0
    }
    return joined(low, high)
  }
}

function hashOf(picks: readonly number[], length: number): number {
  let a = length
  let b = 0
  for (let i = 0; i < length; i++) {
    const pick = picks[i] as number
    a = Math.imul(a ^ pick, 0x01000193) ^ (a >>> 15)
    b = (Math.imul(b, 31) + Math.imul(pick ^ i, 0x9e3779b1)) | 0
  }
  return joined(mix(a), mix(b ^ a))
}

/** One number of 53 bits. */
function joined(low: number, high: number): number {
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0)
}
