import type { EventLoop } from '../../asyncio/event-loop.ts'
import type { Task } from '../../asyncio/task.ts'
import { placeIn } from '../escapes.ts'
import { type Host, loadedHost, type MadePromise } from '../host.ts'
import { stackOf } from '../stacks.ts'
import { interruptedIn } from './interruptions.ts'
import { type Added, ListenerWatch } from './listener-watch.ts'

/** What a run has left. */
export interface Left {
  /** Null: something was still under way, so that nobody knows. */
  readonly awaits: readonly string[] | null
  readonly listeners: readonly string[]
}

/** So many awaits are kept in mind. */
const MOST = 100_000
/** So many frames of Node's and of the library's may lie above the program's. */
const DEPTH = 30

/**
 * Watches one run for what nobody else would notice at its end: awaits of native promises that never went on, and
 * listeners that the interrupted task has added to what others use too, and has not removed. Where the host can't tell,
 * nothing is found.
 */
export class Remains {
  readonly #loop: EventLoop
  readonly #host: Host | null = loadedHost()
  /** What an `await` leaves to be done, as long as it has not begun. */
  readonly #waiting = new Map<number, MadePromise>()
  /** The other promises: what is awaited. */
  readonly #made = new Map<number, MadePromise>()
  readonly #listeners: ListenerWatch
  #stops: (() => void)[]

  constructor(loop: EventLoop) {
    this.#loop = loop
    this.#listeners = new ListenerWatch({
      acting: () => (this.#isBeside() ? null : loop.acting),
      place: () => placeIn(stackOf(DEPTH).words),
      emitter: this.#host?.emitter,
    })
    const unwatch = this.#host?.watchPromises(
      (promise) => {
        if (this.#isBeside()) return
        const promises = promise.goesOn ? this.#waiting : this.#made
        if (promises.size < MOST) promises.set(promise.id, promise)
      },
      (id) => this.#waiting.delete(id),
    )
    this.#stops = [() => this.#listeners.stop(), ...(unwatch === undefined ? [] : [unwatch])]
  }

  /** Other tests of the same process go on beside the run. */
  #isBeside(): boolean {
    const { identity } = this.#loop
    return identity !== null && identity.get() === undefined
  }

  /** Whether there is an await that has not gone on yet. */
  get waits(): boolean {
    return this.#awaits(true).length > 0
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }

  /**
   * Ends, and gives what is left, in words that are the same for the same place in the code. `settled`: nothing is under way
   * any more, so that what waits now waits for ever. When the main task was interrupted the run has ended there, whoever waits.
   */
  found(main: Task<unknown>, settled: boolean): Left {
    this.stop()
    const interrupted = interruptedIn(this.#loop)
    // Where nothing was interrupted all are told, so that none of them is taken for another run's own.
    const awaits = interrupted === main ? [] : this.#awaits(interrupted === null)
    const listeners = this.#listeners.added.filter((a) => a.by === (interrupted ?? a.by) && this.#isLeft(a))
    return {
      awaits: settled || awaits.length === 0 ? once(awaits.map((place) => `an await that never goes on, ${place}`)) : null,
      listeners: once(listeners.map(({ type, place }) => `a listener for '${String(type)}', added ${place}`)),
    }
  }

  /** All, or of async functions that wait for each other the innermost, which waits for what no function is at work on. */
  #awaits(everyOne: boolean): string[] {
    const places = (awaits: readonly MadePromise[]): string[] => awaits.flatMap((p) => inFunction(p) ?? [])
    const all = [...this.#waiting.values()]
    const innermost = everyOne ? [] : places(all.filter(({ from }) => inFunction(this.#made.get(from)) === undefined))
    return innermost.length > 0 ? innermost : places(all)
  }

  #isLeft({ target, type, listener, by }: Added): boolean {
    // The listeners of an aborted signal have had their call. What the task alone has used goes with it.
    if ((target as { aborted?: unknown }).aborted === true || !this.#listeners.isShared(target, by)) return false
    return this.#host?.listenersOf(target, type).includes(listener) === true
  }
}

function once(words: readonly string[]): string[] {
  return [...new Set(words)]
}

/**
 * The line of the async function that has made a promise, its own one or by an `await`: it is right under the host's hooks,
 * and no `then` is, nor a constructor.
 */
function inFunction(promise: MadePromise | undefined): string | undefined {
  if (promise === undefined) return undefined
  const { host, words } = promise.stack()
  const lines = host.split('\n').map((line) => line.trim())
  const hooks = lines.findLastIndex((line, i) => i < 10 && line.includes('node:internal/async_hooks'))
  return hooks >= 0 && lines[hooks + 1] === placeIn(host) ? placeIn(words) : undefined
}
