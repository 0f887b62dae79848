import { leavesLoop } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'
import { type Bookkeeper, DoneHop } from './hop.ts'

/** Stops the loop once a future is done (CPython, `base_events.py:_run_until_complete_cb`). */
export class StopWhenDone implements Bookkeeper {
  readonly loop: EventLoop
  readonly #future: Future<unknown>

  constructor(loop: EventLoop, future: Future<unknown>) {
    this.loop = loop
    this.#future = future
    future.addWaiter(new DoneHop(this, future))
  }

  childDone(future: Future<unknown>): void {
    // What leaves the loop has left it already (R018).
    if (!future.cancelled() && leavesLoop(future.exception())) return
    this.loop.stop()
  }

  wouldLead(): boolean {
    return false
  }

  leave(): void {
    this.#future.removeWaiters((w) => w instanceof DoneHop && w.owner === this)
  }
}
