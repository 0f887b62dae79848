import { type Frame, isThenable, type Suspension } from '../../asyncio/awaitable.ts'
import { CancelledError } from '../../asyncio/errors.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'
import { NativeFrame } from '../../asyncio/native-frame.ts'
import type { External } from '../../loop/external.ts'
import type { Site } from './site.ts'
import { endStrand, type Strand } from './strand.ts'

/** An await of the user's code: first for the value that it awaits, then, as if for I/O, for its turn. */
class AwaitPoint extends NativeFrame {
  readonly #site: Site
  readonly #resolve: (value: unknown) => void
  readonly #reject: (reason: unknown) => void
  readonly #strand: Strand
  #promised: Promised | null = null
  readonly #turn: Turn
  #value: unknown
  #rejected = false

  constructor(loop: EventLoop, site: Site, resolve: (value: unknown) => void, reject: (reason: unknown) => void) {
    super(loop, loop.acting, loop.lane)
    this.#site = site
    this.#resolve = resolve
    this.#reject = reject
    this.#strand = endStrand(loop)
    this.#turn = new Turn(this, site)
  }

  begin(x: unknown): void {
    this.loop.recorder?.awaits(this.#turn)
    if (!isThenable(x)) {
      this.#value = x
      this.#takeTurn()
      return
    }
    this.#promised = new Promised(this.loop, this.#site)
    this.waiting = this.#promised
    this.loop.recorder?.awaits(this.#promised)
    this.#promised.enter(this)
    // `await` itself does the same: a thenable's `then` is called from a microtask.
    Promise.prototype.then.call(
      Promise.resolve(x),
      (value: unknown) => this.#settled(value, false),
      (reason: unknown) => this.#settled(reason, true),
    )
  }

  #settled(value: unknown, rejected: boolean): void {
    if (this.#promised?.abandoned !== null) return
    this.#value = value
    this.#rejected = rejected
    this.waiting = null
    this.owningTask?.leaveWait(this)
    if (mayWait(this.loop)) this.#takeTurn()
    else this.#finish()
  }

  #takeTurn(): void {
    this.lane = this.#laneNow()
    this.#strand.lane = this.lane
    this.waitFor(this.#turn)
  }

  /** It goes on with what has let it go on, unless that is another task: then with what it was itself. */
  #laneNow(): number {
    const { loop, owningTask } = this
    if (owningTask === null || owningTask === loop.current) return loop.laneForWait()
    const taken = owningTask.waitingFor.some((s) => s instanceof Turn && s.lane === this.lane)
    return taken ? loop.newLane() : this.lane
  }

  protected goOn(thrown: unknown): void {
    const error = thrown ?? this.#promised?.abandoned ?? this.#turn.cancellation()
    if (error === undefined || error === null) this.#finish()
    else this.#reject(error)
  }

  #finish(): void {
    if (this.#rejected) this.#reject(this.#value)
    else this.#resolve(this.#value)
  }
}

/** Counts waits for promises, in the order in which they begin. */
let promises = 0

/** The wait for what the code awaits. */
class Promised implements Suspension {
  readonly #site: Site
  readonly #step: number
  readonly #serial = ++promises
  #entering = false
  /** What ended the wait before the promise was settled. */
  abandoned: CancelledError | null = null

  constructor(loop: EventLoop, site: Site) {
    this.#site = site
    this.#step = loop.steps
  }

  /** The wait begins. */
  enter(frame: AwaitPoint): void {
    this.#entering = true
    frame.owningTask?.enterWait(frame, this)
    this.#entering = false
  }

  suspend(): void {}

  /** A cancellation that was there before the wait is delivered to it; a later one first goes to what can be cancelled. */
  interrupt(frame: Frame, message: string | undefined): boolean {
    return this.#entering && this.#end(frame, message)
  }

  abandon(frame: Frame, message: string | undefined): boolean {
    const waits = frame.owningTask?.waitingFor ?? []
    // Whoever awaits an async function that is itself waiting learns of it by that function.
    if (waits.some((s) => s instanceof Promised && s !== this && s.#isInside(this))) return false
    return this.#end(frame, message)
  }

  /** Of two in one chain of calls, whether this one is the callee's: it began later, or first of those in one step. */
  #isInside(other: Promised): boolean {
    return this.#step === other.#step ? this.#serial < other.#serial : this.#step > other.#step
  }

  #end(frame: Frame, message: string | undefined): boolean {
    if (this.abandoned !== null) return false
    this.abandoned = new CancelledError(message)
    frame.loop.enqueue(frame)
    return true
  }

  describe(): string {
    return this.#site.label
  }
}

/** The wait for its turn: an external, since anything may happen before it. */
class Turn implements External, Suspension {
  readonly kind = 'external'
  readonly prompt = true
  id = 0
  since = 0
  readonly #frame: AwaitPoint
  readonly #site: Site
  #cancelled: CancelledError | undefined
  #completed = false

  constructor(frame: AwaitPoint, site: Site) {
    this.#frame = frame
    this.#site = site
  }

  get lane(): number {
    return this.#frame.lane
  }

  get task(): string | undefined {
    return this.#frame.task
  }

  get label(): string {
    return this.#site.label
  }

  suspend(frame: Frame): void {
    frame.loop.begin(this)
  }

  complete(): void {
    this.#completed = true
    this.#frame.loop.enqueue(this.#frame)
  }

  interrupt(frame: Frame, message: string | undefined): boolean {
    if (this.#completed || this.#cancelled !== undefined) return false
    this.#cancelled = new CancelledError(message)
    frame.loop.abandon(this)
    frame.loop.enqueue(frame)
    return true
  }

  cancellation(): CancelledError | undefined {
    return this.#cancelled
  }

  describe(): string {
    return this.#site.label
  }
}

/** Whether an await may take as long as it likes: not where only I/O is reordered, and not while a run is wound up. */
export function mayWait(loop: EventLoop): boolean {
  return loop.chooser !== null && !loop.ioOnly
}

/** A promise of what `x` comes to, kept once the strategy says so. */
export function awaitPoint(loop: EventLoop, x: unknown, site: Site): Promise<unknown> {
  loop.native = true
  return new Promise((resolve, reject) => new AwaitPoint(loop, site, resolve, reject).begin(x))
}
