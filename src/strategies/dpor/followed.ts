import type { Recording } from './recording.ts'
import { including, type Join, NONE, READ, type Step } from './step.ts'

type Joined = Pick<Recording, 'steps' | 'joins' | 'unfinished' | 'looked' | 'collected' | 'endOf'>

/** What became of a join, each time that it was something else: by futures. */
interface Known {
  /** Where it was followed: those that were passed before; and those whose end is what followed. */
  readonly ways: (readonly number[])[]
  /** Where it was not: those that were waited for then, or that were ended and nobody looked at. */
  readonly stops: (readonly number[])[]
}

/** So many objects there can be; more make joins share what is known of them. */
const OBJECTS = 2 ** 24

/**
 * Joins that can be seen: those that are followed by an access in the same step. Had the future ended later, others could have
 * come in between, provided that the step had done something before.
 *
 * What follows may hang on the outcome of what is awaited. So a join that was followed in some execution is taken to be in the others,
 * too, unless something that it passed there on the way is waited for here.
 */
export class Followed {
  /** A step was taken to conflict with all others, because it was not known with which it does. */
  coarse = false
  readonly #recording: Joined
  /** By lane and future. */
  readonly #known = new Map<number, Known>()
  #wrong = false
  /** By the number of the join: the way to what follows, if anything does; and whether it is shown, for whatever reason. */
  readonly #ways: (readonly number[] | null)[] = []
  readonly #shown: boolean[] = []

  constructor(recording: Joined) {
    this.#recording = recording
  }

  /** Nothing is known of earlier executions. */
  forget(): void {
    this.coarse = false
    this.#known.clear()
    this.#wrong = false
  }

  /** Whether a join was taken not to be followed in an earlier execution, and that could have been because of what it hung on. */
  wasWrong(): boolean {
    const wrong = this.#wrong
    if (wrong) for (const { stops } of this.#known.values()) stops.length = 0
    this.#wrong = false
    return wrong
  }

  /** Shows them. */
  show(): void {
    const { joins } = this.#recording
    this.#ways.length = this.#shown.length = 0
    do while (this.#showMore(true));
    while (this.#showMore(false))
    for (let k = 0; k < joins.length; k++) this.#note(joins[k] as Join, this.#ways[k] as readonly number[] | null)
  }

  /** @param sure whether those only that are followed in this execution. Gives whether any was not shown before. */
  #showMore(sure: boolean): boolean {
    const r = this.#recording
    let changed = false
    for (let k = 0; k < r.joins.length; k++) {
      const j = r.joins[k] as Join
      const s = r.steps[j.step] as Step
      // That it is shown is nothing that follows.
      if (sure && this.#shown[k] !== true) this.#ways[k] = this.#wayFrom(j)
      if (this.#ways[k] === null && !j.beside && !j.follows && (sure || !this.#wasFollowed(j))) continue
      this.#shown[k] = true
      if (!j.effective && !j.beside && !s.forked) {
        if (j.resumed < 0) s.causes = including(s.causes, r.endOf(j.object))
        continue
      }
      if (s.objects.includes(j.object) || s.global) continue
      if (r.collected.has(j.object)) {
        s.touchAll(j.chosen)
        this.coarse = true
      } else s.touch(j.object, READ, undefined, j.chosen)
      // Joins that it had passed before are followed by this.
      s.touches++
      r.looked[j.object] = true
      changed = true
    }
    return changed
  }

  /** The way to what follows that somebody can see; null: nothing does. What the step did before the join does not follow. */
  #wayFrom(j: Join): readonly number[] | null {
    const { looked } = this.#recording
    const rest = this.#restOf(j)
    if (rest.touches > (j.resumed < 0 ? j.touches : 0)) return this.#passedBehind(j)
    const read = this.#endedBehind(j).filter((future) => looked[future] === true)
    return read.length === 0 ? null : including(this.#passedBehind(j), read)
  }

  /** The step that goes on after it. */
  #restOf({ step, resumed }: Join): Step {
    return this.#recording.steps[resumed < 0 ? step : resumed] as Step
  }

  #knownOf(j: Join): Known {
    const key = (this.#recording.steps[j.step] as Step).frame * OBJECTS + j.object
    const known = this.#known.get(key) ?? { ways: [], stops: [] }
    this.#known.set(key, known)
    return known
  }

  /** Whether something followed in another execution, and does not here though nothing on the way to it holds it up. */
  #wasFollowed(j: Join): boolean {
    const { ways } = this.#knownOf(j)
    if (ways.length === 0) return false
    const stops = this.#stopsOf(j)
    return ways.some((way) => isAnotherWay(way, stops))
  }

  #note(j: Join, way: readonly number[] | null): void {
    // What completes an external may have touched more before it.
    if (j.resumed >= 0 && this.#restOf(j).external) return
    const { ways, stops } = this.#knownOf(j)
    if (way === null) {
      if (!this.#wasFollowed(j)) add(stops, this.#stopsOf(j))
    } else {
      add(ways, way)
      this.#wrong ||= stops.some((stop) => isAnotherWay(way, stop))
    }
  }

  /** The futures that the step goes on past behind the join. */
  #passedBehind(j: Join): readonly number[] {
    const { joins } = this.#recording
    const rest = this.#restOf(j).index
    let passed: readonly number[] = NONE
    for (let k = joins.indexOf(j) + 1; k < joins.length; k++) {
      const { step, resumed, object } = joins[k] as Join
      if (step === rest && resumed < 0) passed = including(passed, object)
    }
    return passed
  }

  /** Those that it ends. */
  #endedBehind(j: Join): readonly number[] {
    const { settles } = this.#restOf(j)
    return settles.length === 0 ? NONE : settles.slice(j.resumed < 0 ? j.ended : 0)
  }

  /** Those, and the ones that it then waits for. */
  #stopsOf(j: Join): readonly number[] {
    const { joins, unfinished } = this.#recording
    const rest = this.#restOf(j).index
    let stops = this.#endedBehind(j)
    for (const { step, resumed, object } of joins) if (step === rest && resumed >= 0) stops = including(stops, object)
    for (const { step, object } of unfinished) if (step === rest) stops = including(stops, object)
    return stops
  }
}

function isAnotherWay(way: readonly number[], stops: readonly number[]): boolean {
  return !stops.some((future) => way.includes(future))
}

/** One that has all that another one has says nothing more. */
function add(all: (readonly number[])[], one: readonly number[]): void {
  if (!all.some((other) => other.every((future) => one.includes(future)))) all.push(one)
}
