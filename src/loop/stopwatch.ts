import type { Runnable } from './runnable.ts'

/** Told when a step begins and when the loop is back in control; only a loop in debug mode has one. */
export interface Stopwatch {
  start(r: Runnable): void
  /** May come without a start before it. */
  stop(): void
}
