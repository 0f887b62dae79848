import type { Awaitable, Coroutine, Frame } from '../../asyncio/awaitable.ts'
import { inline } from '../../asyncio/coroutine.ts'
import { TimeoutError } from '../../asyncio/errors.ts'
import type { EventLoop } from '../../asyncio/event-loop.ts'
import { Task } from '../../asyncio/task.ts'
import type { Connection } from './connection.ts'
import { faultBudgetOf, type IoFault } from './faults.ts'
import { Leg, RequestLeg, type Result } from './leg.ts'

/** What an I/O function gives: a promise to the code under test, and an awaitable of Heddle's. */
export type IoResult<T> = Promise<T> & Awaitable<T>

/** One call, with everything settled about it. */
export interface Call<T> {
  readonly label: string
  readonly effect: () => Coroutine<T> | PromiseLike<T> | Awaitable<T> | T
  readonly faults: readonly IoFault[]
  /** Seconds there, and back again. */
  readonly latency: readonly [number, number] | null
  readonly connection: Connection | null
  readonly recall: boolean
}

/** Runs what happens on the other side. It is none of the program's tasks: neither listed nor a leak. */
class OutsideTask extends Task<void> {
  get outside(): boolean {
    return true
  }
}

/** The caller's end: what it waits for. */
export class Answer<T> extends Leg<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'Promise'
  /** Whoever waits for the answer lends its lane to the whole operation, which is a part of it. */
  onWait: ((lane: number) => void) | null = null
  /** The request, where whoever gives up the answer takes it back. */
  recalls: RequestLeg | null = null

  override suspend(frame: Frame): void {
    super.suspend(frame)
    this.onWait?.(frame.lane)
  }

  /** Rejects at once. */
  abort(reason: unknown): void {
    if (this.isDone) return
    this.giveUp(reason)
    this.recalls?.withdraw()
  }

  override cancel(message?: string): boolean {
    const cancelled = super.cancel(message)
    if (cancelled) this.recalls?.withdraw()
    return cancelled
  }
}

/**
 * Begins a call: its request is under way at once, and the effect happens when that arrives. With `recall`, cancelling
 * the answer before takes the request back; else the effect may still happen, at any later time.
 */
export function beginCall<T>(loop: EventLoop, call: Call<T>): Answer<T> {
  const { label, latency, connection } = call
  const task = loop.acting?.getName()
  const [there, back] = latency ?? [null, null]
  const called = loop.time()
  const request = new RequestLeg(loop, { label: `${label} starts`, task, delay: there, line: connection?.requests ?? null })
  const answer = new Answer<T>(loop, { label, task, delay: back, line: connection?.answers ?? null })
  const lane = loop.lane
  const side = outside(loop, label, () => serve(loop, call, request, answer, called))
  // Reductions tell causes by lanes, and must not take two that run at once for one.
  if (loop.tracker === null) {
    side.lane = request.lane = lane
    answer.onWait = (waiting) => {
      side.lane = request.lane = waiting
    }
  }
  if (call.recall) answer.recalls = request
  request.send({ value: undefined })
  return answer
}

function outside(loop: EventLoop, name: string, steps: () => Coroutine<void>): OutsideTask {
  return new OutsideTask(steps(), { loop, name, eagerStart: true })
}

function* serve<T>(
  loop: EventLoop,
  call: Call<T>,
  request: RequestLeg,
  answer: Answer<T>,
  called: number,
): Coroutine<void> {
  yield* request
  // Where nobody waits any more, there is nobody to notice a fault. (To reductions it is an access: what follows hangs on it.)
  const fault = answer.done() ? null : faultBudgetOf(loop).choose(loop, call.label, call.faults)
  const result: Result<T> | null = fault?.effects === 0 ? null : yield* effectOf(loop, call)
  request.lose()
  if (fault?.effects === 2) again(loop, call)
  switch (fault?.ends ?? 'answer') {
    case 'answer':
      if (result !== null) answer.send(result)
      break
    case 'error':
      answer.send({ error: fault?.error?.() })
      break
    case 'timeout':
      answer.settleAt(Math.max(loop.time(), called + (fault?.after ?? 0)), { error: new TimeoutError(`${call.label} timed out`) })
      break
    case 'never':
      answer.lose()
  }
}

/** The same request arrives a second time, whenever that is; nobody hears what came of it. */
function again<T>(loop: EventLoop, call: Call<T>): void {
  const second = new RequestLeg(loop, { label: `${call.label} starts again`, task: undefined, delay: null, line: null })
  const side = outside(loop, call.label, function* () {
    yield* second
    yield* effectOf(loop, call)
  })
  second.lane = side.lane
  second.send({ value: undefined })
}

function* effectOf<T>(loop: EventLoop, call: Call<T>): Coroutine<Result<T>> {
  try {
    const task = loop.current
    const returned = task === null ? call.effect() : loop.callAs(task, call.effect)
    return { value: yield* inline(returned) }
  } catch (error) {
    return { error }
  }
}
