import { DeadlockError } from '../loop/errors.ts'
import type { Task } from './task.ts'

/** Says which tasks wait for what. */
export function describeDeadlock(tasks: readonly Task<unknown>[], intervals: boolean): DeadlockError {
  const lines = tasks.map((t) => {
    const waits = t.waitingFor.map((s) => s.describe()).join(' and ')
    return `  ${t.getName()} waits for ${waits === '' ? 'a promise that nothing of the run will settle' : waits}`
  })
  return new DeadlockError(
    [`nothing is ready, ${intervals ? 'only intervals are armed, which wake nobody,' : 'no timer is armed'} and nothing is under way outside`, ...lines].join('\n'),
  )
}
