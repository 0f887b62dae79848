import type { Waiter } from './awaitable.ts'
import type { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'

/** A done callback of the user's: queued as a handle of its own once the future is done. */
export class CallbackWaiter implements Waiter {
  readonly callback: (future: never) => unknown
  readonly #loop: EventLoop

  constructor(loop: EventLoop, callback: (future: never) => unknown) {
    this.#loop = loop
    this.callback = callback
  }

  settled(future: Future<unknown>): void {
    this.#loop.callSoon(this.callback, future as never)
  }
}
