import type { Runnable } from '../loop/runnable.ts'
import type { CoroutineLike, Outcome, Waiter } from './awaitable.ts'
import { defaultLoop } from './current-loop.ts'
import { ensureFuture } from './ensure-future.ts'
import { CancelledError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { CANCELLED, EXCEPTION, Future, PENDING, RESULT } from './future.ts'

/** The future that gather gives: its cancellation goes to the children. */
class GatheringFuture extends Future<unknown[]> {
  private readonly _children: readonly Future<unknown>[]
  private readonly _distinct: readonly Future<unknown>[]
  private readonly _returnExceptions: boolean
  private _finished = 0
  private _cancelRequested = false
  /** Children before this one are known to be done. */
  private _scanned = 0

  constructor(
    loop: EventLoop,
    children: readonly Future<unknown>[],
    distinct: readonly Future<unknown>[],
    returnExceptions: boolean,
  ) {
    super({ loop })
    this._children = children
    this._distinct = distinct
    this._returnExceptions = returnExceptions
  }

  /** Looks at what is done already, and asks to be told of the rest (R120). */
  begin(): void {
    let done: Future<unknown>[] | null = null
    for (const child of this._distinct) {
      if (child.state === PENDING) child.addWaiter(new ChildWaiter(this, child))
      else if (done === null) done = [child]
      else done.push(child)
    }
    if (done === null) return
    for (const child of done) {
      if (this.loop.tracker !== null) this.loop.tracker.passes(child.object, this.loop.native, this.object)
      this.childDone(child)
    }
  }

  override cancel(message?: string): boolean {
    if (this.isDone) return false
    let any = false
    for (const child of this._children) if (child.cancel(message)) any = true
    if (any) this._cancelRequested = true
    return any
  }

  override describe(): string {
    return 'gather'
  }

  childDone(child: Future<unknown>): void {
    this._finished++
    if (this.isDone) {
      if (child.state !== CANCELLED) child.failure()
      return
    }
    if (!this._returnExceptions) {
      const error = child.state === CANCELLED ? child.makeCancelledError() : child.failure()
      // Asked by state: null can be thrown too.
      if (child.state !== RESULT) {
        this.setException(error)
        return
      }
    }
    if (this._finished === this._distinct.length) this._finish()
  }

  private _finish(): void {
    const results = this._children.map((c) => {
      if (c.state === CANCELLED) return new CancelledError(c.cancelMessage ?? '')
      return c.state === EXCEPTION ? c.failure() : c.outcome()
    })
    const last = this._children.at(-1)
    if (!this._cancelRequested || last === undefined) this.setResult(results)
    // CPython reuses its loop variable here: the error is the last child's in argument order (R125).
    else this.setException(last.makeCancelledError())
  }

  /** Whether the news that `child` is done would end it with an error. */
  wouldFail(child: Future<unknown>): boolean {
    return !this._returnExceptions && (child.state === EXCEPTION || child.state === CANCELLED)
  }

  /** Whether the news that `child` is done would settle it. */
  wouldSettle(child: Future<unknown>): boolean {
    if (this.state !== PENDING) return false
    if (!this._returnExceptions && (child.state === EXCEPTION || child.state === CANCELLED)) return true
    const distinct = this._distinct
    while (this._scanned < distinct.length && distinct[this._scanned]?.isDone) this._scanned++
    if (distinct[this._scanned] === child) return distinct.every((c) => c === child || c.isDone)
    return this._scanned === distinct.length
  }
}

/** Waits for one child of a gather, then is the hop that tells it. */
class ChildWaiter implements Waiter, Runnable {
  get kind(): 'handle' { return 'handle' }
  get hop(): true { return true }
  id = 0
  since = 0
  readonly owner: GatheringFuture
  private readonly _child: Future<unknown>

  constructor(owner: GatheringFuture, child: Future<unknown>) {
    this.owner = owner
    this._child = child
  }

  /** The lane that the gather would resume. */
  get lane(): number | undefined {
    return this.owner.waitingLane
  }

  /** As an option it is called what it leads to. */
  get task(): string | undefined {
    return this.owner.firstWaiting?.task
  }

  get label(): string | undefined {
    return this.owner.firstWaiting?.label
  }

  settled(): void {
    const { tracker } = this.owner.loop
    // Of two errors the first one counts; good ends only count together.
    if (tracker !== null && this.owner.wouldFail(this._child)) {
      tracker.access({ object: this.owner.object, kind: 'write' }, undefined)
    }
    this.owner.loop.enqueue(this)
  }

  run(): void {
    this.owner.childDone(this._child)
  }

  /** An error ends it, whoever else has ended. */
  get alone(): boolean {
    return this.owner.wouldFail(this._child)
  }

  /** It only counts: even where nobody waits, settling the gather and retrieving an exception have their place. */
  get silent(): boolean {
    return this._child.state !== EXCEPTION && !this.owner.wouldSettle(this._child)
  }

  leads(): boolean {
    return this.leadsOn()
  }

  leadsOn(): boolean {
    return this.owner.wouldSettle(this._child) && this.owner.leadsToUserCode()
  }
}

/**
 * Runs several coroutines or futures at once and gives their results in argument order (CPython,
 * `tasks.py:gather`).
 *
 * The first exception is raised and the others go on; with `returnExceptions` exceptions take their place
 * in the list. Cancelling what gather returns cancels every child. Coroutines become tasks at the call. The loop is that of
 * the first future among them, else the running or the current one.
 *
 * @throws TypeError for what can't be awaited; ValueError for futures of different loops; RuntimeError if there is no loop
 * @example
 * ```ts
 * const [user, orders] = yield* gather([sleep(2, 'ada'), sleep(1, 3)]) // after 2 seconds
 * ```
 */
export function gather<const A extends readonly (CoroutineLike<unknown> | Future<unknown>)[]>(
  awaitables: A,
  options: { returnExceptions: true },
): Future<{ -readonly [K in keyof A]: Outcome<A[K]> | Error }>
export function gather<const A extends readonly (CoroutineLike<unknown> | Future<unknown>)[]>(
  awaitables: A,
  options?: { returnExceptions?: boolean },
): Future<{ -readonly [K in keyof A]: Outcome<A[K]> }>
export function gather(
  awaitables: readonly (CoroutineLike<unknown> | Future<unknown>)[],
  options?: { returnExceptions?: boolean },
): Future<unknown[]> {
  const first = awaitables.find((a) => a instanceof Future)
  const loop = first instanceof Future ? first.loop : defaultLoop()
  if (awaitables.length === 0) {
    const empty = new Future<unknown[]>({ loop })
    empty.setResult([])
    return empty
  }
  const { children, distinct } = adopt(awaitables, loop)
  const outer = new GatheringFuture(loop, children, distinct, options?.returnExceptions ?? false)
  outer.begin()
  return outer
}

/** Below this number duplicates are found by looking at all that came before. */
const FEW = 16

/** The child for each argument; one object given twice is one child. */
function adopt(
  awaitables: readonly (CoroutineLike<unknown> | Future<unknown>)[],
  loop: EventLoop,
): { children: Future<unknown>[]; distinct: Future<unknown>[] } {
  // An empty array would make room for seventeen at its first element.
  // oxlint-disable-next-line no-new-array
  const children = new Array<Future<unknown>>(awaitables.length)
  const seen = awaitables.length > FEW ? new Map<unknown, Future<unknown>>() : null
  let distinct: Future<unknown>[] | null = null
  for (let i = 0; i < awaitables.length; i++) {
    const a = awaitables[i] as CoroutineLike<unknown> | Future<unknown>
    const before = seen === null ? children[awaitables.indexOf(a)] : seen.get(a)
    if (before !== undefined) {
      distinct ??= children.slice(0, i)
      children[i] = before
      continue
    }
    const child = ensureFuture(a, { loop })
    seen?.set(a, child)
    children[i] = child
    distinct?.push(child)
  }
  return { children, distinct: distinct ?? children }
}
