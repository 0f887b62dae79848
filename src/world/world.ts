import type { EventLoop } from '../asyncio/event-loop.ts'
import type { Task } from '../asyncio/task.ts'
import type { TaskRegister } from '../asyncio/task-register.ts'
import { Globals, type GlobalsOptions } from './globals/globals.ts'
import { Outside } from './escapes.ts'
import { loadHost, type Store } from './host.ts'
import { enterInstruments, leaveInstruments } from './instrumented/hook.ts'
import { ExplorationInstruments } from './instrumented/instruments.ts'
import { RejectionWatch } from './rejections.ts'
import { Watchdog } from './watchdog.ts'

/** Who is told of what happens outside the tasks of a schedule. */
export interface Listener {
  /** A promise was rejected with nobody to catch it. */
  rejected(reason: unknown): void
  /** A callback threw. */
  crashed(error: unknown): void
}

/** What an exploration asks of its surroundings. */
export interface WorldOptions {
  /** Which globals to replace; null: none. */
  readonly globals: GlobalsOptions | null
  /** Whether native promises take part: then tasks are followed through them. */
  readonly native: boolean
  /** Milliseconds of real time that a step may take. */
  readonly watchdog: number
  /** What is explored now, in words, for the watchdog. */
  readonly about: () => string
}

/** The one that is open, if any: explorations take turns. */
const open = new Set<World>()

/** The surroundings of an exploration: the host's globals, its reports of what nobody caught, its clocks and threads. */
export class World {
  readonly outside: Outside | null
  readonly #rejections: RejectionWatch
  readonly #globals: Globals | null
  readonly #identity: Store<Task<unknown> | TaskRegister> | null
  readonly #watchdog: Watchdog
  #loop: EventLoop | null = null
  readonly #instruments = new ExplorationInstruments(World.isInside)

  static async open(options: WorldOptions): Promise<World> {
    const host = await loadHost()
    const globals = options.globals === null ? null : await Globals.install(options.globals, host, World.isInside)
    try {
      const identity = options.native && host !== null ? host.makeStore<Task<unknown> | TaskRegister>() : null
      const watchdog = new Watchdog(host, options.watchdog, options.about)
      // Last: what starting a thread opens is there already then.
      const outside = options.native && host !== null ? new Outside(host) : null
      return new World(globals, identity, outside, watchdog)
    } catch (error) {
      globals?.uninstall()
      throw error
    }
  }

  /** Whether the code that asks runs in a schedule of an exploration, and not beside one. */
  static isInside(): boolean {
    const [world] = open
    if (world === undefined || world.#identity === null || world.#identity.get() !== undefined) return true
    const loop = world.#loop
    // A set-up runs before the loop does.
    return loop === null || !loop.isRunning() || loop.turning
  }

  private constructor(
    globals: Globals | null,
    identity: Store<Task<unknown> | TaskRegister> | null,
    outside: Outside | null,
    watchdog: Watchdog,
  ) {
    this.#globals = globals
    this.#identity = identity
    this.outside = outside
    this.#watchdog = watchdog
    this.#rejections = new RejectionWatch()
    open.add(this)
    enterInstruments(this.#instruments)
  }

  /** A schedule begins on this loop. */
  begin(loop: EventLoop, listener: Listener): void {
    this.#loop = loop
    this.#watchdog.moved()
    this.#rejections.listener = listener
    loop.identity = this.#identity
    loop.pulse = this.#watchdog
    if (this.#globals === null) return
    this.#globals.onCrash = (error) => listener.crashed(error)
    this.#globals.begin(loop)
  }

  /** Queues what the schedule has left to do for the next one to start clean. Says whether there is anything. */
  queueHousekeeping(): boolean {
    return this.#globals?.queueHousekeeping() ?? false
  }

  /** It has ended. */
  end(): void {
    this.#loop = null
    this.#globals?.end()
    this.#rejections.listener = null
  }

  /** Puts everything back. */
  close(): void {
    open.delete(this)
    leaveInstruments(this.#instruments)
    this.#watchdog.end()
    this.#rejections.end()
    this.#globals?.uninstall()
    this.#identity?.disable()
  }
}
