import { CancelledError, type Coroutine, type Future, getRunningLoop, Lock } from '../src/index.ts'

/**
 * Small primitives of another make, each with flaws to order, for properties to catch. With the flaw 'none' they are
 * right, which shows that it is the flaw that a property catches.
 */

function ended(f: Future<void>): 'granted' | 'cancelled' | 'waiting' {
  if (!f.done()) return 'waiting'
  return f.cancelled() ? 'cancelled' : 'granted'
}

/** The first who waits; those cancelled are skipped. */
function firstWaiting(waiters: Set<Future<void>>): Future<void> | undefined {
  for (const f of waiters) if (!f.done()) return f
  return undefined
}

export type SemaphoreFlaw = 'none' | 'loses a granted permit' | 'gives back what it never had' | 'lets newcomers pass'

export class FlawedSemaphore {
  #value: number
  readonly #flaw: SemaphoreFlaw
  readonly #waiters = new Set<Future<void>>()

  constructor(value: number, flaw: SemaphoreFlaw) {
    this.#value = value
    this.#flaw = flaw
  }

  locked(): boolean {
    return this.#value === 0
  }

  *acquire(): Coroutine<true> {
    const passes = this.#flaw === 'lets newcomers pass'
    if (this.#value > 0 && (passes || this.#waiters.size === 0)) {
      this.#value--
      return true
    }
    const f = getRunningLoop().createFuture<void>()
    this.#waiters.add(f)
    try {
      yield* f
      // The permit was not kept for whoever is woken, and it does not look again.
      if (passes) this.#value--
    } catch (error) {
      if (this.#flaw === 'gives back what it never had' || (!passes && ended(f) === 'granted')) {
        if (this.#flaw !== 'loses a granted permit') this.#value++
      }
      throw error
    } finally {
      this.#waiters.delete(f)
      if (this.#value > 0) this.#grant()
    }
    return true
  }

  release(): void {
    this.#value++
    this.#grant()
  }

  #grant(): void {
    const f = firstWaiting(this.#waiters)
    if (f === undefined) return
    if (this.#flaw !== 'lets newcomers pass') this.#value--
    f.setResult()
  }
}

export type QueueFlaw = 'none' | 'hands items over' | 'takes late' | 'forgets the next getter'

export class FlawedQueue {
  readonly #maxsize: number
  readonly #flaw: QueueFlaw
  readonly #items: number[] = []
  readonly #getters = new Set<Future<void>>()
  readonly #putters = new Set<Future<void>>()
  readonly #handed = new Map<Future<void>, number>()

  constructor(maxsize: number, flaw: QueueFlaw) {
    this.#maxsize = maxsize
    this.#flaw = flaw
  }

  qsize(): number {
    return this.#items.length
  }

  full(): boolean {
    return this.#items.length >= this.#maxsize
  }

  *put(item: number): Coroutine<void> {
    while (this.full()) yield* this.#waitIn(this.#putters, () => !this.full(), true)
    const getter = firstWaiting(this.#getters)
    if (this.#flaw === 'hands items over' && getter !== undefined) this.#handed.set(getter, item)
    else this.#items.push(item)
    getter?.setResult()
  }

  *get(): Coroutine<number> {
    while (this.#items.length === 0) {
      const f = yield* this.#waitIn(this.#getters, () => this.#items.length > 0, this.#flaw !== 'forgets the next getter')
      const handed = this.#handed.get(f)
      if (handed !== undefined) return handed
    }
    const item = this.#items[0] as number
    if (this.#flaw === 'takes late') yield* getRunningLoop().createTask(function* () {})
    this.#items.shift()
    firstWaiting(this.#putters)?.setResult()
    return item
  }

  *#waitIn(waiters: Set<Future<void>>, possible: () => boolean, passesOn: boolean): Coroutine<Future<void>> {
    const f = getRunningLoop().createFuture<void>()
    waiters.add(f)
    try {
      yield* f
    } catch (error) {
      waiters.delete(f)
      if (passesOn && ended(f) === 'granted' && possible()) firstWaiting(waiters)?.setResult()
      throw error
    }
    waiters.delete(f)
    return f
  }
}

export type ConditionFlaw = 'none' | 'drops the notification of the cancelled' | 'leaves without the lock'

export class FlawedCondition {
  readonly #lock = new Lock()
  readonly #flaw: ConditionFlaw
  readonly #waiters = new Set<Future<void>>()

  constructor(flaw: ConditionFlaw) {
    this.#flaw = flaw
  }

  acquire(): ReturnType<Lock['acquire']> {
    return this.#lock.acquire()
  }

  release(): void {
    if (this.#flaw !== 'leaves without the lock' || this.#lock.locked()) this.#lock.release()
  }

  *wait(): Coroutine<true> {
    const f = getRunningLoop().createFuture<void>()
    this.#waiters.add(f)
    this.#lock.release()
    let cancelled: CancelledError | null = null
    try {
      yield* f
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error
      cancelled = error
    }
    this.#waiters.delete(f)
    while (!(cancelled !== null && this.#flaw === 'leaves without the lock')) {
      try {
        yield* this.#lock.acquire()
        break
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error
        cancelled = error
      }
    }
    if (cancelled === null) return true
    if (this.#flaw !== 'drops the notification of the cancelled') this.notify()
    throw cancelled
  }

  notify(): void {
    firstWaiting(this.#waiters)?.setResult()
  }
}

export type BarrierFlaw = 'none' | 'wakes one' | 'counts the cancelled'

export class FlawedBarrier {
  readonly #parties: number
  readonly #flaw: BarrierFlaw
  #present: Future<void>[] = []
  #broken = false

  constructor(parties: number, flaw: BarrierFlaw) {
    this.#parties = parties
    this.#flaw = flaw
  }

  get nWaiting(): number {
    return this.#present.length
  }

  *wait(): Coroutine<number> {
    if (this.#broken) throw new Error('broken')
    const place = this.#present.length
    if (place + 1 === this.#parties) {
      const there = this.#present
      this.#present = []
      for (const f of this.#flaw === 'wakes one' ? there.slice(0, 1) : there) if (!f.done()) f.setResult()
      return place
    }
    const f = getRunningLoop().createFuture<void>()
    this.#present.push(f)
    try {
      yield* f
    } catch (error) {
      if (this.#flaw !== 'counts the cancelled') this.#present = this.#present.filter((g) => g !== f)
      throw error
    }
    return place
  }

  *abort(): Coroutine<void> {
    this.#broken = true
    const there = this.#present
    this.#present = []
    for (const f of there) if (!f.done()) f.setException(new Error('broken'))
  }
}
