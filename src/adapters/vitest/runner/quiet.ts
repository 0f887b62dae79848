import { createHook } from 'node:async_hooks'
import { armingLine } from './arming-line.ts'

/** Nobody wants to read the same line a hundred times. Gives what lets it be heard again. */
export function muteConsole(): () => void {
  const console = globalThis.console as unknown as Record<string, unknown>
  const before = Object.entries(console).filter(([, value]) => typeof value === 'function')
  for (const [name] of before) {
    // What makes or measures something has to go on doing so.
    if (!/^(Console|createTask|context)$/.test(name)) console[name] = () => {}
  }
  return () => void Object.assign(console, Object.fromEntries(before))
}

/**
 * vitest's own timers, with which it gathers what it has to tell, do not keep the process alive from now on: an exploration
 * takes what does for something that the test waits for.
 */
export function unrefOwnTimers(): () => void {
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type !== 'Timeout' || armingLine()?.isOfVitest !== true) return
      const timer = resource as { unref?: () => void }
      queueMicrotask(() => timer.unref?.())
    },
  })
  hook.enable()
  return () => void hook.disable()
}
