import type { EventLoop } from '../../asyncio/event-loop.ts'
import type { VirtualTimeout } from './timeout.ts'

/** What the replaced globals work on. */
export interface Scope {
  /** The loop of the schedule that is running; null between two of them, when the host's own globals serve. */
  readonly loop: EventLoop | null
  /** Binds a callback to the asynchronous context of now, as the host's own timers do. */
  bind<R>(f: () => R): () => R
  /** Timers of equal delay keep the order in which they were armed: each delay is a sequence, 0 that of setImmediate. */
  sequenceOf(ms: number): object
  /** The timeouts of this schedule that are known by a number. */
  readonly numbered: Map<number, VirtualTimeout>
  /** The timeouts of this schedule that the program has unref'd, and that do not repeat. */
  readonly housekeeping: Set<VirtualTimeout>
  /** A callback threw: outside, that would be the end of the process. */
  crashed(error: unknown): void
}
