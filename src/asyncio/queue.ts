import type { Awaitable, Coroutine } from './awaitable.ts'
import { LibraryCoroutine } from './coroutine.ts'
import { QueueEmpty, QueueFull, QueueShutDown, ValueError } from './errors.ts'
import { Event } from './event.ts'
import { Primitive, type PrimitiveOptions, type Wait } from './primitive.ts'

/** What a queue may be given. */
export interface QueueOptions extends PrimitiveOptions {
  /** How many items it holds at most; 0 or less: any number. Default: 0. */
  maxsize?: number | undefined
}

/** What join() waits for. */
class AllDone extends Event {
  readonly #queue: Queue<never>

  constructor(queue: Queue<never>) {
    super({ name: queue.name })
    this.#queue = queue
  }

  override get kind(): string {
    return this.#queue.kind
  }

  override describeWait(): string {
    return this.#queue.describeJoin()
  }
}

/**
 * A first-in-first-out queue between tasks (CPython, `queues.py:Queue`). A getter that is woken is handed nothing: it
 * looks again when it runs, and whoever came first has the item.
 *
 * @example
 * ```ts
 * const jobs = new Queue<string>(10, { name: 'jobs' })
 * yield* jobs.put('a')
 * const job = yield* jobs.get()
 * jobs.taskDone()
 * ```
 */
export class Queue<T = unknown> extends Primitive {
  readonly #maxsize: number
  readonly #getters = new Set<Wait>()
  readonly #putters = new Set<Wait>()
  readonly #allDone: AllDone
  #unfinished = 0
  #isShutDown = false
  #items: (T | undefined)[] = []
  #head = 0

  /** @param maxsize how many items it holds at most (0 or less: any number), or options */
  constructor(maxsize?: number | QueueOptions, options?: QueueOptions) {
    const given = typeof maxsize === 'object' ? { ...options, ...maxsize } : { ...options, maxsize }
    super(given)
    this.#maxsize = given.maxsize ?? options?.maxsize ?? 0
    this.#allDone = new AllDone(this as Queue<unknown> as Queue<never>)
    this.#allDone.set()
  }

  /** How many items it holds at most; 0 or less: any number. */
  get maxsize(): number {
    return this.#maxsize
  }

  /** How many items are in it. */
  qsize(): number {
    this.touch('read')
    return this.itemCount()
  }

  /** Whether nothing is in it. */
  empty(): boolean {
    return this.qsize() === 0
  }

  /** Whether it holds `maxsize` items; never true of an unbounded one. */
  full(): boolean {
    return this.#maxsize > 0 && this.qsize() >= this.#maxsize
  }

  /** Adds an item, waiting for room. @throws QueueShutDown */
  put(item: T): Awaitable<void> {
    return new LibraryCoroutine(() => this.#put(item))
  }

  *#put(item: T): Coroutine<void> {
    while (this.full()) {
      if (this.#isShutDown) throw new QueueShutDown()
      yield* this.#waitIn(this.#putters, this.#roomInWords, () => this.full())
    }
    this.putNowait(item)
  }

  /** Adds an item at once. @throws QueueShutDown, QueueFull */
  putNowait(item: T): void {
    this.touch('write')
    if (this.#isShutDown) throw new QueueShutDown()
    if (this.full()) throw new QueueFull()
    this.putItem(item)
    this.#unfinished++
    this.#allDone.clear()
    wakeNext(this.#getters)
  }

  /** Takes an item, waiting until there is one. @throws QueueShutDown once it is shut down and empty */
  get(): Awaitable<T> {
    return new LibraryCoroutine(() => this.#get())
  }

  *#get(): Coroutine<T> {
    while (this.empty()) {
      if (this.#isShutDown) throw new QueueShutDown()
      yield* this.#waitIn(this.#getters, this.#itemInWords, () => this.empty())
    }
    return this.getNowait()
  }

  /** Takes an item at once. @throws QueueEmpty; QueueShutDown if it is empty and shut down */
  getNowait(): T {
    this.touch('write')
    if (this.empty()) throw this.#isShutDown ? new QueueShutDown() : new QueueEmpty()
    const item = this.takeItem()
    wakeNext(this.#putters)
    return item
  }

  /** Says that an item that was taken is dealt with. @throws ValueError if there are no such items */
  taskDone(): void {
    this.touch('write')
    if (this.#unfinished <= 0) throw new ValueError('task_done() called too many times')
    if (--this.#unfinished === 0) this.#allDone.set()
  }

  /** Waits until taskDone() was called for every item. */
  join(): Awaitable<void> {
    return new LibraryCoroutine(() => this.#join())
  }

  *#join(): Coroutine<void> {
    this.touch('read')
    if (this.#unfinished > 0) yield* this.#allDone.wait()
  }

  /**
   * Ends it for good: put() raises QueueShutDown from now on, get() as soon as it is empty. With `immediate` the items
   * in it are dropped and count as done.
   */
  shutdown(immediate: boolean | { immediate?: boolean } = false): void {
    this.touch('write')
    this.#isShutDown = true
    if (typeof immediate === 'object' ? immediate.immediate === true : immediate) this.#drop()
    wakeAll(this.#getters)
    wakeAll(this.#putters)
  }

  #drop(): void {
    while (this.itemCount() > 0) {
      this.takeItem()
      if (this.#unfinished > 0) this.#unfinished--
    }
    if (this.#unfinished === 0) this.#allDone.set()
  }

  /** One turn in a queue of waiters; whoever leaves it by an error passes a wake-up on (R262). */
  *#waitIn(waiters: Set<Wait>, words: () => string, blocked: () => boolean): Coroutine<void> {
    this.touch('write')
    const wait = this.newWait(words)
    waiters.add(wait)
    try {
      yield* wait
    } catch (error) {
      this.touch('write')
      wait.cancel()
      waiters.delete(wait)
      if (!blocked() && !wait.cancelled()) wakeNext(waiters)
      throw error
    }
  }

  /** How many items the store holds. Subclasses with another order override these three. */
  protected itemCount(): number {
    return this.#items.length - this.#head
  }

  protected putItem(item: T): void {
    this.#items.push(item)
  }

  protected takeItem(): T {
    const item = this.#items[this.#head] as T
    this.#items[this.#head++] = undefined
    if (this.#head === this.#items.length) {
      this.#items.length = 0
      this.#head = 0
    } else if (this.#head >= 32 && this.#head * 2 >= this.#items.length) {
      // Half of it is empty slots: moving the rest down costs each item one move at most.
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  readonly #itemInWords = (): string => `an item of ${this.title}`
  readonly #roomInWords = (): string => `room in ${this.title} (maxsize ${this.#maxsize})`

  /** @internal Who waits for what. */
  describeJoin(): string {
    const n = this.#unfinished
    return `join() of ${this.title} (${n} ${n === 1 ? 'item' : 'items'} not done)`
  }

  /** @internal */
  protected override stateInWords(): string {
    const parts = [`maxsize=${this.#maxsize}`, `items:${this.itemCount()}`]
    if (this.#getters.size > 0) parts.push(`getters:${this.#getters.size}`)
    if (this.#putters.size > 0) parts.push(`putters:${this.#putters.size}`)
    if (this.#unfinished > 0) parts.push(`tasks:${this.#unfinished}`)
    if (this.#isShutDown) parts.push('shutdown')
    return parts.join(', ')
  }
}

/** The first one that can be woken leaves the queue; those cancelled before it go with it. */
function wakeNext(waiters: Set<Wait>): void {
  for (const w of waiters) {
    waiters.delete(w)
    if (w.wake()) return
  }
}

function wakeAll(waiters: Set<Wait>): void {
  for (const w of waiters) w.wake()
  waiters.clear()
}
