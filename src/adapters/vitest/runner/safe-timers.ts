/** What vitest keeps of the host's timers, so that a suite's fake ones don't reach it. */
type SafeTimers = Record<string, unknown> & { setTimeout: typeof setTimeout; clearTimeout: typeof clearTimeout }

/** Where vitest keeps them. The symbol is its own, so that it is known by its name only. */
function keyOf(): symbol | undefined {
  return Object.getOwnPropertySymbols(globalThis).find((s) => s.description === 'vitest:SAFE_TIMERS')
}

function replaceSafeTimers(change: (timers: SafeTimers) => Record<string, unknown>): () => void {
  const key = keyOf()
  const timers: unknown = key === undefined ? undefined : Reflect.get(globalThis, key)
  if (key === undefined || !areTimers(timers)) return () => {}
  Reflect.set(globalThis, key, { ...timers, ...change(timers) })
  return () => void Reflect.set(globalThis, key, timers)
}

function areTimers(value: unknown): value is SafeTimers {
  return typeof value === 'object' && value !== null && 'setTimeout' in value && typeof value.setTimeout === 'function'
}

/**
 * The timeouts of tests and hooks, which vitest takes hold of as they are defined, do not run while `exploring`: real time
 * says nothing of a run on virtual time, and a test that hangs there is a deadlock. Gives what puts the host's back.
 */
export function suspendTimeouts(exploring: () => boolean): () => void {
  return replaceSafeTimers(({ setTimeout, clearTimeout }) => ({
    setTimeout: (f: () => void, ms?: number) => (exploring() ? new NoTimeout() : setTimeout(f, ms)),
    clearTimeout: (timer: unknown) => {
      if (!(timer instanceof NoTimeout)) clearTimeout(timer as ReturnType<typeof setTimeout>)
    },
  }))
}

class NoTimeout {
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }
  hasRef(): boolean {
    return false
  }
}

/** What vitest itself waits with for a test (`vi.waitFor`, `expect.poll`) is on virtual time as well. */
export function shareVirtualTimers(): () => void {
  const { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate } = globalThis
  return replaceSafeTimers(() => ({ setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate }))
}
