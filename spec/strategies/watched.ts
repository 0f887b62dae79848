import { type Access, type ChoicePoint, counts, type Option, type RunInfo, type RunOutcome, type Strategy } from '../../src/strategies/strategy.ts'

/** Any strategy; it keeps the picks of the schedules that count. */
export class Watched implements Strategy {
  readonly name: string
  readonly counted: string[] = []
  readonly numbers: number[] = []
  runs = 0
  #picks: number[] = []
  readonly #inner: Strategy
  readonly #onCounted: (() => void) | undefined

  constructor(inner: Strategy, onCounted?: () => void) {
    this.#inner = inner
    this.#onCounted = onCounted
    this.name = inner.name
  }

  get bound(): string | undefined {
    return this.#inner.bound
  }

  get watches(): boolean {
    return this.#inner.watches === true
  }

  get tracker(): Strategy['tracker'] {
    return this.#inner.tracker
  }

  get share(): Strategy['share'] {
    return this.#inner.share
  }

  get again(): boolean {
    return this.#inner.again === true
  }

  begin(run: RunInfo): boolean {
    this.#picks = []
    return this.#inner.begin(run)
  }

  pick(point: ChoicePoint): number {
    const k = this.#inner.pickOf === undefined ? this.#inner.pick(point) : this.#inner.pickOf(point.count)
    this.#picks.push(k)
    return k
  }

  step(option: Option): void {
    this.#inner.step?.(option)
  }

  access(access: Access): void {
    this.#inner.access?.(access)
  }

  end(outcome: RunOutcome): void {
    this.#inner.end?.(outcome)
    this.runs++
    if (!counts(this)) return
    this.#onCounted?.()
    this.counted.push(this.#picks.join(' '))
    if (this.share?.number !== undefined) this.numbers.push(this.share.number)
  }
}
