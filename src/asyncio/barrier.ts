import type { Awaitable, Coroutine } from './awaitable.ts'
import { Condition } from './condition.ts'
import { type Body, inline, LibraryCoroutine } from './coroutine.ts'
import { BrokenBarrierError, ValueError } from './errors.ts'
import { Primitive, type PrimitiveOptions } from './primitive.ts'

type State = 'filling' | 'draining' | 'resetting' | 'broken'

/** The condition inside a barrier: who waits for it waits for the barrier. */
class Gate extends Condition {
  readonly #barrier: Barrier

  constructor(barrier: Barrier) {
    super({ name: barrier.name })
    this.#barrier = barrier
  }

  override get kind(): string {
    return this.#barrier.kind
  }

  override describeWait(): string {
    return this.#barrier.describeWait()
  }
}

/**
 * A meeting point of a fixed number of tasks, used as often as they like (CPython, `locks.py:Barrier`).
 *
 * @example
 * ```ts
 * const round = new Barrier(2)
 * createTask(round.wait())
 * const place = yield* round.wait() // 0 or 1, by order of arrival
 * ```
 */
export class Barrier extends Primitive {
  readonly #gate: Gate
  readonly #parties: number
  #state: State = 'filling'
  #count = 0

  /** @throws ValueError if `parties` is less than 1 */
  constructor(parties: number, options?: PrimitiveOptions) {
    super(options)
    if (!(parties >= 1)) throw new ValueError('parties must be >= 1')
    this.#parties = parties
    this.#gate = new Gate(this)
  }

  /** How many it takes to open it. */
  get parties(): number {
    return this.#parties
  }

  /** How many are waiting for the others to come. */
  get nWaiting(): number {
    this.touch('read')
    return this.#state === 'filling' ? this.#count : 0
  }

  /** Whether it was aborted. */
  get broken(): boolean {
    this.touch('read')
    return this.#state === 'broken'
  }

  /**
   * Waits until all parties are here; gives the place of arrival, from 0.
   * @throws BrokenBarrierError if it is aborted, or reset while waiting
   */
  wait(): Awaitable<number> {
    return this.#locked(() => this.#arrive())
  }

  /** `async with`: waits, then runs `body`, which is given the place of arrival, and gives what `body` gives. */
  with<T>(body: Body<[place: number], T>): Awaitable<T> {
    return new LibraryCoroutine(() => this.#pass(body))
  }

  *#pass<T>(body: Body<[place: number], T>): Coroutine<T> {
    return yield* inline(body(yield* this.wait()))
  }

  *#arrive(): Coroutine<number> {
    yield* this.#gate.waitFor(() => this.#state !== 'draining' && this.#state !== 'resetting')
    if (this.#state === 'broken') throw new BrokenBarrierError('Barrier aborted')
    try {
      const place = this.#count++
      if (place + 1 === this.#parties) this.#enter('draining')
      else yield* this.#waitForTheRest()
      return place
    } finally {
      this.#leave()
    }
  }

  *#waitForTheRest(): Coroutine<void> {
    yield* this.#gate.waitFor(() => this.#state !== 'filling')
    if (this.#state === 'broken' || this.#state === 'resetting') {
      throw new BrokenBarrierError('Abort or reset of barrier')
    }
  }

  #leave(): void {
    this.touch('write')
    if (--this.#count > 0) return
    if (this.#state === 'resetting' || this.#state === 'draining') this.#state = 'filling'
    this.#gate.notifyAll()
  }

  /** Makes it as new; whoever waits gets BrokenBarrierError. */
  reset(): Awaitable<void> {
    return this.#locked(() => {
      // Everybody is woken to look again, also where nothing changes: who was draining may come in now.
      this.#enter(this.#count > 0 ? 'resetting' : 'filling')
    })
  }

  /** Breaks it until reset(): whoever waits, or comes, gets BrokenBarrierError. */
  abort(): Awaitable<void> {
    return this.#locked(() => this.#enter('broken'))
  }

  /** Everything goes on under the lock of the gate. */
  #locked<T>(body: () => Coroutine<T> | T): Awaitable<T> {
    return new LibraryCoroutine(() => this.#underLock(body))
  }

  *#underLock<T>(body: () => Coroutine<T> | T): Coroutine<T> {
    return yield* this.#gate.with<T>(() => {
      this.touch('write')
      return body()
    })
  }

  #enter(state: State): void {
    this.#state = state
    this.#gate.notifyAll()
  }

  /** @internal Who waits for what. */
  describeWait(): string {
    return this.#state === 'filling'
      ? `${this.title} (${this.#count} of ${this.#parties} are there)`
      : `${this.title} (${this.#state})`
  }

  /** @internal */
  protected override stateInWords(): string {
    const waiting = this.broken ? '' : `, waiters:${this.nWaiting}/${this.#parties}`
    return `${this.#state}${waiting}`
  }
}
