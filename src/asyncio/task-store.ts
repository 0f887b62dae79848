import type { TaskRegister, TaskStore } from './task-register.ts'
import type { Task } from './task.ts'

/** The host's AsyncLocalStorage, as far as it is used here. */
interface Storage {
  run<R>(value: Task<unknown> | TaskRegister, f: () => R): R
  getStore(): Task<unknown> | TaskRegister | undefined
  disable(): void
}

/** @internal A store that lasts until it is let go. */
export interface OwnTaskStore extends TaskStore {
  /** Takes it out of every promise's way. */
  disable(): void
}

/**
 * @internal What follows the running task through native awaits, from the host that is there; null where it has nothing of
 * the kind. It costs every promise something, so only who needs it makes one.
 */
export function makeTaskStore(): OwnTaskStore | null {
  const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }
  const hooks = process?.getBuiltinModule?.('async_hooks') as { AsyncLocalStorage?: new () => Storage } | undefined
  if (hooks?.AsyncLocalStorage === undefined) return null
  const storage = new hooks.AsyncLocalStorage()
  return {
    run: (task, f) => storage.run(task, f),
    get: () => storage.getStore(),
    disable: () => storage.disable(),
  }
}
