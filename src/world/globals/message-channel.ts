import { GlobalCallback } from './callback.ts'
import type { Patches } from './patches.ts'
import type { Scope } from './scope.ts'

type Listener = (event: MessageEvent) => unknown

/** One end of a channel: each message is a handle in the loop, and those to one port keep their order. */
class VirtualPort extends EventTarget {
  other: VirtualPort | null = null
  readonly #scope: Scope
  #started = false
  #closed = false
  #kept: unknown[] = []
  #handler: Listener | null = null
  readonly #node = new Map<unknown, (event: Event) => void>()

  constructor(scope: Scope) {
    super()
    this.#scope = scope
  }

  postMessage(message: unknown, transfer?: ArrayBuffer[] | { transfer?: ArrayBuffer[] }): void {
    const list = Array.isArray(transfer) ? transfer : (transfer?.transfer ?? [])
    const copy: unknown = structuredClone(message, { transfer: list })
    if (!this.#closed) this.other?.receive(copy)
  }

  receive(message: unknown): void {
    if (this.#closed) return
    if (this.#started) this.#deliver(message)
    else this.#kept.push(message)
  }

  #deliver(message: unknown): void {
    const { loop } = this.#scope
    if (loop === null) return
    const event = (): unknown => this.#closed || this.dispatchEvent(new MessageEvent('message', { data: message }))
    loop.enqueue(new GlobalCallback(this.#scope, loop, this, 'message', event))
  }

  start(): void {
    this.#started = true
    for (const message of this.#kept.splice(0)) this.#deliver(message)
  }

  close(): void {
    this.#closed = true
    const { other } = this
    this.other = null
    if (other !== null) other.other = null
  }

  get onmessage(): Listener | null {
    return this.#handler
  }

  set onmessage(handler: Listener | null) {
    if (this.#handler !== null) this.removeEventListener('message', this.#handler as (e: Event) => void)
    this.#handler = typeof handler === 'function' ? handler : null
    if (this.#handler === null) return
    this.addEventListener('message', this.#handler as (e: Event) => void)
    this.start()
  }

  /** Node's own way: the listener gets the message itself. */
  on(type: string, listener: (data: unknown) => unknown): this {
    const wrapped = (event: Event): void => void listener((event as MessageEvent).data)
    this.#node.set(listener, wrapped)
    this.addEventListener(type, wrapped)
    if (type === 'message') this.start()
    return this
  }

  once(type: string, listener: (data: unknown) => unknown): this {
    const once = (data: unknown): unknown => {
      this.off(type, once)
      return listener(data)
    }
    return this.on(type, once)
  }

  off(type: string, listener: (data: unknown) => unknown): this {
    const wrapped = this.#node.get(listener)
    if (wrapped !== undefined) this.removeEventListener(type, wrapped)
    this.#node.delete(listener)
    return this
  }

  ref(): void {}
  unref(): void {}
}

/** `MessageChannel` as code uses it to schedule itself, on the loop. Between two schedules it is the host's own. */
export function patchMessageChannel(scope: Scope, patches: Patches): void {
  if (typeof MessageChannel !== 'function') return
  const Native = MessageChannel
  patches.replace(
    globalThis,
    'MessageChannel',
    class {
      readonly port1!: VirtualPort
      readonly port2!: VirtualPort

      constructor() {
        if (scope.loop === null) return new Native() as unknown as this
        this.port1 = new VirtualPort(scope)
        this.port2 = new VirtualPort(scope)
        this.port1.other = this.port2
        this.port2.other = this.port1
      }
    },
  )
}
