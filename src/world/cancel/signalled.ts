import type { EventLoop } from '../../asyncio/event-loop.ts'

type Listener = Parameters<AbortSignal['addEventListener']>[1]

/** A controller that the strategy may abort, and who listens to it. */
export class Signalled {
  readonly label: string
  readonly #controller: AbortController
  readonly #reason: unknown
  readonly #listeners = new Set<Listener>()

  constructor(controller: AbortController, label: string, reason: unknown) {
    this.#controller = controller
    this.label = label
    this.#reason = reason
    this.#count(controller.signal)
  }

  get canAbort(): boolean {
    return !this.#controller.signal.aborted
  }

  /** Listeners that were added in the run and not removed; those of an aborted signal have had their call. */
  get listenersLeft(): number {
    return this.canAbort ? this.#listeners.size : 0
  }

  /** Its listeners run in no task. */
  abort(loop: EventLoop): void {
    const { current } = loop
    loop.current = null
    try {
      if (this.#reason === undefined) this.#controller.abort()
      else this.#controller.abort(this.#reason)
    } finally {
      loop.current = current
    }
  }

  #count(signal: AbortSignal): void {
    const listeners = this.#listeners
    const { addEventListener, removeEventListener } = signal
    Object.assign(signal, {
      addEventListener(...args: Parameters<AbortSignal['addEventListener']>): void {
        if (args[0] === 'abort' && args[1] !== null) listeners.add(args[1])
        Reflect.apply(addEventListener, signal, args)
      },
      removeEventListener(...args: Parameters<AbortSignal['removeEventListener']>): void {
        if (args[0] === 'abort') listeners.delete(args[1] as Listener)
        Reflect.apply(removeEventListener, signal, args)
      },
    })
  }
}
