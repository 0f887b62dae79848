import { type Awaitable, type Coroutine, type Frame, type Suspension } from '../asyncio/awaitable.ts'
import { currentLoop } from '../asyncio/current-loop.ts'
import { CancelledError, RuntimeError } from '../asyncio/errors.ts'
import type { EventLoop } from '../asyncio/event-loop.ts'
import { awaitCoroutine } from '../asyncio/native-frame.ts'
import { PromiseMethods } from '../asyncio/promise-methods.ts'
import { nextOutsider } from '../loop/outsiders.ts'
import type { Access } from '../loop/runnable.ts'
import type { Operation as Intent } from '../loop/tracker.ts'

type Kind = 'read' | 'write'

/**
 * A cell that several tasks share, whose reads and writes the loop records.
 *
 * `value` touches it at once. The methods are a scheduling point and then the access, in one step; `update`
 * and `compareExchange` give the old value, as `Atomics` does. With `when`, the operation is not enabled until the
 * condition holds of the value.
 *
 * @example
 * ```ts
 * const balance = shared(100, 'balance')
 * const old = yield* balance.compareExchange(100, 90) // 100: it was replaced
 * ```
 */
export class Shared<T> {
  readonly label: string | undefined
  #value: T
  #loop: EventLoop | null = null
  #object = 0
  /** Its number among the things made outside every run; 0: it was made in one. */
  #outsider = 0
  #reads: readonly Access[] = []
  #writes: readonly Access[] = []
  #guarded: Operation<T, unknown>[] = []

  /** @internal */
  constructor(initial: T, label: string | undefined) {
    this.#value = initial
    this.label = label
    const loop = currentLoop()
    if (loop !== null) this.#enter(loop)
    else this.#outsider = nextOutsider()
  }

  get value(): T {
    this.#note('read')
    this.#tell('read')
    return this.#value
  }

  set value(v: T) {
    this.#note('write')
    this.#set(v)
    this.#tell('write')
  }

  /** Gives the value, in a step of its own. */
  read(options?: { when?: (value: T) => boolean }): Awaitable<T> {
    return new Operation(this, 'read', (old) => old, options?.when)
  }

  /** Puts another value in, in a step of its own. */
  write(v: T): Awaitable<void> {
    return new Operation<T, void>(this, 'write', () => this.#set(v), undefined)
  }

  /** Replaces the value by `f` of it, and gives the old one. */
  update(f: (value: T) => T, options?: { when?: (value: T) => boolean }): Awaitable<T> {
    return new Operation(
      this,
      'write',
      (old) => {
        this.#set(f(old))
        return old
      },
      options?.when,
    )
  }

  /** Replaces the value if it is `expected`, and gives the old one. One that does not replace counts as a read. */
  compareExchange(expected: T, replacement: T): Awaitable<T> {
    return new Operation(
      this,
      (value) => (Object.is(value, expected) ? 'write' : 'read'),
      (old) => {
        if (Object.is(old, expected)) this.#set(replacement)
        return old
      },
      undefined,
    )
  }

  /** @internal */
  perform<R>(kind: Kind, action: (old: T) => R): R {
    this.#note(kind)
    const result = action(this.#value)
    this.#tell(kind)
    return result
  }

  /** @internal What it holds, without an access. */
  get current(): T {
    return this.#value
  }

  /** @internal */
  holds(when: ((value: T) => boolean) | undefined): boolean {
    return when === undefined || when(this.#value)
  }

  /** @internal */
  accesses(kind: Kind): readonly Access[] {
    const loop = currentLoop()
    if (loop !== null && loop !== this.#loop) this.#enter(loop)
    return kind === 'read' ? this.#reads : this.#writes
  }

  /** @internal */
  get object(): number {
    return this.#object
  }

  /** @internal */
  guard(operation: Operation<T, unknown>): void {
    this.#guarded.push(operation)
  }

  /** @internal */
  unguard(operation: Operation<T, unknown>): void {
    const i = this.#guarded.indexOf(operation)
    if (i >= 0) this.#guarded.splice(i, 1)
  }

  #set(v: T): void {
    this.#value = v
    for (const operation of this.#guarded) operation.reconsider()
  }

  #note(kind: Kind): void {
    const loop = currentLoop()
    if (loop === null || loop.onAccess === null) return
    loop.onAccess.access(this.accesses(kind)[0] as Access, this.#value)
  }

  /** Tells an instrumented run what it holds now. */
  #tell(kind: Kind): void {
    const recorder = currentLoop()?.recorder
    if (recorder != null) recorder.valueSeen(this.label ?? 'a shared cell', kind, this.#value)
  }

  /** Each run numbers the objects that it meets anew, so that equal runs give equal numbers. */
  #enter(loop: EventLoop): void {
    this.#loop = loop
    this.#object = loop.newObject(this.#outsider)
    this.#reads = [{ object: this.#object, kind: 'read' }]
    this.#writes = [{ object: this.#object, kind: 'write' }]
    this.#guarded = []
  }
}

/** @internal One operation on a cell: the awaitable, its iterator and what the task waits for. */
export class Operation<T, R>
  extends PromiseMethods<R>
  implements Awaitable<R>, Iterator<Suspension, R, unknown>, Suspension, Intent
{
  readonly #cell: Shared<T>
  readonly #kind: Kind | ((value: T) => Kind)
  readonly #action: (old: T) => R
  readonly #when: ((value: T) => boolean) | undefined
  #frame: Frame | null = null
  #queued = false
  #started = false
  #interrupted: CancelledError | null = null

  constructor(
    cell: Shared<T>,
    kind: Kind | ((value: T) => Kind),
    action: (old: T) => R,
    when: ((value: T) => boolean) | undefined,
  ) {
    super()
    this.#cell = cell
    this.#kind = kind
    this.#action = action
    this.#when = when
  }

  get accesses(): readonly Access[] {
    return this.#cell.accesses(this.#kindNow())
  }

  [Symbol.iterator](): this {
    if (this.#started) throw new RuntimeError('cannot reuse already awaited coroutine')
    return this
  }

  // A thenable, so that `await` works.
  then<A = R, B = never>(
    onResult?: ((value: R) => A | PromiseLike<A>) | null,
    onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const loop = currentLoop()
    if (loop === null) {
      return Promise.resolve()
        .then(() => this.#perform())
        .then(onResult, onError)
    }
    return awaitCoroutine(loop, this[Symbol.iterator]() as unknown as Coroutine<R>, onResult, onError)
  }

  next(): IteratorResult<Suspension, R> {
    if (!this.#started && currentLoop() !== null) {
      this.#started = true
      return { done: false, value: this }
    }
    this.#leave()
    if (this.#interrupted !== null) throw this.#interrupted
    return { done: true, value: this.#perform() }
  }

  throw(error: unknown): IteratorResult<Suspension, R> {
    this.#leave()
    throw error
  }

  #perform(): R {
    return this.#cell.perform(this.#kindNow(), this.#action)
  }

  #kindNow(): Kind {
    return typeof this.#kind === 'string' ? this.#kind : this.#kind(this.#cell.current)
  }

  get object(): number {
    return this.#cell.object
  }

  get guarded(): boolean {
    return this.#when !== undefined
  }

  kindAt(value: unknown): Kind | null {
    if (this.#when !== undefined && !this.#when(value as T)) return null
    return typeof this.#kind === 'string' ? this.#kind : this.#kind(value as T)
  }

  #leave(): void {
    if (this.#when !== undefined) this.#cell.unguard(this as Operation<T, unknown>)
  }

  suspend(frame: Frame): void {
    this.#frame = frame
    const { tracker } = frame.loop
    if (tracker !== null && (this.#when !== undefined || typeof this.#kind !== 'string')) {
      this.#cell.accesses('read')
      tracker.intends(frame.lane, this)
    }
    if (this.#when !== undefined) {
      this.#cell.accesses('read')
      this.#cell.guard(this as Operation<T, unknown>)
      if (!this.#cell.holds(this.#when)) return
    }
    this.#queued = true
    frame.loop.enqueue(frame)
  }

  /** The cell has a new value: enters or leaves the ready set. */
  reconsider(): void {
    const frame = this.#frame
    const enabled = this.#cell.holds(this.#when)
    if (frame === null || enabled === this.#queued || this.#interrupted !== null) return
    this.#queued = enabled
    if (enabled) frame.loop.enqueue(frame)
    else frame.loop.dequeue(frame)
  }

  interrupt(frame: Frame, message: string | undefined): boolean {
    if (this.#queued && this.#when === undefined) return false
    this.#interrupted ??= new CancelledError(message)
    // A guarded one that is queued stays so, whatever becomes of its condition: the cancellation must arrive.
    if (!this.#queued) frame.loop.enqueue(frame)
    this.#queued = true
    return true
  }

  cancellation(): CancelledError | undefined {
    return this.#interrupted ?? undefined
  }

  describe(): string {
    const name = this.#cell.label ?? 'a shared cell'
    const kind = typeof this.#kind === 'string' ? this.#kind : 'compareExchange'
    return `${kind} ${name}${this.#when !== undefined && !this.#queued ? ' (its condition does not hold)' : ''}`
  }
}

/**
 * A cell shared between tasks.
 *
 * @example
 * ```ts
 * const balance = shared(100, 'balance')
 * const old = yield* balance.update((b) => b - 10, { when: (b) => b >= 10 })
 * ```
 */
export function shared<T>(initial: T, label?: string): Shared<T> {
  return new Shared(initial, label)
}
