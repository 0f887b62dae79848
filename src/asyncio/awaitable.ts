import type { Access, Runnable } from '../loop/runnable.ts'
import type { CancelledError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import type { Future } from './future.ts'
import type { Task } from './task.ts'

/**
 * What a coroutine yields to the loop when it waits. Code that uses Heddle never makes one: `yield*` on a
 * future, a lock or a queue yields it on the way.
 */
export interface Suspension {
  /** @internal Queues `frame`, or keeps it until it may go on. */
  suspend(frame: Frame): void
  /** @internal Passes a cancellation on. True: the frame will learn of it by what it waits for. */
  interrupt(frame: Frame, message: string | undefined): boolean
  /** @internal What nobody can cancel is no longer waited for. True: the frame will learn of it. */
  abandon?(frame: Frame, message: string | undefined): boolean
  /** @internal The cancellation that it has in store for the frame; what else it has counts as retrieved (R076b). */
  cancellation?(): CancelledError | undefined
  /** @internal What the frame waits for, in words, and where. */
  describe(): string
  /** @internal What it touches when the frame goes on. */
  readonly accesses?: readonly Access[] | undefined
}

/** A coroutine: a generator object. It does not start until something runs it. */
export type Coroutine<T> = Generator<Suspension, T, unknown>

/** What works both under `yield*` in a generator and under `await` in an async function. */
export interface Awaitable<T> extends PromiseLike<T> {
  /** As of a promise. */
  catch<B = never>(onError?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B>
  /** As of a promise. */
  finally(onSettled?: (() => void) | null): Promise<T>
  [Symbol.iterator](): Iterator<Suspension, T, unknown>
}

/** Anything that makes a task: a generator, an awaitable, a promise, or a function that returns one of them. */
export type CoroutineLike<T> =
  | Coroutine<T>
  | Awaitable<T>
  | PromiseLike<T>
  | (() => Coroutine<T> | Awaitable<T> | PromiseLike<T> | T)

/** What a coroutine-like, or a function that returns one, comes to. */
export type Outcome<A> = A extends (...args: never[]) => infer R
  ? Outcome<R>
  : A extends Generator<unknown, infer T, unknown>
    ? T
    : A extends PromiseLike<infer T>
      ? T
      : A

/** A chain of resumptions that can wait: a task that runs a generator, or one native `await`. */
export interface Frame extends Runnable {
  /** The task whose wait this is; null in a callback. */
  readonly owningTask: Task<unknown> | null
  readonly loop: EventLoop
  lane: number
  /**
   * Goes on at once, in the step that is running: what it waited for was native. No wake-up of the loop's, so that a
   * cancellation is delivered at the next one.
   */
  resume(): void
}

/** Told when a future is done; queues what is to run. */
export interface Waiter {
  settled(future: Future<unknown>): void
  /** For bookkeeping: whether its hop would lead on to user code if `future` were done. Without it: yes. */
  leadsOn?(future: Future<unknown>): boolean
}

let asking = false

/** @internal Whether it is the library that looks for a `then`, and no `await`. */
export function isAskingForThen(): boolean {
  return asking
}

/** Whether something is a promise of some kind, one of Heddle's own futures included. */
export function isThenable(x: unknown): x is PromiseLike<unknown> {
  if ((typeof x !== 'object' && typeof x !== 'function') || x === null) return false
  asking = true
  try {
    return typeof (x as { then?: unknown }).then === 'function'
  } finally {
    asking = false
  }
}

/** Whether something is a generator object, and so a coroutine. */
export function isGenerator(x: unknown): x is Coroutine<unknown> {
  return (
    typeof x === 'object' &&
    x !== null &&
    typeof (x as { next?: unknown }).next === 'function' &&
    typeof (x as { throw?: unknown }).throw === 'function'
  )
}

class BareYield implements Suspension {
  suspend(frame: Frame): void {
    frame.loop.enqueue(frame)
  }
  interrupt(): boolean {
    return false
  }
  describe(): string {
    return 'its turn'
  }
}

/** Goes on in the next iteration, behind what is queued: Python's bare `yield`. */
export const BARE_YIELD: Suspension = new BareYield()
