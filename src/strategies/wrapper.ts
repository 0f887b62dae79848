import type { Tracker } from '../loop/tracker.ts'
import { ask } from './portfolio.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** A strategy that lets another one pick, and decides only which schedules that one runs. */
export abstract class Wrapper implements Strategy {
  readonly name: string
  protected readonly inner: Strategy

  constructor(inner: Strategy) {
    this.name = inner.name
    this.inner = inner
  }

  abstract begin(run: RunInfo): boolean

  get bound(): string | undefined {
    return this.inner.bound
  }

  get watches(): boolean {
    return this.inner.watches === true
  }

  get tracker(): Tracker | undefined {
    return this.inner.tracker
  }

  get again(): boolean {
    return this.inner.again === true
  }

  pick(point: ChoicePoint): number {
    return ask(this.inner, point)
  }

  step(option: Option): void {
    this.inner.step?.(option)
  }

  access(access: Access): void {
    this.inner.access?.(access)
  }

  end(outcome: RunOutcome): void {
    this.inner.end?.(outcome)
  }
}
