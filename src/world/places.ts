import type { EventLoop } from '../asyncio/event-loop.ts'
import { Interruptions, interruptedIn } from './cancel/interruptions.ts'
import { faultPlaces } from './io/faults.ts'

/** Where a run could have been disturbed, by place, and whether it was. */
export interface Places {
  readonly faults: ReadonlyMap<string, boolean> | null
  readonly cancellations: ReadonlyMap<string, boolean> | null
}

const NONE: Places = { faults: null, cancellations: null }

export function placesOf(loop: EventLoop): Places {
  const { interrupter } = loop
  const faults = faultPlaces(loop)
  // Most runs have none.
  if (faults === null && interrupter === null) return NONE
  return { faults, cancellations: interrupter instanceof Interruptions ? interrupter.places : null }
}

/** Whether a task of the run was cancelled, or a controller aborted, from outside. */
export function wasInterrupted(loop: EventLoop): boolean {
  return interruptedIn(loop) !== null
}
