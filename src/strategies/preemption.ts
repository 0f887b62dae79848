import { NondeterminismError } from './exhaustive.ts'
import type { ChoicePoint, RunInfo, Strategy } from './strategy.ts'

interface Choice {
  readonly count: number
  /** The picks that the bound allows here. */
  readonly allowed: readonly number[]
  at: number
  /** Preemptions made before this choice. */
  readonly spent: number
  /** The position of the lane that ran last among the options, or -1 if it can't go on. */
  readonly stay: number
}

/**
 * Every schedule with at most `bound` preemptions, depth first (iterative context bounding: Musuvathi and Qadeer,
 * PLDI 2007). A preemption is a pick that leaves a lane which could go on. Departure: this is one bound's search; who
 * iterates over the bounds decides what to do with schedules seen before.
 */
export class WithinPreemptions implements Strategy {
  readonly name = 'preemption'
  readonly bound: string
  readonly #limit: number
  #choices: Choice[] = []
  #depth = 0
  #started = false

  constructor(limit: number) {
    this.#limit = limit
    this.bound = `${limit} preemption${limit === 1 ? '' : 's'}`
  }

  begin(_run: RunInfo): boolean {
    this.#depth = 0
    if (!this.#started) {
      this.#started = true
      return true
    }
    for (;;) {
      const last = this.#choices.at(-1)
      if (last === undefined) return false
      if (++last.at < last.allowed.length) return true
      this.#choices.pop()
    }
  }

  pick(point: ChoicePoint): number {
    const depth = this.#depth++
    const known = this.#choices[depth]
    if (known !== undefined) {
      if (known.count !== point.count) {
        throw new NondeterminismError(
          `choice ${depth + 1} has ${point.count} options now, and had ${known.count} when the same choices led to it before`,
        )
      }
      return known.allowed[known.at] as number
    }
    const before = this.#choices[depth - 1]
    const left = before !== undefined && before.stay >= 0 && before.allowed[before.at] !== before.stay
    const spent = (before?.spent ?? 0) + (left ? 1 : 0)
    const stay = point.options.findIndex((o) => o.lane === point.lastLane && o.kind !== 'value')
    const all = point.options.map((_, i) => i)
    const allowed = stay < 0 || spent < this.#limit ? (stay < 0 ? all : [stay, ...all.filter((i) => i !== stay)]) : [stay]
    this.#choices.push({ count: point.count, allowed, at: 0, spent, stay })
    return allowed[0] as number
  }

  end(): void {
    this.#choices.length = this.#depth
  }
}
