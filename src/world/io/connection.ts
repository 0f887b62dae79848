import { currentLoop } from '../../asyncio/current-loop.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'

/** What waits in a line, and is told when it stands at its head. */
export interface InLine {
  reachedHead(): void
}

/** First come, first served: only the head of the line may go on. */
export class Line {
  #members: InLine[] = []

  join(member: InLine): void {
    this.#members.push(member)
  }

  isHead(member: InLine): boolean {
    return this.#members[0] === member
  }

  leave(member: InLine): void {
    const at = this.#members.indexOf(member)
    if (at < 0) return
    this.#members.splice(at, 1)
    if (at === 0) this.#members[0]?.reachedHead()
  }
}

/**
 * What several I/O functions go through in order, as over one TCP connection: their effects happen in the order of the
 * calls, one after the other, and so do their answers. A call that meets a fault leaves the line and holds up nobody.
 *
 * @example
 * ```ts
 * const redis = new Connection()
 * const get = io(client.get, { connection: redis })
 * const set = io(client.set, { connection: redis })
 * ```
 */
export class Connection {
  #loop: EventLoop | null = null
  #requests = new Line()
  #answers = new Line()

  /** @internal */
  get requests(): Line {
    this.#enter()
    return this.#requests
  }

  /** @internal */
  get answers(): Line {
    this.#enter()
    return this.#answers
  }

  /** Each run begins with an empty one. */
  #enter(): void {
    const loop = currentLoop()
    if (loop === this.#loop) return
    this.#loop = loop
    this.#requests = new Line()
    this.#answers = new Line()
  }
}
