import type { Frame } from '../../asyncio/awaitable.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'
import { Future } from '../../asyncio/future.ts'
import { TimerHop } from '../../asyncio/hop.ts'
import type { External } from '../../loop/external.ts'
import type { InLine, Line } from './connection.ts'

/** What an operation came to. */
export type Result<T> = { readonly value: T } | { readonly error: unknown }

/** Where a leg goes, and how. */
export interface Route {
  readonly label: string
  /** Who called. */
  readonly task: string | undefined
  /** Seconds of virtual time; null: as long as the strategy likes. */
  readonly delay: number | null
  readonly line: Line | null
}

/**
 * One way of a call, there or back: a future that settles when what was sent arrives. Without a delay it is an external,
 * which arrives when the strategy says so.
 */
export class Leg<T> extends Future<T> implements External, InLine {
  readonly kind = 'external'
  id = 0
  since = 0
  lane: number
  readonly #route: Route
  #load: Result<T> | null = null
  /** @internal Another object once it is known what will come: whoever waits then waits for something else. */
  stage: object = this
  #arrived = false
  #awaited = false
  #timer: TimerHop | null = null

  constructor(loop: EventLoop, route: Route) {
    super({ loop })
    this.#route = route
    this.lane = loop.lane
    route.line?.join(this)
  }

  get label(): string {
    return this.#route.label
  }

  get task(): string | undefined {
    return this.#route.task
  }

  /** Begins the way, with what is to be there at its end. */
  send(load: Result<T>): void {
    // To reductions it is an access: if somebody has given it up nothing comes.
    if (this.done()) return
    const { delay } = this.#route
    this.#load = load
    this.stage = load
    if (delay !== null) this.arriveAt(this.loop.time() + delay)
    else if (this.#isFree) this.loop.begin(this)
  }

  /** Settles at a moment, whatever the route. */
  settleAt(when: number, load: Result<T>): void {
    this.#load = load
    this.stage = load
    this.#leave()
    TimerHop.arm(this.loop, when, () => this.complete(), () => !this.isDone && this.leadsToUserCode(), () => this.firstWaiting)
  }

  private arriveAt(when: number): void {
    const arrive = (): void => {
      this.#arrived = true
      if (this.#isFree) this.complete()
    }
    const leads = (): boolean => this.#isFree && !this.isDone && this.leadsToUserCode()
    this.#timer = TimerHop.arm(this.loop, when, arrive, leads, () => this.firstWaiting)
  }

  get #isFree(): boolean {
    return this.#route.line?.isHead(this) ?? true
  }

  reachedHead(): void {
    if (this.isDone || this.#load === null) return
    if (this.#route.delay === null) this.loop.begin(this)
    else if (this.#arrived) this.complete()
  }

  complete(): void {
    const load = this.#load
    if (this.isDone || load === null) return
    if ('error' in load) this.#fail(load.error)
    else this.setResult(load.value)
    this.arrived()
  }

  /** Settled: whoever comes behind may go on. */
  protected arrived(): void {
    this.#leave()
  }

  /** Settles it now, and what is under way never arrives. */
  protected giveUp(error: unknown): void {
    if (this.isDone) return
    this.loop.abandon(this)
    this.#fail(error)
    this.#leave()
  }

  #fail(error: unknown): void {
    this.setException(error)
    // Whoever waits will get it, even if the run ends before that.
    if (this.#awaited) this.unretrieved = false
  }

  /** Nothing will come; nobody behind waits for it. */
  lose(): void {
    this.stage = {}
    this.#leave()
  }

  /** Takes it back: it never arrives, and nobody is told. */
  withdraw(): void {
    if (this.isDone) return
    this.loop.abandon(this)
    this.#timer?.cancel()
    this.#leave()
  }

  #leave(): void {
    this.#route.line?.leave(this)
  }

  override cancel(message?: string): boolean {
    const cancelled = super.cancel(message)
    if (!cancelled) return false
    this.loop.abandon(this)
    this.#leave()
    return true
  }

  /** It belongs to the lane that waits for it. */
  override suspend(frame: Frame): void {
    this.lane = frame.lane
    this.#awaited = true
    super.suspend(frame)
  }

  override describe(): string {
    return this.label
  }
}

/** The way there: the line moves on when the effect has happened, and not before. */
export class RequestLeg extends Leg<void> {
  protected override arrived(): void {}
}
