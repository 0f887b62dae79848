/** A thrown value in words. Anything can be thrown, also what String() itself fails on. */
export function shown(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return Object.prototype.toString.call(thrown)
  }
}

/** A field of an error as text, undefined where there is none: getters of errors can throw themselves. */
export function fieldOf(error: Error, key: 'name' | 'message' | 'stack'): string | undefined {
  try {
    const value: unknown = error[key]
    return value === undefined ? undefined : shown(value)
  } catch {
    return undefined
  }
}
