import type { Runnable } from './runnable.ts'

/** May interrupt what waits, from outside the program: a cancellation, an abort. Only runs that sweep those have one. */
export interface Interrupter {
  /** A step is about to run. */
  before(r: Runnable): void
  /** A step has ended, and all that it caused has come to rest. Says whether code of the user's has run now. */
  rest(): boolean
  /** The run is judged: nothing more is interrupted. */
  stop(): void
}
