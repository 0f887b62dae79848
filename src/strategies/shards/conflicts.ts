import type { Recording } from '../dpor/recording.ts'
import { conflict, type Step, type Touching } from '../dpor/step.ts'

/** The step of a lane that touches an object for the n-th time. In equivalent executions that is the same step. */
export interface NthTouch {
  readonly lane: number
  readonly object: number
  /** From 0. */
  readonly nth: number
  /** How many steps its lane had made before it, where it was seen. */
  readonly place: number
}

/** Two steps that conflict, and that nothing but conflicts keeps in one order. */
export interface Conflict {
  readonly one: NthTouch
  readonly other: NthTouch
}

/** A touch in an execution. */
interface Seen {
  readonly touch: NthTouch
  readonly step: Step
}

/** What steps have touched in an execution, each by the name of its touch. */
type Sample = ReadonlyMap<string, Touching>

/** Conflicts that a few executions have in common. */
export class CommonConflicts {
  readonly #samples: Sample[] = []

  /** An execution has ended. */
  note(recording: Recording): void {
    this.#add(touchesOf(recording))
  }

  #add(touches: readonly Seen[]): void {
    this.#samples.push(new Map(touches.map(({ touch, step }) => [nameOf(touch), copyOf(step)])))
  }

  /**
   * At most so many of those of the execution that ended last, early ones first: these split all executions evenly, while by
   * late ones hardly any is told from the others. They make no circles, since of a circle's orders some can't be.
   */
  choose(recording: Recording, most: number): Conflict[] {
    const touches = touchesOf(recording)
    this.#add(touches)
    const deepest = Math.max(...touches.map(({ touch }) => touch.nth))
    const found: Conflict[] = []
    const groups = new Groups()
    for (let depth = 0; depth <= deepest && found.length < most; depth++) {
      const free = pairsOf(touches, depth).filter(([a, b]) => this.#areCommon(a.touch, b.touch) && !isCaused(a.step, b.step, recording))
      // First those that have nothing to do with one another: their orders are independent.
      for (const alone of [true, false]) {
        for (const [{ touch: one }, { touch: other }] of free) {
          if (found.length === most) break
          if (alone && (groups.has(one) || groups.has(other))) continue
          if (groups.join(one, other)) found.push({ one, other })
        }
      }
    }
    return found
  }

  #areCommon(one: NthTouch, other: NthTouch): boolean {
    return this.#samples.every((sample) => {
      const [a, b] = [sample.get(nameOf(one)), sample.get(nameOf(other))]
      return a !== undefined && b !== undefined && conflict(a, b)
    })
  }
}

function nameOf({ lane, object, nth }: NthTouch): string {
  return `${lane} ${object} ${nth}`
}

/** Steps are used again. */
function copyOf({ lane, objects, kinds, settles, global }: Touching): Touching {
  return { lane, objects, kinds, settles, global }
}

/** Not of futures: whether a step that ends one or joins it touches it hangs on the rest of the execution. */
function touchesOf(recording: Recording): Seen[] {
  const { steps, length } = recording
  const found: Seen[] = []
  const nths = new Map<string, number>()
  const futures = new Set<number>()
  for (let i = 0; i < length; i++) for (const future of (steps[i] as Step).settles) futures.add(future)
  const places = new Map<number, number>()
  for (let i = 0; i < length; i++) {
    const step = steps[i] as Step
    const { lane } = step
    const place = places.get(lane) ?? 0
    places.set(lane, place + 1)
    if (step.external || step.global) continue
    for (const object of step.objects) {
      const nth = nths.get(`${lane} ${object}`) ?? 0
      nths.set(`${lane} ${object}`, nth + 1)
      if (!futures.has(object) && beginsWith(step, object, recording)) found.push({ touch: { lane, object, nth, place }, step })
    }
  }
  return found
}

/**
 * Whether the step touches the object before it does anything else that depends on others: then it does so in every order
 * in which it comes after the same steps of its lane.
 */
export function beginsWith({ index, objects, picks }: Step, object: number, { joins }: Recording): boolean {
  return objects[0] === object && picks.length === 0 && !joins.some((j) => j.step === index && j.touches === 0)
}

/** Those that touch the same object, the later one for the time `depth`; the earlier one first. */
function pairsOf(touches: readonly Seen[], depth: number): [Seen, Seen][] {
  return touches.flatMap((b, i) =>
    touches.slice(0, i).flatMap((a): [Seen, Seen][] => {
      const [x, y] = [a.touch, b.touch]
      return x.object === y.object && Math.max(x.nth, y.nth) === depth ? [[a, b]] : []
    }),
  )
}

/** Whether `a` comes before `b` in every order: by what comes first in its lane, and by what caused it. Those of one lane do. */
function isCaused(a: Step, b: Step, { steps }: Recording): boolean {
  const needed = new Set([b.index])
  for (let i = b.index; i > a.index; i--) {
    if (!needed.has(i)) continue
    const { lane, causes } = steps[i] as Step
    for (const cause of causes) needed.add(cause)
    for (let k = i - 1; k >= a.index; k--) {
      if ((steps[k] as Step).lane !== lane) continue
      needed.add(k)
      break
    }
  }
  return needed.has(a.index)
}

/** Which touches hang together by conflicts. */
class Groups {
  readonly #groups: Set<NthTouch>[] = []

  has(touch: NthTouch): boolean {
    return this.#groups.some((g) => g.has(touch))
  }

  /** Whether the two had not hung together until now. */
  join(a: NthTouch, b: NthTouch): boolean {
    const [x, y] = [this.#groupOf(a), this.#groupOf(b)]
    if (x === y) return false
    for (const touch of y) x.add(touch)
    this.#groups.splice(this.#groups.indexOf(y), 1)
    return true
  }

  #groupOf(touch: NthTouch): Set<NthTouch> {
    const known = this.#groups.find((g) => g.has(touch))
    if (known !== undefined) return known
    const own = new Set([touch])
    this.#groups.push(own)
    return own
  }
}
