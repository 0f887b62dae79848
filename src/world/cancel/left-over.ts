import type { Suspension } from '../../asyncio/awaitable.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'
import { Future } from '../../asyncio/future.ts'
import { Lock } from '../../asyncio/lock.ts'
import { Task } from '../../asyncio/task.ts'
import { Interruptions } from './interruptions.ts'

/** Something was not given back when the run was over. */
export class LeftoverError extends Error {
  override readonly name = 'LeftoverError'
  constructor(left: readonly string[]) {
    super(`left behind: ${left.join('; ')}`)
  }
}

const NONE: readonly string[] = []

/**
 * What is still taken when a run that sweeps cancellations is over and all its tasks have ended: locks, permits,
 * listeners, and waits of the cancelled task that it did not see to their end.
 */
export function whatIsLeft(loop: EventLoop): readonly string[] {
  const { interrupter, used } = loop
  if (!(interrupter instanceof Interruptions)) return NONE
  const left: string[] = []
  for (const primitive of used ?? []) {
    const n = primitive.outstanding
    if (n > 0) left.push(primitive instanceof Lock ? `${primitive.title} is held` : `${n} of the permits of ${primitive.title} ${n === 1 ? 'is' : 'are'} out`)
  }
  for (const { label, listenersLeft: n } of interrupter.signalled) {
    if (n > 0) left.push(`${n === 1 ? 'a listener' : `${n} listeners`} on ${label}`)
  }
  const { interrupted } = interrupter
  if (interrupted instanceof Task && interrupted.isDone) {
    for (const s of interrupted.waitingFor) if (isPending(s)) left.push(`${interrupted.getName()} has ended, and its wait for ${s.describe()} has not`)
  }
  return left
}

function isPending(s: Suspension): boolean {
  return s instanceof Future && !s.isDone
}
