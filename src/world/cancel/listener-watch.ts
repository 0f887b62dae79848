import type { Task } from '../../asyncio/task.ts'
import { Patches } from '../globals/patches.ts'

/** A listener as it was added. */
export interface Added {
  readonly target: EventTarget
  readonly type: string
  readonly listener: unknown
  readonly by: Task<unknown> | null
  readonly place: string
}

type Method = (this: object, ...args: unknown[]) => unknown

/** What touches a target, of the methods and getters that programs use. */
const METHODS: readonly (readonly [object | undefined, readonly string[]])[] = [
  [globalThis.EventTarget?.prototype, ['addEventListener', 'removeEventListener', 'dispatchEvent']],
  [globalThis.AbortSignal?.prototype, ['throwIfAborted', 'aborted']],
  [globalThis.AbortController?.prototype, ['abort', 'signal']],
]

/** Notes who adds listeners to which targets, and who uses these targets. */
export class ListenerWatch {
  readonly added: Added[] = []
  readonly #users = new WeakMap<object, Set<Task<unknown> | null>>()
  readonly #patches = new Patches()
  readonly #acting: () => Task<unknown> | null
  readonly #place: () => string | undefined

  constructor(acting: () => Task<unknown> | null, place: () => string | undefined) {
    this.#acting = acting
    this.#place = place
    for (const [prototype, names] of METHODS) {
      if (prototype !== undefined) for (const name of names) this.#watch(prototype, name)
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
    this.#patches.define(prototype, name, before.get === undefined ? { ...before, value: watched } : { ...before, get: watched })
  }

  #note(target: object, name: string, [type, listener]: unknown[]): void {
    const by = this.#acting()
    const users = this.#users.get(target)
    if (users === undefined) this.#users.set(target, new Set([by]))
    else users.add(by)
    if (name !== 'addEventListener' || listener === null || listener === undefined) return
    const place = this.#place()
    if (place !== undefined) this.added.push({ target: target as EventTarget, type: String(type), listener, by, place })
  }
}
