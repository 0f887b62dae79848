import { RuntimeError } from '../../asyncio/errors.ts'
import type { Patches } from './patches.ts'
import type { Scope } from './scope.ts'

/** 2020-01-01T00:00Z: where `Date` starts in every schedule. */
export const EPOCH = Date.UTC(2020, 0, 1)
const nativeNow = Date.now
/** Where `performance.now()` starts, in milliseconds. */
const UPTIME = 1

type InstalledClock = ReturnType<(typeof import('@sinonjs/fake-timers'))['install']>

type HrTime = ((before?: [number, number]) => [number, number]) & { bigint(): bigint }

/** `Date` and `Intl` by fake-timers, `performance.now` and `process.hrtime`, all on the loop's time. */
export class VirtualClock {
  readonly #clock: InstalledClock
  readonly #scope: Scope

  /** Installs fake-timers once for the whole exploration. Its own timers stay off: orders at one instant are ours to choose. */
  static async install(scope: Scope, patches: Patches): Promise<VirtualClock> {
    const { install } = await import('@sinonjs/fake-timers').catch((cause: unknown) => {
      const ways = 'bundle it, name an ES module of it in the import map, or explore with `globals: { clock: false }`'
      throw new RuntimeError(`Date and Intl on virtual time: @sinonjs/fake-timers can't be loaded here (${shortly(cause)}); ${ways}`, { cause })
    })
    try {
      return new VirtualClock(scope, patches, install({ now: EPOCH, toFake: ['Date', 'Intl'] }))
    } catch (cause) {
      throw new RuntimeError(`Date and Intl can't be put on virtual time here (${shortly(cause)}): explore with \`globals: { clock: false }\``, { cause })
    }
  }

  private constructor(scope: Scope, patches: Patches, clock: InstalledClock) {
    this.#scope = scope
    this.#clock = clock
    // Nobody has to tell it that time has passed: its `now` is the loop's, and beside a run the host's own.
    Object.defineProperty(clock, 'now', {
      get: () => (scope.loop === null ? nativeNow() : EPOCH + Math.floor(this.#milliseconds() - UPTIME + 1e-6)),
      set: () => {},
      configurable: true,
    })
    const nativeUptime = performance.now.bind(performance)
    patches.replace(performance, 'now', () => (this.#scope.loop === null ? nativeUptime() : this.#milliseconds()))
    const { process } = globalThis as { process?: { hrtime?: HrTime } }
    if (process?.hrtime === undefined) return
    const native = process.hrtime
    const hrtime = (before?: [number, number]): [number, number] => {
      if (this.#scope.loop === null) return native.call(process, before)
      const nanoseconds = this.#nanoseconds() - (before === undefined ? 0n : toNanoseconds(before))
      const seconds = nanoseconds >= 0n ? nanoseconds / BILLION : -((-nanoseconds + BILLION - 1n) / BILLION)
      return [Number(seconds), Number(nanoseconds - seconds * BILLION)]
    }
    const bigint = (): bigint => (this.#scope.loop === null ? native.bigint() : this.#nanoseconds())
    patches.replace(process, 'hrtime', Object.assign(hrtime, { bigint }))
  }

  uninstall(): void {
    this.#clock.uninstall()
  }

  #milliseconds(): number {
    return UPTIME + Math.round((this.#scope.loop?.time() ?? 0) * 1e9) / 1e6
  }

  #nanoseconds(): bigint {
    return BigInt(Math.round((this.#scope.loop?.time() ?? 0) * 1e9) + UPTIME * 1e6)
  }
}

const BILLION = 1_000_000_000n

function shortly(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? ''
}

function toNanoseconds([seconds, nanoseconds]: [number, number]): bigint {
  return BigInt(seconds) * BILLION + BigInt(nanoseconds)
}
