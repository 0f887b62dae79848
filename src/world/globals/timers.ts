import { nativeOf, noteReplacement } from './dispatch.ts'
import type { Patches } from './patches.ts'
import type { Scope } from './scope.ts'
import { delayOf, VirtualImmediate, VirtualTimeout } from './timeout.ts'

type Callback = (...args: unknown[]) => unknown
type HostFunction = (...args: unknown[]) => unknown

const PROMISIFY = Symbol.for('nodejs.util.promisify.custom')

/** The replaced timer functions, by their names. */
export interface TimerFunctions {
  readonly setTimeout: HostFunction
  readonly setInterval: HostFunction
  readonly setImmediate: HostFunction
  readonly clearTimeout: HostFunction
  readonly clearInterval: HostFunction
  readonly clearImmediate: HostFunction
}

/** Makes the timer functions for a scope. Between two schedules, and for handles of the host's, they are the host's own. */
export function timerFunctions(scope: Scope): TimerFunctions {
  const host = globalThis as unknown as Record<keyof TimerFunctions, HostFunction>
  const native = {
    setTimeout: nativeOf(host.setTimeout),
    setInterval: nativeOf(host.setInterval),
    setImmediate: host.setImmediate,
    clearTimeout: nativeOf(host.clearTimeout),
    clearInterval: nativeOf(host.clearInterval),
    clearImmediate: host.clearImmediate,
  }
  // A page's timers are numbers, and code for pages may rely on that.
  const inNumbers = typeof probe(native) === 'number'

  const arm = (name: 'setTimeout' | 'setInterval', args: unknown[]): unknown => {
    const { loop } = scope
    if (loop === null) return native[name].apply(globalThis, args)
    const [callback, ms, ...rest] = args
    requireFunction(callback)
    const timeout: VirtualTimeout = new VirtualTimeout(scope, loop, name, delayOf(ms), () => callback.apply(timeout, rest))
    return inNumbers ? Number(timeout) : timeout
  }
  const clear = (name: 'clearTimeout' | 'clearInterval', handle: unknown): void => {
    const byNumber = typeof handle === 'number' || typeof handle === 'string'
    const timeout = byNumber && scope.loop !== null ? scope.numbered.get(Number(handle)) : handle
    if (timeout instanceof VirtualTimeout) timeout.cancel()
    else if (handle !== undefined && handle !== null) native[name].call(globalThis, handle)
  }
  return {
    setTimeout: named('setTimeout', (...args) => arm('setTimeout', args)),
    setInterval: named('setInterval', (...args) => arm('setInterval', args)),
    setImmediate: named('setImmediate', (...args) => {
      const { loop } = scope
      if (loop === null) return native.setImmediate.apply(globalThis, args)
      const [callback, ...rest] = args
      requireFunction(callback)
      return new VirtualImmediate(scope, loop, () => callback(...rest))
    }),
    clearTimeout: named('clearTimeout', (handle) => clear('clearTimeout', handle)),
    clearInterval: named('clearInterval', (handle) => clear('clearInterval', handle)),
    clearImmediate: named('clearImmediate', (handle) => {
      if (handle instanceof VirtualImmediate) handle.cancel()
      else if (handle !== undefined && handle !== null) native.clearImmediate.call(globalThis, handle)
    }),
  }
}

function probe(native: { setTimeout: HostFunction; clearTimeout: HostFunction }): unknown {
  const handle = native.setTimeout.call(globalThis, () => {}, 0)
  native.clearTimeout.call(globalThis, handle)
  return handle
}

function named(name: string, f: HostFunction): HostFunction {
  return Object.defineProperty(f, 'name', { value: name, configurable: true })
}

function requireFunction(callback: unknown): asserts callback is Callback {
  if (typeof callback === 'function') return
  const error = new TypeError(`The "callback" argument must be of type function. Received ${String(callback)}`)
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' })
}

/** Puts them in the place of the host's, in the globals and in `node:timers`. */
export function patchTimers(
  patches: Patches,
  functions: TimerFunctions,
  promised: { setTimeout: unknown; setImmediate: unknown },
  module: Record<string, unknown> | undefined,
): void {
  Object.defineProperty(functions.setTimeout, PROMISIFY, { value: promised.setTimeout })
  Object.defineProperty(functions.setImmediate, PROMISIFY, { value: promised.setImmediate })
  for (const [name, f] of Object.entries(functions)) {
    noteReplacement(f as object)
    patches.replace(globalThis, name, f)
    patches.replace(module, name, f)
  }
}
