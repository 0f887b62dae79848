/** A file that is no failure file, or a damaged one. */
export class InvalidFailureFileError extends Error {
  override readonly name = 'InvalidFailureFileError'
  constructor(reason: string) {
    super(`this is not a valid failure file: ${reason}. Restore it from version control, or delete it and explore again.`)
  }
}

/** A value of parsed JSON, and where it stands. Fields are read by name only, and never followed to a prototype. */
export class Reader {
  readonly raw: unknown
  readonly #path: string

  constructor(raw: unknown, path: string) {
    this.raw = raw
    this.#path = path
  }

  /** A field that must be there. */
  at(key: string): Reader {
    return this.optional(key) ?? this.#fail(key, 'is missing')
  }

  /** A field that may be missing. */
  optional(key: string): Reader | undefined {
    const { raw } = this
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) this.#wrong('an object')
    const value: unknown = Object.hasOwn(raw as object, key) ? (raw as Record<string, unknown>)[key] : undefined
    return value === undefined ? undefined : new Reader(value, this.#path === '' ? key : `${this.#path}.${key}`)
  }

  map<T>(f: (r: Reader) => T): T {
    return f(this)
  }

  list<T>(f: (r: Reader) => T): T[] {
    if (!Array.isArray(this.raw)) this.#wrong('a list')
    return (this.raw as unknown[]).map((x, i) => f(new Reader(x, `${this.#path}[${i}]`)))
  }

  text(): string {
    return typeof this.raw === 'string' ? this.raw : this.#wrong('a text')
  }

  flag(): boolean {
    return typeof this.raw === 'boolean' ? this.raw : this.#wrong('true or false')
  }

  number(): number {
    return typeof this.raw === 'number' ? this.raw : this.#wrong('a number')
  }

  whole(): number {
    const n = this.number()
    return Number.isSafeInteger(n) && n >= 0 ? n : this.#wrong('a whole number')
  }

  /** An index into a list of this length. */
  index(length: number): number {
    const n = this.whole()
    return n < length ? n : this.#wrong(`below ${length}`)
  }

  oneOf<T extends string>(values: readonly T[]): T {
    return values.find((v) => v === this.raw) ?? this.#wrong(`one of ${values.join(', ')}`)
  }

  #wrong(expected: string): never {
    throw new InvalidFailureFileError(`${this.#path === '' ? 'it' : `'${this.#path}'`} must be ${expected}, and is ${inShort(this.raw)}`)
  }

  #fail(key: string, what: string): never {
    throw new InvalidFailureFileError(`'${this.#path === '' ? key : `${this.#path}.${key}`}' ${what}`)
  }
}

const SHORT = 40

/** A value as JSON, if it is a short one. Whoever made the file may have nested lists so deeply that JSON.stringify fails. */
function inShort(raw: unknown): string {
  if (Array.isArray(raw)) return `a list of ${raw.length}`
  if (typeof raw === 'object' && raw !== null) return 'an object'
  const found = JSON.stringify(raw) ?? 'undefined'
  return found.length > SHORT ? `${found.slice(0, SHORT - 1)}…` : found
}
