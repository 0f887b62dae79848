import type { Task } from '../asyncio/task.ts'
import { loadedHost, type MadePromise } from '../world/host.ts'
import { callerIn, siteIn } from './code-site.ts'
import type { CodePlace } from './failure-file.ts'

/** So many promises are kept in mind. */
const MOST = 100_000

/** The rest of an `await`, or of a `then`: what it goes on from has not been settled yet. */
interface Continuation {
  readonly promise: MadePromise
  readonly task: Task<unknown>
}

/**
 * Where tasks wait for promises that the loop knows nothing of, while an instrumented run goes on: the host tells of every
 * promise that is made, and so of what each `await` leaves to be done. Where the host cannot, nothing is known.
 */
export class PromiseWaits {
  /** Those that have not begun. */
  readonly #waiting = new Map<number, Continuation>()
  /** Promises that somebody has made by hand, and not as the outcome of others or of an async function. */
  readonly #made = new Map<number, MadePromise>()
  readonly #acting: () => Task<unknown> | null
  #first = 0

  constructor(acting: () => Task<unknown> | null) {
    this.#acting = acting
  }

  /** Begins to watch; what it gives ends that. */
  watch(): () => void {
    return loadedHost()?.watchPromises((p) => this.#note(p), (id) => this.#waiting.delete(id)) ?? (() => {})
  }

  /**
   * The lines at which a task waits. Of a chain of async functions that wait for each other it is the innermost, which
   * waits for a promise that no function is at work on.
   */
  sitesOf(task: Task<unknown>): CodePlace[] {
    const own = [...this.#waiting.values()].filter((c) => c.task === task)
    const innermost = own.filter(({ promise: { from } }) => from < this.#first || isMadeByHand(this.#made.get(from)))
    const sites = new Map<string, CodePlace>()
    for (const { promise } of innermost.length > 0 ? innermost : own.slice(0, 1)) {
      const at = siteIn(promise.stack().words)
      if (at !== undefined) sites.set(`${at.file}:${at.line}:${at.column}`, at)
    }
    return [...sites.values()]
  }

  #note(promise: MadePromise): void {
    if (this.#first === 0) this.#first = promise.id
    if (this.#waiting.size + this.#made.size >= MOST) return
    if (!promise.goesOn) {
      this.#made.set(promise.id, promise)
      return
    }
    const task = this.#acting()
    if (task !== null) this.#waiting.set(promise.id, { promise, task })
  }
}

/** An async function's promise is made as the function is entered, and so is on no constructor's stack. */
function isMadeByHand(promise: MadePromise | undefined): boolean {
  return promise !== undefined && /^\s*at (?:new Promise|Promise\.withResolvers|Function\.withResolvers) /.test(callerIn(promise.stack().host) ?? '')
}
