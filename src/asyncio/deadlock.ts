import { DeadlockError } from '../loop/errors.ts'
import type { Suspension } from './awaitable.ts'
import type { Task } from './task.ts'

/** What a task waits for, without the native promises that wait in turn for what the loop knows. */
export function ownWaits(task: Task<unknown>): readonly Suspension[] {
  const own = task.waitingFor.filter((s) => s.abandon === undefined)
  return own.length === 0 ? task.waitingFor : own
}

/** Says which tasks wait for what. */
export function describeDeadlock(tasks: readonly Task<unknown>[], intervals: boolean): DeadlockError {
  const lines = tasks.map((t) => {
    const waits = ownWaits(t).map((s) => s.describe()).join(' and ')
    return `  ${t.getName()} waits for ${waits === '' ? 'a promise that nothing of the run will settle' : waits}`
  })
  return new DeadlockError(
    [`nothing is ready, ${intervals ? 'only intervals are armed, which wake nobody,' : 'no timer is armed'} and nothing is under way outside`, ...lines].join('\n'),
  )
}
