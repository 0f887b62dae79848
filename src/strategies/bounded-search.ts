import { NondeterminismError } from './exhaustive.ts'
import type { ChoicePoint, RunInfo, Strategy } from './strategy.ts'

/** What each option of a choice point costs; at least one costs nothing. */
export interface CostModel {
  /** What is counted, in the singular. */
  readonly unit: string
  /** Fills `costs` by option. */
  price(point: ChoicePoint, costs: number[]): void
}

/** The cost of a schedule so far, in words: '1 preemption'. */
export function inWords(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'}`
}

/** A pick, and those that led to it. */
interface Step {
  readonly before: Step | null
  readonly depth: number
  readonly pick: number
  readonly count: number
}

/** The next option to try at a choice: the one at `ordinal` among those that cost `extra` there. */
interface Alternative {
  readonly before: Step | null
  /** What the picks before it cost. */
  readonly spent: number
  readonly extra: number
  readonly ordinal: number
}

const MEMORY = 1_000_000

/**
 * Every schedule in the order of its cost: first all that cost nothing, then all that cost 1, and so on up to a limit;
 * none twice. Where nothing was left out the last schedule ends a proof; else the proof is up to the limit.
 *
 * A schedule goes on with picks that cost nothing. Each choice that it meets is kept once, with the picks that lead
 * there and the option to try next; which that is, and what comes after it, is looked up when a schedule gets there
 * again. So memory grows with the number of choices met, not of options. If it grows too large, what costs more than
 * the present schedules is forgotten, and the certificate is up to these.
 */
export class BoundedSearch implements Strategy {
  readonly name: string
  readonly #model: CostModel
  readonly #most: number
  readonly #memory: number
  #limit: number
  /** Alternatives of the present cost. */
  readonly #due: Alternative[] = []
  /** By cost: alternatives for later, in the order in which they were met. */
  readonly #later: (Alternative[] | undefined)[] = []
  #kept = 0
  readonly #picks: number[] = []
  readonly #counts: number[] = []
  readonly #costs: number[] = []
  #present: Alternative | null = null
  /** The choice at which the present alternative is tried; before it the picks are given. */
  #fork = -1
  #depth = 0
  #last: Step | null = null
  #cost = 0
  #finished = false

  /** @param memory so many choices are kept for higher costs; with more, the search ends with the present one */
  constructor(name: string, model: CostModel, limit: number, memory = MEMORY) {
    this.name = name
    this.#model = model
    this.#most = limit
    this.#limit = limit
    this.#memory = memory
  }

  /** What is complete: the limit in the end, before it the last cost of which every schedule has been run. */
  get bound(): string | undefined {
    if (!this.#finished) return this.#cost === 0 ? undefined : inWords(this.#cost - 1, this.#model.unit)
    return this.#limit === Number.POSITIVE_INFINITY ? undefined : inWords(this.#limit, this.#model.unit)
  }

  begin(run: RunInfo): boolean {
    this.#depth = 0
    if (run.schedule === 1) {
      this.#restart()
      return true
    }
    const next = this.#next()
    if (next === undefined) {
      this.#finished = true
      return false
    }
    this.#present = next
    this.#last = next.before
    this.#fork = next.before === null ? 0 : next.before.depth + 1
    for (let s = next.before; s !== null; s = s.before) {
      this.#picks[s.depth] = s.pick
      this.#counts[s.depth] = s.count
    }
    return true
  }

  #restart(): void {
    this.#due.length = 0
    this.#later.length = 0
    this.#kept = 0
    this.#limit = this.#most
    this.#cost = 0
    this.#finished = false
    this.#present = null
    this.#last = null
    this.#fork = -1
  }

  #next(): Alternative | undefined {
    for (;;) {
      const next = this.#due.pop()
      if (next !== undefined) return next
      // Nothing is kept that would cost more than the limit.
      if (this.#cost + 1 >= this.#later.length) return undefined
      const due = this.#later[++this.#cost] ?? []
      this.#later[this.#cost] = undefined
      this.#kept -= due.length
      // The first one met is on top of the stack.
      while (due.length > 0) this.#due.push(due.pop() as Alternative)
    }
  }

  pick(point: ChoicePoint): number {
    const { count } = point
    const depth = this.#depth++
    if (depth < this.#fork) {
      const before = this.#counts[depth] as number
      if (before !== count) throw new NondeterminismError(depth + 1, count, before)
      return this.#picks[depth] as number
    }
    this.#model.price(point, this.#costs)
    const { before, spent, extra, ordinal } =
      depth === this.#fork && this.#present !== null
        ? this.#present
        : { before: this.#last, spent: this.#cost, extra: 0, ordinal: 0 }
    const pick = this.#find(count, extra, ordinal)
    // Fewer options than before, or at another price.
    if (pick < 0) throw new NondeterminismError(depth + 1, count, count + 1)
    this.#keepNext(count, before, spent, extra, ordinal)
    this.#last = { before, depth, pick, count }
    return pick
  }

  /** The option at `ordinal` among those of a cost; -1 if there is none. */
  #find(count: number, cost: number, ordinal: number): number {
    let seen = 0
    for (let i = 0; i < count; i++) if (this.#costs[i] === cost && seen++ === ordinal) return i
    return -1
  }

  /** Keeps what is to be tried after this option: the next one of its cost, or the first one of the next higher cost. */
  #keepNext(count: number, before: Step | null, spent: number, extra: number, ordinal: number): void {
    if (this.#find(count, extra, ordinal + 1) >= 0) {
      this.#keep({ before, spent, extra, ordinal: ordinal + 1 })
      return
    }
    let dearer = Number.POSITIVE_INFINITY
    for (let i = 0; i < count; i++) {
      const cost = this.#costs[i] as number
      if (cost > extra && cost < dearer) dearer = cost
    }
    if (spent + dearer <= this.#limit && dearer !== Number.POSITIVE_INFINITY) {
      this.#keep({ before, spent, extra: dearer, ordinal: 0 })
    }
  }

  #keep(next: Alternative): void {
    const cost = next.spent + next.extra
    if (cost === this.#cost) {
      this.#due.push(next)
      return
    }
    while (this.#later.length <= cost) this.#later.push(undefined)
    const kept = this.#later[cost]
    if (kept === undefined) this.#later[cost] = [next]
    else kept.push(next)
    if (++this.#kept <= this.#memory) return
    this.#limit = this.#cost
    this.#later.length = 0
    this.#kept = 0
  }
}
