import { BARE_YIELD, type Suspension } from '../asyncio/awaitable.ts'
import type { EventLoop } from '../asyncio/event-loop.ts'
import { Condition } from '../asyncio/condition.ts'
import { Event } from '../asyncio/event.ts'
import { CANCELLED, Future } from '../asyncio/future.ts'
import { Lock } from '../asyncio/lock.ts'
import { NativeFrame } from '../asyncio/native-frame.ts'
import { Wait } from '../asyncio/primitive.ts'
import { Queue } from '../asyncio/queue.ts'
import { Semaphore } from '../asyncio/semaphore.ts'
import { Task } from '../asyncio/task.ts'
import type { External } from '../loop/external.ts'
import type { Option, Runnable } from '../loop/runnable.ts'
import type { Timer } from '../loop/timer-heap.ts'
import { Operation } from '../world/shared.ts'
import type { CodePlace, WakeRecord } from './failure-file.ts'
import type { TraceStep } from './trace.ts'

const BEGINS = 'begins it'
const LETS_GO_ON = 'lets it go on'

/** What made something ready. */
interface Cause {
  /** The index into the trace of the step that did; -1: the run's beginning. */
  readonly entry: number
  readonly how: string
  readonly at: CodePlace | undefined
}

/** What the recording knows that is asked here. */
export interface Surroundings {
  readonly steps: readonly TraceStep[]
  /** The line of the user's code that is running. */
  site(): CodePlace | undefined
  /** Whether somebody has awaited it already. */
  isAwaited(x: object): boolean
}

/**
 * Notes which step made each later one ready, while an instrumented run goes on: the loop's own three ways of getting
 * something to do are watched on that one loop, so that no other run pays for it. What a hop queues, the step has queued
 * that queued the hop.
 */
export class Wakes {
  readonly found: WakeRecord[] = []
  readonly #causes = new WeakMap<object, Cause>()
  readonly #around: Surroundings
  /** Of the hop that runs. */
  #hop: Cause | null = null

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** Begins to watch; what it gives ends that. */
  watch(loop: EventLoop): () => void {
    const watched = { enqueue: loop.enqueue, begin: loop.begin, addTimer: loop.addTimer }
    loop.enqueue = (r: Runnable): void => {
      this.#queued(r, loop)
      watched.enqueue.call(loop, r)
    }
    loop.begin = (e: External): void => {
      this.#causes.set(e, this.#cause(e, loop, this.#around.isAwaited(e) ? LETS_GO_ON : BEGINS))
      watched.begin.call(loop, e)
    }
    loop.addTimer = (t: Timer): void => {
      this.#causes.set(t, this.#cause(t, loop, BEGINS))
      watched.addTimer.call(loop, t)
    }
    return () => {
      for (const name of Object.keys(watched)) Reflect.deleteProperty(loop, name)
    }
  }

  /** The line that asked for a callback or armed a timer. */
  placeOf(option: Option): CodePlace | undefined {
    return this.#causes.get(option)?.at
  }

  /** The entry of the trace that was added last is this option's. */
  step(option: Option): void {
    const cause = this.#causes.get(option)
    const { steps } = this.#around
    const entry = steps.length - 1
    const [by, now] = [steps[cause?.entry ?? -1], steps[entry]]
    if (cause === undefined || by === undefined || now === undefined || by.step === now.step) return
    // A lane that goes on by itself is seen without an arrow.
    if (this.#laneOf(cause.entry) === now.lane) return
    const { at } = cause
    // What begins in another task's step follows from a promise that was settled there.
    const how = cause.how === BEGINS && by.task !== now.task ? LETS_GO_ON : cause.how
    this.found.push({ entry, by: cause.entry, how, ...(at === undefined ? {} : { at }) })
  }

  #queued(r: Runnable, loop: EventLoop): void {
    // A timer that is due was made ready by whoever armed it.
    const armed = r.due === undefined ? undefined : this.#causes.get(r)
    const cause = armed ?? this.#cause(r, loop, howOf(r))
    this.#causes.set(r, cause)
    if (r.hop) this.#follow(r, cause)
  }

  #cause(o: Option, loop: EventLoop, how: string): Cause {
    if (this.#hop !== null) return this.#hop.how === BEGINS ? this.#hop : { ...this.#hop, how }
    const at = o.lane === loop.lane ? undefined : this.#around.site()
    return { entry: this.#around.steps.length - 1, how, at }
  }

  #follow(hop: Runnable, cause: Cause): void {
    hop.run = () => {
      Reflect.deleteProperty(hop, 'run')
      const before = this.#hop
      this.#hop = cause
      try {
        hop.run()
      } finally {
        this.#hop = before
      }
    }
  }

  /** A value is picked in a step of the lane that ran before. */
  #laneOf(entry: number): number | undefined {
    const { steps } = this.#around
    let at = entry
    while (steps[at]?.kind === 'value') at--
    return steps[at]?.lane
  }
}

/** What a step does that makes something ready, as it follows the name of its task. */
function howOf(r: Runnable): string {
  const waiting = r instanceof Task ? r.waitingFor[0] : r instanceof NativeFrame ? r.waiting : undefined
  if (waiting == null) return r instanceof Task ? 'starts it' : 'queues it'
  if (waiting === BARE_YIELD) return 'lets it have its turn'
  if (waiting instanceof Task) return 'ends'
  if (isCancelled(waiting)) return 'cancels it'
  if (waiting instanceof Wait) return verbOf(waiting)
  return waiting instanceof Operation ? 'makes its condition hold' : `settles ${waiting.describe()}`
}

function isCancelled(waiting: Suspension): boolean {
  // Of a future the answer would count as a look at its exception.
  return waiting instanceof Future ? waiting.state === CANCELLED : waiting.cancellation?.() !== undefined
}

function verbOf(wait: Wait): string {
  const { primitive } = wait
  const { title } = primitive
  const words = wait.describe()
  if (primitive instanceof Lock || primitive instanceof Semaphore) return `releases ${title}`
  if (primitive instanceof Queue) return words.startsWith('room') ? `takes an item from ${title}` : `puts an item into ${title}`
  // What a queue's join() waits for is an event too.
  if (primitive instanceof Event) return words.startsWith('join') ? `finishes the last item of ${title}` : `sets ${title}`
  if (!(primitive instanceof Condition)) return `settles ${words}`
  // Of a barrier's that is, inside.
  return words.startsWith('a notification') ? `notifies ${title}` : `opens ${title}`
}
