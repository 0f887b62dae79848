import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'
import type { ScheduleRecord } from './failure-file.ts'
import type { Picks } from './picks.ts'
import { decodeToken } from './token.ts'
import { inWords, Tracer, type TraceStep } from './trace.ts'

/**
 * Follows a schedule that was kept, as far as the program still allows it. While every step is the one that was written
 * down, the picks are taken as they are. From the first step that differs on, it goes by labels: of what could happen, what
 * came first then comes first now. Where nothing of what could happen is known from then, it is FIFO.
 */
export class Following implements Chooser, Observer {
  readonly tracer: Tracer
  /** How many of the written steps have come. */
  followed = 0
  /** The first step that was not the written one, from 1; null: there was none. */
  differs: number | null = null
  readonly #steps: readonly TraceStep[]
  /** So many steps are known at the beginning without a gap. */
  readonly #known: number
  readonly #picks: Picks
  /** Per identity, the places of its steps that have not come, the next one last. */
  #left: Map<string, number[]> | null = null

  constructor(schedule: ScheduleRecord) {
    this.#steps = schedule.steps
    this.#known = schedule.omitted?.entry ?? schedule.steps.length
    this.#picks = picksOf(schedule)
    this.tracer = new Tracer({ choose: (point) => this.#pick(point) })
  }

  choose(point: ChoicePoint): number {
    const before = this.tracer.steps.length
    const k = this.tracer.choose(point)
    const chosen = this.tracer.steps[before]
    if (chosen !== undefined) this.#came(identityOf(chosen))
    return k
  }

  step(option: Option, loop: { time(): number }): void {
    this.tracer.step(option, loop)
    this.#came(identityOf(option))
  }

  /** Whether the run ended before the written one did. */
  get fellShort(): boolean {
    return this.differs === null && this.followed < this.#steps.length
  }

  get length(): number {
    return this.#steps.length
  }

  #pick(point: ChoicePoint): number {
    if (this.#left === null) {
      const k = this.#picks.get(this.tracer.choices) ?? 0
      if (k < point.count && this.#isWritten(point, k)) return k
    }
    const left = this.#left ?? this.#leave()
    let best = 0
    let first = Number.POSITIVE_INFINITY
    for (const [k, option] of point.options.entries()) {
      const at = left.get(identityOf(option))?.at(-1)
      // Values are all called alike: the one that was picked then.
      if (at === undefined || at >= first || (option.kind === 'value' && this.#steps[at]?.choice?.pick !== k)) continue
      best = k
      first = at
    }
    return best
  }

  /** Whether option k is the one that was picked then. */
  #isWritten(point: ChoicePoint, k: number): boolean {
    if (this.followed >= this.#known) return true
    const { choice } = this.#steps[this.followed] as TraceStep
    if (choice === undefined || choice.count !== point.count) return false
    const then = choice.options[k]
    return then === undefined || inWords(point.optionAt(k)) === then
  }

  #came(identity: string): void {
    if (this.#left === null) {
      if (this.followed >= this.#known || identityOf(this.#steps[this.followed] as TraceStep) === identity) {
        this.followed = Math.min(this.followed + 1, this.#steps.length)
        return
      }
    }
    const left = this.#left ?? this.#leave()
    if (left.get(identity)?.pop() !== undefined) this.followed++
  }

  /** From here on by labels. */
  #leave(): Map<string, number[]> {
    this.differs = (this.tracer.steps.at(-1)?.step ?? 0) + 1
    const left = new Map<string, number[]>()
    for (let i = this.#steps.length - 1; i >= this.followed; i--) {
      const identity = identityOf(this.#steps[i] as TraceStep)
      const places = left.get(identity)
      if (places === undefined) left.set(identity, [i])
      else places.push(i)
    }
    this.#left = left
    return left
  }
}

/** What a step is called in runs of different programs. */
function identityOf({ kind, task, label }: Pick<Option, 'kind' | 'task' | 'label'>): string {
  return JSON.stringify([kind, task, label])
}

/** From the token, which has them all; a damaged one leaves the steps themselves. */
function picksOf({ token, steps }: ScheduleRecord): Picks {
  try {
    return decodeToken(token).picks
  } catch {
    const picks = new Map<number, number>()
    let choices = 0
    for (const { choice } of steps) if (choice !== undefined) picks.set(choices++, choice.pick)
    return picks
  }
}
