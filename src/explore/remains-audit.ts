import type { EventLoop } from '../asyncio/event-loop.ts'
import { sleep } from '../asyncio/sleep.ts'
import { Task } from '../asyncio/task.ts'
import { interruptedIn } from '../world/cancel/interruptions.ts'
import { LeftoverError } from '../world/cancel/left-over.ts'
import type { Left, Remains } from '../world/cancel/remains.ts'
import { pause } from '../world/external.ts'
import type { World } from '../world/world.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import type { Shape } from './options.ts'
import { Lenient, type Picks } from './picks.ts'

/** What a run is asked to look for at its end. */
export interface Audit {
  /** What such a run leaves without its interruption, and is no fault. */
  readonly known: ReadonlySet<string>
  /** Whether what is found makes the run fail; else it is only told. */
  readonly judges: boolean
  /** The interruption is chosen, and not made. */
  readonly uninterrupted: boolean
}

/** So often is what is under way, or the clock, let go on. */
const ROUNDS = 1000

/** Lets everything happen that is under way, in FIFO order and unjudged. Says whether nothing more can. */
async function letAllEnd(loop: EventLoop): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    const { once, any } = loop.deadlines()
    if (loop.ready.length > 0) await loop.runUntilComplete(sleep(0))
    else if (loop.externals.length > 0) await loop.runUntilComplete(new Task(() => pause(), { loop }))
    else if (once !== Number.POSITIVE_INFINITY) await loop.runUntilComplete(sleep(Math.max(0, once - loop.time())))
    else return !any
  }
  return false
}

/** A run, and what is looked for in it. */
interface Audited {
  readonly loop: EventLoop
  readonly main: Task<unknown>
  readonly remains: Remains
  readonly audit: Audit
  readonly world: World
}

/** The outcome of a run that has passed, with what it has left behind. */
export async function withRemains(
  outcome: Outcome,
  { loop, main, remains, audit, world }: Audited,
): Promise<Outcome> {
  let settled = false
  try {
    settled = remains.waits && (await letAllEnd(loop)) && (await nothingReal(world))
  } catch {
    // Nobody knows then what might still have come.
  }
  const left = remains.found(main, settled)
  const more = audit.judges && interruptedIn(loop) !== null ? unknown(left, audit.known) : []
  return { ...outcome, left, ...(more.length > 0 && { fault: leftover(more) }) }
}

function unknown({ awaits, listeners }: Left, known: ReadonlySet<string>): string[] {
  return [...(awaits ?? []), ...listeners].filter((words) => !known.has(words))
}

/** So often, and so many milliseconds of real time each, is something real waited for that is none of the program's. */
const LOOKS = 10
const PATIENCE = 10

async function nothingReal({ outside }: World): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    if (outside === null || outside.escaped() === null) return true
    await outside.wait(PATIENCE)
  }
  return false
}

function leftover(left: readonly string[]): Fault {
  return { kind: 'leak', error: new LeftoverError(left) }
}

/** Makes every run of a search look for what is left. */
export function* auditing<T>(audit: Audit | null, running: Generator<Request, T, Outcome>): Generator<Request, T, Outcome> {
  if (audit === null) return yield* running
  let next = running.next()
  while (next.done !== true) next = running.next(yield { ...next.value, audit })
  return next.value
}

/** What a schedule leaves behind, as a fault, and what its further runs are to look for. */
export interface Found {
  readonly fault: Fault
  readonly audit: Audit
}

/** After so many schedules in a row that are not interrupted anywhere new, looking is too dear for every one of them. */
const QUIET = 200

/**
 * Looks for what interruptions leave behind. At first every schedule is watched; later those only that are interrupted at a
 * new place, and they are run once more for it. What is found is compared with the run without the interruption.
 */
export class RemainsAudit {
  readonly #known = new Set<string>()
  /** The places that were looked at. */
  readonly #done = new Set<string>()
  #wanted: boolean
  #quiet = 0
  #interruptible = false

  constructor({ leaks }: Pick<Shape, 'leaks'>) {
    this.#wanted = leaks === 'error'
  }

  /** What the next schedule is to look for. */
  get audit(): Audit | undefined {
    return this.#wanted && this.#interruptible && this.#quiet < QUIET ? this.#audit(false, false) : undefined
  }

  #audit(judges: boolean, uninterrupted: boolean): Audit {
    return { known: this.#known, judges, uninterrupted }
  }

  /** Looks at a schedule that has been run. Null: there is nothing to say, or it has failed anyway. */
  *of({ fault, places: { cancellations }, left }: Outcome, picksOf: () => Picks): Generator<Request, Found | null, Outcome> {
    if (!this.#wanted || cancellations === null) return null
    this.#interruptible ||= cancellations.size > 0
    const place = [...cancellations].find(([, taken]) => taken)?.[0]
    const isNew = place !== undefined && !this.#done.has(place)
    this.#quiet = isNew ? 0 : this.#quiet + 1
    if (fault !== null || place === undefined || (left === undefined && !isNew)) return null
    this.#done.add(place)
    const picks = picksOf()
    const run = (by: Picks, uninterrupted: boolean): Request => ({
      chooser: new Lenient(by),
      observer: null,
      audit: this.#audit(false, uninterrupted),
    })
    let found = left ?? (yield run(picks, false)).left
    // Where no native code takes part nothing is looked for.
    if (found === undefined) this.#wanted = false
    if (found === undefined || unknown(found, this.#known).length === 0) return null
    // In the same order without the interruption, and in FIFO order.
    for (const by of [picks, new Map<number, number>()]) {
      const without = yield run(by, true)
      if (without.fault !== null || without.left === undefined) return null
      const { awaits, listeners } = without.left
      for (const words of [...(awaits ?? []), ...listeners]) this.#known.add(words)
      if (awaits === null) found = { ...found, awaits }
    }
    const more = unknown(found, this.#known)
    return more.length === 0 ? null : { fault: leftover(more), audit: this.#audit(true, false) }
  }
}
