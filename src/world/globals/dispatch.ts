import type { Host } from '../host.ts'

type HostFunction = (...args: unknown[]) => unknown

const PROMISIFY: unique symbol = Symbol.for('nodejs.util.promisify.custom')

/** The functions that an exploration puts in the place of the host's. */
const replacements = new WeakSet<object>()
/** What stands behind each function that passes calls on. */
const natives = new WeakMap<object, HostFunction>()

/** @internal Notes that this function takes the place of one of the host's. */
export function noteReplacement(f: object): void {
  replacements.add(f)
}

/** @internal The host's own function, also where another one passes calls on to it. */
export function nativeOf<F extends object>(f: F): F {
  return (natives.get(f) as F | undefined) ?? f
}

/**
 * Puts functions in the place of the host's timers that pass every call on: to what an exploration has put there, while one
 * has, else to the host's own. Code that takes a timer function into a variable when it is loaded after that is on virtual
 * time all the same. For processes that do nothing but explore; it stays until their end.
 */
export function dispatchTimers(host: Host | null): void {
  const names = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval']
  for (const target of [globalThis, host?.builtins.timers]) for (const name of names) dispatch(target, name)
  for (const name of ['setTimeout', 'setInterval']) dispatch(host?.builtins.timersPromises, name)
  host?.publishBuiltins()
}

function dispatch(target: object | undefined, name: string): void {
  const holder = target as Record<string, HostFunction> | undefined
  const native = holder?.[name]
  if (holder === undefined || typeof native !== 'function' || natives.has(native)) return
  const now = (): HostFunction => {
    const current = holder[name]
    return current !== undefined && replacements.has(current) ? current : native
  }
  const passing = function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(now(), this, args)
  }
  Object.defineProperty(passing, 'name', { value: name, configurable: true })
  if (PROMISIFY in native) {
    const promisified = (): HostFunction | undefined => (now() as HostFunction & { [PROMISIFY]?: HostFunction })[PROMISIFY]
    const promised = (...args: unknown[]): unknown => promisified()?.(...args)
    Object.defineProperty(passing, PROMISIFY, { value: promised, configurable: true })
  }
  natives.set(passing, native)
  Object.defineProperty(holder, name, { value: passing, writable: true, configurable: true, enumerable: true })
}
