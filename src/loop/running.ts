import type { VirtualLoop } from './loop.ts'

let current: VirtualLoop | null = null

/** The loop whose step is running on this stack, or whose native step is coming to rest. */
export function runningLoop(): VirtualLoop | null {
  return current
}

/** Marks a loop as the running one. @throws if another one is running. */
export function enter(loop: VirtualLoop): void {
  if (current !== null && current !== loop) throw new Error('Cannot run the event loop while another loop is running')
  current = loop
}

export function leave(loop: VirtualLoop): void {
  if (current === loop) current = null
}
