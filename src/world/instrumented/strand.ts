import type { EventLoop } from '../../asyncio/event-loop.ts'

/**
 * What one chain of awaits does between two of them. A step may hold several: the functions that `Promise.all([f(), g()])`
 * calls each run to their first await in the step of the caller, and get lanes of their own only there.
 */
export interface Strand {
  lane: number
}

let loop: EventLoop | null = null
let step = -1
let current: Strand | null = null

/** The strand of the code that is running. */
export function strandNow(running: EventLoop): Strand {
  if (current === null || loop !== running || step !== running.steps) {
    loop = running
    step = running.steps
    current = { lane: running.lane }
  }
  return current
}

/** It has come to an await; what runs after that in the same step is another one's. */
export function endStrand(running: EventLoop): Strand {
  const ended = strandNow(running)
  current = null
  return ended
}
