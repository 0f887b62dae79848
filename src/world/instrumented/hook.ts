import type { Site } from './site.ts'

/** What transformed code calls while an exploration runs. */
export interface Instruments {
  /** Unfolds a module's table of sites. */
  sites(file: string, table: string): readonly Site[]
  /** What stands for `x` in `await x`. */
  at(x: unknown, site: Site): unknown
  /** What stands for `x` in `for await (… of x)` and in `yield* x` of an async generator. */
  iterate(x: unknown, site: Site): unknown
  /** A resource whose disposal is the point after those declared behind it. */
  disposal(site: Site): unknown
  /** A property is read, written, or both, or a method is called; without a key it is the site's. */
  touched(o: unknown, key: unknown, site: Site): void
  /** The same for a variable; `scope` stands for the activation that it belongs to. */
  variable(scope: object | null, site: Site): void
}

/** The seat that transformed modules look at: one a process, whatever number of copies of the library there are. */
interface Hook {
  on: Instruments | null
}

/** The transformed modules' headers have the same name. */
const SEAT = Symbol.for('heddle.instruments')

function hook(): Hook {
  const seats = globalThis as unknown as Record<symbol, Hook | undefined>
  return (seats[SEAT] ??= { on: null })
}

/** Transformed code tells of its awaits and accesses from now on. */
export function enterInstruments(instruments: Instruments): void {
  hook().on = instruments
}

/** It runs as it was written again. */
export function leaveInstruments(instruments: Instruments): void {
  const seat = hook()
  if (seat.on === instruments) seat.on = null
}
