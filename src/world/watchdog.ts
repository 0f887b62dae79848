import type { Host } from './host.ts'

const ABOUT = Symbol.for('heddle.watchdog')

/** Where the watchdog's thread looks: turns, whether to look, the limit. */
let shared: Int32Array | null = null
let refused = false

/**
 * Ends the process with 2 where a step never ends: a synchronous loop, or one of microtasks. Neither can be ended from its
 * own thread, so another one looks on, in real time, and says the test, the schedule so far and the place.
 */
export class Watchdog {
  readonly #memory: Int32Array | null

  /** `about`: what to say of what was being explored; called from the halted program. */
  constructor(host: Host | null, limit: number, about: () => string) {
    this.#memory = start(host, limit)
    if (this.#memory === null) return
    ;(globalThis as unknown as Record<symbol, unknown>)[ABOUT] = about
    this.moved()
    this.#memory[1] = 1
    this.#memory[2] = limit
  }

  /** The program's thread is alive. */
  moved(): void {
    const memory = this.#memory
    if (memory !== null) memory[0] = ((memory[0] as number) + 1) | 0
  }

  end(): void {
    if (this.#memory === null) return
    this.#memory[1] = 0
    delete (globalThis as unknown as Record<symbol, unknown>)[ABOUT]
  }
}

/** One thread serves the whole process. */
function start(host: Host | null, limit: number): Int32Array | null {
  if (host === null || refused || limit === Number.POSITIVE_INFINITY) return null
  if (shared !== null) return shared
  const memory = new SharedArrayBuffer(12)
  if (!host.startWatchdog(memory)) {
    refused = true
    return null
  }
  shared = new Int32Array(memory)
  return shared
}
