import type { Task } from '../../asyncio/task.ts'
import { Patches } from '../globals/patches.ts'

/** A listener as it was added. */
export interface Added {
  readonly target: object
  readonly type: unknown
  readonly listener: unknown
  readonly by: Task<unknown> | null
  readonly place: string
}

/** Who acts, where, and the prototype of the host's own emitters, where it has them. */
interface Surroundings {
  readonly acting: () => Task<unknown> | null
  readonly place: () => string | undefined
  readonly emitter: object | undefined
}

type Method = (this: object, ...args: unknown[]) => unknown

/** The methods that add a listener, the others that touch a target, and the getters that do. */
const ADDING = ['addEventListener', 'on', 'addListener', 'once', 'prependListener', 'prependOnceListener']
const TOUCHING = ['removeEventListener', 'dispatchEvent', 'off', 'removeListener', 'emit']
const OF_SIGNALS = ['throwIfAborted', 'aborted', 'abort', 'signal']

/** Notes who adds listeners to which targets, and who uses these targets. */
export class ListenerWatch {
  readonly added: Added[] = []
  readonly #users = new WeakMap<object, Set<Task<unknown> | null>>()
  readonly #patches = new Patches()
  readonly #acting: () => Task<unknown> | null
  readonly #place: () => string | undefined

  constructor({ acting, place, emitter }: Surroundings) {
    this.#acting = acting
    this.#place = place
    const { EventTarget, AbortSignal, AbortController } = globalThis as Partial<typeof globalThis>
    for (const prototype of [EventTarget?.prototype, AbortSignal?.prototype, AbortController?.prototype, emitter]) {
      if (prototype !== undefined) for (const name of [...ADDING, ...TOUCHING, ...OF_SIGNALS]) this.#watch(prototype, name)
    }
  }

  stop(): void {
    this.#patches.restore()
  }

  /** Whether somebody else has used it, too. */
  isShared(target: object, by: Task<unknown> | null): boolean {
    return [...(this.#users.get(target) ?? [])].some((user) => user !== by)
  }

  #watch(prototype: object, name: string): void {
    const before = Object.getOwnPropertyDescriptor(prototype, name)
    if (before === undefined) return
    const native = (before.get ?? before.value) as Method
    const used = (target: object, args: unknown[]): void => this.#note(target, name, args)
    const watched: Method = function (...args) {
      const result = Reflect.apply(native, this, args)
      // A controller's users are those of its signal.
      used(name === 'signal' ? (result as object) : name === 'abort' ? (this as AbortController).signal : this, args)
      return result
    }
    const changed = before.get === undefined ? { value: watched } : { get: watched }
    this.#patches.define(prototype, name, { ...before, ...changed })
  }

  #note(target: object, name: string, [type, listener]: unknown[]): void {
    const by = this.#acting()
    const users = this.#users.get(target)
    if (users === undefined) this.#users.set(target, new Set([by]))
    else users.add(by)
    if (!ADDING.includes(name) || listener === null || listener === undefined) return
    const place = this.#place()
    if (place !== undefined) this.added.push({ target, type, listener, by, place })
  }
}
