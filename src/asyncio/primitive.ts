import { nextOutsider } from '../loop/outsiders.ts'
import type { Access } from '../loop/runnable.ts'
import { currentLoop, getRunningLoop } from './current-loop.ts'
import { RuntimeError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { Future } from './future.ts'
import type { Task } from './task.ts'

/** What every lock, event, queue and so on may be given. */
export interface PrimitiveOptions {
  /** What reports and deadlock messages call it. */
  name?: string | undefined
}

/**
 * What synchronisation primitives and queues share: a name, the loop they belong to, and the record of accesses.
 * It belongs to no loop until somebody really has to wait for it (CPython, `mixins.py:_LoopBoundMixin`).
 */
export abstract class Primitive {
  /** The name it was given. */
  readonly name: string | undefined
  #bound: EventLoop | null = null
  #numberedBy: EventLoop | null = null
  /** Its number among the things made outside every run; 0: it was made in one. */
  #outsider = 0
  #read: readonly Access[] = []
  #write: readonly Access[] = []

  constructor(options?: PrimitiveOptions) {
    this.name = options?.name
    const loop = currentLoop()
    if (loop !== null) this.#enter(loop)
    else this.#outsider = nextOutsider()
  }

  /** @internal What it is, in its own description. */
  get kind(): string {
    return this.constructor.name
  }

  /** @internal As reports call it: `Lock 'jobs'`, or `a Lock` where it has no name. */
  get title(): string {
    const kind = this.kind
    if (this.name !== undefined) return `${kind} '${this.name}'`
    return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`
  }

  /** @internal What a step that uses it touches: one shared object. */
  accesses(kind: Access['kind']): readonly Access[] {
    const loop = currentLoop()
    if (loop !== null && loop !== this.#numberedBy) this.#enter(loop)
    return kind === 'read' ? this.#read : this.#write
  }

  /** @internal Every operation says here whether it only looks or may change something, for partial-order reduction. */
  protected touch(kind: Access['kind']): void {
    const loop = currentLoop()
    if (loop !== null && loop.onAccess !== null) loop.onAccess.access(this.accesses(kind)[0] as Access)
    loop?.used?.add(this)
  }

  /**
   * @internal A future to wait for, which says in `words` what the wait is for.
   * @throws RuntimeError if somebody has waited in another loop before
   */
  protected newWait(words: () => string): Wait {
    const loop = getRunningLoop()
    this.#bound ??= loop
    if (loop !== this.#bound) throw new RuntimeError(`${String(this)} is bound to a different event loop`)
    return new Wait(loop, this, words)
  }

  /** @internal How much of it is out: taken and not given back, by whomever. */
  get outstanding(): number {
    return 0
  }

  /** @internal The tasks that have it, or a part of it, and could give it back. */
  holders(): readonly Task<unknown>[] {
    return []
  }

  /** Each run numbers the objects that it meets anew, so that equal runs give equal numbers. */
  #enter(loop: EventLoop): void {
    this.#numberedBy = loop
    const object = loop.newObject(this.#outsider)
    this.#read = [{ object, kind: 'read' }]
    this.#write = [{ object, kind: 'write' }]
  }

  /** @internal The state in a word or two, for toString. */
  protected abstract stateInWords(): string

  toString(): string {
    const name = this.name === undefined ? '' : ` '${this.name}'`
    return `<${this.kind}${name} [${this.stateInWords()}]>`
  }
}

/** @internal The place of one waiter in a primitive's queue. */
export class Wait extends Future<void> {
  /** @internal What it is the queue of. */
  readonly primitive: Primitive
  readonly #words: () => string

  constructor(loop: EventLoop, primitive: Primitive, words: () => string) {
    super({ loop })
    this.primitive = primitive
    this.#words = words
  }

  /** Whoever was woken looks at the primitive again first. */
  get accesses(): readonly Access[] {
    return this.primitive.accesses('write')
  }

  override describe(): string {
    return this.#words()
  }

  /** Wakes the waiter, unless it has been woken or cancelled; says whether it did. */
  wake(): boolean {
    if (this.done()) return false
    this.setResult()
    return true
  }
}

/** @internal `waiters:2` and the like, for a primitive's toString. */
export function stateWithWaiters(state: string, waiters: ReadonlySet<Wait>): string {
  return waiters.size === 0 ? state : `${state}, waiters:${waiters.size}`
}
