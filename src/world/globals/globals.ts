import { RuntimeError } from '../../asyncio/errors.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'
import type { Host } from '../host.ts'
import { AdoptedImmediates } from './adopted-immediates.ts'
import { patchAbortTimeout } from './abort-timeout.ts'
import { VirtualClock } from './clock.ts'
import { patchMessageChannel } from './message-channel.ts'
import { Patches } from './patches.ts'
import { patchRandom } from './random.ts'
import type { Scope } from './scope.ts'
import type { VirtualTimeout } from './timeout.ts'
import { patchPromisedTimers, promisedTimers } from './timers-promises.ts'
import { patchTimers, timerFunctions } from './timers.ts'

/** Which of the host's globals are put on virtual time. Default: all of them. */
export interface GlobalsOptions {
  /** setTimeout, setInterval, setImmediate, `node:timers`, `node:timers/promises` and AbortSignal.timeout. */
  timers?: boolean
  /** Date, performance.now and process.hrtime. */
  clock?: boolean
  /** Math.random and crypto's random values, from a fixed seed. */
  random?: boolean
  /** MessageChannel. */
  channels?: boolean
}

/**
 * The host's globals on a loop's virtual time, for a whole exploration: installed once, on another loop for each
 * schedule, and put back at the end. Promises, queueMicrotask and process.nextTick stay as they are.
 */
export class Globals implements Scope {
  #loop: EventLoop | null = null
  numbered = new Map<number, VirtualTimeout>()
  readonly housekeeping = new Set<VirtualTimeout>()
  /** Whom to tell of a callback that threw. */
  onCrash: (error: unknown) => void = () => {}
  readonly #patches = new Patches()
  readonly #host: Host | null
  readonly #inside: () => boolean
  #clock: VirtualClock | null = null
  #adopted: AdoptedImmediates | null = null
  #restartRandom: () => void = () => {}
  #sequences = new Map<number, object>()

  private constructor(host: Host | null, inside: () => boolean) {
    this.#host = host
    this.#inside = inside
  }

  /** Null too for code beside the schedule: another test of the same process must keep the host's timers. */
  get loop(): EventLoop | null {
    return this.#loop !== null && this.#inside() ? this.#loop : null
  }

  /** `inside`: whether the code that asks belongs to the schedule. @throws RuntimeError while other fake timers are installed */
  static async install(options: GlobalsOptions, host: Host | null, inside: () => boolean): Promise<Globals> {
    refuseFakes()
    const globals = new Globals(host, inside)
    try {
      await globals.#patch(options)
    } catch (error) {
      globals.uninstall()
      throw error
    }
    return globals
  }

  async #patch({ timers = true, clock = true, random = true, channels = true }: GlobalsOptions): Promise<void> {
    const patches = this.#patches
    const builtins = this.#host?.builtins
    if (timers) {
      const functions = timerFunctions(this)
      const promised = promisedTimers(functions)
      patchTimers(patches, functions, promised, builtins?.timers)
      patchPromisedTimers(patches, promised, builtins?.timersPromises)
      patchAbortTimeout(this, patches, functions)
      if (this.#host !== null) this.#adopted = new AdoptedImmediates(this, this.#host)
    }
    if (random) this.#restartRandom = patchRandom(this, patches, builtins?.crypto)
    if (channels) patchMessageChannel(this, patches)
    if (clock) this.#clock = await VirtualClock.install(this, patches)
    this.#host?.publishBuiltins()
  }

  /** Puts a new loop behind the globals, at moment 0. */
  begin(loop: EventLoop): void {
    this.#loop = loop
    this.#sequences = new Map()
    this.numbered = new Map()
    this.#restartRandom()
  }

  /**
   * Queues what the schedule's unref'd timeouts are for: to put away what a package keeps between calls, such as the time
   * of day for a second. The next schedule must find it as this one did. Says whether there are any.
   */
  queueHousekeeping(): boolean {
    const any = this.housekeeping.size > 0
    for (const timeout of this.housekeeping) timeout.queueLeftover()
    this.housekeeping.clear()
    return any
  }

  /** The host's own again, until the next schedule. */
  end(): void {
    this.housekeeping.clear()
    this.#loop = null
  }

  uninstall(): void {
    this.#adopted?.stop()
    this.#loop = null
    this.#clock?.uninstall()
    this.#patches.restore()
    this.#host?.publishBuiltins()
  }

  bind<R>(f: () => R): () => R {
    return this.#host === null ? f : this.#host.bind(f)
  }

  sequenceOf(ms: number): object {
    const known = this.#sequences.get(ms)
    if (known !== undefined) return known
    const sequence = {}
    this.#sequences.set(ms, sequence)
    return sequence
  }

  crashed(error: unknown): void {
    this.onCrash(error)
  }
}

function refuseFakes(): void {
  const fakes = globalThis as unknown as { Date: { isFake?: boolean }; setTimeout: { clock?: unknown } }
  if (fakes.Date.isFake !== true && fakes.setTimeout.clock === undefined) return
  throw new RuntimeError(
    'other fake timers are installed: call vi.useRealTimers(), jest.useRealTimers() or clock.uninstall() before an ' +
      'exploration, which puts the timers on virtual time itself; or explore with { globals: false }',
  )
}
