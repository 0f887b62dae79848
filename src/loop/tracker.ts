import type { External } from './external.ts'
import type { Access, Option, Runnable } from './runnable.ts'
import type { Timer } from './timer-heap.ts'

/** An operation on a shared object that a task waits to make: what it would do depends on the object's value. */
export interface Operation {
  /** The object's number. */
  readonly object: number
  /** Whether it waits until a condition holds. */
  readonly guarded: boolean
  /** What the operation is where the object holds `value`; null: it is not enabled there. */
  kindAt(value: unknown): Access['kind'] | null
}

/**
 * Follows the causes and the accesses of a run, for partial-order reduction. It also gives lanes and objects their
 * numbers, so that equal ones have equal numbers in runs of another order. Only runs under such a strategy have one.
 */
export interface Tracker {
  newLane(): number
  /** `outsider`: the serial number of an object made outside the run; 0: it is made in it. */
  newObject(outsider: number): number
  /** What is queued or begun now is caused by what runs now. */
  queued(r: Runnable | External): void
  armed(t: Timer): void
  /** A timer is cancelled before it is due. */
  disarmed(t: Timer): void
  /** An external is taken away before its completion. */
  abandoned(e: External): void
  /** A hop begins, maybe within another one; it ends. */
  hop(r: Runnable): void
  hopped(): void
  /** A step begins, or an external completes; then the step of the one who waited for it, if any, belongs to it. */
  step(o: Option): void
  completed(): void
  /** The clock moves. */
  advance(): void
  access(access: Access, value?: unknown): void
  /** A future has ended. */
  settled(object: number): void
  /** A lane waits for a future. */
  awaits(object: number, lane: number): void
  /**
   * Whoever runs awaits a future that has ended, and goes on.
   *
   * @param beside whether other code of the same step may go on too, which would not have waited for it
   * @param by the object of what looks at the future and is to be awaited in its place, as `gather` is; -1: nothing does
   */
  passes(object: number, beside?: boolean, by?: number): void
  /** A task begins as part of the step that runs, which does not wait for what that one waits for. */
  startsInside(): void
  /** A lane waits to make an operation. */
  intends(lane: number, operation: Operation): void
  /** Whoever runs changes what a lane will do: it cancels it. */
  interferes(lane: number): void
  /** Whoever runs goes on after the first of several: what it finds depends on an order that is not followed. Or it may be interrupted. */
  selects(): void
  /** The run is over, because the main task has ended or otherwise; `pending` could still have happened. */
  ended(pending: readonly Option[], mainEnded: boolean): void
}
