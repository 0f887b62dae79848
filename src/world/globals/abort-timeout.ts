import type { Patches } from './patches.ts'
import type { Scope } from './scope.ts'
import type { TimerFunctions } from './timers.ts'

/** `AbortSignal.timeout` on virtual time, which fake-timers leaves to the host. */
export function patchAbortTimeout(scope: Scope, patches: Patches, timers: TimerFunctions): void {
  if (typeof AbortSignal === 'undefined' || typeof AbortSignal.timeout !== 'function') return
  const native = AbortSignal.timeout.bind(AbortSignal)
  patches.replace(AbortSignal, 'timeout', (ms: number): AbortSignal => {
    if (scope.loop === null) return native(ms)
    // The host's own check of the argument, and its error.
    if (!(Number.isInteger(ms) && ms >= 0 && ms <= Number.MAX_SAFE_INTEGER)) return native(ms)
    const controller = new AbortController()
    const reason = (): DOMException => new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    timers.setTimeout(() => controller.abort(reason()), ms)
    return controller.signal
  })
}
