interface Patch {
  readonly target: object
  readonly key: PropertyKey
  readonly before: PropertyDescriptor | undefined
}

/** Properties that were replaced, and what they were. */
export class Patches {
  readonly #done: Patch[] = []

  /** Replaces a property; what can't be replaced, or isn't there, stays as it is. */
  replace(target: object | undefined, key: PropertyKey, value: unknown): void {
    if (target === undefined || !(key in target)) return
    const before = Object.getOwnPropertyDescriptor(target, key)
    if (before !== undefined && !before.configurable && !before.writable) return
    const enumerable = before?.enumerable ?? false
    if (before === undefined || before.configurable) {
      Object.defineProperty(target, key, { value, enumerable, configurable: true, writable: true })
    } else Object.assign(target, { [key]: value })
    this.#done.push({ target, key, before })
  }

  /** Puts another descriptor in the place of one that may be changed. */
  define(target: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(target, key)
    if (before?.configurable !== true) return
    Object.defineProperty(target, key, descriptor)
    this.#done.push({ target, key, before })
  }

  /** Puts everything back, the last first, whatever the program has made of it meanwhile. */
  restore(): void {
    for (let p = this.#done.pop(); p !== undefined; p = this.#done.pop()) {
      try {
        if (p.before === undefined) Reflect.deleteProperty(p.target, p.key)
        else Object.defineProperty(p.target, p.key, p.before)
      } catch {
        // The program has frozen it: nobody can put it back.
      }
    }
  }
}
