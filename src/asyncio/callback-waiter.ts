import type { Waiter } from './awaitable.ts'
import { type Context, inheritContext } from './context.ts'
import type { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'

/** A done callback of the user's: queued as a handle of its own once the future is done. */
export class CallbackWaiter implements Waiter {
  readonly callback: (future: never) => unknown
  readonly #loop: EventLoop
  readonly #context: Context | null

  /** Without a context it will run in a copy of the one that is current now. */
  constructor(loop: EventLoop, callback: (future: never) => unknown, context?: Context) {
    this.#loop = loop
    this.#context = context ?? inheritContext()
    this.callback = callback
  }

  settled(future: Future<unknown>): void {
    this.#loop.callSoonIn(this.#context, this.callback, future)
  }
}
