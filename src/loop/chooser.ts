import type { Access, Option } from './runnable.ts'

/** A moment at which two or more things may happen. */
export interface ChoicePoint {
  /** The number of steps run so far, forced ones included. */
  readonly step: number
  /** How many options there are; at least two. */
  readonly count: number
  /** The options in their fixed order: ready handles, externals, the clock. Valid until the pick returns. */
  readonly options: readonly Option[]
  /** `options[k]` without making the list, for strategies that are asked millions of times. */
  optionAt(k: number): Option
  /** It is a choice whether something goes wrong here, a fault or a cancellation: 0 says that nothing does. */
  readonly disturbs?: boolean
  /** The lane that ran last; leaving it while it could go on is a preemption. */
  readonly lastLane: number
}

/** What the loop asks at each choice point. 0 is always what FIFO would do. */
export interface Chooser {
  /** Returns an index below `point.count`. */
  choose(point: ChoicePoint): number
}

/** Told of each step before it runs, and of each access in it; only instrumented runs have one. */
export interface Observer {
  step(option: Option, loop: { readonly steps: number; time(): number }): void
  access?(access: Access): void
}
