import { currentLoop } from './current-loop.ts'
import { LookupError, RuntimeError, ValueError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'

/** Keyed by the variables. */
type Bindings = ReadonlyMap<object, unknown>

const EMPTY: Bindings = new Map()

/** Whether any variable was ever set: until then every context is empty, and nothing needs to be copied. */
let used = false

/**
 * Values of context variables (CPython, `contextvars.Context`). Each task runs in a copy of the context that it was
 * made in, each callback in a copy of the one that it was registered in.
 *
 * @example
 * ```ts
 * const user = new ContextVar<string>('user', { default: 'nobody' })
 * const context = copyContext()
 * context.run(() => user.set('ada'))
 * context.get(user) // 'ada'; outside it nothing has changed
 * ```
 */
export class Context {
  #bindings: Bindings
  #entered = false

  /** An empty context; `copyContext()` gives a copy of the current one. */
  constructor() {
    this.#bindings = EMPTY
  }

  /** How many variables have a value in it. */
  get size(): number {
    return this.#bindings.size
  }

  /** Whether the variable has a value in it. */
  has<T>(variable: ContextVar<T>): boolean {
    return this.#bindings.has(variable)
  }

  /** The variable's value here, undefined if it has none. */
  get<T>(variable: ContextVar<T>): T | undefined {
    return this.#bindings.get(variable) as T | undefined
  }

  /** A copy, which costs nothing (CPython, `Context.copy`). */
  copy(): Context {
    const copy = new Context()
    copy.#bindings = this.#bindings
    return copy
  }

  /** Calls `fn` in this context: what it sets is kept here. @throws RuntimeError if the context is entered already */
  run<A extends unknown[], R>(fn: (...args: A) => R, ...args: A): R {
    if (this.#entered) throw new RuntimeError('cannot enter context: it is already entered')
    const outer = entered
    this.#entered = true
    entered = { context: this, loop: currentLoop() }
    try {
      return fn(...args)
    } finally {
      entered = outer
      this.#entered = false
    }
  }

  /** @internal Bindings are never changed, so that a copy costs nothing. */
  bind<T>(variable: ContextVar<T>, value: T): void {
    used = true
    this.#bindings = new Map(this.#bindings).set(variable, value)
  }

  /** @internal */
  unbind<T>(variable: ContextVar<T>): void {
    const bindings = new Map(this.#bindings)
    bindings.delete(variable)
    this.#bindings = bindings
  }
}

/** The context of code outside every loop. */
const outermost = new Context()

/** What `Context.run` has entered, and the loop that was running then. */
let entered: { readonly context: Context; readonly loop: EventLoop | null } | null = null

/** @internal The context of the code that is running. */
export function currentContext(): Context {
  const loop = currentLoop()
  if (entered !== null && entered.loop === loop) return entered.context
  if (loop === null) return outermost
  return (loop.current ?? loop.currentHandle)?.getContext() ?? entered?.context ?? outermost
}

/** @internal The context for something that is registered now; null stands for an empty one. */
export function inheritContext(): Context | null {
  return used ? currentContext().copy() : null
}

/**
 * A copy of the current context (CPython, `contextvars.copy_context`).
 *
 * @example
 * ```ts
 * const before = copyContext()
 * ```
 */
export function copyContext(): Context {
  return currentContext().copy()
}

/** What `ContextVar.set` gives: it takes the value back. */
export interface ContextToken<T> {
  readonly variable: ContextVar<T>
  /** The value before, if there was one. */
  readonly old: { readonly value: T } | null
}

/**
 * A variable of which each task has its own value (CPython, `contextvars.ContextVar`).
 *
 * @example
 * ```ts
 * const user = new ContextVar<string>('user', { default: 'nobody' })
 * user.set('ada')
 * yield* createTask(function* () { return user.get() }) // 'ada'; what the task sets stays in it
 * ```
 */
export class ContextVar<T> {
  readonly name: string
  readonly #default: { readonly value: T } | null
  readonly #tokens = new WeakMap<ContextToken<T>, Context>()

  constructor(name: string, options?: { default: T }) {
    this.name = name
    this.#default = options === undefined ? null : { value: options.default }
  }

  /** The value in the current context, else the fallback, else the default. @throws LookupError if there is none */
  get(...fallback: [] | [T]): T {
    const context = currentContext()
    if (context.has(this)) return context.get(this) as T
    if (fallback.length > 0) return fallback[0] as T
    if (this.#default !== null) return this.#default.value
    throw new LookupError(`the context variable ${this.name} has no value`)
  }

  /** Sets the value in the current context. */
  set(value: T): ContextToken<T> {
    const context = currentContext()
    const old = context.has(this) ? { value: context.get(this) as T } : null
    const token = { variable: this, old }
    this.#tokens.set(token, context)
    context.bind(this, value)
    return token
  }

  /**
   * Takes a `set` back.
   * @throws ValueError in another context than that of the `set`, RuntimeError if the token was used before
   */
  reset(token: ContextToken<T>): void {
    const context = this.#tokens.get(token)
    if (context === undefined) throw new RuntimeError('the token has been used already, or is of another variable')
    if (context !== currentContext()) throw new ValueError('the token was created in a different context')
    this.#tokens.delete(token)
    if (token.old === null) context.unbind(this)
    else context.bind(this, token.old.value)
  }
}
