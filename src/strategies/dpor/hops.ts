import type { Runnable } from '../../loop/runnable.ts'
import { including, NONE } from './step.ts'
import type { Cause } from './timers.ts'

/** Bookkeeping that is under way: causes go through it. */
export class Hops {
  /** So many are under way, one within another. */
  depth = 0
  /** What was the cause around each. */
  readonly #outer: Cause[] = []
  /** By bookkeeper: what ended the futures that it was told of. */
  #owners = new Map<object, readonly number[]>()

  restart(): void {
    this.depth = 0
    // A new one: a table that is cleared goes on to refer to the one that follows it, and keeps whole runs alive.
    if (this.#owners.size > 0) this.#owners = new Map()
  }

  /** One begins that was queued by `queued`. Gives what causes what it does. */
  enter(r: Runnable, around: Cause, queued: Cause): Cause {
    this.#outer[this.depth++] = around
    // A hop that runs as soon as it is queued has not been told of yet.
    const cause = r.id === 0 ? around : queued
    if (r.owner === undefined || r.alone === true) return cause
    // What counts goes on because of all that it has been told of, and not of what it will be.
    const told = including(this.#owners.get(r.owner) ?? NONE, cause)
    this.#owners.set(r.owner, told)
    return told
  }

  /** It ends. Gives the cause that was around it. */
  leave(): Cause {
    return this.#outer[--this.depth] as Cause
  }
}
