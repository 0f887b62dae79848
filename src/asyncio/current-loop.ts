import { runningLoop } from '../loop/running.ts'
import { RuntimeError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'

/** Undefined while nobody has chosen. */
let selected: EventLoop | null | undefined = undefined

/** The loop that is running, null outside a run. */
export function currentLoop(): EventLoop | null {
  return runningLoop() as EventLoop | null
}

/** The loop that is running. @throws RuntimeError outside a run */
export function getRunningLoop(): EventLoop {
  const loop = currentLoop()
  if (loop === null) throw new RuntimeError('no running event loop')
  return loop
}

/** Makes a loop the one that code outside a run works with. */
export function setEventLoop(loop: EventLoop | null): void {
  selected = loop
}

/** @internal What was set last, undefined if nothing ever was. */
export function selectedLoop(): EventLoop | null | undefined {
  return selected
}

/** @internal The running loop, else the selected one. @throws RuntimeError if there is neither */
export function requireLoop(): EventLoop {
  return currentLoop() ?? selected ?? getRunningLoop()
}
