/** A thrown value in words. Anything can be thrown, also what String() itself fails on. */
export function shown(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return Object.prototype.toString.call(thrown)
  }
}
